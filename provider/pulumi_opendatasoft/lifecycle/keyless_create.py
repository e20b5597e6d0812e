"""The creation of an object without a natural key, and how it is found after a lost response.

Nothing in such an object identifies the resource that created it. Several that are alike may be created at once, and
several responses lost at once. So after a lost response, the resource takes a new object that looks the same and that
no resource owns, and writes everything to it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..errors import ResourceError
from .handler import Handler
from .intents import is_since
from .operations import Creation, Response


class Likeness(Protocol):
    """Recognises an object that a POST with a lost response may have created."""

    is_for_one_use: bool
    """Whether the body is valid once: it can then not be written again to one of several objects."""

    def may_be(self, found: Response) -> bool:
        """Whether an object equals the body, as far as the portal returns it."""
        ...

    def distance(self, found: Response) -> int:
        """How far an object is from the body: the nearest is taken first."""
        ...


class KeylessCreate:
    """The creation of one object.

    Args:
        creation: the desired values, and the objects that exist already.
        handler: the handler of the resource type.
        body: the body of the POST.
        likeness: compares objects with the body.
    """

    def __init__(self, creation: Creation, handler: Handler, body: Mapping[str, Any], likeness: Likeness) -> None:
        self._context, self._handler, self._body, self._likeness = creation.context, handler, body, likeness
        self._known = {handler.id_of(existing) for existing in creation.existing}
        self._began = creation.context.api.now()
        self._found: Response | None = None

    def run(self) -> Response:
        """Create the object; returns the response, or the object that was found after a lost one.

        Raises `ResourceError` where several may be the one.
        """
        while True:
            response: Response = self._context.api.post(
                self._handler.collection, self._body, look=self._find_lost, is_usable=self._handler.is_whole
            )
            if self._found is not None or self._take(response):
                return response
            # Before the response came, another resource whose own was lost has taken this object.

    def _find_lost(self) -> Response | None:
        if self._found is None:
            every = self._context.api.all(self._handler.collection, sort="-created_at")
            alike = sorted(filter(self._may_be, every), key=self._likeness.distance)
            if self._likeness.is_for_one_use and len(alike) > 1:
                raise ResourceError(_unclear([self._handler.id_of(found) for found in alike]))
            self._found = next((found for found in alike if self._take(found)), None)
        if self._found is None or self._likeness.is_for_one_use:
            # A body that is valid once cannot be written again; one that did not arrive is sent by the next attempt.
            return self._found
        endpoint = self._handler.endpoint(self._handler.id_of(self._found))
        response: Response | None = self._context.api.put(endpoint, self._body)
        return response or self._found

    def _may_be(self, found: Response) -> bool:
        """Whether an object is new, owned by no resource, and like the body."""
        id = self._handler.id_of(found)
        is_free = id not in self._known and not self._context.is_owned(self._handler.owned_as, id)
        return is_free and is_since(found.get("created_at"), self._began) and self._likeness.may_be(found)

    def _take(self, found: Response) -> bool:
        return self._context.ownership.take_if_free(
            self._context.domain, self._handler.owned_as, self._handler.id_of(found)
        )


def _unclear(ids: list[str]) -> str:
    return (
        f"the portal's response was lost, and it is unclear which of {', '.join(ids)} was created: "
        f'adopt="{ids[0]}" takes one over; delete what is not needed in the back office'
    )
