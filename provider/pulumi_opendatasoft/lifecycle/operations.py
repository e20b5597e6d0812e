"""The values that the steps of a lifecycle are called with: what is created, read, or changed, and in which context."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from .context import Context
from .results import State

Response = Mapping[str, Any]
"""An object as the portal returned it, in the API's spelling."""


@dataclass(frozen=True)
class Creation:
    """An object that is to be created."""

    context: Context
    desired: State
    existing: Sequence[Response] = ()
    """The objects that had its natural key before."""


@dataclass(frozen=True)
class Reading:
    """An object that is to be read, or deleted."""

    context: Context
    id: str
    prior: State
    """The state; empty where the object is in no state, as for `get` and `adopt`."""

    fresh: bool = True
    """Whether the object itself has to be requested; else a list that is a few seconds old will do."""


@dataclass(frozen=True)
class Change:
    """A change that is to be made to an object which was not read yet."""

    context: Context
    id: str
    prior: State
    desired: State
    changed: frozenset[str]
    """The names of the properties whose desired value is another one than before, or that must be looked at again."""

    @property
    def reading(self) -> Reading:
        """The read that precedes the change."""
        return Reading(self.context, self.id, self.prior)

    def of(self, response: Response) -> Update:
        """The same change, of the object that was read."""
        return Update(self.context, self.id, self.prior, self.desired, self.changed, response)


@dataclass(frozen=True)
class Update(Change):
    """A change of an object that was read, or that was created a moment ago: then `prior` is empty."""

    response: Response
    """The object as the portal returned it last."""

    def having(self, **other: Any) -> Self:
        """The same update with other values."""
        return dataclasses.replace(self, **other)
