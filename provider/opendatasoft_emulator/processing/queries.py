"""Queries of records, as SQL over the columns of a dataset, and how they are run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

_FETCH_SIZE = 1000


@dataclass(frozen=True)
class Part:
    """A part of a query in SQL, and the values of its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


EMPTY = Part("(SELECT 0::BIGINT AS position, '' AS record_id WHERE FALSE)")
"""The records of a dataset that has none."""


@dataclass(frozen=True)
class Positions:
    """The value of a parameter: the positions of the records whose values pass a test, which no SQL expresses."""

    column: str
    test: Callable[[list[Any]], list[bool]]


@dataclass(frozen=True)
class Group:
    """A key of groups, and the SQL of what is shown for it, in which `{key}` stands for its column."""

    key: Part
    shown: Part = Part("{key}")
    drops_empty: bool = False


@dataclass(frozen=True)
class RecordQuery:
    """A query of records: SQL over the columns that `column_name` names.

    Args:
        where: An expression that is true for the records of the result.
        fields: The fields of the result; those of the dataset by default.
        columns: The columns of the result, one for each field that is no key of groups; those of the dataset by
            default.
        groups: The keys of groups, if the result is one of groups.
        order: What follows ORDER BY; the order of the sources, or of the keys, by default.
        is_total: Whether the columns are aggregates over all records. Each record of the result is the same then.
        has_aggregated_order: Whether groups are sorted by an aggregate.
    """

    where: Part = Part("TRUE")
    fields: tuple[dict[str, Any], ...] | None = None
    columns: tuple[Part, ...] | None = None
    groups: tuple[Group, ...] | None = None
    order: tuple[Part, ...] = ()
    is_total: bool = False
    has_aggregated_order: bool = False


@dataclass(frozen=True)
class ValueCount:
    """How many records of a query have each value of an expression.

    Args:
        value: The expression, a text.
        where: The condition of the counted records.
        levels: The separator of the levels of a value, if it has some.
        above: The value whose next level is counted; the first level by default.
    """

    value: Part
    where: Part
    levels: str | None = None
    above: str = ""

    def run(
        self, cursor: duckdb.DuckDBPyConnection, source: str, source_values: tuple[Any, ...] = ()
    ) -> list[tuple[str, int]]:
        """The values with their counts."""
        where = _resolved(cursor, Part(source, source_values), self.where)
        inner = f"SELECT {self.value.sql} AS value FROM {source} WHERE {where.sql}"
        values = [*self.value.values, *source_values, *where.values]
        if self.levels is not None:
            depth = self.above.count(self.levels) + 2 if self.above else 1
            head = f"array_to_string(list_slice(string_split(value, ?), 1, {depth}), ?)"
            condition = f"len(string_split(value, ?)) >= {depth}" + (" AND starts_with(value, ?)" if self.above else "")
            inner = f"SELECT {head} AS value FROM ({inner}) WHERE {condition}"
            below = [self.above + self.levels] if self.above else []
            values = [self.levels, self.levels, *values, self.levels, *below]
        counted = f"SELECT value, count(*) FROM ({inner}) WHERE value IS NOT NULL GROUP BY value ORDER BY value"
        return cursor.execute(counted, values).fetchall()


def run_query(
    cursor: duckdb.DuckDBPyConnection,
    source: Part,
    columns: int,
    query: RecordQuery,
    *,
    limit: int | None = None,
    offset: int = 0,
    known_count: int | None = None,
) -> tuple[int, Iterator[tuple[Any, ...]]]:
    """The total count of a query, 0 for groups, and its rows.

    Args:
        cursor: The connection; it stays open until the last row is read.
        source: The table, or a query in parentheses, with the columns `position`, `f0`, `f1`, ….
        columns: The number of those columns.
        query: The query.
        limit: The number of rows; all by default.
        offset: The number of rows to skip.
        known_count: The number of all records, if it is known.
    """
    where = _resolved(cursor, source, query.where)
    inner = Part(f"{source.sql} WHERE {where.sql}", (*source.values, *where.values))
    if query.groups is not None:
        return 0, _groups(cursor, inner, query, limit, offset)
    if query.is_total:
        return _total(cursor, inner, query, limit, offset)
    if known_count is None or where.sql != "TRUE":
        known_count = _count(cursor, inner)
    shown = _list(query.columns) if query.columns is not None else Part(", ".join(f"f{n}" for n in range(columns)))
    order = _list((*query.order, Part("position")))
    values = [*shown.values, *inner.values, *order.values, limit, offset]
    sql = f"SELECT {shown.sql or 'position'} FROM {inner.sql} ORDER BY {order.sql} LIMIT ? OFFSET ?"
    if not known_count:
        return 0, iter(())
    return known_count, _rows(cursor, sql, values, is_empty=not shown.sql)


