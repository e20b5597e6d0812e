"""The records of the published datasets: one DuckDB file, one table a dataset."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from .values import COLUMN_TYPES

_PUBLISHED = """
    CREATE TABLE IF NOT EXISTS published (
        dataset_uid VARCHAR PRIMARY KEY, fields VARCHAR NOT NULL, record_count BIGINT NOT NULL)
"""
_BIGGEST_RECORD = 64 * 1024 * 1024
_ROWS_AT_ONCE = 1000


class Records:
    """What the processed datasets hold; every method may be called from any thread.

    A dataset's table is replaced in one transaction together with its fields, so a reader sees the old
    records or the new ones, also after a kill. Columns are called after their place, since two fields may
    differ only in their capitals, which are one to DuckDB.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, made if need be; what a killed process left half-done is thrown away."""
        self._scratch = path.with_name(path.name + ".scratch")
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self._connection = duckdb.connect(path)
        self._connection.execute(_PUBLISHED)
        self._writing = Lock()

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for the files of one processing; it is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            yield Path(folder)

    def replace(self, dataset_uid: str, fields: list[dict[str, Any]], rows: Path, *, unique: bool) -> int:
        """Put the records of the file `rows` in the place of the dataset's old ones; tells how many they are.

        Each line of `rows` is an object with `position`, `record_id` and one key `f0`, `f1`, … for each
        field. With `unique` the last of several records with the same id stays.
        """
        columns = {"position": "BIGINT", "record_id": "VARCHAR"}
        columns |= {f"f{place}": COLUMN_TYPES[field["type"]] for place, field in enumerate(fields)}
        shape = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
        keep = "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position DESC) = 1" if unique else ""
        table = _quoted(dataset_uid)
        with self._writing, self._transaction() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(
                f"CREATE TABLE {table} AS SELECT * FROM read_json(?, format = 'newline_delimited', "
                f"columns = {{{shape}}}, maximum_object_size = {_BIGGEST_RECORD}) {keep} ORDER BY position",
                [str(rows)],
            )
            count = _count(cursor, table)
            cursor.execute(
                "INSERT OR REPLACE INTO published VALUES (?, ?, ?)", [dataset_uid, json.dumps(fields), count]
            )
        return count

    def drop(self, dataset_uid: str) -> None:
        """Forget all records of a dataset; nothing happens if there are none."""
        with self._writing, self._transaction() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {_quoted(dataset_uid)}")
            cursor.execute("DELETE FROM published WHERE dataset_uid = ?", [dataset_uid])

    def fields(self, dataset_uid: str) -> list[dict[str, Any]] | None:
        """The fields of the records as they were processed last; None for a dataset without any."""
        with self._transaction() as cursor:
            return _fields(cursor, dataset_uid)

    def count(self, dataset_uid: str) -> int:
        """How many records the dataset has; 0 for one that has none, or is not known."""
        with self._transaction() as cursor:
            row = cursor.execute("SELECT record_count FROM published WHERE dataset_uid = ?", [dataset_uid]).fetchone()
        return int(row[0]) if row else 0

    def page(self, dataset_uid: str, limit: int, offset: int) -> list[dict[str, Any]]:
        """`limit` records from the place `offset` on, each `{field name: value}` in the order of the fields.

        A date is a `date`, a datetime a `datetime` in UTC without a zone, a point `{"lon", "lat"}`, a shape
        the text of its GeoJSON geometry.
        """
        with self._transaction() as cursor:
            fields = _fields(cursor, dataset_uid)
            if fields is None:
                return []
            names = [field["name"] for field in fields]
            rows = cursor.execute(
                f"SELECT {_columns(fields)} FROM {_quoted(dataset_uid)} ORDER BY position LIMIT ? OFFSET ?",
                [limit, offset],
            ).fetchall()
        return [dict(zip(names, row, strict=False)) for row in rows]

    def all(self, dataset_uid: str) -> Iterator[tuple[Any, ...]]:
        """The values of each record in the order of the fields, read bit by bit from one state of the data."""
        with self._transaction() as cursor:
            fields = _fields(cursor, dataset_uid)
            if fields is None:
                return
            cursor.execute(f"SELECT {_columns(fields)} FROM {_quoted(dataset_uid)} ORDER BY position")
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield from rows

    def close(self) -> None:
        """Close the file; the records stay in it."""
        self._connection.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that sees one state of the data, and whose writes count all or not at all."""
        cursor = self._connection.cursor()
        try:
            cursor.begin()
            yield cursor
            cursor.commit()
        finally:
            # Closing a cursor whose transaction was not committed undoes it.
            cursor.close()


def _fields(cursor: duckdb.DuckDBPyConnection, dataset_uid: str) -> list[dict[str, Any]] | None:
    row = cursor.execute("SELECT fields FROM published WHERE dataset_uid = ?", [dataset_uid]).fetchone()
    if row is None:
        return None
    fields: list[dict[str, Any]] = json.loads(row[0])
    return fields


def _columns(fields: list[dict[str, Any]]) -> str:
    """The columns of the fields, as a query selects them; a place holder where there is no field."""
    return ", ".join(f"f{place}" for place in range(len(fields))) or "NULL"


def _count(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    row = cursor.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _quoted(dataset_uid: str) -> str:
    """The name of the dataset's table, safe within a statement."""
    return '"records ' + dataset_uid.replace('"', '""') + '"'
