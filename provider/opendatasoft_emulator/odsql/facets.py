"""Facets: the values of a field, counted and refined, with their levels."""

from dataclasses import dataclass
from typing import Any

from ..processing import Part
from .compiler import name_of
from .errors import Malformed
from .expressions import DATES, SHAPES, Settings, local
from .expressions import Expression as _Expression
from .grammar import parse
from .table import Column, Table

_OF_DATES = "/"
_SORTS = ("count", "-count", "alphanum", "-alphanum", "num", "-num")


@dataclass(frozen=True)
class Facet:
    """A requested facet: a field, with what `facet(name="field", …)` says of it."""

    name: str
    separator: str | None = None
    sort: str | None = None
    limit: int | None = None


def parse_facet(text: str) -> Facet:
    """The facet of a parameter. Raises QueryError."""
    tree: Any = parse("facet", text)
    if len(tree.children) == 1:
        return Facet(name_of(tree.children[0].children[0]))
    settings: dict[str, Any] = {}
    for setting in tree.children[1:]:
        key, value = setting.children
        token = str(value.children[-1])
        settings[key.lower()] = token[1:-1] if value.data == "string" else token.lower()
    unknown = settings.keys() - {"name", "disjunctive", "hierarchical", "separator", "sort", "limit"}
    if unknown or "name" not in settings or settings.get("sort", "count") not in _SORTS:
        raise Malformed(f"Invalid facet: {text}")
    limit = settings.get("limit")
    is_hierarchical = settings.get("hierarchical") == "true"
    if (limit is not None and not str(limit).isdecimal()) or (is_hierarchical and not settings.get("separator")):
        raise Malformed(f"Invalid facet: {text}")
    separator = settings["separator"] if is_hierarchical else None
    return Facet(settings["name"], separator, settings.get("sort"), None if limit is None else int(limit))


def refinement(table: Table, name: str, value: str, settings: Settings) -> Part:
    """Whether a field has a value: one of several, or one of a lower level (2020 of a date); never null."""
    column = table.column(name)
    levels = levels_of(column)
    path = _path(column, settings)
    if column.separator is not None:
        values = f"string_split({path.sql}, ?)"
        if levels is None:
            return Part(f"coalesce(list_contains({values}, ?), FALSE)", (*path.values, column.separator, value))
        sql = f"coalesce(list_bool_or([starts_with(one || ?, ?) FOR one IN {values}]), FALSE)"
        return Part(sql, (levels, value + levels, *path.values, column.separator))
    if levels is not None:
        return Part(f"coalesce(starts_with({path.sql} || ?, ?), FALSE)", (*path.values, levels, value + levels))
    return Part(f"coalesce({path.sql} = ?, FALSE)", (*path.values, value))


def facet_values(column: Column, settings: Settings) -> Part:
    """The SQL of a field's values as texts: each one of a multivalued field, a date as year/month/day."""
    path = _path(column, settings)
    if column.separator is not None:
        return Part(f"unnest(list_distinct(string_split({path.sql}, ?)))", (*path.values, column.separator))
    return path


def levels_of(column: Column, separator: str | None = None) -> str | None:
    """The separator of the levels of a field's values; None if they have none."""
    return separator or column.levels or (_OF_DATES if column.type in DATES else None)


def _path(column: Column, settings: Settings) -> Part:
    """The value of a field as a text."""
    if column.type in SHAPES:
        raise Malformed(f"The field {column.name} of type {column.type} has no values to count")
    if column.type in DATES:
        time = local(_Expression(column.sql, column.type), settings)
        return Part(f"strftime({time.sql}, '%Y/%m/%d')", time.values)
    return Part(f"{column.sql}::VARCHAR")
