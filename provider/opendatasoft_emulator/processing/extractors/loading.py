"""The destination of what an extractor reads: the tables, columns and problems of one source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..columns import Columns, Record
from ..files import Member
from ..parameters import Parameter
from ..problems import Problems
from ..scratch import Scratch, Table, write


@dataclass(frozen=True)
class Loading:
    """The destination of one source: an extractor adds its columns, and what it skips to `problems`."""

    scratch: Scratch
    columns: Columns
    problems: Problems


Params = dict[str, Any]
"""The values of all parameters of an extractor."""

EXTRACT_FILENAME = Parameter("extract_filename", "boolean", "Extract filename", default=False)
FIRST_ROW_NO = Parameter("first_row_no", "int", "First line number", default=1, least=1)
HEADERS_FIRST_ROW = Parameter("headers_first_row", "boolean", "Headers", default=True)
"""The parameters that extractors share, as in the service's user guide."""

Load = Callable[[Member, Params, Loading], list[Table]]
"""Reads the records of a file into tables, which follow one another. Raises WrongParameter or UnreadableFile."""

Rows = Callable[[Member, Params, Loading], Iterator[tuple[int, Record]]]
"""Reads the records of a file one by one, each with the number of its place."""


def surplus(line: int, values: int, fields: int) -> str:
    """The error of a record with more values than fields."""
    return f"Line {line}: {values} values for {fields} fields, the last are left out"


def by_rows(rows: Rows, place: str) -> Load:
    """Load a file record by record; `place` is the form of a record's place, as `line {}`."""

    def load(file: Member, params: Params, loading: Loading) -> list[Table]:
        return [write(loading.scratch, rows(file, params, loading)).table(place)]

    return load
