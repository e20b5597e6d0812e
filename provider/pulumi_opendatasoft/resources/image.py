"""The resource type `Image`: an image of the portal. The API adds images, and can neither change nor delete them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ..errors import ResourceError
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Creation, Reading, Response, Update
from ..lifecycle.results import Missing, State
from ..lifecycle.safeguards import Presence
from ..program.descriptors import Prop, computed, prop
from ..program.file import File
from ..program.resource import Resource
from ..schema.canonical import is_known
from ..schema.codec import members_of
from ..schema.failure import Failure


class ImageHandler(Handler):
    """An image is known by the name of its file, the last part of its address. It is read from the list of all."""

    presence = Presence.NONE

    def describe_key(self, desired: State) -> str:
        """The natural key in messages: `an image with filename "logo.svg"`."""
        return f'an image with filename "{_filename(desired)}"'

    def check(self, prior: State, desired: State) -> list[Failure]:
        """Refuse another content under the same name, which the portal would keep beside the first one."""
        old, new = members_of(prior.get("file")), members_of(desired.get("file"))
        is_same_name = bool(old) and old.get("filename") == new.get("filename")
        if not is_same_name or not is_known(new) or old.get("sha256") == new.get("sha256"):
            return []
        reason = (
            f"the content of {new['filename']} has changed, and the API can neither change nor delete an image: give "
            'the new one another name, such as ods.File("…", filename="logo-2.svg")'
        )
        return [Failure("file", reason)]

    def find(self, context: Context, desired: State) -> list[Response]:
        """The images with this file name."""
        return [image for image in context.api.all(self.collection) if _name_of(image) == _filename(desired)]

    def create(self, creation: Creation) -> Response:
        """Upload the file. After a lost answer, an image of its name is the one: none existed before."""
        context, file = creation.context, members_of(creation.desired.get("file"))
        path = context.root / str(file.get("path", ""))
        if not path.is_file():
            raise ResourceError(f"{path.as_posix()} no longer exists: a file must stay until `up` has ended")
        made: Response = context.api.upload(
            self.collection,
            file=path,
            filename=_filename(creation.desired),
            sha256=str(file["sha256"]),
            look=lambda: next(iter(self.find(context, creation.desired)), None),
            is_usable=self.is_whole,
            repeatable=False,
        )
        if _name_of(made) != _filename(creation.desired):
            context.warn(f"the portal gave {_filename(creation.desired)} another name: it is {made['url']}")
        return made

    def lookup(self, reading: Reading, key: str) -> Response:
        """Find an image in the list, for the API has no GET of one. Raises `Missing`."""
        found = next((image for image in reading.context.api.all(self.collection) if image.get("url") == key), None)
        if found is None:
            raise Missing
        return found

    def update(self, update: Update) -> Response:
        """Nothing is written: only an adopted image gets here, whose file the program names for the first time."""
        return update.response

    def delete(self, reading: Reading) -> None:
        """Let go of the image, and say so."""
        reading.context.info(f"{reading.id} stays on the portal, for the API cannot delete an image")


def _filename(desired: State) -> str:
    return str(members_of(desired.get("file")).get("filename"))


def _name_of(image: Mapping[str, Any]) -> str:
    return unquote(str(image.get("url") or "").rstrip("/").rpartition("/")[2])


class Image(Resource, path="/medias/images/{url}/", natural_key=("file",), handler=ImageHandler):
    """An image in the portal's library, for themes and pages.

    The API can neither change nor delete it: a destroy leaves it on the portal. Another content needs another name.
    """

    file: Prop[File] = prop(immutable=True, write_only=True)
    """The file. An existing image is recognised by its name; its content cannot be read."""

    url: Prop[str] = computed(is_id=True)
    """The address of the image below that of the portal, for example `/assets/theme_image/logo.svg`."""
