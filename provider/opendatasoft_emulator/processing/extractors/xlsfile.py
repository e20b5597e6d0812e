"""The extractor of spreadsheets: xlsx, xls and ods."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from ..columns import Columns, Record
from ..files import Member, require_bounded
from ..parameters import Parameter, WrongParameter
from ..problems import Problems
from .errors import UnreadableFile

PARAMETERS = (
    Parameter("extract_filename", "boolean", "Extract filename", default=False),
    Parameter("first_row_no", "int", "First line number", default=1),
    Parameter("headers_first_row", "boolean", "Headers", default=True),
    Parameter(
        "sheet_no", "string", "Sheet number", default="1", description="1, a list 1,2,3, a range [1-3], or * for all"
    ),
)
"""Parameters of the service's user guide, with the names of those for CSV; the name `sheet_no` is ours."""

SUFFIXES = (".xlsx", ".xls", ".ods")
_RANGE = re.compile(r"\[(\d+)-(\d+)\]")

Cell = int | float | str | bool | time | date | datetime | timedelta


def rows(file: Member, params: dict[str, Any], columns: Columns, problems: Problems) -> Iterator[Record]:
    """Read the records of the requested sheets, one sheet after another; of a formula, its result.

    Sheets share columns of the same title. Empty rows are skipped, and so are empty columns on the left. Raises
    WrongParameter, and UnreadableFile.
    """
    first = params["first_row_no"]
    if first < 1:
        raise WrongParameter(f'parameter "first_row_no" must be 1 or more, not {first}')
    require_bounded(file.path)
    with file.path.open("rb") as content:
        try:
            workbook = load_workbook(content)
            for number in _numbers(params["sheet_no"], len(workbook.sheet_names)):
                yield from _records(workbook, number, first, params["headers_first_row"], columns)
        except CalamineError as error:
            raise UnreadableFile(f"it is not a spreadsheet that can be read ({error})") from None


def _numbers(requested: str, count: int) -> list[int]:
    """The numbers of the requested sheets, from 1, in their order."""
    text = requested.replace(" ", "")
    between = _RANGE.fullmatch(text)
    if text == "*":
        numbers = list(range(1, count + 1))
    elif between:
        numbers = list(range(int(between[1]), int(between[2]) + 1))
    else:
        numbers = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    missing = [number for number in numbers if not 1 <= number <= count]
    if missing or not numbers:
        raise WrongParameter(f'parameter "sheet_no": the file has the sheets 1 to {count}, {requested} was asked for')
    return numbers


def _records(
    workbook: CalamineWorkbook, number: int, first: int, has_headers: bool, columns: Columns
) -> Iterator[Record]:
    names: list[str] | None = None
    for line, row in enumerate(workbook.get_sheet_by_index(number - 1).iter_rows(), start=1):
        if line < first or all(cell == "" for cell in row):
            continue
        if names is None:
            names = columns.add_titles([str(_value(cell)) if has_headers else "" for cell in row])
            if has_headers:
                continue
        yield dict(zip(names, map(_value, row), strict=True))


def _value(cell: Cell) -> str | int | float | bool:
    """A cell as a text or a number; spreadsheets store whole numbers as floats."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell
