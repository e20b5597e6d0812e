"""Code editor pages, written in HTML and CSS: /code_editor_pages/, and their access rules."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.identifiers import free_name, new_uid, now, slug
from ..state.settings import Settings
from ..state.store import Document
from .access_rules import RuleOwner, add_rule_routes, put_rule
from .auth import Caller, TheCaller, ThePortal
from .page_rights import Slug, editable, require_on
from .paging import Paginated, TextList, ThePage, matches, split_list
from .routes import Route, short_read
from .schemas import DONE, EACH_ONCE, ActionDone, RequestBody, ResponseBody, choice

router = APIRouter(prefix="/code_editor_pages", tags=["Code editor pages"], route_class=Route)
security_router = APIRouter(
    prefix="/code_editor_pages/{page_slug}/security", tags=["Code editor pages security"], route_class=Route
)

_KIND = "code_editor_page"
_PERMISSIONS = ("edit_page", "manage_page")
_SCRIPT = re.compile(r"(?is)<script\b.*?</script\s*>")

Texts = dict[str, str]
"""Texts by language."""


class Content(RequestBody):
    """The HTML and the CSS of a page, by language."""

    html: Texts = Field(default_factory=dict)
    css: Texts = Field(default_factory=dict)


class CodeEditorPageBody(RequestBody):
    """The body of a POST or a PUT."""

    content: Content
    slug: Slug = ""
    title: Texts = Field(default_factory=dict)
    description: str = ""
    template: str = "custom.html"
    tags: list[str] = Field(default_factory=list)
    is_restricted: bool = False
    is_archived: bool = False


class PageContent(ResponseBody):
    """The HTML and the CSS of a page, by language."""

    html: Texts
    css: Texts


class Author(ResponseBody):
    """The user who created or changed a page."""

    username: str


class CodeEditorPage(ResponseBody):
    """A code editor page."""

    slug: str
    title: Texts
    description: str
    content: PageContent
    template: str
    tags: list[str]
    has_subdomain_copies: bool
    is_pushed_by_parent: bool
    is_restricted: bool
    is_archived: bool
    created_by: Author
    updated_by: Author
    updated_at: str
    created_at: str


def show(page: Document) -> Document:
    """The response body of a page."""
    authors = {name: {"username": page[name]} for name in ("created_by", "updated_by")}
    return {**page, "has_subdomain_copies": False, "is_pushed_by_parent": False, **authors}


def page_of(portal: Portal, page_slug: str) -> Document:
    """The page with this slug. Raises a 404."""
    found = portal.store.find(_KIND, "slug", page_slug)
    if not found:
        raise not_found()
    return found[0]


def _page_with(permission: str) -> Callable[..., Awaitable[Document]]:
    @short_read
    def find(page_slug: str, caller: TheCaller, portal: ThePortal) -> Document:
        page = page_of(portal, page_slug)
        require_on(portal, caller, page, permission)
        return page

    return find


Editable = Annotated[Document, Depends(_page_with("edit_page"))]
"""The page of the path. Raises a 403 unless the caller may edit it."""


def _stored_content(content: Content, settings: Settings) -> Document:
    html, css = dict(content.html), dict(content.css)
    if settings.page_html == "sanitised":
        html = {language: _SCRIPT.sub("", text).strip() for language, text in html.items()}
    if settings.page_languages == "filled_in":
        css = {**dict.fromkeys(html, ""), **css}
    return {"html": html, "css": css}


def _refuse_taken(portal: Portal, page_slug: str) -> None:
    if portal.store.find(_KIND, "slug", page_slug):
        raise invalid(slug=f'A page with the slug "{page_slug}" already exists.')


@router.get("/", response_model=Paginated[CodeEditorPage])
def list_pages(page: ThePage, caller: TheCaller, portal: ThePortal) -> Document:
    """The pages that the caller may edit, the oldest first."""
    with portal.store.transaction():
        return page.render(editable(portal, caller, portal.store.all(_KIND)), show)


@router.post("/", response_model=CodeEditorPage, status_code=201)
def create_page(body: CodeEditorPageBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a page. Without a slug, it gets one from its title."""
    caller.require("create_page")
    if body.is_restricted:
        caller.require("manage_page")
    timestamp = now()
    with portal.store.transaction():
        page_slug = body.slug
        if page_slug:
            _refuse_taken(portal, page_slug)
        else:
            wanted = slug(next(iter(body.title.values()), ""), "-") or "page"
            page_slug = free_name(wanted, {page["slug"] for page in portal.store.all(_KIND)}, "-")
        page: Document = {
            **body.model_dump(),
            # The slug may change, and be equal to the uid of another object: rules belong to a uid of their own.
            "uid": new_uid("pg"),
            "slug": page_slug,
            "content": _stored_content(body.content, portal.settings),
            "is_archived": False,
            "created_at": timestamp,
            "updated_at": timestamp,
            "created_by": caller.username,
            "updated_by": caller.username,
        }
        portal.store.put(_KIND, page["uid"], page)
        if portal.settings.creator_gets_rule:
            put_rule(portal, page["uid"], {"user": {"username": caller.username}, "permissions": list(_PERMISSIONS)})
    return show(page)


