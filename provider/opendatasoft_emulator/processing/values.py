"""The values of records: the types of fields, and the casts of values in Python."""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .geometry import as_point, as_shape
from .times import parsed_time

COLUMN_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "geo_point_2d": "STRUCT(lon DOUBLE, lat DOUBLE)",
    "geo_shape": "VARCHAR",
    "file": "VARCHAR",
}
"""Each type of field that the service knows, and the DuckDB type of its column.

`boolean` is not in the service's description, but in client code. A `datetime` is stored in UTC.
"""

MAX_INT = 2**63 - 1
_LONGEST_SHOWN = 250
"""So many characters of a lost value are shown in its message."""

_INT = re.compile(r"[-+]?(0|[1-9]\d{0,17})")


def is_empty(value: Any) -> bool:
    """Whether a value is empty: null, an empty text, or NaN. An infinite number is a value, and lost."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def cast(value: Any, to: str) -> Any:
    """The value in the stored form of the type `to`; None for an empty one.

    A date is `YYYY-MM-DD`, a datetime `YYYY-MM-DDTHH:MM:SS` in UTC, a point `{"lon", "lat"}`, a shape the
    text of a GeoJSON geometry. Raises ValueError, with the service's message, when the value does not fit.
    """
    if is_empty(value):
        return None
    try:
        return _CASTS[to](value)
    except Exception:  # One value is lost, and not the dataset.
        text = as_text(value)
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
        raise ValueError(f'Cannot convert "{shown}" to "{to}"') from None


def as_text(value: Any) -> str:
    """A value as text: `true`, `48.85, 2.35`, JSON for lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and value.keys() == {"lon", "lat"}:
        return f"{value['lat']}, {value['lon']}"
    if isinstance(value, dict | list):
        try:
            return json.dumps(value, ensure_ascii=False, allow_nan=False)
        except ValueError:
            return json.dumps(_finite(value), ensure_ascii=False)
    return str(value)


def _finite(value: Any) -> Any:
    """A value of JSON without numbers that are not finite, which Python reads and writes, and JSON does not know."""
    if isinstance(value, dict):
        return {key: _finite(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_finite(member) for member in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_number(value: Any) -> int | float:
    """A number, or the number of a text with a point or a comma. Raises ValueError when there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    text = as_text(value).strip()
    if _INT.fullmatch(text):
        return int(text)
    try:
        number = float(text.replace(",", ".", 1))
    except ValueError:
        number = math.nan
    if "_" in text or not math.isfinite(number):
        raise ValueError(f'"{text}" is not a number')
    return number


def as_datetime(value: Any) -> datetime:
    """The time of a text, in UTC unless it contains an offset. Raises ValueError when there is none."""
    text = str(value).strip()
    try:
        timestamp = datetime.fromisoformat(text)
    except ValueError:
        timestamp = parsed_time(text)
    return timestamp.replace(tzinfo=UTC) if timestamp.tzinfo is None else timestamp


def _int(value: Any) -> int:
    """A whole number; the service cuts off the fraction."""
    number = int(as_number(value))
    if abs(number) > MAX_INT:
        raise ValueError("too big")
    return number


def _boolean(value: Any) -> bool:
    """A boolean, or one of the texts for it."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "1": True, "0": False}[str(value).strip().lower()]


def _date(value: Any) -> str:
    """A date; of a time, the date in its own offset."""
    return as_datetime(value).date().isoformat()


def _datetime(value: Any) -> str:
    """A datetime in UTC."""
    return as_datetime(value).astimezone(UTC).replace(tzinfo=None).isoformat()


_CASTS: dict[str, Callable[[Any], Any]] = {
    "text": as_text,
    "int": _int,
    "double": lambda value: float(as_number(value)),
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "geo_point_2d": as_point,
    "geo_shape": as_shape,
    "file": as_text,
}
