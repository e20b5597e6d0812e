"""The conditions of a query, and their conversion to the SQL of DuckDB."""

from dataclasses import dataclass
from typing import Any, Protocol

from .errors import Malformed
from .literals import Value
from .table import Column, Table
from .text_search import PLAIN, patterns

Sql = tuple[str, list[Any]]
"""An expression that is true or false, never null, and the values of its parameters."""

_IN_SQL = {"=": "=", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SEARCHED = ("text", "file", "int", "double", "date", "datetime")


class Condition(Protocol):
    """A condition on a record."""

    def to_sql(self, table: Table) -> Sql:
        """The condition over the columns of a dataset. Raises QueryError for unknown fields and wrong types."""
        ...


@dataclass(frozen=True)
class Always:
    """The condition that is always true."""

    def to_sql(self, table: Table) -> Sql:
        """Always true."""
        return "TRUE", []


@dataclass(frozen=True)
class All:
    """The conjunction of several conditions."""

    parts: tuple[Condition, ...]

    def to_sql(self, table: Table) -> Sql:
        """True when all of them are."""
        return _joined(" AND ", [part.to_sql(table) for part in self.parts])


@dataclass(frozen=True)
class OneOf:
    """The disjunction of several conditions."""

    parts: tuple[Condition, ...]

    def to_sql(self, table: Table) -> Sql:
        """True when one of them is."""
        return _joined(" OR ", [part.to_sql(table) for part in self.parts])


@dataclass(frozen=True)
class Not:
    """The negation of a condition. It is true for records without a value, since the condition is false for them."""

    part: Condition

    def to_sql(self, table: Table) -> Sql:
        """True when the demand is not."""
        sql, values = self.part.to_sql(table)
        return f"NOT {sql}", values


@dataclass(frozen=True)
class Comparison:
    """A comparison of a field with a value; false for an empty field."""

    field: str
    operator: str
    value: Value

    def to_sql(self, table: Table) -> Sql:
        """Compare the values. A multivalued field is equal to a value when one of its values is."""
        column = table.column(self.field)
        value = self.value.for_column(column)
        if column.separator is not None and self.operator in ("=", "!="):
            contained = f"list_contains(string_split({column.sql}, ?), ?)"
            sql = contained if self.operator == "=" else f"NOT {contained}"
            return _never_null(sql), [column.separator, value]
        return _never_null(f"{column.sql} {_IN_SQL[self.operator]} ?"), [value]


@dataclass(frozen=True)
class InRange:
    """A field between two values; each end may belong to the range or not."""

    field: str
    low: Value
    high: Value
    with_low: bool
    with_high: bool

    def to_sql(self, table: Table) -> Sql:
        """True between the ends."""
        ends = (
            Comparison(self.field, ">=" if self.with_low else ">", self.low),
            Comparison(self.field, "<=" if self.with_high else "<", self.high),
        )
        return All(ends).to_sql(table)


@dataclass(frozen=True)
class ContainsWords:
    """A field that contains all words of a text."""

    field: str
    text: str

    def to_sql(self, table: Table) -> Sql:
        """True when every word is in the field's value."""
        return _contains_words([table.column(self.field)], self.text)


@dataclass(frozen=True)
class FullTextSearch:
    """A search for all words of a text, each in any of the named fields, or of all visible ones."""

    text: str
    fields: tuple[str, ...] | None = None

    def to_sql(self, table: Table) -> Sql:
        """True when every word is in one of the fields."""
        if self.fields is None:
            return _contains_words([column for column in table.columns if column.type in _SEARCHED], self.text)
        return _contains_words([table.column(field) for field in self.fields], self.text)


@dataclass(frozen=True)
class IsEmpty:
    """A field without a value."""

    field: str

    def to_sql(self, table: Table) -> Sql:
        """True when it is null."""
        return f"({table.column(self.field).sql} IS NULL)", []


@dataclass(frozen=True)
class IsBoolean:
    """A boolean field with this value."""

    field: str
    expected: bool

    def to_sql(self, table: Table) -> Sql:
        """True when the field has the expected value."""
        column = table.column(self.field)
        if column.type != "boolean":
            raise Malformed(f"The field {self.field} of type {column.type} is neither true nor false")
        return f"({column.sql} IS {str(self.expected).upper()})", []


def _contains_words(columns: list[Column], text: str) -> Sql:
    words = patterns(text)
    if not words:
        return "TRUE", []
    if not columns:
        return "FALSE", []
    text_column = PLAIN.format(f"concat_ws(' ', {', '.join(f'{column.sql}::VARCHAR' for column in columns)})")
    return _joined(" AND ", [(f"regexp_matches({text_column}, ?)", [word]) for word in words])


def _joined(operator: str, parts: list[Sql]) -> Sql:
    return f"({operator.join(sql for sql, _ in parts)})", [value for _, values in parts for value in values]


def _never_null(sql: str) -> str:
    return f"coalesce({sql}, FALSE)"
