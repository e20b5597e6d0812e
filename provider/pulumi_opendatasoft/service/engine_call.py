"""The call of the engine that is under way, as this package needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..lifecycle.results import State


class EngineCall(Protocol):
    """One call of the engine: the facts that every kind of plugin has, and ways to print to the user."""

    @property
    def urn(self) -> str:
        """The engine's name of the resource; empty where it is not known."""
        ...

    @property
    def timeout(self) -> float:
        """Seconds from `custom_timeouts`; 0 where none were given."""
        ...

    @property
    def ignored(self) -> list[str]:
        """The property paths of `ignore_changes`."""
        ...

    def old_inputs(self) -> State | None:
        """The inputs of the last `up`, as the engine recorded them; None where it does not pass them."""
        ...

    def is_in_state(self, id: str) -> bool:
        """Whether the stack's state contains the resource with this id; False where that cannot be found out."""
        ...

    def was_begun(self) -> bool:
        """Whether the stack's state contains a create of the resource that an earlier run began and did not end."""
        ...

    def info(self, message: str, difference: Sequence[str] = ()) -> None:
        """Print a line that stays in the output, and below it the lines of a difference (`+`, `-`)."""
        ...

    def warn(self, message: str) -> None:
        """Print a warning that stays in the output."""
        ...

    def progress(self, message: str) -> None:
        """Print a line that the next one overwrites."""
        ...
