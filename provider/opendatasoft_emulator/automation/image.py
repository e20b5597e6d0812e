"""The images of a portal, such as those of its themes: /medias/images/. They are added and listed, never deleted."""

from pathlib import PurePath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, UploadFile

from ..errors import invalid
from ..portal import Portal
from ..state.files import IMAGES
from ..state.identifiers import free_name, now
from ..state.store import Document
from .auth import Caller, TheCaller, ThePortal
from .paging import Paginated, ThePage
from .routes import Route
from .schemas import ResponseBody

router = APIRouter(prefix="/medias/images", tags=["Assets"], route_class=Route)


class Image(ResponseBody):
    """The address of an image on the portal, without the portal's own."""

    url: str


def _require_images(caller: Caller) -> None:
    caller.require_one_of("edit_theme", "edit_domain")


def _name_for(portal: Portal, filename: str) -> str:
    """The name of a new image. Raises a 400 where it is taken and the settings refuse that."""
    taken = {image["name"] for image in portal.store.all("image")}
    if filename not in taken or portal.settings.same_image_name == "overwrite":
        return filename
    if portal.settings.same_image_name == "refuse":
        raise invalid(file=f'An image with the name "{filename}" already exists.')
    path = PurePath(filename)
    stems = {name.removesuffix(path.suffix) for name in taken if name.endswith(path.suffix)}
    return free_name(path.stem, stems, "_") + path.suffix


@router.get("/", response_model=Paginated[Image])
def list_images(page: ThePage, caller: TheCaller, portal: ThePortal) -> Document:
    """The images, the oldest first."""
    _require_images(caller)
    return page.render(portal.store.all("image"))


@router.post("/", response_model=Image, status_code=201)
def create_image(file: Annotated[UploadFile, File()], caller: TheCaller, portal: ThePortal) -> Document:
    """Add an image."""
    _require_images(caller)
    kept_as = portal.files.store(IMAGES, file.file)
    with portal.store.transaction():
        filename = PurePath(file.filename or "").name
        name = _name_for(portal, "image" if filename in ("", ".", "..") else filename)
        url = f"/assets/theme_image/{quote(name)}"
        image: Document = {"name": name, "url": url, "kept_as": kept_as, "created_at": now()}
        portal.store.put("image", name, image)
    return image
