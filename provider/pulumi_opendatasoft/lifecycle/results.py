"""The results of lifecycle steps: a state, a diff, and the exceptions of steps that did not finish."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import OpendatasoftError
from .texts import TextChange

State = dict[str, Any]
"""The desired and the computed properties of a resource, as the engine keeps them, in the API's spelling."""


class Missing(OpendatasoftError):
    """The object does not exist on the portal."""

    def __init__(self, *, is_certain: bool = False) -> None:
        super().__init__()
        self.is_certain = is_certain
        """Whether the portal returned the object as one that is gone, rather than a 404."""


class HalfMade(OpendatasoftError):
    """The object exists but is not finished: it is kept in the state, and the next `up` goes on from there.

    `state` contains the sections that were finished; `reasons` are one line each.
    """

    def __init__(self, id: str, state: State, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.id = id
        self.state = state
        self.reasons = reasons


@dataclass(frozen=True)
class Diff:
    """The difference between the program's inputs and the state, by the names of the properties."""

    changed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    unfinished: bool = False
    """Whether an update is needed although no input differs: a publication to repeat, the end of an adoption."""

    notes: tuple[str, ...] = field(default=())
    """Lines for the preview, such as the properties that are no longer managed."""

    texts: tuple[TextChange, ...] = ()
    """The texts that change, of which a state contains hashes."""

    def __bool__(self) -> bool:
        return bool(self.changed) or self.unfinished
