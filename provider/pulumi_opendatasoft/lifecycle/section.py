"""A section: a part of an object that has calls of its own, and how it reads itself, compares, and is brought about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..schema import comparison
from ..schema.types import Slot
from ..schema.validation import Failure
from .operations import Reading, Response, Update
from .results import State

SEEN = "_seen"
"""In the state: the fingerprints of what the portal made of normalised values, by path."""


@dataclass(frozen=True)
class Progress:
    """What the sections of one write share."""

    state: State
    """The state so far."""

    is_new: bool = False
    """Whether the object was made a moment ago: what the portal does not fill in by itself is known to be empty."""

    written: list[str] = field(default_factory=list)
    """The sections that are written already: what was read of the object before may be out of date since."""

    last: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    """Calls for the very end, after the publication too: the removal of rights, which may be the key's own.
    Each with the first name of its section."""


class Section:
    """One property of a resource that the API keeps behind calls of its own.

    An update reconciles the **live** section with the desired one, never the remembered: so it converges after any
    failure half-way. A section that is not managed is neither read nor changed.
    """

    names: ClassVar[tuple[str, ...]]
    """The properties of the resource that it owns, first the one that messages name."""

    computes: ClassVar[tuple[str, ...]] = ()
    """The computed properties that it keeps; they go when the section is released."""

    is_last: ClassVar[bool] = False
    """Whether it is written after all others."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def read(self, reading: Reading, response: Response) -> Any:
        """Return the section as the portal has it, in a program's spelling.

        `response` is the object itself, which may contain the section.
        """
        raise NotImplementedError

    def apply(self, update: Update, progress: Progress) -> State:
        """Turn the live section into the desired one, with the fewest calls; returns the computed properties."""
        raise NotImplementedError

    def unfinished_state(self, update: Update) -> State:
        """What the state must remember of the section if it was begun and did not come to its end."""
        return {}

    def check(self, desired: State) -> list[Failure]:
        """What the section refuses in a preview beyond the types."""
        return []

    def report(self, reading: Reading, response: Response) -> State:
        """What the state should contain of the section after a read."""
        name, state = self.names[0], reading.prior
        actual = self.read(reading, response)
        return {name: comparison.report(self.slot, state[name], actual, state.get(SEEN) or {}, (name,))}

    def read_unmanaged(self, reading: Reading, response: Response) -> State:
        """Everything that can be read of the section, for a program that does not manage it."""
        return {self.names[0]: self.read(reading, response) or None}
