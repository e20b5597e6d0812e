"""The columns that the sources and the processors of a dataset have brought forth so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""One record on its way: `{column name: raw value}`; a column that is missing holds nothing."""


@dataclass
class Column:
    """One column: its technical name, the title that people see, and what the extractor knows of it."""

    name: str
    label: str
    type: str | None = None
    """The type of its field where the extractor knows it; else it is guessed from the values."""
    annotations: dict[str, list[Any]] = field(default_factory=dict)


class Columns:
    """All columns by name, in the order in which they were met; sources share columns of the same name."""

    def __init__(self) -> None:
        self._columns: dict[str, Column] = {}

    def add(self, name: str, label: str, type: str | None = None) -> Column:
        """The column of that name, made with this label and type if it is new."""
        return self._columns.setdefault(name, Column(name, label, type))

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns.values())

    def __len__(self) -> int:
        return len(self._columns)
