"""Compiled expressions of a query, and what their meaning depends on beside the records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .errors import Malformed
from .table import Column, Table

NUMBERS = ("int", "double")
DATES = ("date", "datetime")
TEXTS = ("text", "file")
SHAPES = ("geo_point_2d", "geo_shape")


@dataclass(frozen=True)
class Settings:
    """The parameters `timezone` and `lang` of a request, and its time."""

    zone: str = "UTC"
    language: str = "fr"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Expression:
    """The SQL of an expression, its parameters, and the type of its value.

    The type is that of a field, `json`, `shapes` (a list of GeoJSON geometries), or one of those of literals that are
    no value: `anything` (`*`), `null`, `quantity` (`1km`), `geometry`.
    """

    sql: str
    type: str
    values: tuple[Any, ...] = ()
    column: Column | None = None
    """The field, if the expression is nothing else."""
    literal: str | None = None
    """The text of a literal, as it is written."""
    is_aggregate: bool = False
    is_distinct: bool = False
    shown: str = "{key}"
    """Of a group: the SQL of what is shown for its key."""
    shown_values: tuple[Any, ...] = ()
    drops_empty: bool = False
    """Of a group: whether records without a key are left out."""

    @property
    def name(self) -> str:
        """How an error names it."""
        return f"The field {self.column.name}" if self.column else "The expression"


@dataclass(frozen=True)
class Call:
    """One call of a function."""

    name: str
    arguments: Sequence[Expression]
    table: Table
    settings: Settings

    def argument(self, position: int, *types: str) -> Expression:
        """The argument at a position, of one of these types. Raises Malformed."""
        found = self.arguments[position] if position < len(self.arguments) else None
        if found is None or (types and found.type not in types):
            raise Malformed(f"{self.name}() expects {' or '.join(types) or 'an argument'} as argument {position + 1}")
        return found

    def expect(self, *counts: int) -> None:
        """Raise Malformed unless the call has one of these numbers of arguments."""
        if len(self.arguments) not in counts:
            raise Malformed(f"{self.name}() does not take {len(self.arguments)} arguments")


def local(expression: Expression, settings: Settings) -> Expression:
    """A time as it is on the clocks of the requested zone; a date stays as it is."""
    if expression.type != "datetime" or settings.zone == "UTC":
        return expression
    return Expression(
        f"timezone(?, timezone('UTC', {expression.sql}))", "datetime", (settings.zone, *expression.values)
    )
