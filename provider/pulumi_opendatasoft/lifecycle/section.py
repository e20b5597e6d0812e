"""A section: a property of an object that the API reads and writes by calls of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..schema import comparison
from ..schema.failure import Failure
from ..schema.types import Slot
from .operations import Reading, Response, Update
from .results import State

SEEN = "_seen"
"""In the state: the fingerprints of normalised values as the portal returns them, by property path."""


@dataclass(frozen=True)
class Progress:
    """The progress of one write, which its sections share."""

    state: State
    """The state so far."""

    is_new: bool = False
    """Whether the object was created a moment ago: the sections that the portal does not fill by itself are empty."""

    written: list[str] = field(default_factory=list)
    """The sections that are written already, since which the response of the update may be out of date."""

    last: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    """Calls for the very end, each with the first name of its section: to remove rights, perhaps of the key in use."""


class Section:
    """A property of a resource that the API reads and writes by calls of its own.

    An update compares the desired section with the **actual** one, never with the prior: so it converges after any
    failure. A section that is not managed is neither read nor changed.
    """

    names: ClassVar[tuple[str, ...]]
    """The properties of the resource that the section consists of, first the one that messages name."""

    computes: ClassVar[tuple[str, ...]] = ()
    """The computed properties of the section, which the state loses when the section is no longer managed."""

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
        """Make the actual section as desired, with the fewest calls; returns the computed properties."""
        raise NotImplementedError

    def unfinished_state(self, update: Update) -> State:
        """The values that the state must contain if the section was not written completely."""
        return {}

    def check(self, desired: State) -> list[Failure]:
        """The reasons to refuse a preview, besides the types of properties."""
        return []

    def report(self, reading: Reading, response: Response) -> State:
        """The section in the state after a read: as desired where that holds, else with its actual values."""
        name, state = self.names[0], reading.prior
        actual = self.read(reading, response)
        return {name: comparison.report(self.slot, state[name], actual, state.get(SEEN) or {}, (name,))}

    def read_unmanaged(self, reading: Reading, response: Response) -> State:
        """Everything that can be read of the section, for a program that does not manage it."""
        return {self.names[0]: self.read(reading, response) or None}
