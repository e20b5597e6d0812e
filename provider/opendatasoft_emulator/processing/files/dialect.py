"""The dialect of a table in a text file: its encoding, separator, quoting, and the line where it begins."""

import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..parameters import WrongParameter
from . import sniffing
from .encoding import chunks, decoding, encoding_of, open_text
from .errors import UnreadableFile
from .signatures import require_text

if TYPE_CHECKING:
    import _csv

_SAMPLE = 256 * 1024
_END = "\ue000end"
_UNUSED = (",", ";", "\t", "|", "\x1f")


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    encoding: str
    """Python's name; `utf-8` may begin with a byte order mark."""
    separator: str
    """The character between two fields of a record; for records of one field, one that the file does not contain."""
    quote: str | None
    """The character around a field that contains separators or ends of lines; None when none has a meaning."""
    escape: str | None
    """The character before a quote within a quoted field: the quote itself when it is doubled."""
    has_header: bool
    first_row: int
    """The number of the line where the table begins, from 1."""
    notes: tuple[str, ...] = ()
    """The notes on what was guessed and is not certain."""

    def reader(self, rows: Iterable[str]) -> "_csv.Reader":
        """Python's reader of a table in this dialect. Raises WrongParameter."""
        is_doubled = self.escape is not None and self.escape == self.quote
        try:
            return csv.reader(
                rows,
                delimiter=self.separator,
                quotechar=self.quote,
                doublequote=is_doubled,
                escapechar=None if is_doubled else self.escape,
                quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
                skipinitialspace=True,
            )
        except (TypeError, ValueError) as error:
            raise WrongParameter(f'parameters "separator" and "escapechar" do not go together ({error})') from None


def dialect_of(path: Path, params: dict[str, Any], charset: str | None) -> Dialect:
    """The dialect of a file, for the guess of parameters and for the extraction alike.

    Args:
        path: The file.
        params: The values of the extractor's parameters; they take precedence. One that is None is guessed.
        charset: The charset that the server told.

    Raises:
        WrongParameter: A parameter is invalid.
        UnreadableFile: The file is no table, or its bytes are not of its encoding.
    """
    first = params.get("first_row_no") or 1
    separator = _character("separator", params.get("separator"))
    escape = _character("escapechar", params.get("escapechar"))
    doubles = params.get("doublequote") is not False
    has_header = params.get("headers_first_row") is not False
    require_text(path, json=False)
    encoding = encoding_of(path, params.get("encoding"), charset)
    sample = _sample(path, encoding.name, first)
    found = sniffing.sniff(sample, separator=separator, escape=escape, doubles=doubles, has_header=has_header)
    notes = ((encoding.note,) if encoding.note else ()) + found.notes
    dialect = Dialect(
        encoding=encoding.name,
        separator=found.separator or _absent_character(path, encoding.name),
        quote=found.quote,
        escape=found.escape or (found.quote if doubles else None),
        has_header=has_header,
        first_row=first + found.skipped,
        notes=notes,
    )
    if dialect.quote and sum(content.count(dialect.quote.encode()) for content in chunks(path)) % 2:
        _require_closed_quotes(path, dialect)
    return dialect


def _character(name: str, value: str | None) -> str | None:
    """One character, or None; a tab may be written as a backslash and a t."""
    character = "\t" if value == "\\t" else value or None
    if character is not None and (len(character) != 1 or character in '"\r\n'):
        raise WrongParameter(f'parameter "{name}" must be one character, and no quote, not {character!r}')
    return character


def _sample(path: Path, encoding: str, first: int) -> sniffing.Sample:
    """The text from a line on, at most a sample of it."""
    with decoding(path, encoding), open_text(path, encoding) as file:
        for _ in range(first - 1):
            file.readline()
        text = file.read(_SAMPLE)
        return sniffing.Sample(text, is_whole=len(text) < _SAMPLE)


def _absent_character(path: Path, encoding: str) -> str:
    """A character that would separate fields, and that a text does not contain."""
    candidates = list(_UNUSED)
    with decoding(path, encoding), open_text(path, encoding) as file:
        while len(candidates) > 1 and (text := file.read(_SAMPLE)):
            candidates = [one for one in candidates[:-1] if one not in text] + candidates[-1:]
    return candidates[0]


def _require_closed_quotes(path: Path, dialect: Dialect) -> None:
    """Raise UnreadableFile, with the line, for a quoted field that the end of the file does not close.

    It would contain all the lines after it.
    """
    reader = dialect.reader(itertools.chain(lines(path, dialect), ["\n", _END]))
    begins, ends, is_closed = dialect.first_row, dialect.first_row, True
    try:
        with decoding(path, dialect.encoding):
            for record in reader:
                begins, ends, is_closed = ends, dialect.first_row + reader.line_num, record == [_END]
    except csv.Error:
        begins, is_closed = ends, False
    if not is_closed:
        raise UnreadableFile(f"the quote that begins a field in line {begins} is never closed")


def lines(path: Path, dialect: Dialect) -> Iterator[str]:
    """The lines of the table, with their ends. Raises UnicodeError."""
    with open_text(path, dialect.encoding) as file:
        for _ in range(dialect.first_row - 1):
            file.readline()
        yield from file
