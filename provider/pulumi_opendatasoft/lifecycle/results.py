"""How a step of a resource's life can end, besides well: what every adapter must be able to tell its engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import OpendatasoftError

State = dict[str, Any]
"""What the engine remembers of a resource: what was asked and what the portal set, in the API's spelling."""


class Missing(OpendatasoftError):
    """The portal no longer has the object: a read ends so, and the next `up` makes it anew."""


class HalfMade(OpendatasoftError):
    """The object exists but is not finished: it is kept in the state, and the next `up` goes on from there.

    `state` holds the sections that were finished; `reasons` are one line each.
    """

    def __init__(self, id: str, state: State, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.id = id
        self.state = state
        self.reasons = reasons


@dataclass(frozen=True)
class Diff:
    """What a program's new inputs would change, by the names of the properties."""

    changed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    unfinished: bool = False
    """Something has to be done though the inputs are as they were: an adoption to apply, a run to repeat."""

    notes: tuple[str, ...] = field(default=())
    """Lines for the preview: what is let go of."""

    def __bool__(self) -> bool:
        return bool(self.changed) or self.unfinished
