"""The arguments of the steps of a lifecycle, as values: a creation, a reading, a change, an update."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from .context import Context
from .intents import Begun
from .results import State

Response = Mapping[str, Any]
"""An object as the portal returned it, in the API's spelling."""


def has_uid(response: object) -> bool:
    """Whether the response to a POST contains what it created, rather than nothing of use."""
    return isinstance(response, Mapping) and bool(response.get("uid"))


@dataclass(frozen=True)
class Creation:
    """An object that is to be created."""

    context: Context
    desired: State
    existing: Sequence[Response] = ()
    """The objects that have its natural key already."""

    begun: Begun | None = None
    """The create of an earlier, interrupted `up` of this resource, of which nothing was found."""


@dataclass(frozen=True)
class Reading:
    """An object that is to be read, or deleted."""

    context: Context
    id: str
    prior: State
    """The state; empty where the object is in no state, as for `get` and `adopt`."""

    fresh: bool = True
    """Whether the object itself must be requested; else a list that is a few seconds old may be used."""


@dataclass(frozen=True)
class Change:
    """A change of an object that was not read yet."""

    context: Context
    id: str
    prior: State
    desired: State
    changed: frozenset[str]
    """The properties whose desired value differs from the prior one, or that depend on such a property."""

    @property
    def reading(self) -> Reading:
        """The read that precedes the change."""
        return Reading(self.context, self.id, self.prior)

    def of(self, response: Response) -> Update:
        """The same change, of the object as it was read."""
        return Update(self.context, self.id, self.prior, self.desired, self.changed, response)


@dataclass(frozen=True)
class Update(Change):
    """A change of an object that was read, or that was created a moment ago: then `prior` is empty."""

    response: Response
    """The object as the portal returned it last."""

    def having(self, **other: Any) -> Self:
        """The same update with other values in some of its fields."""
        return dataclasses.replace(self, **other)
