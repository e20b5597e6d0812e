"""Users: /users/. The module `user_invitations` creates them."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter

from ..errors import bad_request, invalid, not_found
from ..portal import Portal
from ..state.store import Document
from .auth import Administrator, ThePortal, permissions_of
from .group import Group, group_of
from .group import show as show_group
from .paging import Order, Paginated, TextList, ThePage, matches, ordered, split_list
from .routes import Route
from .schemas import (
    ExploreLimits,
    Permission,
    PermissionShown,
    RelatedGroup,
    RequestBody,
    ResponseBody,
    one_of,
)

router = APIRouter(prefix="/users", tags=["Users"], route_class=Route)

_ORDER: Order = {
    "username": lambda user: user["username"],
    "first_name": lambda user: user["first_name"].lower(),
    "last_name": lambda user: user["last_name"].lower(),
    "last_seen_at": lambda user: user["last_seen_at"] or "",
}


class UserBody(RequestBody):
    """The properties of a user in a request."""

    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    permissions: list[Permission] | None = None
    groups: list[RelatedGroup] | None = None
    explore_limits: ExploreLimits | None = None
    management_limits: dict[str, Any] | None = None


class UserChange(UserBody):
    """The body of a PUT. It changes neither the username nor the e-mail address."""

    email: str | None = None


class IdentityProvider(ResponseBody):
    """The identity provider of a user."""

    uid: str


class User(ResponseBody):
    """A user. `joined_at` is null until the invitation is accepted; the username may be unknown before that."""

    username: str | None = None
    display_name: str | None = None
    first_name: str
    last_name: str
    is_active: bool
    email: str
    is_ods: bool
    account_type: Annotated[str, one_of("local", "global", "linked")]
    permissions: list[PermissionShown]
    joined_at: str | None = None
    last_seen_at: str | None = None
    last_login_at: str | None = None
    expires_at: str | None
    explore_limits: ExploreLimits
    management_limits: dict[str, Any]
    gravatar_url: str
    groups: list[Group | RelatedGroup]
    identity_providers: list[IdentityProvider]


def show(portal: Portal, user: Document) -> Document:
    """The response body of a user. A time that is not known is absent, or null."""
    digest = hashlib.md5(user["email"].lower().encode(), usedforsecurity=False).hexdigest()
    is_told = portal.settings.empty_text_told == "null"
    times = {"joined_at": user["joined_at"], **dict.fromkeys(("last_seen_at", "last_login_at"), user["last_seen_at"])}
    known = {name: value for name, value in user.items() if name not in times}
    return {
        **known,
        **{name: time for name, time in times.items() if time is not None or is_told},
        "display_name": user["username"],
        "is_ods": False,
        "expires_at": None,
        "management_limits": {},
        "gravatar_url": f"//www.gravatar.com/avatar/{digest}?d=mm&s=80",
        "groups": [{"uid": uid} for uid in user["groups"]],
        "identity_providers": [{"uid": uid} for uid in user["identity_providers"]],
    }


def users_of(portal: Portal) -> list[Document]:
    """Every user that the API lists."""
    users = portal.store.all("user")
    if portal.settings.open_invitation == "hidden":
        return [user for user in users if user["joined_at"]]
    return users


def user_of(portal: Portal, username: str) -> Document:
    """One user. Raises a 404."""
    user = portal.store.get("user", username)
    if user is None or (user["joined_at"] is None and portal.settings.open_invitation == "hidden"):
        raise not_found()
    return user


@router.get("/", response_model=Paginated[User])
def list_users(
    page: ThePage,
    caller: Administrator,
    portal: ThePortal,
    *,
    search: str = "",
    sort: TextList = None,
    permissions: TextList = None,
    all_permissions: TextList = None,
) -> Document:
    """The users, in the order of their creation."""
    users = [
        user
        for user in users_of(portal)
        if matches(search, user["username"], user["first_name"], user["last_name"], user["email"])
        and set(split_list(permissions)) <= set(user["permissions"])
        and (not all_permissions or set(split_list(all_permissions)) <= permissions_of(portal, user))
    ]
    return page.render(ordered(users, split_list(sort), _ORDER), lambda user: show(portal, user))


def known_groups(portal: Portal, groups: list[RelatedGroup]) -> list[str]:
    """The uids of groups, without duplicates. Raises a 400 when one is unknown."""
    uids = [group.uid for group in groups]
    unknown = [uid for uid in uids if portal.store.get("group", uid) is None]
    if unknown:
        raise invalid(groups=[f'Group "{uid}" does not exist.' for uid in unknown])
    return list(dict.fromkeys(uids))


@router.get("/{username}/", response_model=User)
def get_user(username: str, caller: Administrator, portal: ThePortal, expand: str = "") -> Document:
    """One user; `expand=groups` includes all properties of the groups."""
    user = user_of(portal, username)
    response = show(portal, user)
    if "groups" in expand.split(","):
        response["groups"] = [show_group(group_of(portal, uid)) for uid in user["groups"]]
    return response


@router.put("/{username}/", response_model=User)
def update_user(username: str, body: UserChange, caller: Administrator, portal: ThePortal) -> Document:
    """Change a user's permissions, groups and limits."""
    with portal.store.transaction():
        user = user_of(portal, username)
        given = body.given()
        changes: Document = {}
        if portal.settings.omitted_in_put == "clear":
            changes = {"permissions": [], "groups": [], "explore_limits": {}}
        for name in ("permissions", "explore_limits"):
            if given.get(name) is not None:
                changes[name] = given[name]
        if body.groups is not None:
            changes["groups"] = known_groups(portal, body.groups)
        if portal.settings.names_of_users == "written" or user["account_type"] != "global":
            changes.update({name: given[name] or "" for name in ("first_name", "last_name") if name in given})
        user.update(changes)
        _require_an_administrator(portal, user)
        portal.store.put("user", username, user)
        return show(portal, user)


@router.delete("/{username}/", status_code=204)
def delete_user(username: str, caller: Administrator, portal: ThePortal) -> None:
    """Delete a user with their keys and access rules. The last administrator cannot be deleted."""
    with portal.store.transaction():
        user = user_of(portal, username)
        _require_an_administrator(portal, {**user, "permissions": [], "groups": []})
        portal.store.delete("user", username)
        portal.delete_references("user", username)


def _require_an_administrator(portal: Portal, changed: Document) -> None:
    users = [user for user in portal.store.all("user") if user["username"] != changed["username"]]
    if not any("edit_domain" in permissions_of(portal, user) for user in [*users, changed]):
        raise bad_request("Removing the only domain administrator is not allowed.")
