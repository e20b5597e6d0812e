"""A new connection on its way to the portal: which one it became where the answer was lost.

A connection has no name and no mark of who made it. Several that are alike may be made at once, and several answers
lost at once, so whoever finds one takes it, and then says again all that it shall be.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import UTC, datetime
from typing import Any

from ..errors import ResourceError
from ..lifecycle.context import Context
from . import connection_headers, connection_login

COLLECTION = "/datasource_connections/"
DATE = len("2026-01-01")


class Arrival:
    """One connection that is being made."""

    def __init__(
        self, context: Context, held_as: str, body: Mapping[str, Any], known: Set[str], *, for_one_use: bool
    ) -> None:
        self._run, self._held_as, self._body, self._known = context, held_as, body, known
        self._for_one_use = for_one_use
        self._began = context.api.now()
        self._found: Mapping[str, Any] | None = None

    def made(self) -> Mapping[str, Any]:
        """Create it: the portal's answer, or what was found of it. Raises `Problem` where that is unclear."""
        while True:
            response: Mapping[str, Any] = self._run.api.post(COLLECTION, self._body, look=self._look)
            if self._found is not None or self._take(response):
                return response
            # Before the answer came, another resource whose own was lost took this one, and made it what that shall be.

    def _look(self) -> Mapping[str, Any] | None:
        if self._found is None:
            every = self._run.api.all(COLLECTION, sort="-created_at")
            alike = sorted(filter(self._may_be, every), key=self._has_other_headers)
            if self._for_one_use and len(alike) > 1:
                raise ResourceError(_unclear([str(there["uid"]) for there in alike]))
            self._found = next((there for there in alike if self._take(there)), None)
        if self._found is None or self._for_one_use:
            # A code that arrived is used up, and one that did not is sent by the next try.
            return self._found
        response: Mapping[str, Any] | None = self._run.api.put(f"{COLLECTION}{self._found['uid']}/", self._body)
        return response or self._found

    def _may_be(self, there: Mapping[str, Any]) -> bool:
        """Whether one is new, nobody's, unused and, as far as the portal tells, what was sent."""
        uid = str(there.get("uid"))
        is_free = (
            not there.get("dataset_count") and uid not in self._known and not self._run.is_held(self._held_as, uid)
        )
        return is_free and is_since(there.get("created_at"), self._began) and _told(there) == _told(self._body)

    def _has_other_headers(self, there: Mapping[str, Any]) -> bool:
        return connection_headers.mapping(there.get("headers")) != connection_headers.mapping(self._body.get("headers"))

    def _take(self, there: Mapping[str, Any]) -> bool:
        return self._run.held.take(self._run.domain, self._held_as, str(there["uid"]))


def is_since(actual: object, began: datetime) -> bool:
    """Whether a moment, in whatever form the portal tells it, is not before another; in whole seconds, or days."""
    try:
        moment = datetime.fromisoformat(str(actual))
    except ValueError:
        return False
    if len(str(actual)) == DATE:
        return moment.date() >= began.date()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) >= began.replace(microsecond=0)


def _told(connection: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the portal tells of a connection for certain; whether it tells the values of headers is not."""
    names = set(connection_headers.mapping(connection.get("headers")) or {})
    return connection.get("type"), connection.get("url") or "", connection_login.name_of(connection.get("auth")), names


def _unclear(uids: list[str]) -> str:
    return (
        f"the portal's answer was lost, and which of {', '.join(uids)} was made by it cannot be told: "
        f'adopt="{uids[0]}" takes one over; delete what nobody needs in the back office'
    )
