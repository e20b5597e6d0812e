"""The forms of the functions of `connections` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..connections import ConnectionInfo, get_connection, list_connections
from ..later import later


def get_connection_output(
    uid: pulumi.Input[str | None] = None,
    *,
    type: pulumi.Input[str | None] = None,
    url: pulumi.Input[str | None] = None,
    login: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[ConnectionInfo]:
    """Return a connection by its uid (`co_…`), or by its type, address and account.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        uid: the uid.
        type: the type, in the place of the uid: `http`.
        url: the address.
        login: the account: a username, client_id, access_key_id or account_name.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(get_connection, {"uid": uid, "type": type, "url": url, "login": login, "portal": portal})


def list_connections_output(
    *, sort: pulumi.Input[str | None] = None, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[ConnectionInfo]]:
    """Return the connections; `sort` is a member, with a `-` before it for descending: `-created_at`.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_connections, {"sort": sort, "portal": portal})
