"""The fields of a dataset in a query."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from .errors import Malformed


@dataclass(frozen=True)
class Column:
    """One field, and its column in SQL: its values are separated if it is multivalued, their levels in a hierarchy."""

    field: dict[str, Any]
    sql: str

    @property
    def name(self) -> str:
        """The name of the field."""
        return str(self.field["name"])

    @property
    def type(self) -> str:
        """The type of the field."""
        return str(self.field["type"])

    @property
    def separator(self) -> str | None:
        """The separator of its values; None if it has one value."""
        return separator_of(self.field)

    @property
    def levels(self) -> str | None:
        """The separator of the levels of its values, as a facet; None without levels."""
        arguments = self.field["annotations"].get("hierarchical")
        return str(arguments[0]) or None if arguments and self.type == "text" else None


class Table:
    """The fields that a query may name."""

    def __init__(
        self, fields: list[dict[str, Any]], column_name: Callable[[int], str], visible: Collection[str] | None = None
    ) -> None:
        """Make the table of a dataset.

        Args:
            fields: The fields of the dataset, in the order of their columns.
            column_name: Returns the name of the column at a position.
            visible: The names of the fields to include; all by default.
        """
        self.columns = [
            Column(field, column_name(position))
            for position, field in enumerate(fields)
            if visible is None or field["name"] in visible
        ]
        self._by_name = {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The field of that name. Raises Malformed when there is none."""
        if name not in self._by_name:
            raise Malformed(f"Unknown field: {name}")
        return self._by_name[name]


def separator_of(field: dict[str, Any]) -> str | None:
    """The separator of a multivalued text; None if it is empty, since an empty one separates nothing."""
    arguments = field["annotations"].get("multivalued")
    return str(arguments[0]) or None if arguments and field["type"] == "text" else None
