"""The resource type `StudioPage`: a page that people make in Studio, with its address, its readers and its editors."""

from __future__ import annotations

from typing import Any

from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Reading, Response, Update
from ..lifecycle.results import State
from ..lifecycle.section import Progress, Section
from ..program.descriptors import ListProp, Prop, computed, prop
from ..program.resource import Resource
from ..schema.codec import members_of
from ..schema.types import Slot
from .access import GroupAccess, GroupRules, UserAccess, UserRules

VERSION = ("version_name", "title", "description", "created_at", "updated_at")
"""The members of a version of the contents that outputs contain."""


class StudioPageUserRules(UserRules):
    """Rules for users of a Studio page."""

    collection = "studio_pages"


class StudioPageGroupRules(GroupRules):
    """Rules for groups of users of a Studio page."""

    collection = "studio_pages"


class PublishedSection(Section):
    """Whether a page is published. The portal does not return it, so the state contains what was written last."""

    names = ("published",)
    is_last = True

    def read(self, reading: Reading, response: Response) -> Any:
        """The value that was written last."""
        return reading.prior.get("published")

    def apply(self, update: Update, progress: Progress) -> State:
        """Publish or unpublish the page. Both can be sent again; a new page is not published."""
        is_published = update.desired["published"]
        if is_published or not progress.is_new:
            action = "publish" if is_published else "unpublish"
            update.context.api.post(f"/studio_pages/{update.id}/{action}/", repeatable=True)
        return {}


class StudioPageHandler(Handler):
    """A page is known by its slug; its uid stays when that changes."""

    section_types = (StudioPageUserRules, StudioPageGroupRules, PublishedSection)
    kind_name = "Studio page"

    def find(self, context: Context, desired: State) -> list[Response]:
        """The pages with this slug."""
        return [page for page in context.api.all(self.collection) if page.get("slug") == desired.get("slug")]

    def overlay(self, update: Update) -> dict[str, Any]:
        """The body of a change: of the live page only what can be written."""
        body = super().overlay(update)
        return {name: body[name] for name in body if name in self.shape and name not in self.section_names}

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; of each version of the contents, the members of `VERSION`."""
        value = super().decode(context, response, slot)
        if slot.name != "contents":
            return value
        versions = [members_of(version) for version in (value if isinstance(value, list) else [])]
        return [{name: version[name] for name in VERSION if name in version} for version in versions] or None

    def delete(self, reading: Reading) -> None:
        """Delete the page, and say what is lost, unless it was gone already."""
        if reading.context.api.delete(self.endpoint(reading.id)):
            lost = "is deleted with its contents, which were made in Studio and cannot be restored"
            reading.context.info(f"{reading.prior.get('slug') or reading.id} {lost}")


class StudioPage(Resource, path="/studio_pages/{uid}/", natural_key=("slug",), handler=StudioPageHandler):
    """A page whose contents are made in Studio: the program gives its address, its readers and its editors.

    The API cannot write the contents, so deleting the page loses them: give the resource
    `opts=pulumi.ResourceOptions(protect=True)`.
    """

    slug: Prop[str] = prop()
    """The name in the page's address. An existing page is recognised by it."""

    public: Prop[bool] = prop(default=False)
    """Whether everybody sees the page who can explore the portal; else only users and groups with access."""

    published: Prop[bool | None] = prop(default=None, write_only=True)
    """Whether the page is published. Left out, it stays as it is.

    The portal does not return it, so a refresh does not find what was published or withdrawn by hand.
    """

    user_access: ListProp[UserAccess] = prop(default=None, unordered=True)
    """The permissions of users for the page. A rule that the program does not list is deleted."""

    group_access: ListProp[GroupAccess] = prop(default=None, unordered=True)
    """The permissions of groups for the page. A rule that the program does not list is deleted."""

    uid: Prop[str] = computed(is_id=True)
    """The id of the page, `sp_` and six characters."""

    contents: ListProp[dict[str, Any]] = computed(volatile=True)
    """The versions of the contents, for example the draft, each with its title and the time of its last change."""

    first_published_at: Prop[str | None] = computed(volatile=True)
    """The time of the first publication."""

    created_at: Prop[str] = computed()
    """The time of creation."""
