"""The cells of an Excel workbook that have no value to show: formulas without a result, and errors."""

import posixpath
import re
import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAY_BE_WITHOUT = re.compile(rb"<(\w+:)?f\b|\bt=[\"']e")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def without_value(path: Path, sheet: int) -> dict[tuple[int, int], str]:
    """The reasons why cells of a sheet, from 1, have no value, by row and column, from 1; none if it is no xlsx.

    A program other than a spreadsheet often writes formulas without their results.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            name = _parts_of_sheets(archive)[sheet - 1]
            with archive.open(name) as file:
                before = b""
                for part in iter(lambda: file.read(1024 * 1024), b""):
                    if _MAY_BE_WITHOUT.search(before + part):
                        break
                    before = part[-len(b't="e"') :]
                else:
                    return {}
            with archive.open(name) as file:
                return _reasons(file)
    except (zipfile.BadZipFile, KeyError, IndexError, ElementTree.ParseError, OSError):
        return {}


def _parts_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    """The names of the parts of the sheets in the archive, in the order of the workbook."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_NAMESPACE}sheet")
    return [posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_ID)])).lstrip("/") for sheet in sheets]


def _reasons(file: IO[bytes]) -> dict[tuple[int, int], str]:
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
            formula, result = element.find(f"{_NAMESPACE}f"), element.findtext(f"{_NAMESPACE}v")
            # A program without results writes none, or an empty one; the result of `=""` is an empty text.
            is_empty_text = element.get("t") == "str" and result is not None
            if element.get("t") == "e":
                found[row, column] = f"The cell contains the error {result}"
            elif formula is not None and not result and not is_empty_text:
                found[row, column] = f"The formula ={formula.text or ''} has no saved result"
        elif tag == "row":
            element.clear()
    return found


def _number(letters: str) -> int:
    """The number of a column, from 1: that of `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
