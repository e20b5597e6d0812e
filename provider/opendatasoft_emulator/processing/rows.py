"""All records of a processing: the tables of its files, one after another."""

from collections.abc import Callable, Iterator
from itertools import accumulate, chain
from typing import Any

from .columns import Record
from .scratch import Scratch, Stored, Table

_SQL_TYPES = {"int": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP"}
_AT_ONCE = 20_000
"""So many records are in memory at once."""


class Rows:
    """The records of several tables, which follow one another, with the columns of all of them."""

    def __init__(self, scratch: Scratch, tables: list[Table], columns: list[str]) -> None:
        """Join the tables; a column that a table does not have is empty there."""
        self._scratch = scratch
        self._tables = tables
        self._offsets = [0, *accumulate(table.count for table in tables)]
        self.columns = {name: self._joined(f"r{position}", name) for position, name in enumerate(columns)}
        """Each column by its name, as it is in `sql`."""
        self.sql = " UNION ALL ".join(map(self._select, tables, self._offsets)) or "SELECT 0 AS position WHERE false"
        """The query of all records: their `position`, from 0, and the columns."""

    @property
    def count(self) -> int:
        """The number of records."""
        return self._offsets[-1]

    def places(self, positions: list[int]) -> dict[int, str]:
        """The places of the records at these positions, as `line 7`, with the file if there are several."""
        found: dict[int, str] = {}
        for position, table in enumerate(self._tables):
            start, end = self._offsets[position : position + 2]
            within = [one - start for one in positions if start <= one < end]
            if within:
                of_file = f" of {table.file}" if len({table.file for table in self._tables}) > 1 else ""
                places = table.places(within)
                found |= {start + one: f"{place}{of_file}" for one, place in zip(within, places, strict=True)}
        return found

    def records(self) -> Iterator[Record]:
        """The records in Python, for processors."""
        readers = {name: _reader(column) for name, column in self.columns.items()}
        selected = ", ".join(sql for sql, _ in readers.values()) or "position"
        convert = [(name, read) for name, (_, read) in readers.items()]
        for start in range(0, self.count, _AT_ONCE):
            # A batch is read whole: another statement on the connection, which alone knows these tables, ends a query.
            batch = f"position BETWEEN {start} AND {start + _AT_ONCE - 1}"
            for row in self._scratch.run(f"SELECT {selected} FROM ({self.sql}) WHERE {batch} ORDER BY position"):
                yield {
                    name: read(value) if read and value is not None else value
                    for (name, read), value in zip(convert, row, strict=False)
                }

    def _joined(self, sql: str, name: str) -> Stored:
        """A column of all tables; of texts, if the tables do not agree about its type."""
        stored = [table.columns[name] for table in self._tables if name in table.columns]
        natives = {one.native for one in stored}
        if len(natives) == 1 and None not in natives:
            return Stored(sql, natives.pop())
        seen = frozenset(kind for one in stored for kind in ({one.native} if one.native else one.seen))
        samples = [one.sample for one in stored if one.sample is not None]
        sample = tuple(chain.from_iterable(samples)) if len(samples) == len(stored) else None
        return Stored(sql, None, seen, is_declared=any(one.is_declared for one in stored), sample=sample)

    def _select(self, table: Table, offset: int) -> str:
        selected = [f"rowid + {offset} AS position"]
        for name, joined in self.columns.items():
            stored = table.columns.get(name)
            kind = _SQL_TYPES[joined.native] if joined.native else "VARCHAR"
            if stored is None:
                sql = f"CAST(NULL AS {kind})"
            else:
                sql = stored.sql if stored.native == joined.native else f"CAST({stored.sql} AS VARCHAR)"
            selected.append(f"{sql} AS {joined.sql}")
        return f"SELECT {', '.join(selected)} FROM {table.name}"


def _reader(column: Stored) -> tuple[str, Callable[[Any], Any] | None]:
    """The SQL of a column's values for Python, and the function that gives them their type."""
    if column.native in ("date", "datetime"):
        return f"CAST({column.sql} AS VARCHAR)", None
    if column.native:
        return column.sql, None
    if column.seen == {"boolean"}:
        return column.sql, lambda text: text == "true"
    if column.seen <= {"int", "double"} and column.seen:
        return column.sql, _number
    return column.sql, None


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
