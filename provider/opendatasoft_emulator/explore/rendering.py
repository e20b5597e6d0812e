"""The values of records in the forms of the Explore API: in JSON and in CSV."""

import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..odsql import around, separator_of
from ..processing import ResultSet

Field = dict[str, Any]
"""One field of a result: name, label, type, description, annotations."""

_DATE_PRECISIONS = {"year": "%Y", "month": "%Y-%m"}
_UTC = ZoneInfo("UTC")


def json_records(result: ResultSet, zone: ZoneInfo = _UTC) -> Iterator[dict[str, Any]]:
    """The records, one after another."""
    columns = [(field["name"], as_json(field, zone)) for field in result.fields]
    for row in result.rows:
        yield {name: show(value) for (name, show), value in zip(columns, row, strict=True)}


def csv_value(field: Field, value: Any) -> str:
    """One value as in a CSV export."""
    return as_csv(field, ",")(value)


def as_json(field: Field, zone: ZoneInfo = _UTC) -> Callable[[Any], Any]:
    """The conversion of values of a field for JSON."""
    kind = str(field["type"])
    separator = separator_of(field)
    if separator:
        return lambda value: None if value is None else str(value).split(separator)
    if kind == "geo_shape":
        return _feature
    if kind.startswith(("envelope of", "bbox of")):
        return lambda values: _feature(around(kind, values))
    if kind in ("date", "datetime"):
        return _time_format(field, zone)
    if kind == "json":
        return _parsed
    if kind == "double":
        return lambda value: value if value is not None and math.isfinite(value) else None
    return lambda value: value


def as_csv(field: Field, list_separator: str, zone: ZoneInfo = _UTC) -> Callable[[Any], str]:
    """The conversion of values of a field for CSV, where null is an empty text."""
    kind = str(field["type"])
    separator = separator_of(field)
    if separator:
        return lambda value: "" if value is None else str(value).replace(separator, list_separator)
    if kind == "geo_point_2d":
        return lambda value: "" if value is None else f"{value['lat']}, {value['lon']}"
    if kind.startswith(("envelope of", "bbox of")):
        return lambda values: around(kind, values) or ""
    if kind in ("date", "datetime"):
        format_time = _time_format(field, zone)
        return lambda value: format_time(value) or ""
    if kind == "boolean":
        return lambda value: "" if value is None else str(value).lower()
    return lambda value: "" if value is None else str(value)


def _time_format(field: Field, zone: ZoneInfo) -> Callable[[date | None], str | None]:
    """The conversion of dates, to the field's precision, and of datetimes, with their offset in the zone."""
    form = _DATE_PRECISIONS.get(str(_argument(field, "timeserie_precision")))

    def formatted(value: date | None) -> str | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC).astimezone(zone).isoformat(timespec="seconds")
        return value.strftime(form) if form else value.isoformat()

    return formatted


def _feature(value: str | None) -> dict[str, Any] | None:
    """A shape as a GeoJSON feature without properties."""
    if value is None:
        return None
    return {"type": "Feature", "geometry": json.loads(value), "properties": {}}


def _parsed(value: str | None) -> Any:
    try:
        return None if value is None else json.loads(value)
    except ValueError:
        return value


def _argument(field: Field, annotation: str) -> Any:
    """The first argument of an annotation; None without one."""
    return next(iter(field["annotations"].get(annotation) or ()), None)
