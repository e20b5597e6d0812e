"""The values of facets, for counting and refining records."""

from dataclasses import dataclass

from .conditions import Sql
from .errors import Malformed
from .table import Column, Table

_DATES = ("date", "datetime")
_SHAPES = ("geo_point_2d", "geo_shape")
_BETWEEN_PARTS = "/"


@dataclass(frozen=True)
class Refinement:
    """A field with a value: one of several if it is multivalued; of a date `2020`, `2020/12` or `2020/12/31`."""

    field: str
    value: str

    def to_sql(self, table: Table) -> Sql:
        """True when the field has the value, or its date is in that period."""
        column = table.column(self.field)
        if column.separator is not None:
            return f"coalesce(list_contains(string_split({column.sql}, ?), ?), FALSE)", [column.separator, self.value]
        path = _path(column)
        if column.type in _DATES:
            return f"coalesce(starts_with({path} || ?, ?), FALSE)", [_BETWEEN_PARTS, self.value + _BETWEEN_PARTS]
        return f"coalesce({path} = ?, FALSE)", [self.value]


def facet_values(column: Column) -> str:
    """The SQL expression of a field's values: each one of a multivalued field, the year of a date."""
    if column.separator is not None:
        separator = column.separator.replace("'", "''")
        return f"unnest(list_distinct(string_split({column.sql}, '{separator}')))"
    path = _path(column)
    return f"split_part({path}, '{_BETWEEN_PARTS}', 1)" if column.type in _DATES else path


def _path(column: Column) -> str:
    """The value of a field as a text."""
    if column.type in _SHAPES:
        raise Malformed(f"The field {column.name} of type {column.type} has no values to count")
    return f"strftime({column.sql}, '%Y/%m/%d')" if column.type in _DATES else f"{column.sql}::VARCHAR"