def _groups(
    cursor: duckdb.DuckDBPyConnection, inner: Part, query: RecordQuery, limit: int | None, offset: int
) -> Iterator[tuple[Any, ...]]:
    groups = query.groups or ()
    rows = Part(f"SELECT * FROM {inner.sql}", inner.values)
    for position, group in enumerate(groups):
        # One level for each key, since several `unnest` side by side would not be combined with each other.
        sql = f"SELECT *, {group.key.sql} AS g{position} FROM ({rows.sql})"
        rows = Part(sql, (*group.key.values, *rows.values))
    shown = _list(
        (
            *(Part(one.shown.sql.format(key=f"g{position}"), one.shown.values) for position, one in enumerate(groups)),
            *(query.columns or ()),
        )
    )
    keys = [f"g{position}" for position in range(len(groups))]
    needed = [f"g{position} IS NOT NULL" for position, group in enumerate(groups) if group.drops_empty]
    order = _list((*query.order, *(Part(f"{key} ASC NULLS LAST") for key in keys)))
    sql = (
        f"SELECT {shown.sql} FROM ({rows.sql}) WHERE {' AND '.join(needed) or 'TRUE'} "
        f"GROUP BY {', '.join(keys)} ORDER BY {order.sql} LIMIT ? OFFSET ?"
    )
    return _rows(cursor, sql, [*shown.values, *rows.values, *order.values, limit, offset])


def _total(
    cursor: duckdb.DuckDBPyConnection, inner: Part, query: RecordQuery, limit: int | None, offset: int
) -> tuple[int, Iterator[tuple[Any, ...]]]:
    """One row, as often as a page of records has: the service does so. An export contains it once."""
    shown = _list((Part("count(*)"), *(query.columns or ())))
    row = cursor.execute(f"SELECT {shown.sql} FROM {inner.sql}", [*shown.values, *inner.values]).fetchone()
    count, *values = row or (0,)
    times = 1 if limit is None else max(0, min(limit, count - offset))
    return int(count), iter([tuple(values)] * times)


def _rows(
    cursor: duckdb.DuckDBPyConnection, sql: str, values: list[Any], *, is_empty: bool = False
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement. It is executed at once, so that its errors are raised before a response begins."""
    cursor.execute(sql, values)
    return _fetched(cursor, is_empty=is_empty)


def _fetched(cursor: duckdb.DuckDBPyConnection, *, is_empty: bool) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_FETCH_SIZE):
        yield from [()] * len(rows) if is_empty else rows


def _count(cursor: duckdb.DuckDBPyConnection, rows: Part) -> int:
    row = cursor.execute(f"SELECT count(*) FROM {rows.sql}", [*rows.values]).fetchone()
    return int(row[0]) if row else 0


def _list(parts: tuple[Part, ...]) -> Part:
    return Part(", ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def _resolved(cursor: duckdb.DuckDBPyConnection, source: Part, condition: Part) -> Part:
    """A condition with the positions in the place of the tests that find them."""
    return Part(
        condition.sql,
        tuple(_found(cursor, source, value) if isinstance(value, Positions) else value for value in condition.values),
    )


def _found(cursor: duckdb.DuckDBPyConnection, source: Part, positions: Positions) -> list[int]:
    sql = f"SELECT position, {positions.column} FROM {source.sql} WHERE {positions.column} IS NOT NULL"
    rows = cursor.execute(sql, [*source.values]).fetchall()
    if not rows:
        return []
    passed = positions.test([value for _, value in rows])
    return [position for (position, _), is_true in zip(rows, passed, strict=True) if is_true]
