"""The files that records and the catalog are exported as."""

import csv
import io
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from ..processing import ResultSet
from .rendering import as_csv, as_json, json_records

_PIECE = 2**16
_SHAPES = ("geo_shape", "geo_point_2d")
_PARQUET = {
    "int": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "geo_point_2d": "STRUCT(lon DOUBLE, lat DOUBLE)",
}
"""The types of columns in Parquet; every other one is a text."""


@dataclass(frozen=True)
class Form:
    """The form of an export, in the terms of the API's parameters."""

    zone: ZoneInfo
    delimiter: str = ";"
    list_separator: str = ","
    quote_all: bool = False
    use_labels: bool = False
    with_bom: bool = True
    parquet_compression: str = "snappy"

    def titles(self, result: ResultSet) -> list[str]:
        """The titles of the columns."""
        return [str(field["label"] if self.use_labels else field["name"]) for field in result.fields]


Write = Callable[[ResultSet, Form], Iterator[str | bytes]]
"""The pieces of a file."""


def _jsonl(result: ResultSet, form: Form) -> Iterator[str]:
    for record in json_records(result, form.zone):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _json(result: ResultSet, form: Form) -> Iterator[str]:
    opening = "["
    for record in json_records(result, form.zone):
        yield opening + json.dumps(record, ensure_ascii=False)
        opening = ","
    yield "[]" if opening == "[" else "]"


def _csv(result: ResultSet, form: Form) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(
        line,
        delimiter=form.delimiter,
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    columns = [as_csv(field, form.list_separator, form.zone) for field in result.fields]
    if form.with_bom:
        line.write("\ufeff")
    writer.writerow(form.titles(result))
    for row in result.rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow([write(value) for write, value in zip(columns, row, strict=True)])
    yield line.getvalue()


def _geojson(result: ResultSet, form: Form) -> Iterator[str]:
    """A collection of features: the geometry of the first shape or point, and all other fields as properties."""
    types = [field["type"] for field in result.fields]
    place = next((types.index(kind) for kind in _SHAPES if kind in types), None)
    columns = [as_json(field, form.zone) for field in result.fields]
    names = form.titles(result)
    yield '{"type": "FeatureCollection", "features": ['
    comma = ""
    for row in result.rows:
        shown = [show(value) for show, value in zip(columns, row, strict=True)]
        properties = {name: value for n, (name, value) in enumerate(zip(names, shown, strict=True)) if n != place}
        geometry = None
        if place is not None and shown[place] is not None:
            value = shown[place]
            is_point = types[place] == "geo_point_2d"
            geometry = {"type": "Point", "coordinates": [value["lon"], value["lat"]]} if is_point else value["geometry"]
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        yield comma + json.dumps(feature, ensure_ascii=False)
        comma = ","
    yield "]}"


def _parquet(result: ResultSet, form: Form) -> Iterator[bytes]:
    titles = form.titles(result)
    if len({title.lower() for title in titles}) < len(titles):
        titles = [f"{title} {position}" for position, title in enumerate(titles, start=1)]
    kinds = [_PARQUET.get(str(field["type"]), "VARCHAR") for field in result.fields]
    columns = [as_csv(field, form.list_separator, form.zone) for field in result.fields]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "export.duckdb") as connection:
        names = [f'"{title.replace(chr(34), chr(34) * 2)}"' for title in titles] or ['"_"']
        declared = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds or ["INT"], strict=True))
        connection.execute(f"CREATE TABLE records ({declared})")
        rows = _batches(
            [_in_parquet(value, kind, write) for value, kind, write in zip(row, kinds, columns, strict=True)]
            for row in result.rows
        )
        for batch in rows:
            selected = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
            connection.execute(
                f"INSERT INTO records SELECT {selected}", [list(one) for one in zip(*batch, strict=True)]
            )
        file = Path(folder) / "export.parquet"
        connection.execute(f"COPY records TO '{file}' (FORMAT parquet, COMPRESSION {form.parquet_compression})")
        yield from _pieces(file)


def _in_parquet(value: Any, kind: str, write: Callable[[Any], str]) -> Any:
    if value is None:
        return None
    return write(value) if kind == "VARCHAR" else value.replace(tzinfo=UTC) if kind == "TIMESTAMPTZ" else value


def _xlsx(result: ResultSet, form: Form) -> Iterator[bytes]:
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options | {"tmpdir": folder}) as book:
            sheet = book.add_worksheet()
            formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
            formats["datetime"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            sheet.write_row(0, 0, form.titles(result))
            columns = [as_csv(field, form.list_separator, form.zone) for field in result.fields]
            for number, row in enumerate(result.rows, start=1):
                for position, (value, write) in enumerate(zip(row, columns, strict=True)):
                    kind = str(result.fields[position]["type"])
                    if value is None:
                        continue
                    if kind in ("int", "double"):
                        sheet.write_number(number, position, value)
                    elif kind == "boolean":
                        sheet.write_boolean(number, position, value)
                    elif kind in formats and value.year >= 1900:
                        clock = value
                        if kind == "datetime":
                            clock = value.replace(tzinfo=UTC).astimezone(form.zone).replace(tzinfo=None)
                        sheet.write_datetime(number, position, clock, formats[kind])
                    else:
                        sheet.write_string(number, position, write(value))
        yield from _pieces(file)


def compressed(pieces: Iterator[str | bytes]) -> Iterator[bytes]:
    """A file compressed with gzip."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece.encode() if isinstance(piece, str) else piece):
            yield packed
    yield packer.flush()


def gathered(pieces: Iterator[str | bytes]) -> Iterator[bytes]:
    """The same content in larger pieces: for each of them the server changes to another thread and back."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece.encode() if isinstance(piece, str) else piece
        if len(waiting) >= _PIECE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _batches(rows: Iterator[list[Any]] | Any, size: int = 10_000) -> Iterator[list[list[Any]]]:
    batch: list[list[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch and batch[0]:
        yield batch


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXPORTS: dict[str, tuple[Write, str]] = {
    "csv": (_csv, "text/csv"),
    "json": (_json, "application/json"),
    "jsonl": (_jsonl, "application/jsonl"),
    "geojson": (_geojson, "application/geo+json"),
    "parquet": (_parquet, "application/vnd.apache.parquet"),
    "xlsx": (_xlsx, _SHEET),
}
"""The writer and the media type of each format of records."""

OTHER_EXPORTS = ("fgb", "gpx", "jsonld", "kml", "n3", "ov2", "rdfxml", "shp", "turtle")
"""Formats of the service for records that this portal does not write."""

CATALOG_EXPORTS = {name: EXPORTS[name] for name in ("csv", "json", "xlsx")}
"""The writer and the media type of each format of the catalog."""

OTHER_CATALOG_EXPORTS = (
    "data.json",
    "dcat",
    "dcat_ap_ch",
    "dcat_ap_de",
    "dcat_ap_se",
    "dcat_ap_sp",
    "dcat_ap_it",
    "dcat_ap_vl",
    "dcat_ap_benap",
    "dublin_core",
    "rdf",
    "rss",
    "ttl",
)
"""Formats of the service for the catalog that this portal does not write."""
