"""The resource type `CodeEditorPage`: a page of the portal in HTML and CSS, for each of its languages."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import quote

from ..errors import NotFound, OpendatasoftError, PortalError, ResourceError
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Change, Reading, Response, Update
from ..lifecycle.results import State
from ..lifecycle.section import Progress, Section
from ..program.descriptors import ListProp, MapMember, MapProp, Prop, computed, member, prop
from ..program.resource import Resource
from ..program.text_file import TextFile
from ..program.value import Value
from ..schema.codec import members_of
from ..schema.property import NAME
from ..schema.types import Slot
from .access import GroupAccess, GroupRules, UserAccess, UserRules

ARCHIVED = "is_archived"

UNARCHIVED = "_unarchived"
"""Added to a response: that this update has unarchived the page."""


class PageUserRules(UserRules):
    """Rules for users of a page."""

    collection = "code_editor_pages"


class PageGroupRules(GroupRules):
    """Rules for groups of users of a page."""

    collection = "code_editor_pages"


class ArchiveSection(Section):
    """Whether a page is archived. It is archived after everything is written, since it cannot be edited then."""

    names = (ARCHIVED,)
    is_last = True

    def read(self, reading: Reading, response: Response) -> Any:
        """Whether it is archived."""
        return response.get(ARCHIVED)

    def apply(self, update: Update, progress: Progress) -> State:
        """Archive the page, if it is to be. To unarchive one is the first step of its update."""
        if update.desired[ARCHIVED] and not update.response.get(ARCHIVED):
            archive(update.context, update.id)
        return {}


def archive(context: Context, slug: str) -> None:
    """Archive a page. To archive it twice has no further effect, so a call is simply sent again."""
    context.api.post(f"{_endpoint(slug)}archive/", repeatable=True)


def unarchive(context: Context, slug: str) -> None:
    """Undo the archiving of a page, which may be sent again as well."""
    context.api.post(f"{_endpoint(slug)}unarchive/", repeatable=True)


def _endpoint(slug: str) -> str:
    return f"/code_editor_pages/{quote(slug, safe='')}/"


class CodeEditorPageHandler(Handler):
    """A page is known by its slug, which the program gives. One that is archived is unarchived for every change."""

    section_types = (PageUserRules, PageGroupRules, ArchiveSection)
    kind_name = "code editor page"

    def endpoint(self, id: str) -> str:
        """The path of one page."""
        return _endpoint(id)

    # ------------------------------------------------------------ in a preview

    def dependents_of(self, changed: frozenset[str], prior: State, desired: State) -> set[str]:
        """After any change, a page that is to be archived is archived again."""
        is_edited = any(self.shape[name].is_managed for name in changed)
        return {ARCHIVED} if is_edited and desired.get(ARCHIVED) else set()

    # ------------------------------------------------------------ on the portal

    def find(self, context: Context, desired: State) -> list[Response]:
        """The page with this slug."""
        try:
            return [context.api.get(_endpoint(str(desired["slug"])))]
        except NotFound:
            return []

    def prepare(self, change: Change) -> Response:
        """Return the actual page, unarchived. Raises `ResourceError` where the program does not manage that."""
        response = super().prepare(change)
        if not response.get(ARCHIVED):
            return response
        if change.desired.get(ARCHIVED) is None:
            raise ResourceError(
                f"{change.id} is archived, so the portal does not let it be edited, and nothing was written. "
                "is_archived=True changes it (it is readable for that moment) and archives it again, "
                "is_archived=False unarchives it"
            )
        unarchive(change.context, change.id)
        return {**response, ARCHIVED: False, UNARCHIVED: True}

    def update(self, update: Update) -> Response:
        """Change the page. Where that fails, one that was archived is archived again."""
        try:
            return super().update(update)
        except OpendatasoftError:
            if update.response.get(UNARCHIVED):
                with contextlib.suppress(PortalError):
                    archive(update.context, update.id)
            raise

    def overlay(self, update: Update) -> dict[str, Any]:
        """The body of a change: of the live page only what can be written."""
        body = super().overlay(update)
        return {name: body[name] for name in body if name in self.shape and name not in self.section_names}

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property. `url` is not in the response; a language without a text is left out."""
        if slot.name == "url":
            return f"{context.api.url}/pages/{quote(str(response.get('slug')), safe='')}/"
        value = super().decode(context, response, slot)
        if slot.name == "content":
            return {name: _texts(of_languages) for name, of_languages in members_of(value).items()}
        return _texts(value) if slot.name == "title" else value


def _texts(of_languages: Any) -> dict[str, str]:
    """The texts by language, without empty ones: a portal may have them where the program has none."""
    return {language: text for language, text in members_of(of_languages).items() if isinstance(text, str) and text}


class PageContent(Value):
    """The content of a page, by language. In a managed page, languages that the program lacks are removed."""

    html: MapMember[str | TextFile] = member(default=None, normalised=True)
    """The HTML by language: `{"en": ods.TextFile("pages/home.html")}`, or the text itself."""

    css: MapMember[str | TextFile] = member(default=None, normalised=True)
    """The CSS by language. Left out, the page has none of its own."""


class CodeEditorPage(Resource, path="/code_editor_pages/{slug}/", natural_key=("slug",), handler=CodeEditorPageHandler):
    """A page that is written in HTML and CSS, with the portal's own widgets.

    Its texts may lie in files (`ods.TextFile`); a preview then shows the lines that change.
    """

    slug: Prop[str] = prop(default=NAME, immutable=True)
    """The name in the page's address. Left out, it is the name of the resource. Another one makes another page."""

    content: Prop[PageContent] = prop()
    """The HTML and the CSS, for each language."""

    title: MapProp[str] = prop(default=None)
    """The title by language: `{"en": "Welcome", "fr": "Bienvenue"}`."""

    description: Prop[str | None] = prop(default=None)
    """A description for the back office."""

    template: Prop[str | None] = prop(default=None)
    """The portal's template for the page, for example `custom.html`."""

    tags: ListProp[str] = prop(default=None, unordered=True)
    """Words to sort pages by."""

    is_restricted: Prop[bool | None] = prop(default=None)
    """Whether only users and groups with access see the page."""

    is_archived: Prop[bool | None] = prop(default=None)
    """Whether the page is archived: nobody can read it, and it does not count for the portal's plan.

    With `True` it stays archived; for a change it is unarchived for a moment. Left out, an archived page cannot be
    changed.
    """

    user_access: ListProp[UserAccess] = prop(default=None, unordered=True)
    """The permissions of users for the page. A rule that the program does not list is deleted."""

    group_access: ListProp[GroupAccess] = prop(default=None, unordered=True)
    """The permissions of groups for the page. A rule that the program does not list is deleted."""

    url: Prop[str] = computed()
    """The address of the page for readers."""

    is_pushed_by_parent: Prop[bool | None] = computed()
    """Whether the page comes from the portal of which this one is a subdomain."""

    created_at: Prop[str] = computed()
    """The time of creation."""
