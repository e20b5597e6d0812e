"""The extractor of spreadsheets: xlsx, xls and ods."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, load_workbook

from ..columns import Record
from ..files import Member, UnreadableFile, require_bounded
from ..parameters import Parameter, WrongParameter
from ..scratch import Table, write
from .formulas import without_value
from .loading import EXTRACT_FILENAME, FIRST_ROW_NO, HEADERS_FIRST_ROW, Loading, Params

PARAMETERS = (
    EXTRACT_FILENAME,
    FIRST_ROW_NO,
    HEADERS_FIRST_ROW,
    Parameter(
        "sheet_no", "string", "Sheet number", description="1, a list 1,2,3, a range [1-3], or * for all; 1 when empty"
    ),
)
"""Parameters of the service's user guide, with the names of those for CSV; the name `sheet_no` is ours."""

SUFFIXES = (".xlsx", ".xls", ".ods")
_RANGE = re.compile(r"\[(\d+)-(\d+)\]")

Cell = int | float | str | bool | time | date | datetime | timedelta


def load(file: Member, params: Params, loading: Loading) -> list[Table]:
    """Read the records of the requested sheets, one table for each; of a formula, its result.

    Sheets share columns of the same title. Empty rows are skipped, and so are empty columns on the left. A value has
    the type of its cell. Raises WrongParameter, and UnreadableFile.
    """
    require_bounded(file.path)
    with file.path.open("rb") as content:
        try:
            workbook = load_workbook(content)
            names = workbook.sheet_names
            numbers = _numbers(params["sheet_no"] or "1", len(names))
            if not params["sheet_no"] and names[1:]:
                loading.problems.add_note(
                    f'Of {file.name} only the first sheet is read, not {", ".join(names[1:])}; "sheet_no" sets it.'
                )
            return [_table(file.path, workbook, number, params, loading) for number in numbers]
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


def _table(path: Path, workbook: CalamineWorkbook, number: int, params: Params, loading: Loading) -> Table:
    """The records of one sheet."""
    place = "row {}" if len(workbook.sheet_names) == 1 else f"row {{}} of sheet {number}"
    lost = without_value(path, number)
    rows = _records(workbook.get_sheet_by_index(number - 1), lost, place, params, loading)
    return write(loading.scratch, rows).table(place, is_declared=True)


def _records(
    sheet: CalamineSheet, lost: dict[tuple[int, int], str], place: str, params: Params, loading: Loading
) -> Iterator[tuple[int, Record]]:
    """The records of a sheet; `lost` are its cells without a value, which are added to the problems."""
    names: list[str] | None = None
    left = sheet.start[1] if sheet.start else 0
    has_headers = params["headers_first_row"]
    for line, row in enumerate(sheet.iter_rows(), start=1):
        if line < params["first_row_no"] or all(cell == "" for cell in row):
            continue
        if names is None:
            names = loading.columns.add_titles([str(_value(cell)) if has_headers else "" for cell in row])
            if has_headers and row.count("") >= len(row) / 2:
                loading.problems.add_note(
                    f'The first row, {place.format(line)}, has few titles; perhaps "first_row_no" is greater.'
                )
            if has_headers:
                continue
        for position, name in enumerate(names, start=left + 1):
            if lost and (line, position) in lost:
                loading.problems.add(f"{lost[line, position]} ({place.format(line)})", field_uid=name)
        yield line, dict(zip(names, map(_value, row), strict=True))


def _value(cell: Cell) -> str | int | float | bool | date:
    """A cell in its type; spreadsheets store whole numbers as floats."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell
