"""The fields of a dataset as a query sees them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from .errors import Malformed


@dataclass(frozen=True)
class Column:
    """One field: its name, its type, what separates its values where it is multivalued, and its name in SQL."""

    name: str
    type: str
    separator: str | None
    sql: str


class Table:
    """The fields that a query may name; another one is unknown to it."""

    def __init__(
        self, fields: list[dict[str, Any]], column_name: Callable[[int], str], visible: Collection[str] | None = None
    ) -> None:
        """`fields` are those of the dataset, in the order of its columns, which `column_of` names by their place.

        With `visible` there are only the fields of these names.
        """
        self.columns = [
            Column(field["name"], field["type"], separator_of(field), column_name(position))
            for position, field in enumerate(fields)
            if visible is None or field["name"] in visible
        ]
        self._by_name = {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The field of that name; Malformed when there is none."""
        if name not in self._by_name:
            raise Malformed(f"Unknown field: {name}")
        return self._by_name[name]


def separator_of(field: dict[str, Any]) -> str | None:
    """What separates the values of a multivalued text; nothing where it is empty, for that separates none."""
    arguments = field["annotations"].get("multivalued")
    return str(arguments[0]) or None if arguments and field["type"] == "text" else None
