"""The records of the processed datasets: one DuckDB file with one table per dataset."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from .queries import EMPTY, Part, RecordQuery, ValueCount, run_query
from .scratch import Scratch

_LAYOUT = """
    CREATE TABLE IF NOT EXISTS published (
        dataset_uid VARCHAR NOT NULL, fields VARCHAR NOT NULL, record_count BIGINT NOT NULL)
"""
"""A primary key would make the publication of a small file slower by a third."""
_MEMORY_LIMIT = "1GB"
"""The limit of memory; what exceeds it is in temporary files."""


@dataclass(frozen=True)
class ResultSet:
    """Records of one dataset at one time, which do not change while they are read.

    Each row contains the values in the order of `fields`: a date is a `date`, a datetime a `datetime` in UTC without a
    zone, a point `{"lon", "lat"}`, a shape the text of its GeoJSON geometry. `total_count` counts all records of the
    query, whatever the limit; groups are not counted, it is 0 for them.
    """

    fields: list[dict[str, Any]]
    total_count: int
    rows: Iterator[tuple[Any, ...]]


BuildQuery = Callable[[list[dict[str, Any]]], RecordQuery]
"""Makes the query for a dataset with these fields."""


def all_records(fields: list[dict[str, Any]]) -> RecordQuery:
    """The query of all records in the order of the sources."""
    return RecordQuery()


def column_name(position: int) -> str:
    """The name of the column of the field at this position, from 0."""
    return f"f{position}"


class Records:
    """The records of the processed datasets; every method may be called from any thread.

    A dataset's table is replaced in one transaction together with its fields, so that a reader sees the old records or
    the new ones, even after a kill. Columns are named by their position, since two fields may differ in case only,
    which DuckDB ignores.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path` if it exists. Temporary files of a killed process are deleted.

        A new file is opened when records are first written or read: that takes most of the time of a portal's start.
        """
        self._path = path
        self._scratch = path.with_name(path.name + ".scratch")
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self._writing = Lock()
        self._opening = Lock()
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._known = set[str]()
        self._is_closed = False
        if path.exists():
            self._connection()

    def _connection(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._is_closed:
                raise duckdb.ConnectionException("the records are closed")
            if self._opened is None:
                opened = duckdb.connect(
                    self._path, config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(self._scratch)}
                )
                opened.execute(_LAYOUT)
                self._opened, self._known = opened, _dataset_uids(opened)
            return self._opened

    @contextmanager
    def scratch(self, aborted: Callable[[], bool]) -> Iterator[Scratch]:
        """The temporary tables and the temporary folder of one processing, deleted at the end."""
        cursor = self._connection().cursor()
        try:
            with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
                yield Scratch(cursor, Path(folder), aborted)
        finally:
            cursor.close()

    def replace(
        self,
        dataset_uid: str,
        fields: list[dict[str, Any]],
        rows: str,
        scratch: Scratch,
        *,
        unique: bool,
        check: Callable[[int], None] = lambda count: None,
    ) -> int:
        """Replace the records of a dataset, and return the number of the new ones.

        Args:
            dataset_uid: The uid of the dataset.
            fields: The fields, in the order of their columns.
            rows: The query of the records: `position`, `record_id` and one column `f0`, `f1`, … for each field.
            scratch: The temporary tables that it reads.
            unique: Whether only the last one of several records with the same id is kept.
            check: Is called with the number of the new records; what it raises keeps the old ones.
        """
        keep = "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position DESC) = 1" if unique else ""
        order = "ORDER BY position" if unique or " JOIN " in rows else ""
        table = _table_name(dataset_uid)
        known = "UPDATE published SET fields = ?, record_count = ? WHERE dataset_uid = ?"
        new = "INSERT INTO published (fields, record_count, dataset_uid) VALUES (?, ?, ?)"
        with self._writing:
            with _transaction(scratch.connection) as cursor:
                created = cursor.execute(f"CREATE OR REPLACE TABLE {table} AS FROM ({rows}) {keep} {order}")
                ((count,),) = created.fetchall()
                check(count)
                values = [json.dumps(fields), count, dataset_uid]
                cursor.execute(known if dataset_uid in self._known else new, values)
            self._known.add(dataset_uid)
        return int(count)

    def drop(self, dataset_uid: str) -> None:
        """Delete all records of a dataset, if there are any."""
        with self._writing:
            if dataset_uid not in self._known:
                return
            with self._transaction() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {_table_name(dataset_uid)}")
                cursor.execute("DELETE FROM published WHERE dataset_uid = ?", [dataset_uid])
            self._known.discard(dataset_uid)

    def replace_all(self, other: Path | None) -> None:
        """Replace the records of every dataset by those in the file of another portal; None for no records."""
        has_other = other is not None and other.exists()
        if self._opened is None and not has_other:
            return
        cursor = self._connection().cursor()
        with self._writing:
            try:
                if has_other:
                    cursor.execute(f"ATTACH '{_quoted(str(other))}' AS other (READ_ONLY)")
                with _transaction(cursor):
                    own = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
                    for (name,) in cursor.execute(own).fetchall():
                        cursor.execute(f'DROP TABLE "{name}"')
                    if has_other:
                        theirs = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'other'"
                        for (name,) in cursor.execute(theirs).fetchall():
                            cursor.execute(f'CREATE TABLE "{name}" AS FROM other."{name}"')
                    cursor.execute(_LAYOUT)
                self._known = _dataset_uids(cursor)
                if has_other:
                    cursor.execute("DETACH other")
            finally:
                cursor.close()

    def count(self, dataset_uid: str) -> int:
        """The number of records of a dataset; 0 for an unknown one."""
        if dataset_uid not in self._known:
            return 0
        with self._transaction() as cursor:
            return _published(cursor, dataset_uid)[1]

    def page(self, dataset_uid: str, limit: int, offset: int) -> list[dict[str, Any]]:
        """`limit` records from position `offset` on, each `{field name: value}` in the order of the fields."""
        result = self.read(dataset_uid, limit=limit, offset=offset)
        names = [field["name"] for field in result.fields]
        return [dict(zip(names, row, strict=True)) for row in result.rows]

    def read(
        self, dataset_uid: str, *, limit: int | None = None, offset: int = 0, build_query: BuildQuery = all_records
    ) -> ResultSet:
        """The current records of a query.

        Args:
            dataset_uid: The uid of the dataset.
            limit: The number of records; all by default.
            offset: The number of records to skip.
            build_query: Makes the query for the fields of the dataset; all records by default.
        """
        steps = self._read(dataset_uid, limit, offset, build_query)
        fields, total_count = next(steps)
        return ResultSet(fields, total_count, steps)

    def count_values(
        self, dataset_uid: str, counts: Callable[[list[dict[str, Any]]], list[ValueCount]]
    ) -> list[list[tuple[str, int]]]:
        """For each of these counts, the values in their order, with the number of records; without null."""
        with self._transaction() as cursor:
            fields, _ = _published(cursor, dataset_uid)
            return [count.run(cursor, _table_name(dataset_uid)) for count in counts(fields)]

    def query_rows(self, source: Part, fields: list[dict[str, Any]], query: RecordQuery, **page: Any) -> ResultSet:
        """The result of a query over rows that are no dataset: `source` is their SQL, with `position` and `f0`, …."""
        with self._transaction() as cursor:
            total, rows = run_query(cursor, source, len(fields), query, **page)
            return ResultSet([*query.fields] if query.fields is not None else fields, total, iter(list(rows)))

    def count_rows(self, source: Part, counts: list[ValueCount]) -> list[list[tuple[str, int]]]:
        """The same as `count_values`, of rows that are no dataset."""
        with self._transaction() as cursor:
            return [count.run(cursor, f"({source.sql})", source.values) for count in counts]

    def _read(self, dataset_uid: str, limit: int | None, offset: int, build_query: BuildQuery) -> Iterator[Any]:
        """Yield the fields and the total count, then record after record, within one transaction."""
        with self._transaction() as cursor:
            fields, record_count = _published(cursor, dataset_uid)
            query = build_query(fields)
            table = Part(_table_name(dataset_uid)) if fields or record_count else EMPTY
            total, rows = run_query(
                cursor, table, len(fields), query, limit=limit, offset=offset, known_count=record_count
            )
            yield ([*query.fields] if query.fields is not None else fields), total
            yield from rows

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        with self._opening:
            self._is_closed = True
            if self._opened is not None:
                self._opened.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction."""
        cursor = self._connection().cursor()
        try:
            with _transaction(cursor):
                yield cursor
        finally:
            # Closing a cursor rolls back a transaction that was not committed.
            cursor.close()


@contextmanager
def _transaction(cursor: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A transaction, which is committed unless an error is raised: then the cursor is to be closed."""
    cursor.begin()
    yield cursor
    cursor.commit()


def _dataset_uids(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    return {uid for (uid,) in cursor.execute("SELECT dataset_uid FROM published").fetchall()}


def _published(cursor: duckdb.DuckDBPyConnection, dataset_uid: str) -> tuple[list[dict[str, Any]], int]:
    """The fields of a dataset and the number of its records; none for an unknown one."""
    found = cursor.execute("SELECT fields, record_count FROM published WHERE dataset_uid = ?", [dataset_uid]).fetchone()
    return (json.loads(found[0]), int(found[1])) if found else ([], 0)


def _table_name(dataset_uid: str) -> str:
    """The quoted name of the dataset's table."""
    return '"records ' + dataset_uid.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    """A text inside single quotes of SQL."""
    return text.replace("'", "''")
