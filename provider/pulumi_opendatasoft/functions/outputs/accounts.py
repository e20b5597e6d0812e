"""The forms of the functions of `accounts` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from ..accounts import (
    ApiKeyInfo,
    ExportedUser,
    GroupInfo,
    UserInfo,
    export_users,
    get_api_key,
    get_group,
    get_user,
    list_api_keys,
    list_group_members,
    list_groups,
    list_users,
)
from ..later import later


def get_group_output(
    uid: pulumi.Input[str | None] = None,
    *,
    title: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[GroupInfo]:
    """Return a group by its uid or its title.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_group, {"uid": uid, "title": title, "portal": portal})


def list_groups_output(
    *,
    search: pulumi.Input[str | None] = None,
    sort: pulumi.Input[str | None] = None,
    permissions: pulumi.Input[Sequence[pulumi.Input[str]] | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[GroupInfo]]:
    """Return the groups.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        search: words in the group.
        sort: a member to sort by, with a `-` before it for descending.
        permissions: only groups with one of these permissions.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(list_groups, {"search": search, "sort": sort, "permissions": permissions, "portal": portal})


def list_group_members_output(
    group: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[UserInfo]]:
    """Return the users in a group, of which the uid is given.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_group_members, {"group": group, "portal": portal})


def get_user_output(
    username: pulumi.Input[str | None] = None,
    *,
    email: pulumi.Input[str | None] = None,
    expand: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[UserInfo]:
    """Return a user by username or by e-mail address; `expand="groups"` includes the members of the groups.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_user, {"username": username, "email": email, "expand": expand, "portal": portal})


def list_users_output(
    *,
    search: pulumi.Input[str | None] = None,
    sort: pulumi.Input[Sequence[pulumi.Input[str]] | None] = None,
    permissions: pulumi.Input[Sequence[pulumi.Input[str]] | None] = None,
    all_permissions: pulumi.Input[Sequence[pulumi.Input[str]] | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[UserInfo]]:
    """Return the users.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        search: words in the name or the address.
        sort: the members to sort by, each with a `-` before it for descending.
        permissions: only users to whom one of these permissions was given directly.
        all_permissions: only users who have one of these permissions, also through a group.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        list_users,
        {
            "search": search,
            "sort": sort,
            "permissions": permissions,
            "all_permissions": all_permissions,
            "portal": portal,
        },
    )


def export_users_output(
    *,
    subdomains: pulumi.Input[str | None] = None,
    delimiter: pulumi.Input[str] = ",",
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[ExportedUser]]:
    """Return the rows of the portal's export of its users.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        subdomains: the subdomains whose users are included.
        delimiter: the character that separates the columns of the export.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(export_users, {"subdomains": subdomains, "delimiter": delimiter, "portal": portal})


def get_api_key_output(
    uid: pulumi.Input[str], *, expand: pulumi.Input[str | None] = None, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[ApiKeyInfo]:
    """Return an API key by its uid (`ak_…`); `expand="user"` includes the members of its owner.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_api_key, {"uid": uid, "expand": expand, "portal": portal})


def list_api_keys_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[ApiKeyInfo]]:
    """Return the API keys of the key's owner, revoked ones too.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_api_keys, {"portal": portal})
