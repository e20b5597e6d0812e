"""What a test has to know of one resource type to walk through all of its properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_opendatasoft.program.resource import Resource

from .rows import Given, Row

if TYPE_CHECKING:
    from .home import Home


@dataclass(frozen=True)
class Life:
    """What there is to know about one type: its samples, its rows, and how an independent client sees it."""

    kind: type[Resource]

    samples: Mapping[str, Given]
    """Programs to start from, by name; the one called "" gives every property that can be given beside the others."""

    rows: tuple[Row, ...]

    seen: Callable[[Home], Any]
    """All that the portal tells of the object."""

    disturb: Callable[[Home, str, Any], None]
    """Changes one thing behind the program's back: its path in what is seen, and the value."""

    remove: Callable[[Home], None]
    """Deletes the object behind the program's back."""

    left: Callable[[Home], list[Any]]
    """What is on the portal besides what was prepared."""

    prepare: Callable[[Home], dict[str, Any]] = lambda home: {}
    """Makes what the samples refer to, and returns what they need to know of it."""

    arrive: Callable[[Home], None] = lambda home: None
    """What people do after a sample came up: accept an invitation."""

    def __str__(self) -> str:
        return self.kind.__name__

    @property
    def releasable(self) -> list[str]:
        """The properties that are not managed when they are left out."""
        return [
            slot.name
            for slot in self.kind.declaration().shape.settable
            if slot.behaviour.default is None and not slot.behaviour.local and not slot.behaviour.immutable
        ]

    @property
    def drifting(self) -> list[str]:
        """The samples of which something can change behind the program's back so that a refresh sees it."""
        return [name for name in self.samples if any(row.shows and row.sample == name for row in self.rows)]
