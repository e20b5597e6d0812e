"""A part of an object that has calls of its own: how it reads itself, compares, and becomes what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..schema import comparison
from ..schema.types import Slot
from ..schema.validation import Failure
from .context import Context
from .results import State

SEEN = "_seen"


@dataclass(frozen=True)
class Work:
    """What the sections of one write share."""

    state: State
    """The state so far."""

    is_new: bool = False
    """Whether the object was made a moment ago: what the portal does not fill in by itself is known to be empty."""

    written: list[str] = field(default_factory=list)
    """The sections that are written already: what was read of the object before may be out of date since."""

    later: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    """What may only be done when everything else is, the publication too: the removal of rights, perhaps one's own.
    With the first name of its section."""


class Section:
    """One property of a resource that the API keeps behind calls of its own.

    An update reconciles the **live** section with the wanted one, never the remembered: so it converges after any
    failure half-way. A section that is not managed is neither read nor changed.
    """

    names: ClassVar[tuple[str, ...]]
    """The properties of the resource that it owns, first the one that messages name."""

    learns: ClassVar[tuple[str, ...]] = ()
    """The computed properties that it keeps; they go when the section is released."""

    is_last: ClassVar[bool] = False
    """Whether it is written after all others, never beside them."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def live(self, context: Context, id: str, response: Mapping[str, Any], state: State) -> Any:
        """What the portal has, in a program's words; `answer` is the object itself, which may hold the section."""
        raise NotImplementedError

    def apply(
        self, context: Context, id: str, response: Mapping[str, Any], desired: State, prior: State, work: Work
    ) -> State:
        """Make the live section what is asked, with the fewest calls; returns the computed properties it learned.

        `answer` is the object itself, `before` what was asked last time (empty at creation).
        """
        raise NotImplementedError

    def begun(self, desired: State, prior: State) -> State:
        """What the state must remember of the section once it was begun and did not come to its end."""
        return {}

    def refuses(self, desired: State) -> list[Failure]:
        """What the section refuses in a preview beyond the types."""
        return []

    def report(self, context: Context, id: str, response: Mapping[str, Any], state: State) -> State:
        """What the state should say of the section after a look at the portal."""
        name = self.names[0]
        actual = self.live(context, id, response, state)
        return {name: comparison.report(self.slot, state[name], actual, state.get(SEEN) or {}, (name,))}

    def tell(self, context: Context, id: str, response: Mapping[str, Any]) -> State:
        """Everything that can be read of the section, for somebody who does not manage it."""
        return {self.names[0]: self.live(context, id, response, {}) or None}
