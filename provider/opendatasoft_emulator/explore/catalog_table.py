"""The catalog as a table: one row for each visible dataset, whose columns clauses may name."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ..odsql import Table
from ..processing import Part, RecordQuery, Records, ResultSet, ValueCount, column_name
from .facets import Count
from .query import Query
from .rendering import Field

_LIST = "\x1f"
"""Separates the values of a list in a column."""
_TIMES = ("modified", "data_processed", "metadata_processed")
_SQL_TYPES = {"int": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "datetime": "TIMESTAMP"}

DEFAULT_FACETS = ("features", "modified", "publisher", "keyword", "theme", "language", "license")
"""The facets of the catalog; the choice is our own."""


class CatalogTable:
    """The rows of descriptions of datasets: their members, and each metadata field as `field` and `template.field`."""

    def __init__(self, descriptions: Sequence[dict[str, Any]]) -> None:
        rows = [_row(description) for description in descriptions]
        names = list(dict.fromkeys(name for row in rows for name in row)) or ["dataset_id"]
        self.fields = [_field(name, [row.get(name) for row in rows]) for name in names]
        columns = ["unnest(?::BIGINT[]) AS position"]
        values: list[Any] = [list(range(len(rows)))]
        for position, field in enumerate(self.fields):
            kind = _SQL_TYPES.get(field["type"], "VARCHAR")
            columns.append(f"unnest(?::{kind}[]) AS {column_name(position)}")
            values.append([_stored(row.get(field["name"]), field["type"]) for row in rows])
        self._source = Part(f"(SELECT {', '.join(columns)})", tuple(values))
        self._table = Table(self.fields, column_name)

    def read(
        self, records: Records, query: Query, limit: int | None, offset: int, columns: Sequence[str] | None = None
    ) -> ResultSet:
        """The result of a query; `columns` are those of the result in the place of what it selects."""
        built = query.build(self._table)
        if columns is not None:
            chosen = [self._table.column(name) for name in columns]
            built = _with_columns(built, tuple(column.field for column in chosen), [column.sql for column in chosen])
        return records.query_rows(self._source, self.fields, built, limit=limit, offset=offset)

    def positions(self, records: Records, query: Query, limit: int | None, offset: int) -> tuple[int, list[int]]:
        """The number of rows of a query, and the positions of those on a page."""
        built = _with_columns(query.build(self._table), ({"name": "position", "type": "int"},), ["position"])
        result = records.query_rows(self._source, self.fields, built, limit=limit, offset=offset)
        return result.total_count, [row[0] for row in result.rows]

    def counts(self, records: Records, query: Query) -> Count:
        """Runs counts over the rows of a query."""

        def run(make: Any) -> list[list[tuple[str, int]]]:
            found: list[ValueCount] = make(self._table, query.build(self._table).where)
            return records.count_rows(self._source, found)

        return run


def _with_columns(query: RecordQuery, fields: tuple[Field, ...], columns: list[str]) -> RecordQuery:
    return RecordQuery(query.where, fields, tuple(Part(sql) for sql in columns), order=query.order)


def _row(description: dict[str, Any]) -> dict[str, Any]:
    default = description["metas"]["default"]
    metas = {f"{template}.{name}": v for template, values in description["metas"].items() for name, v in values.items()}
    return {**description, **default, **metas}


def _field(name: str, values: list[Any]) -> Field:
    present = [value for value in values if value is not None]
    annotations: dict[str, Any] = {}
    kind = "text"
    if name.rpartition(".")[2] in _TIMES:
        kind = "datetime"
    elif any(isinstance(value, dict) or (isinstance(value, list) and _is_nested(value)) for value in present):
        kind = "json"
    elif any(isinstance(value, list) for value in present):
        annotations = {"multivalued": [_LIST]}
    elif present and all(isinstance(value, bool) for value in present):
        kind = "boolean"
    elif present and all(isinstance(value, int) for value in present):
        kind = "int"
    elif present and all(isinstance(value, int | float) for value in present):
        kind = "double"
    if name in ("attachments", "alternative_exports", "fields", "metas"):
        kind, annotations = "json", {}
    if name == "records_count":
        kind = "int"
    return {"name": name, "label": name, "type": kind, "description": None, "annotations": annotations}


def _is_nested(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)


def _stored(value: Any, kind: str) -> Any:
    if value is None or kind in ("int", "double", "boolean"):
        return value
    if kind == "json":
        return json.dumps(value)
    if kind == "datetime":
        try:
            return datetime.fromisoformat(str(value)).astimezone(UTC).replace(tzinfo=None)
        except ValueError:
            return None
    return _LIST.join(map(str, value)) if isinstance(value, list) else str(value)
