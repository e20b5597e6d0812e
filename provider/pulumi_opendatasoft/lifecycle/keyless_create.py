"""The creation of an object without a natural key: which one it became where the answer was lost.

Such an object has no name and no mark of who made it. Several that are alike may be made at once, and several answers
lost at once: so a lost answer is settled by taking a new object that looks the same and that no resource owns, and by
then writing again everything that it shall be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from ..errors import ResourceError
from .handler import Handler
from .operations import Creation, Response

DATE = len("2026-01-01")


class Likeness(Protocol):
    """How an object that a lost POST may have made is recognised."""

    is_for_one_use: bool
    """Whether the body is used up by one use: then one of several objects cannot be made into what is desired."""

    def may_be(self, found: Response) -> bool:
        """Whether an object is, as far as the portal returns it, what was sent."""
        ...

    def distance(self, found: Response) -> int:
        """How far an object is from what was sent: the nearest is taken first."""
        ...


class KeylessCreate:
    """One object that is being created."""

    def __init__(self, creation: Creation, handler: Handler, body: Mapping[str, Any], likeness: Likeness) -> None:
        self._context, self._handler, self._body, self._likeness = creation.context, handler, body, likeness
        self._known = {handler.id_of(existing) for existing in creation.existing}
        self._began = creation.context.api.now()
        self._found: Response | None = None

    def run(self) -> Response:
        """Create it: the portal's answer, or the object that was found. Raises `ResourceError` if that is unclear."""
        while True:
            response: Response = self._context.api.post(self._handler.collection, self._body, look=self._look)
            if self._found is not None or self._take(response):
                return response
            # Before the answer came, another resource whose own was lost took this one, and made it its own.

    def _look(self) -> Response | None:
        if self._found is None:
            every = self._context.api.all(self._handler.collection, sort="-created_at")
            alike = sorted(filter(self._may_be, every), key=self._likeness.distance)
            if self._likeness.is_for_one_use and len(alike) > 1:
                raise ResourceError(_unclear([self._handler.id_of(found) for found in alike]))
            self._found = next((found for found in alike if self._take(found)), None)
        if self._found is None or self._likeness.is_for_one_use:
            # What is used up by its arrival cannot be sent again; what did not arrive is sent by the next try.
            return self._found
        endpoint = self._handler.endpoint(self._handler.id_of(self._found))
        response: Response | None = self._context.api.put(endpoint, self._body)
        return response or self._found

    def _may_be(self, found: Response) -> bool:
        """Whether one is new, owned by no resource, and like what was sent."""
        id = self._handler.id_of(found)
        is_free = id not in self._known and not self._context.is_owned(self._handler.owned_as, id)
        return is_free and is_since(found.get("created_at"), self._began) and self._likeness.may_be(found)

    def _take(self, found: Response) -> bool:
        return self._context.ownership.take_if_free(
            self._context.domain, self._handler.owned_as, self._handler.id_of(found)
        )


def is_since(moment: object, began: datetime) -> bool:
    """Whether a moment, in whatever form the portal returns it, is not before another; in whole seconds, or days."""
    try:
        parsed = datetime.fromisoformat(str(moment))
    except ValueError:
        return False
    if len(str(moment)) == DATE:
        return parsed.date() >= began.date()
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)) >= began.replace(microsecond=0)


def _unclear(ids: list[str]) -> str:
    return (
        f"the portal's answer was lost, and which of {', '.join(ids)} was made by it cannot be told: "
        f'adopt="{ids[0]}" takes one over; delete what nobody needs in the back office'
    )
