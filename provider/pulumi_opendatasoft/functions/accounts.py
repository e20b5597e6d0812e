"""Functions that read users, groups and API keys."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from .calls import Answer, Portal, exactly_one
from .info import Info, SecretText
from .related import ExploreLimitsInfo, RelatedUser


class GroupInfo(Info):
    """A group."""

    uid: str
    title: str | None
    description: str | None
    permissions: Sequence[str]
    explore_limits: ExploreLimitsInfo | None
    user_count: int | None
    created_at: str | None
    created_by: RelatedUser | None
    updated_at: str | None
    updated_by: RelatedUser | None


class UserInfo(Info):
    """A user; `groups` have only their uid unless they are expanded."""

    username: str
    email: str | None
    display_name: str | None
    first_name: str | None
    last_name: str | None
    account_type: str | None
    permissions: Sequence[str]
    groups: Sequence[GroupInfo]
    explore_limits: ExploreLimitsInfo | None
    identity_providers: Sequence[Mapping[str, str]]
    is_active: bool | None
    is_ods: bool | None
    gravatar_url: str | None
    joined_at: str | None
    last_seen_at: str | None
    last_login_at: str | None
    expires_at: str | None


class ExportedUser(Info):
    """A row of the users' export; several groups or permissions are separated by semicolons."""

    username: str
    last_name: str | None
    first_name: str | None
    email: str | None
    date_joined: str | None
    last_seen: str | None
    groups: str | None
    permissions: str | None


class Revocation(Info):
    """When and why an API key was revoked."""

    revoked_at: str | None
    revocation_reason: str | None


class ApiKeyInfo(Info):
    """An API key."""

    uid: str
    label: str | None
    key: SecretText
    permissions: Sequence[str]
    user: UserInfo | None
    is_revoked: bool | None
    revocation_status: Revocation | None
    created_at: str | None


def get_group(uid: str | None = None, *, title: str | None = None, portal: str | None = None) -> GroupInfo:
    """Return a group by its uid or its title."""
    name, value = exactly_one("get_group", uid=uid, title=title)
    at = Portal(portal)
    if name == "uid":
        return GroupInfo(at.get("/groups/{}/", value))
    found = [group for group in at.all("/groups/", search=value) if group.get("title") == value]
    # The search is one for words: a title that it does not find may still exist.
    found = found or [group for group in at.all("/groups/") if group.get("title") == value]
    return GroupInfo(at.only("/groups/", found, {"title": value}))


def list_groups(
    *,
    search: str | None = None,
    sort: str | None = None,
    permissions: Sequence[str] | None = None,
    portal: str | None = None,
) -> list[GroupInfo]:
    """Return the groups.

    Args:
        search: words in the group.
        sort: a member to sort by, with a `-` before it for descending.
        permissions: only groups with one of these permissions.
        portal: one of the portals under `opendatasoft:portals`.
    """
    query = {"search": search, "sort": sort, "permissions": permissions}
    return GroupInfo.of(Portal(portal).all("/groups/", **query))


def list_group_members(group: str, *, portal: str | None = None) -> list[UserInfo]:
    """Return the users in a group, of which the uid is given."""
    return UserInfo.of(Portal(portal).all("/groups/{}/users/", group))


def get_user(
    username: str | None = None, *, email: str | None = None, expand: str | None = None, portal: str | None = None
) -> UserInfo:
    """Return a user by username or by e-mail address; `expand="groups"` includes the members of the groups."""
    name, value = exactly_one("get_user", username=username, email=email)
    at = Portal(portal)
    if name == "email":
        found = [user for user in at.all("/users/", search=value) if _is(user, value)]
        found = found or [user for user in at.all("/users/") if _is(user, value)]
        user = at.only("/users/", found, {"email": value}, id="username")
        if expand is None:
            return UserInfo(user)
        value = str(user["username"])
    return UserInfo(at.get("/users/{}/", value, expand=expand))


def list_users(
    *,
    search: str | None = None,
    sort: Sequence[str] | None = None,
    permissions: Sequence[str] | None = None,
    all_permissions: Sequence[str] | None = None,
    portal: str | None = None,
) -> list[UserInfo]:
    """Return the users.

    Args:
        search: words in the name or the address.
        sort: the members to sort by, each with a `-` before it for descending.
        permissions: only users to whom one of these permissions was given directly.
        all_permissions: only users who have one of these permissions, also through a group.
        portal: one of the portals under `opendatasoft:portals`.
    """
    query = {"search": search, "sort": sort, "permissions": permissions, "all_permissions": all_permissions}
    return UserInfo.of(Portal(portal).all("/users/", **query))


def export_users(
    *, subdomains: str | None = None, delimiter: str = ",", portal: str | None = None
) -> list[ExportedUser]:
    """Return the rows of the portal's export of its users.

    Args:
        subdomains: the subdomains whose users are included.
        delimiter: the character that separates the columns of the export.
        portal: one of the portals under `opendatasoft:portals`.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "users.csv"
        Portal(portal).download("/users/export/", to=file, subdomains=subdomains, delimiter=delimiter)
        with file.open(encoding="utf-8-sig", newline="") as text:
            return ExportedUser.of(list(csv.DictReader(text, delimiter=delimiter)))


def get_api_key(uid: str, *, expand: str | None = None, portal: str | None = None) -> ApiKeyInfo:
    """Return an API key by its uid (`ak_…`); `expand="user"` includes the members of its owner."""
    return ApiKeyInfo(Portal(portal).get("/apikeys/{}/", uid, expand=expand))


def list_api_keys(*, portal: str | None = None) -> list[ApiKeyInfo]:
    """Return the API keys of the key's owner, revoked ones too."""
    return ApiKeyInfo.of(Portal(portal).all("/apikeys/"))


def _is(user: Answer, email: str) -> bool:
    return str(user.get("email")).lower() == email.lower()
