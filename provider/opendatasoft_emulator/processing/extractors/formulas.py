"""The formulas of an Excel workbook whose results the file does not contain."""

import posixpath
import re
import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def without_result(path: Path, sheet: int) -> dict[tuple[int, int], str]:
    """The formulas of a sheet, from 1, that have no saved result, by row and column, from 1; none if it is no xlsx.

    A program other than a spreadsheet often writes formulas without their results.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            name = _parts_of_sheets(archive)[sheet - 1]
            with archive.open(name) as file:
                if not any(b"<f" in line for line in iter(lambda: file.read(1024 * 1024), b"")):
                    return {}
            with archive.open(name) as file:
                return _formulas(file)
    except (zipfile.BadZipFile, KeyError, IndexError, ElementTree.ParseError, OSError):
        return {}


def _parts_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    """The names of the parts of the sheets in the archive, in the order of the workbook."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_NAMESPACE}sheet")
    return [posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_ID)])).lstrip("/") for sheet in sheets]


def _formulas(file: IO[bytes]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    row = column = 0
    for event, element in ElementTree.iterparse(file, ("start", "end")):
        tag = element.tag.removeprefix(_NAMESPACE)
        if tag == "row" and event == "start":
            row, column = int(element.get("r", row + 1)), 0
        elif tag == "c" and event == "start":
            place = _REFERENCE.fullmatch(element.get("r", ""))
            column = _number(place[1]) if place else column + 1
        elif tag == "c":
            formula = element.find(f"{_NAMESPACE}f")
            if formula is not None and element.find(f"{_NAMESPACE}v") is None:
                found[row, column] = formula.text or ""
        elif tag == "row":
            element.clear()
    return found


def _number(letters: str) -> int:
    """The number of a column, from 1: that of `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
