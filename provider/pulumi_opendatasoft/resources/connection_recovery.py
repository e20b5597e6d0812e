"""How a connection that a lost POST may have made is recognised among others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lifecycle.operations import Response
from . import connection_headers, connection_login

COLLECTION = "/datasource_connections/"


class ConnectionLikeness:
    """Recognises a connection by what the portal returns of it for certain, and by that no dataset uses it."""

    def __init__(self, body: Mapping[str, Any], *, is_for_one_use: bool) -> None:
        self._body = body
        self.is_for_one_use = is_for_one_use

    def may_be(self, found: Response) -> bool:
        """Whether a connection is unused and, as far as the portal returns it, what was sent."""
        return not found.get("dataset_count") and _returned(found) == _returned(self._body)

    def distance(self, found: Response) -> int:
        """1 where the headers have other values, else 0."""
        return connection_headers.mapping(found.get("headers")) != connection_headers.mapping(self._body.get("headers"))


def _returned(connection: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the portal returns of a connection for certain; whether it returns the values of headers is not."""
    names = set(connection_headers.mapping(connection.get("headers")) or {})
    return connection.get("type"), connection.get("url") or "", connection_login.name_of(connection.get("auth")), names