@router.delete("/", response_model=list[str])
def delete_pages(caller: TheCaller, portal: ThePortal, slug: TextList = None, search: str = "") -> list[str]:
    """Delete the pages that have one of the slugs, and that the search finds. Without either, nothing is deleted."""
    slugs = split_list(slug)
    if not slugs and not search.strip():
        raise invalid(slug="This field is required", search="This field is required")
    with portal.store.transaction():
        chosen = [
            page
            for page in editable(portal, caller, portal.store.all(_KIND))
            if (not slugs or page["slug"] in slugs)
            and matches(search, page["slug"], page["description"], *page["title"].values())
        ]
        for page in chosen:
            _delete(portal, page)
    return [page["slug"] for page in chosen]


@router.get("/{page_slug}/", response_model=CodeEditorPage)
def get_page(page: Editable) -> Document:
    """One page."""
    return show(page)


@router.put("/{page_slug}/", response_model=CodeEditorPage)
def update_page(page: Editable, body: CodeEditorPageBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Change a page, unless it is archived. Its content is replaced whole; `is_archived` is ignored."""
    with portal.store.transaction():
        current = page_of(portal, page["slug"])
        if current["is_archived"]:
            raise invalid(is_archived="An archived page cannot be edited.")
        is_whole = portal.settings.omitted_in_put == "clear"
        given = body.model_dump() if is_whole else body.given()
        new_slug = given.pop("slug", "") if portal.settings.page_slug_in_put == "renames" else ""
        for name in ("slug", "is_archived"):
            given.pop(name, None)
        if new_slug not in ("", current["slug"]):
            _refuse_taken(portal, new_slug)
            given["slug"] = new_slug
        restricted = given.get("is_restricted", current["is_restricted"])
        if restricted != current["is_restricted"]:
            require_on(portal, caller, current, "manage_page")
        given["content"] = _stored_content(body.content, portal.settings)
        current.update(given, updated_at=now(), updated_by=caller.username)
        portal.store.put(_KIND, current["uid"], current)
    return show(current)


@router.delete("/{page_slug}/", status_code=204)
def delete_page(page: Editable, portal: ThePortal) -> None:
    """Delete a page and its access rules."""
    with portal.store.transaction():
        _delete(portal, page_of(portal, page["slug"]))


def _delete(portal: Portal, page: Document) -> None:
    portal.store.delete(_KIND, page["uid"])
    portal.store.delete_children(page["uid"])


@router.post("/{page_slug}/archive/", response_model=ActionDone)
def archive_page(page: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Archive a page: nobody reads it, and it cannot be edited. One that is archived already stays so."""
    return _set_archived(portal, caller, page, archived=True)


@router.post("/{page_slug}/unarchive/", response_model=ActionDone)
def unarchive_page(page: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Undo an archiving. A page that is not archived stays as it is."""
    return _set_archived(portal, caller, page, archived=False)


def _set_archived(portal: Portal, caller: Caller, page: Document, *, archived: bool) -> Document:
    with portal.store.transaction():
        current = page_of(portal, page["slug"])
        current.update(is_archived=archived, updated_at=now(), updated_by=caller.username)
        portal.store.put(_KIND, current["uid"], current)
    return DONE


class _Granted(RequestBody):
    """The permissions that a rule grants on a page. A rule without any lets its target read a restricted page."""

    permissions: Annotated[list[Annotated[str, choice(*_PERMISSIONS)]], EACH_ONCE] = Field(default_factory=list)


add_rule_routes(
    security_router,
    _Granted,
    RuleOwner(
        find=_page_with("manage_page"),
        change=lambda portal, page, caller: portal.store.transaction(),
        created_status=lambda settings: settings.page_rule_status,
    ),
)
