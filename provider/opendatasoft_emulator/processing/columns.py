"""The columns of a dataset that its sources and processors have produced so far, and their technical names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""One record in processing: `{column name: raw value}`. A missing column is empty."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


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

    def add_titles(self, titles: list[str]) -> list[str]:
        """Add the columns of a table with these titles; return their names. An empty title is named by its position."""
        names = Names()
        return [self.add(name := names.new(title), title.strip() or name).name for title in titles]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns.values())

    def __len__(self) -> int:
        return len(self._columns)


def field_name(title: str) -> str:
    """The technical name of a title: no accents, lower case, underscores; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return _NOT_A_NAME.sub("_", plain).strip("_")


class Names:
    """The technical names of the columns of one source, which are unique."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, title: str) -> str:
        """The name of one more column: by its position when it has no title, with `_1` when its name is taken."""
        base = field_name(title) or f"column_{len(self._taken) + 1}"
        name, count = base, 0
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name


def unknown_field(names: Iterable[str]) -> str:
    """The message for a field that does not exist, with the names of those that do."""
    known = list(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"unknown field, there are {', '.join(known[:MOST_NAMED])}{more}" if known else "unknown field"


MOST_NAMED = 30
"""So many fields are named in the message about an unknown one."""
