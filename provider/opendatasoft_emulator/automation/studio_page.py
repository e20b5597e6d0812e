"""Studio pages: /studio_pages/, and their access rules. Their contents are made in Studio, and can only be read."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.identifiers import free_name, new_uid, now
from ..state.store import Document
from .access_rules import RuleOwner, add_rule_routes, put_rule
from .auth import Caller, TheCaller, ThePortal
from .page_rights import Slug, editable, require_on
from .paging import Paginated, ThePage
from .routes import Route, short_read
from .schemas import DONE, EACH_ONCE, ActionDone, RelatedUser, RequestBody, ResponseBody, choice

router = APIRouter(prefix="/studio_pages", tags=["Studio pages"], route_class=Route)
security_router = APIRouter(
    prefix="/studio_pages/{studio_page_uid}/security", tags=["Studio pages security"], route_class=Route
)

_KIND = "studio_page"


class StudioPageBody(RequestBody):
    """The body of a POST or a PUT. Whatever else is sent, such as contents or a title, is ignored."""

    slug: Slug = ""
    public: bool = False


class Version(ResponseBody):
    """One version of the contents of a page. A page that was not edited in Studio has a draft alone."""

    version_name: str
    title: str
    description: str = ""
    created_at: str
    updated_at: str
    updated_by: RelatedUser


class StudioPage(ResponseBody):
    """A Studio page. `first_published_at` is omitted until it is published; nothing tells whether it is now."""

    uid: str
    slug: str
    public: bool
    contents: list[Version]
    first_published_at: str = ""
    created_at: str
    updated_at: str
    created_by: RelatedUser


def show(page: Document) -> Document:
    """The response body of a page."""
    return {**page, "created_by": {"username": page["created_by"]}}


def page_of(portal: Portal, uid: str) -> Document:
    """One page. Raises a 404."""
    page = portal.store.get(_KIND, uid)
    if page is None:
        raise not_found()
    return page


def _page_with(permission: str) -> Callable[..., Awaitable[Document]]:
    @short_read
    def find(studio_page_uid: str, caller: TheCaller, portal: ThePortal) -> Document:
        page = page_of(portal, studio_page_uid)
        require_on(portal, caller, page, permission)
        return page

    return find


Editable = Annotated[Document, Depends(_page_with("edit_page"))]
"""The page of the path. Raises a 403 unless the caller may edit it."""


def _refuse_taken(portal: Portal, slug: str) -> None:
    if portal.store.find(_KIND, "slug", slug):
        raise invalid(slug=f'A page with the slug "{slug}" already exists.')


@router.get("/", response_model=Paginated[StudioPage])
def list_pages(page: ThePage, caller: TheCaller, portal: ThePortal) -> Document:
    """The pages that the caller may edit, the oldest first."""
    with portal.store.transaction():
        return page.render(editable(portal, caller, portal.store.all(_KIND)), show)


@router.post("/", response_model=StudioPage, status_code=201)
def create_page(body: StudioPageBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a page with an empty draft, which is not published."""
    caller.require("create_page")
    if body.public:
        caller.require("manage_page")
    timestamp = now()
    with portal.store.transaction():
        slug = body.slug
        if slug:
            _refuse_taken(portal, slug)
        else:
            slug = free_name("page", {page["slug"] for page in portal.store.all(_KIND)}, "-")
        draft = {
            "version_name": "draft",
            "title": slug,
            "created_at": timestamp,
            "updated_at": timestamp,
            "updated_by": {"username": caller.username},
        }
        page: Document = {
            "uid": new_uid("sp"),
            "slug": slug,
            "public": body.public,
            "contents": [draft],
            "is_published": False,
            "created_at": timestamp,
            "updated_at": timestamp,
            "created_by": caller.username,
        }
        portal.store.put(_KIND, page["uid"], page)
        if portal.settings.creator_gets_rule:
            put_rule(portal, page["uid"], {"user": {"username": caller.username}, "permissions": ["edit_page"]})
    return show(page)


@router.get("/{studio_page_uid}/", response_model=StudioPage)
def get_page(page: Editable) -> Document:
    """One page."""
    return show(page)


@router.put("/{studio_page_uid}/", response_model=StudioPage)
def update_page(page: Editable, body: StudioPageBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Change the slug of a page, or who sees it."""
    with portal.store.transaction():
        current = page_of(portal, page["uid"])
        given = body.model_dump() if portal.settings.omitted_in_put == "clear" else body.given()
        if given.get("slug") in ("", current["slug"]):
            del given["slug"]
        if "slug" in given:
            _refuse_taken(portal, given["slug"])
        if given.get("public", current["public"]) != current["public"]:
            require_on(portal, caller, current, "manage_page")
        return show(_changed(portal, current, given))


def _changed(portal: Portal, page: Document, given: Document) -> Document:
    page.update(given, updated_at=now())
    portal.store.put(_KIND, page["uid"], page)
    return page


@router.delete("/{studio_page_uid}/", status_code=204)
def delete_page(page: Editable, portal: ThePortal) -> None:
    """Delete a page, its contents and its access rules."""
    with portal.store.transaction():
        portal.store.delete(_KIND, page_of(portal, page["uid"])["uid"])
        portal.store.delete_children(page["uid"])


@router.post("/{studio_page_uid}/publish/", response_model=ActionDone)
def publish_page(page: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Publish the draft of a page."""
    return _set_published(portal, caller, page, published=True)


@router.post("/{studio_page_uid}/unpublish/", response_model=ActionDone)
def unpublish_page(page: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Withdraw a page from its readers."""
    return _set_published(portal, caller, page, published=False)


def _set_published(portal: Portal, caller: Caller, page: Document, *, published: bool) -> Document:
    with portal.store.transaction():
        current = page_of(portal, page["uid"])
        first = {"first_published_at": now()} if published and "first_published_at" not in current else {}
        _changed(portal, current, {"is_published": published, **first})
    return DONE


class _Granted(RequestBody):
    """The permissions that a rule grants on a page. A rule without any lets its target read one that is not public."""

    permissions: Annotated[list[Annotated[str, choice("edit_page")]], EACH_ONCE] = Field(default_factory=list)


add_rule_routes(
    security_router,
    _Granted,
    RuleOwner(
        find=_page_with("manage_page"),
        change=lambda portal, page, caller: portal.store.transaction(),
        created_status=lambda settings: settings.page_rule_status,
    ),
)
