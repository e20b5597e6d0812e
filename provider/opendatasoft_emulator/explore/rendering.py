"""The records of the Explore API in JSON and in CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..odsql import separator_of
from ..processing import ResultSet
from .query import Field, ShownField

_DATE_PRECISIONS = {"year": "%Y", "month": "%Y-%m"}


@dataclass(frozen=True)
class CsvForm:
    """The form of a CSV export, in the terms of the API's parameters."""

    delimiter: str
    list_separator: str
    quote_all: bool
    use_labels: bool
    with_bom: bool


def json_records(result: ResultSet, shown: list[ShownField]) -> Iterator[dict[str, Any]]:
    """The records with the selected fields, one after another."""
    columns = [(one.name, one.position, _as_json(one.field)) for one in shown]
    for row in result.rows:
        yield {name: show(row[position]) for name, position, show in columns}


def json_lines(result: ResultSet, shown: list[ShownField]) -> Iterator[str]:
    """A file with one record as JSON per line."""
    for record in json_records(result, shown):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def json_array(result: ResultSet, shown: list[ShownField]) -> Iterator[str]:
    """A file with the list of the records, in parts."""
    opening = "["
    for record in json_records(result, shown):
        yield opening + json.dumps(record, ensure_ascii=False)
        opening = ","
    yield "[]" if opening == "[" else "]"


def csv_lines(result: ResultSet, shown: list[ShownField], form: CsvForm) -> Iterator[str]:
    """The lines of a CSV file with the selected fields, the titles first."""
    line = io.StringIO()
    writer = csv.writer(
        line,
        delimiter=form.delimiter,
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    columns = [(one.position, _as_csv(one.field, form.list_separator)) for one in shown]
    if form.with_bom:
        line.write("\ufeff")
    writer.writerow([one.title if form.use_labels else one.name for one in shown])
    for row in result.rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow([write(row[position]) for position, write in columns])
    yield line.getvalue()


def csv_value(field: Field, value: Any) -> str:
    """One value as in a CSV export."""
    return _as_csv(field, ",")(value)


def _as_json(field: Field) -> Callable[[Any], Any]:
    """The conversion of values of a field for JSON."""
    kind = field["type"]
    separator = separator_of(field)
    if separator:
        return lambda value: None if value is None else str(value).split(separator)
    if kind == "geo_shape":
        return _feature
    if kind in ("date", "datetime"):
        return _time_format(field)
    return lambda value: value


def _as_csv(field: Field, list_separator: str) -> Callable[[Any], str]:
    """The conversion of values of a field for CSV, where null is an empty text."""
    kind = field["type"]
    separator = separator_of(field)
    if separator:
        return lambda value: "" if value is None else str(value).replace(separator, list_separator)
    if kind == "geo_point_2d":
        return lambda value: "" if value is None else f"{value['lat']}, {value['lon']}"
    if kind in ("date", "datetime"):
        format_time = _time_format(field)
        return lambda value: format_time(value) or ""
    if kind == "boolean":
        return lambda value: "" if value is None else str(value).lower()
    return lambda value: "" if value is None else str(value)


def _time_format(field: Field) -> Callable[[date | None], str | None]:
    """The conversion of dates, to the field's precision, and of datetimes, with their offset."""
    form = _DATE_PRECISIONS.get(str(_argument(field, "timeserie_precision")))

    def formatted(value: date | None) -> str | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds") + "+00:00"
        return value.strftime(form) if form else value.isoformat()

    return formatted


def _feature(value: str | None) -> dict[str, Any] | None:
    """A shape as a GeoJSON feature without properties."""
    if value is None:
        return None
    return {"type": "Feature", "geometry": json.loads(value), "properties": {}}


def _argument(field: Field, annotation: str) -> Any:
    """The first argument of an annotation; None without one."""
    return next(iter(field["annotations"].get(annotation) or ()), None)
