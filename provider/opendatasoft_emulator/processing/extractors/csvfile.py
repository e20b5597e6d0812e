"""The extractor of CSV and similar text tables."""

import csv
from collections.abc import Iterator
from typing import Any

from ..columns import Columns, Record
from ..files import Dialect, Member, dialect_of, first_error, lines, not_encoded
from ..parameters import Parameter, WrongParameter
from ..problems import Problems
from .errors import UnreadableFile

PARAMETERS = (
    Parameter("separator", "string", "Separator", description="The character between two fields of a row"),
    Parameter("encoding", "string", "Encoding", description="Encoding of the file, guessed when empty"),
    Parameter("doublequote", "boolean", "Double quote", default=True),
    Parameter("escapechar", "string", "Escape character"),
    Parameter("first_row_no", "int", "First line number", default=1),
    Parameter("headers_first_row", "boolean", "Headers", default=True),
    Parameter("extract_filename", "boolean", "Extract filename", default=False),
)
"""Parameters with the names of the service's description and user guide; that of `escapechar` is derived from it."""

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
_MAX_FIELD_LENGTH = 16 * 1024 * 1024
csv.field_size_limit(_MAX_FIELD_LENGTH)


def rows(file: Member, params: dict[str, Any], columns: Columns, problems: Problems) -> Iterator[Record]:
    """Read the records of the file; add its columns before the first of them.

    Empty lines are skipped. A row that is too short lacks its last fields; surplus values are dropped, and added to
    `problems`. Raises WrongParameter, and UnreadableFile with the line.
    """
    dialect = dialect_of(file.path, params, file.charset)
    for note in dialect.notes:
        problems.add_note(f'Source "{file.source}": {note}.')
    try:
        reader = _reader(lines(file.path, dialect), dialect, params["doublequote"])
        yield from _records(reader, dialect.first_row - 1, dialect.has_header, columns, problems)
    except UnicodeError:
        raise not_encoded(dialect.encoding, first_error(file.path, dialect.encoding)) from None


def _records(reader: Any, skipped: int, has_headers: bool, columns: Columns, problems: Problems) -> Iterator[Record]:
    names: list[str] | None = None
    try:
        for row in reader:
            if not row:
                continue
            if names is None:
                names = columns.add_titles(row if has_headers else [""] * len(row))
                if has_headers:
                    continue
            if len(row) > len(names):
                line = skipped + reader.line_num
                problems.add(f"Line {line}: {len(row)} values for {len(names)} fields, the last are left out")
            yield dict(zip(names, row, strict=False))
    except csv.Error as error:
        raise UnreadableFile(f"line {skipped + reader.line_num} cannot be read ({error})") from None


def _reader(rows: Iterator[str], dialect: Dialect, doubles: bool) -> Any:
    try:
        return csv.reader(
            rows,
            delimiter=dialect.separator,
            quotechar=dialect.quote,
            doublequote=doubles,
            escapechar=None if dialect.escape == dialect.quote else dialect.escape,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
    except (TypeError, ValueError) as error:
        raise WrongParameter(f'parameters "separator" and "escapechar" do not go together ({error})') from None
