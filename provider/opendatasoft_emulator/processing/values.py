"""The values of records: the types of fields, their detection, and the casting of values."""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from .geometry import as_point, as_shape

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

_MAX_INT = 2**63 - 1
_INT = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
_DOUBLE = re.compile(r"[-+]?((0|[1-9]\d{0,14})(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_DATE = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_POINT = re.compile(r"[-+]?\d{1,2}\.\d+\s*,\s*[-+]?\d{1,3}\.\d+")
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m", "%Y")
_DATETIME_FORMATS = ("%Y-%m-%d-%H:%M:%S", "%Y/%m/%d-%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")


def is_empty(value: Any) -> bool:
    """Whether a value is empty: null, an empty text, or a number that is not finite."""
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


class TypeGuess:
    """The narrowest type of all values so far; `text` if no other fits."""

    def __init__(self) -> None:
        self._left = dict(_GUESSES)
        self._seen = False

    def add(self, value: Any) -> None:
        """Take one more value into account. Empty ones are ignored."""
        if is_empty(value):
            return
        self._seen = True
        if self._left:
            self._left = {name: fits for name, fits in self._left.items() if fits(value)}

    @property
    def type(self) -> str:
        """The name of the type."""
        return next(iter(self._left), "text") if self._seen else "text"


def cast(value: Any, to: str) -> Any:
    """The value in the stored form of the type `to`; None for an empty one.

    A date is `YYYY-MM-DD`, a datetime `YYYY-MM-DDTHH:MM:SS` in UTC, a point `{"lon", "lat"}`, a shape the
    text of a GeoJSON geometry. Raises ValueError, with the service's message, when the value does not fit.
    """
    if is_empty(value):
        return None
    try:
        return _CASTS[to](value)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise ValueError(f'Cannot convert "{as_text(value)}" to "{to}"') from None


def as_text(value: Any) -> str:
    """A value as text: `true`, `48.85, 2.35`, JSON for lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and value.keys() == {"lon", "lat"}:
        return f"{value['lat']}, {value['lon']}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def as_number(value: Any) -> int | float:
    """A number, or the number of a text with a point or a comma. Raises ValueError when there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
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
        timestamp = _parse_first_format(text, _DATETIME_FORMATS + _DATE_FORMATS)
    return timestamp.replace(tzinfo=UTC) if timestamp.tzinfo is None else timestamp


def _parse_first_format(text: str, formats: tuple[str, ...]) -> datetime:
    """The text parsed with the first format that fits."""
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError("not a date")


def _int(value: Any) -> int:
    """A whole number; the service cuts off the fraction."""
    number = int(as_number(value))
    if abs(number) > _MAX_INT:
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


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int(value: Any) -> bool:
    if isinstance(value, str):
        return _INT.fullmatch(value.strip()) is not None
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX_INT


def _is_double(value: Any) -> bool:
    if isinstance(value, str):
        return _DOUBLE.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        return False
    try:
        date.fromisoformat(value.strip().replace("/", "-"))
    except ValueError:
        return False
    return True


def _is_datetime(value: Any) -> bool:
    if _is_date(value):
        return True
    if not isinstance(value, str) or not _DATETIME.fullmatch(value.strip()):
        return False
    try:
        datetime.fromisoformat(value.strip())
    except ValueError:
        return False
    return True


def _is_point(value: Any) -> bool:
    if not isinstance(value, str) or not _POINT.fullmatch(value.strip()):
        return False
    try:
        as_point(value)
    except ValueError:
        return False
    return True


# From the narrowest to the widest. A number with a leading zero is a code, and stays text.
_GUESSES: dict[str, Callable[[Any], bool]] = {
    "boolean": _is_boolean,
    "int": _is_int,
    "double": _is_double,
    "date": _is_date,
    "datetime": _is_datetime,
    "geo_point_2d": _is_point,
}

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
