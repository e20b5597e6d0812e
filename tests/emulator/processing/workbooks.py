"""Spreadsheets for tests, written by hand so that a formula has a result, and a date its format."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EPOCH = datetime(1899, 12, 30)


class Formula:
    """A cell with a formula and its saved result, if it has one; an error is a text with `#`."""

    def __init__(self, text: str, result: float | str | None = None) -> None:
        self.text, self.result = text, result


def xlsx(*sheets: list[list[Any]]) -> bytes:
    """A workbook of Excel; a cell is a number, a text, a boolean, a datetime, a Formula, or None."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": _links(("workbook", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        + "".join(f'<sheet name="Sheet {number}" sheetId="{number}" r:id="s{number}"/>' for number in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            ("styles", "styles", "styles.xml"),
            *((f"s{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
        ),
        # The cells of style 1 are datetimes.
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for number, rows in zip(numbers, sheets, strict=True):
        cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    return _zipped(parts)


def ods(rows: list[list[float | str]]) -> bytes:
    """A sheet of LibreOffice with numbers and texts."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    kind_of_file = "application/vnd.oasis.opendocument.spreadsheet"

    def cell(value: float | str) -> str:
        kind = "string" if isinstance(value, str) else "float"
        text = "" if isinstance(value, str) else f' office:value="{value}"'
        content = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="{kind}"{text}>{content}</table:table-cell>'

    table = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return _zipped(
        {
            "mimetype": kind_of_file,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind_of_file}"/></manifest:manifest>',
            "content.xml": f'<office:document-content xmlns:office="{urn}:office:1.0" '
            f'xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Sheet 1">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _links(*links: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{id}" Type="{_LINKS}/{kind}" Target="{target}"/>' for id, kind, target in links)
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Formula):
        kind = ' t="e"' if str(value.result).startswith("#") else ""
        result = "" if value.result is None else f"<v>{value.result}</v>"
        return f"<c{kind}><f>{escape(value.text)}</f>{result}</c>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        return f'<c s="1"><v>{(value - _EPOCH) / timedelta(days=1)}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()
