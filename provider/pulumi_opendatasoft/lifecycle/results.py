"""The results of lifecycle steps: the state, a diff, and how a step can end other than well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import OpendatasoftError

State = dict[str, Any]
"""What the engine remembers of a resource: what the program desires and what the portal set, in the API's spelling."""


class Missing(OpendatasoftError):
    """The portal no longer has the object: the next `up` makes it anew."""

    def __init__(self, *, is_certain: bool = False) -> None:
        super().__init__()
        self.is_certain = is_certain
        """Whether the portal returned the object as one that is gone, rather than a 404."""


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
    """Something has to be done though the inputs are as they were: an adoption to apply, a publication to repeat."""

    notes: tuple[str, ...] = field(default=())
    """Lines for the preview: what is no longer managed."""

    def __bool__(self) -> bool:
        return bool(self.changed) or self.unfinished
