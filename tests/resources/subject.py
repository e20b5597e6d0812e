"""A resource type under test: the samples to start from, and a row for each of its properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_opendatasoft.program.resource import Resource

from .rows import Given, Row

if TYPE_CHECKING:
    from .bench import Bench


@dataclass(frozen=True)
class Subject:
    """A resource type under test: its samples, its rows, and how an independent client reads and changes an object."""

    kind: type[Resource]

    samples: Mapping[str, Given]
    """The properties of programs to start from, by name. "" has every property that can be given together."""

    rows: tuple[Row, ...]

    seen: Callable[[Bench], Any]
    """Reads the object and its sections as one document; None where it does not exist."""

    disturb: Callable[[Bench, str, Any], None]
    """Changes one value on the portal, as another client: by its path in the document."""

    remove: Callable[[Bench], None]
    """Deletes the object, as another client."""

    left: Callable[[Bench], list[Any]]
    """The objects on the portal that were not prepared."""

    prepare: Callable[[Bench], dict[str, Any]] = lambda bench: {}
    """Creates the objects that the samples refer to; returns facts about them, such as uids."""

    arrive: Callable[[Bench], None] = lambda bench: None
    """Does what users do after a sample was created: accept an invitation."""

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

    def shown(self, name: str) -> Row:
        """A row of a property, at best one whose change by another client is found by a refresh."""
        rows = [row for row in self.rows if row.name == name]
        return next((row for row in rows if row.shows), rows[0])

    @property
    def released(self) -> dict[str, list[str]]:
        """The releasable properties by the sample that shows them."""
        found: dict[str, list[str]] = {}
        for name in self.releasable:
            found.setdefault(self.shown(name).sample, []).append(name)
        return found

    @property
    def drifting(self) -> list[str]:
        """The samples with a value whose change by another client is found by a refresh."""
        return [name for name in self.samples if any(row.shows and row.sample == name for row in self.rows)]
