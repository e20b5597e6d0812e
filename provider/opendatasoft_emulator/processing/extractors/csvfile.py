"""The extractor of CSV and similar text tables."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from ..columns import Columns, Record
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

_SEPARATORS = (",", ";", "\t", "|")
_MAX_FIELD_LENGTH = 16 * 1024 * 1024
# Windows files are often declared with this name, which Python does not know.
_ENCODINGS = {"sloppy-windows-1252": "cp1252", "utf-8": "utf-8-sig", "utf8": "utf-8-sig"}

csv.field_size_limit(_MAX_FIELD_LENGTH)


def rows(path: Path, params: dict[str, Any], columns: Columns, problems: Problems) -> Iterator[Record]:
    """Read the records of the file; add its columns before the first of them.

    Empty lines are skipped. A row that is too short lacks its last fields; surplus values are dropped, and added to
    `problems`. Raises WrongParameter, and UnreadableFile with the line.
    """
    first = params["first_row_no"]
    if first < 1:
        raise WrongParameter(f'parameter "first_row_no" must be 1 or more, not {first}')
    encoding = _encoding(path, params["encoding"])
    # Windows' encoding leaves five bytes undefined; a portal does not refuse a file for them.
    errors = "replace" if encoding == "cp1252" else "strict"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        try:
            for _ in range(first - 1):
                file.readline()
            reader = _reader(file, params)
            yield from _records(reader, first - 1, params["headers_first_row"], columns, problems)
        except UnicodeError:
            raise UnreadableFile(f"the file is not {params['encoding']}, choose another encoding") from None


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


def _reader(file: TextIO, params: dict[str, Any]) -> Any:
    separator = params["separator"] or _detected_separator(file)
    separator = "\t" if separator == "\\t" else separator
    escape = params["escapechar"] or None
    for name, character in (("separator", separator), ("escapechar", escape)):
        if character is not None and (len(character) != 1 or character in '"\r\n'):
            raise WrongParameter(f'parameter "{name}" must be one character, and no quote, not {character!r}')
    try:
        return csv.reader(file, delimiter=separator, doublequote=params["doublequote"], escapechar=escape)
    except (TypeError, ValueError) as error:
        raise WrongParameter(f'parameters "separator" and "escapechar" do not go together ({error})') from None


def _detected_separator(file: TextIO) -> str:
    """The separator that is most frequent in the next line. The position in the file stays."""
    position = file.tell()
    line = file.readline()
    file.seek(position)
    return max(_SEPARATORS, key=line.count)


def _encoding(path: Path, requested: str | None) -> str:
    """The encoding: the requested one, else UTF-8 if the file is valid UTF-8, else Windows' encoding."""
    if requested:
        encoding = _ENCODINGS.get(requested.lower(), requested)
        try:
            "".encode(encoding)
        except LookupError:
            raise WrongParameter(f'parameter "encoding": {requested} is not known') from None
        return encoding
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1024 * 1024):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
