"""Functions that read connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .calls import Answer, Portal, exactly_one
from .info import Info, SecretText

_LOGINS = ("username", "client_id", "access_key_id", "account_name")
"""The members of an authentication that name an account."""


class HeaderInfo(Info):
    """A header that is sent to the server."""

    name: str
    value: SecretText


class ConnectionAuthInfo(Info):
    """How a connection authenticates; a portal never returns passwords. Other members depend on its type."""

    type: str | None
    username: str | None
    client_id: str | None
    access_key_id: str | None
    account_name: str | None
    region: str | None
    scope: str | None
    token_endpoint: str | None
    grant_type: str | None
    claims: Mapping[str, Any]
    application_id: str | None
    role_arn: str | None
    external_id: str | None
    ods_aws_account_id: str | None
    is_valid: bool | None


class ConnectionInfo(Info):
    """A connection."""

    uid: str
    type: str | None
    url: str | None
    auth: ConnectionAuthInfo | None
    headers: Sequence[HeaderInfo]
    is_reusable: bool | None
    can_manage: bool | None
    can_reuse: bool | None
    dataset_count: int | None
    group_count: int | None
    user_count: int | None
    created_at: str | None
    updated_at: str | None


def get_connection(
    uid: str | None = None,
    *,
    type: str | None = None,
    url: str | None = None,
    login: str | None = None,
    portal: str | None = None,
) -> ConnectionInfo:
    """Return a connection by its uid (`co_…`), or by its type, address and account.

    Args:
        uid: the uid.
        type: the type, in the place of the uid: `http`.
        url: the address.
        login: the account: a username, client_id, access_key_id or account_name.
        portal: one of the portals under `opendatasoft:portals`.
    """
    name, value = exactly_one("get_connection", uid=uid, type=type)
    at = Portal(portal)
    if name == "uid":
        return ConnectionInfo(at.get("/datasource_connections/{}/", value))
    key = {name: value for name, value in (("type", type), ("url", url), ("login", login)) if value is not None}
    found = [one for one in at.all("/datasource_connections/") if all(_has(one, *item) for item in key.items())]
    return ConnectionInfo(at.only("/datasource_connections/", found, key))


def list_connections(*, sort: str | None = None, portal: str | None = None) -> list[ConnectionInfo]:
    """Return the connections; `sort` is a member, with a `-` before it for descending: `-created_at`."""
    return ConnectionInfo.of(Portal(portal).all("/datasource_connections/", sort=sort))


def _has(connection: Answer, name: str, value: str) -> bool:
    if name != "login":
        return bool(connection.get(name) == value)
    auth = connection.get("auth")
    return isinstance(auth, Mapping) and value in [auth.get(member) for member in _LOGINS]
