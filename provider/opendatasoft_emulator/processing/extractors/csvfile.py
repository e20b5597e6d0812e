"""The extractor of CSV and similar text tables."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from ..columns import Record
from ..files import Dialect, Member, UnreadableFile, decoding, dialect_of, lines, open_text
from ..parameters import Parameter
from ..problems import Problems
from ..scratch import Scratch, Stored, Table, quoted, write
from .loading import EXTRACT_FILENAME, FIRST_ROW_NO, HEADERS_FIRST_ROW, Loading, Params, surplus

PARAMETERS = (
    Parameter("separator", "string", "Separator", description="The character between two fields of a row"),
    Parameter("encoding", "string", "Encoding", description="Encoding of the file, guessed when empty"),
    Parameter("doublequote", "boolean", "Double quote", default=True),
    Parameter("escapechar", "string", "Escape character"),
    FIRST_ROW_NO,
    HEADERS_FIRST_ROW,
    EXTRACT_FILENAME,
)
"""Parameters with the names of the service's description and user guide; that of `escapechar` is derived from it."""

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
_MAX_FIELD_LENGTH = 16 * 1024 * 1024
_SMALL = 64 * 1024
_CHUNK = 1024 * 1024
csv.field_size_limit(_MAX_FIELD_LENGTH)


def load(file: Member, params: Params, loading: Loading) -> list[Table]:
    """Read the records of the file.

    Empty lines are skipped. A row that is too short lacks its last fields; surplus values are dropped, and added to
    the problems. DuckDB reads a regular file; Python reads a small one, for which it is quicker, and one with surplus
    values, stray quotes or mixed ends of lines. Raises WrongParameter, and UnreadableFile with the line.
    """
    dialect = dialect_of(file.path, params, file.charset)
    for note in dialect.notes:
        loading.problems.add_note(f'Source "{file.source}": {note}.')
    rows = _Rows(file, dialect)
    first = next(iter(rows), None)
    if first is None:
        return []
    names = loading.columns.add_titles(first[1] if dialect.has_header else [""] * len(first[1]))
    table = _read_by_duckdb(rows, names, loading.scratch) if file.path.stat().st_size > _SMALL else None
    return [table or write(loading.scratch, _records(rows, names, loading.problems)).table("line {}")]


@dataclass(frozen=True)
class _Rows:
    """The rows of a file that are not empty, each with the number of the line where it begins."""

    file: Member
    dialect: Dialect

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        skipped = self.dialect.first_row - 1
        reader = self.dialect.reader(lines(self.file.path, self.dialect))
        line = skipped + 1
        try:
            with decoding(self.file.path, self.dialect.encoding):
                for row in reader:
                    if row:
                        yield line, row
                    line = skipped + reader.line_num + 1
        except csv.Error as error:
            raise UnreadableFile(f"line {skipped + reader.line_num} cannot be read ({error})") from None

    def data(self) -> Iterator[tuple[int, list[str]]]:
        """The rows without the titles."""
        return islice(self, int(self.dialect.has_header), None)

    def places(self, positions: list[int]) -> list[str]:
        """The lines of the records at these positions."""
        wanted = set(positions)
        found = {
            position: f"line {line}"
            for position, (line, _) in enumerate(islice(self.data(), max(positions) + 1))
            if position in wanted
        }
        return [found[position] for position in positions]


def _records(rows: _Rows, names: list[str], problems: Problems) -> Iterator[tuple[int, Record]]:
    """The records of an irregular file."""
    for line, row in rows.data():
        if any(row[len(names) :]):
            problems.add(surplus(line, len(row), len(names)))
        yield line, dict(zip(names, row, strict=False))


def _read_by_duckdb(rows: _Rows, names: list[str], scratch: Scratch) -> Table | None:
    """The table of a regular file, read by DuckDB; None for any other file."""
    dialect = rows.dialect
    data = next(rows.data(), None)
    if data is None or dialect.escape != dialect.quote:
        return None
    path, skipped = _without_titles(rows, data[0], scratch)
    columns = [f"c{position}" for position in range(len(names))]
    # Rows that are too short are padded; one that is too long has a value in the surplus column, or else is an error.
    # DuckDB passes over empty lines because there are at least two columns.
    read = (
        f"SELECT * FROM read_csv({quoted(str(path))}, auto_detect = false, header = false, skip = {skipped}, "
        f"delim = {quoted(dialect.separator)}, quote = {quoted(dialect.quote or '')}, "
        f"escape = {quoted(dialect.escape or '')}, null_padding = true, strict_mode = true, "
        f"max_line_size = {_MAX_FIELD_LENGTH}, buffer_size = {2 * _MAX_FIELD_LENGTH}, "
        f"columns = {{{', '.join(map(_of_text, [*columns, 'surplus']))}}}"
    )
    # A quoted end of line cannot be read in parallel.
    for parallel in ("true", "false"):
        try:
            table, count = scratch.create(f"{read}, parallel = {parallel})")
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            continue
        spaced = ", ".join(f"bool_or(starts_with({column}, ' '))" for column in columns)
        ((surplus, *with_space),) = scratch.run(f"SELECT bool_or(surplus IS NOT NULL), {spaced} FROM {table}")
        if surplus:
            return None
        # Python's reader skips spaces behind a separator.
        texts = [f"nullif(ltrim({c}, ' '), '')" if has else c for c, has in zip(columns, with_space, strict=True)]
        stored = {name: Stored(text) for name, text in zip(names, texts, strict=True)}
        return Table(table, stored, count, rows.places)
    return None


def _of_text(column: str) -> str:
    return f"{column}: 'VARCHAR'"


def _without_titles(rows: _Rows, begin: int, scratch: Scratch) -> tuple[Path, int]:
    """A file in UTF-8, and the number of its lines to skip, whose other lines are the data, from line `begin` on.

    Only the simplest line is skipped by DuckDB, which reads stray quotes in another way.
    """
    path, dialect = rows.file.path, rows.dialect
    with open_text(path, dialect.encoding) as source:
        before = [source.readline() for _ in range(begin - 1)]
        if dialect.encoding == "utf-8" and len(before) <= 1 and '"' not in "".join(before):
            return path, len(before)
        copy = scratch.folder / f"{path.name}.rows"
        with copy.open("w", encoding="utf-8", newline="") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    return copy, 0
