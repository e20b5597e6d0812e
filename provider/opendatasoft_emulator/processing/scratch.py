"""The temporary tables of one processing."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb

from .columns import Record
from .values import MAX_INT, as_text, is_empty

SAMPLE = 100
_BATCH = 1000
_SECONDS_BETWEEN_LOOKS = 0.5
TEXT = "text"
_MOST_WITHIN_QUERIES = 500
_PLAIN = re.compile(r"[^\x00\ud800-\udfff]{0,20000}")
"""A text that SQL may contain: without NUL, and without half a character."""


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Stored:
    """The values of one column in a table: the SQL that reads them, and their types.

    They are texts, unless `native` is the type of field whose DuckDB type they have. `seen` contains the types that the
    file gives them: those of text are detected, unless the file declares the types of all its values. `sample` are the
    first texts, all of them for at most `SAMPLE` records, if they are known.
    """

    sql: str
    native: str | None = None
    seen: frozenset[str] = frozenset({TEXT})
    is_declared: bool = False
    sample: tuple[str, ...] | None = None

    @property
    def type(self) -> str | None:
        """The type of field for these values; None if it is to be detected."""
        if self.native or not self.seen:
            return self.native or TEXT
        for type, kinds in _TYPE_OF_KINDS.items():
            if self.seen <= kinds:
                return type
        return TEXT if "boolean" in self.seen or self.is_declared else None


_TYPE_OF_KINDS = {
    "boolean": {"boolean"},
    "int": {"int"},
    "double": {"int", "double"},
    "date": {"date"},
    "datetime": {"date", "datetime"},
}


@dataclass(frozen=True)
class Table:
    """The records of one file, or of one sheet, in their order: a temporary table, and its columns by their names.

    `places` returns the places in the file of the records at these positions, from 0, as a person names them.
    """

    name: str
    columns: dict[str, Stored]
    count: int
    places: Callable[[list[int]], list[str]]
    file: str = ""


class Scratch:
    """The connection of one processing, with temporary tables of its own, and its folder for temporary files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, aborted: Callable[[], bool]) -> None:
        self.connection = connection
        self.folder = folder
        self.aborted = aborted
        self._tables = 0

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; return the rows of its result."""
        return self.connection.execute(sql, list(values)).fetchall()

    def new_name(self) -> str:
        """The name of one more temporary table."""
        self._tables += 1
        return f"temporary_{self._tables}"

    def create(self, select: str) -> tuple[str, int]:
        """Create a temporary table with the result of a query; return its name and the number of its rows."""
        name = self.new_name()
        ((count,),) = self.run(f"CREATE TEMP TABLE {name} AS {select}")
        return name, int(count)


@contextmanager
def ended_with_portal(scratch: Scratch) -> Iterator[None]:
    """A processing during which a running query is interrupted when `aborted` raises an error, which is raised then."""
    errors: list[BaseException] = []
    is_over = Event()

    def watch() -> None:
        while not is_over.wait(_SECONDS_BETWEEN_LOOKS):
            try:
                scratch.aborted()
            except BaseException as error:
                errors.append(error)
                scratch.connection.interrupt()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    except duckdb.InterruptException:
        if errors:
            raise errors[0] from None
        raise
    finally:
        is_over.set()
        thread.join()


class TableWriter:
    """A temporary table that is written from records in Python: each value as its text."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._name = scratch.new_name()
        self._is_created = False
        self._columns: dict[str, list[str | None]] = {}
        self._seen: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        self._samples: dict[str, list[str]] = {}
        self._origins: list[int] = []
        self._count = 0

    def add(self, record: Record, origin: int) -> None:
        """Add one record, with the number of its place in the file."""
        row = len(self._origins)
        for name, value in record.items():
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = [None] * row
                self._seen.setdefault(name, set())
            if is_empty(value):
                column.append(None)
            elif isinstance(value, str):
                self._seen[name].add(TEXT)
                column.append(value)
            else:
                self._seen[name].add(_kind(value))
                column.append(value.isoformat() if isinstance(value, date) else as_text(value))
        self._origins.append(origin)
        for column in self._columns.values():
            if len(column) <= row:
                column.append(None)
        if row + 1 == _BATCH:
            self._flush()

    def table(self, place: str, *, is_declared: bool = False) -> Table:
        """End the table.

        Args:
            place: The form of a record's place, as `line {}`.
            is_declared: Whether the file declares the types of all its values, so that a text is one.
        """
        if self._is_created or not self._write_within_queries():
            self._flush()

        def places(positions: list[int]) -> list[str]:
            return [place.format(origin) for origin in self.origins(positions)]

        columns = {
            column: Stored(
                self._written[column],
                seen=frozenset(seen),
                is_declared=is_declared,
                sample=tuple(self._samples[column][:SAMPLE]),
            )
            for column, seen in self._seen.items()
        }
        return Table(self._name, columns, self._count, places)

    def origins(self, positions: list[int]) -> list[int]:
        """The numbers of the places of the records at these positions."""
        wanted = ", ".join(map(str, positions))
        found = dict(self._scratch.run(f"SELECT rowid, origin FROM {self._name} WHERE rowid IN ({wanted})"))
        return [found[position] for position in positions]

    def _write_within_queries(self) -> bool:
        """Let the queries contain the records in the place of a table, which takes longer than a small file."""
        texts = [text for column in self._columns.values() for text in column]
        if not self._origins or len(texts) > _MOST_WITHIN_QUERIES or not _PLAIN.fullmatch("".join(filter(None, texts))):
            return False
        self._name_columns()
        self._count = len(self._origins)
        literals = [
            ["NULL::VARCHAR" if text is None else quoted(text) for text in column] for column in self._columns.values()
        ]
        rows = [
            f"({', '.join(row)})"
            for row in zip(map(str, range(self._count)), map(str, self._origins), *literals, strict=True)
        ]
        names = ["rowid", "origin", *(self._written[name] for name in self._columns)]
        self._name = f"(VALUES {', '.join(rows)}) AS {self._name} ({', '.join(names)})"
        return True

    def _name_columns(self) -> None:
        """Name the columns of the table, and keep their first texts."""
        for name, texts in self._columns.items():
            if name not in self._written:
                self._written[name] = f"c{len(self._written)}"
                if self._is_created:
                    self._scratch.run(f"ALTER TABLE {self._name} ADD COLUMN {self._written[name]} VARCHAR")
            sample = self._samples.setdefault(name, [])
            if len(sample) < SAMPLE:
                sample += [text for text in texts if text is not None]

    def _flush(self) -> None:
        if self._is_created and not self._origins:
            return
        self._name_columns()
        columns = [f"unnest(?::VARCHAR[]) AS {self._written[name]}" for name in self._columns]
        select = ", ".join(["unnest(?::BIGINT[]) AS origin", *columns])
        into = f"INSERT INTO {self._name} BY NAME" if self._is_created else f"CREATE TEMP TABLE {self._name} AS"
        try:
            self._scratch.run(f"{into} SELECT {select}", self._origins, *self._columns.values())
        except duckdb.InvalidInputException:
            # An unpaired surrogate, which JSON can contain, is not valid text for DuckDB.
            valid = [[text and text.encode(errors="replace").decode() for text in c] for c in self._columns.values()]
            self._scratch.run(f"{into} SELECT {select}", self._origins, *valid)
        self._is_created = True
        self._count += len(self._origins)
        self._origins.clear()
        for column in self._columns.values():
            column.clear()


def write(scratch: Scratch, records: Iterable[tuple[int, Record]]) -> TableWriter:
    """Write records, each with the number of its place in the file, until aborted."""
    writer = TableWriter(scratch)
    for count, (origin, record) in enumerate(records, start=1):
        writer.add(record, origin)
        if count % _BATCH == 0 and scratch.aborted():
            break
    return writer


def _kind(value: Any) -> str:
    """The type of a value that is no text."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "int" if abs(value) <= MAX_INT else "double" if _is_double(value) else TEXT
        case float():
            return "double"
        case datetime():
            return "datetime"
        case date():
            return "date"
        case _:
            return TEXT


def _is_double(number: int) -> bool:
    """Whether a large number is a double without a loss of digits."""
    return abs(number) < 10**300 and float(number) == number
