"""The extractor of files with one JSON value per line (NDJSON)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..columns import Record
from ..files import Member
from .json_records import Objects, open_json, parsed
from .loading import EXTRACT_FILENAME, FIRST_ROW_NO, HEADERS_FIRST_ROW, Loading, Params, surplus

PARAMETERS = (
    EXTRACT_FILENAME,
    FIRST_ROW_NO,
    HEADERS_FIRST_ROW,
)
"""Parameters of the service's user guide for JSON lines, with the names of those for CSV."""


def rows(file: Member, params: Params, loading: Loading) -> Iterator[tuple[int, Record]]:
    """Read the record of each line: an object, or a list of values whose titles the first line lists.

    Empty lines are skipped; other lines are skipped and added to the problems. Raises WrongParameter, and
    UnreadableFile with the line that is not JSON.
    """
    objects = Objects(loading.columns, joins_texts=False)
    titles: list[str] | None = None
    for line, value in _lines(file.path, params["first_row_no"]):
        if isinstance(value, dict):
            yield line, objects.record(value)
        elif not isinstance(value, list):
            loading.problems.add(f"Line {line} is neither an object nor a list, it is left out")
        elif titles is None and params["headers_first_row"]:
            titles = [str(title) for title in value]
        else:
            titles = titles or [f"column_{position}" for position in range(1, len(value) + 1)]
            if len(value) > len(titles):
                loading.problems.add(surplus(line, len(value), len(titles)))
            yield line, objects.record(dict(zip(titles, value, strict=False)))


def _lines(path: Path, first: int) -> Iterator[tuple[int, Any]]:
    """The number and the value of each line that is not empty."""
    with open_json(path) as file:
        for line, text in enumerate(file, start=1):
            if line >= first and text.strip():
                yield line, parsed(text.strip(), line, f"line {line}")
