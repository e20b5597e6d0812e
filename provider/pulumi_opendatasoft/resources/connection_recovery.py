"""How a connection is recognised among others after a POST whose response was lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lifecycle.operations import Response
from . import connection_headers, connection_login

COLLECTION = "/datasource_connections/"


class ConnectionLikeness:
    """Compares connections with the body of a POST, by the properties that every portal returns."""

    def __init__(self, body: Mapping[str, Any], *, is_for_one_use: bool) -> None:
        self._body = body
        self.is_for_one_use = is_for_one_use

    def may_be(self, found: Response) -> bool:
        """Whether a connection is used by no dataset and equals the body, as far as the portal returns it."""
        return not found.get("dataset_count") and _returned(found) == _returned(self._body)

    def distance(self, found: Response) -> int:
        """1 where the values of the headers differ, else 0."""
        return connection_headers.mapping(found.get("headers")) != connection_headers.mapping(self._body.get("headers"))


def _returned(connection: Mapping[str, Any]) -> tuple[Any, ...]:
    """The properties that every portal returns. The values of headers are not among them, their names are."""
    names = set(connection_headers.mapping(connection.get("headers")) or {})
    return connection.get("type"), connection.get("url") or "", connection_login.name_of(connection.get("auth")), names
