"""The columns of a dataset that its sources and processors have produced so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""One record in processing: `{column name: raw value}`. A missing column is empty."""


@dataclass
class Column:
    """One column: its technical name, its label, and its type and annotations if the extractor knows them."""

    name: str
    label: str
    type: str | None = None
    """The type of its field, if the extractor knows it; else it is detected from the values."""
    annotations: dict[str, list[Any]] = field(default_factory=dict)


class Columns:
    """All columns by name, in the order of their appearance. Sources share columns of the same name."""

    def __init__(self) -> None:
        self._columns: dict[str, Column] = {}

    def add(self, name: str, label: str, type: str | None = None) -> Column:
        """Add a column unless its name exists; return the column of that name."""
        return self._columns.setdefault(name, Column(name, label, type))

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns.values())

    def __len__(self) -> int:
        return len(self._columns)
