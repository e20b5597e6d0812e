"""Groups of users: /groups/."""

from typing import Any

from fastapi import APIRouter

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.identifiers import free_name, now, slug
from ..state.store import Document
from .auth import Administrator, ThePortal
from .paging import Order, Paginated, TextList, ThePage, matches, ordered, split_list
from .routes import Route
from .schemas import ExploreLimits, Permission, PermissionShown, RequestBody, ResponseBody, Text

router = APIRouter(prefix="/groups", tags=["User groups"], route_class=Route)

_ORDER: Order = {
    "created_at": lambda group: group["created_at"],
    "updated_at": lambda group: group["updated_at"],
    "created_by__username": lambda group: group["created_by"],
    "updated_by__username": lambda group: group["updated_by"],
    "user_count": lambda group: group["user_count"],
    "group__title": lambda group: group["title"].lower(),
}


class _GroupBody(RequestBody):
    description: str | None = None
    permissions: list[Permission] | None = None
    explore_limits: ExploreLimits | None = None
    management_limits: dict[str, Any] | None = None


class GroupChange(_GroupBody):
    """The body of a PUT. In practice every property is optional."""

    title: Text | None = None


class NewGroup(_GroupBody):
    """The body of a POST."""

    title: Text


class RelatedUserResponse(ResponseBody):
    """A reference to a user."""

    username: str


class Group(ResponseBody):
    """A group. Its uid is made from its first title, and stays."""

    uid: str
    title: str
    description: str
    user_count: int
    permissions: list[PermissionShown]
    explore_limits: ExploreLimits
    management_limits: dict[str, Any]
    created_at: str
    updated_at: str
    created_by: RelatedUserResponse
    updated_by: RelatedUserResponse


def show(group: Document) -> Document:
    """The response body of a group."""
    return {
        **group,
        "management_limits": {},
        "created_by": {"username": group["created_by"]},
        "updated_by": {"username": group["updated_by"]},
    }


def groups_of(portal: Portal) -> list[Document]:
    """Every group, with the number of its members."""
    with portal.store.transaction():
        groups = portal.store.all("group")
        users = portal.store.all("user")
    for group in groups:
        group["user_count"] = sum(group["uid"] in user["groups"] for user in users)
    return groups


def group_of(portal: Portal, uid: str) -> Document:
    """One group with the number of its members. Raises a 404."""
    group = portal.store.get("group", uid)
    if group is None:
        raise not_found()
    group["user_count"] = sum(uid in user["groups"] for user in portal.store.all("user"))
    return group


@router.get("/", response_model=Paginated[Group])
def list_groups(
    page: ThePage,
    caller: Administrator,
    portal: ThePortal,
    *,
    search: str = "",
    sort: str = "updated_at",
    permissions: TextList = None,
) -> Document:
    """The groups, by `updated_at` by default."""
    groups = [
        group
        for group in groups_of(portal)
        if matches(search, group["uid"], group["title"], group["description"])
        and set(split_list(permissions)) <= set(group["permissions"])
    ]
    return page.render(ordered(groups, [sort], _ORDER), show)


@router.post("/", response_model=Group, status_code=201)
def create_group(body: NewGroup, caller: Administrator, portal: ThePortal) -> Document:
    """Create a group."""
    with portal.store.transaction():
        groups = portal.store.all("group")
        titles = {group["title"] for group in groups}
        if body.title in titles and portal.settings.duplicate_group_title == "refuse":
            raise invalid(title="A group with this title already exists.")
        separator = portal.settings.group_uid_separator
        requested = slug(body.title, separator) or "group"
        uid = free_name(requested, {group["uid"] for group in groups}, separator)
        timestamp = now()
        portal.store.put(
            "group",
            uid,
            {
                "uid": uid,
                "title": body.title,
                "description": body.description or "",
                "permissions": body.permissions or [],
                "explore_limits": body.explore_limits.given() if body.explore_limits else {},
                "created_at": timestamp,
                "updated_at": timestamp,
                "created_by": caller.username,
                "updated_by": caller.username,
            },
        )
        return show(group_of(portal, uid))


@router.get("/{group_uid}/", response_model=Group)
def get_group(group_uid: str, caller: Administrator, portal: ThePortal) -> Document:
    """One group."""
    return show(group_of(portal, group_uid))


@router.put("/{group_uid}/", response_model=Group)
def update_group(group_uid: str, body: GroupChange, caller: Administrator, portal: ThePortal) -> Document:
    """Change a group. Its uid stays when its title changes."""
    with portal.store.transaction():
        group = portal.store.get("group", group_uid)
        if group is None:
            raise not_found()
        given = {name: value for name, value in body.given().items() if value is not None}
        given.pop("management_limits", None)
        if portal.settings.omitted_in_put == "clear":
            if "title" not in given:
                raise invalid(title="This field is required")
            given = {"description": "", "permissions": [], "explore_limits": {}, **given}
        group.update(given, updated_at=now(), updated_by=caller.username)
        portal.store.put("group", group_uid, group)
        return show(group_of(portal, group_uid))


@router.delete("/{group_uid}/", status_code=204)
def delete_group(group_uid: str, caller: Administrator, portal: ThePortal) -> None:
    """Delete a group and its access rules. Its members stay users of the portal."""
    with portal.store.transaction():
        if not portal.store.delete("group", group_uid):
            raise not_found()
        portal.delete_references("group", group_uid)
        for user in portal.store.all("user"):
            if group_uid in user["groups"]:
                user["groups"].remove(group_uid)
                portal.store.put("user", user["username"], user)
