"""The functions of expressions for dates and times."""

import calendar
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..values import as_datetime, as_number, as_text, is_empty

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


def difference(start: Any, end: Any, unit: Any) -> int | None:
    """The number of whole years, months, days, hours, minutes or seconds between two times."""
    if is_empty(start) or is_empty(end):
        return None
    first, last, name = _as_time(start), _as_time(end), as_text(unit)
    if name in ("year", "month"):
        months = (last.year - first.year) * 12 + last.month - first.month
        if _months_later(first, months) > last:
            months -= 1
        return months if name == "month" else months // 12
    if name not in _UNITS:
        raise ValueError(f'"{name}" is not one of year, month, {", ".join(_UNITS)}')
    return int((last - first).total_seconds() // _UNITS[name])


def from_timestamp(seconds: Any) -> str | None:
    """The time so many seconds after 1970-01-01."""
    if is_empty(seconds):
        return None
    try:
        return datetime.fromtimestamp(as_number(seconds), UTC).isoformat()
    except (OverflowError, OSError):
        raise ValueError(f"{as_text(seconds)} is not a moment") from None


def _part(take: Callable[[datetime], int]) -> Callable[..., int | None]:
    """A function that returns a part of a time, in UTC or in a given zone."""

    def part(value: Any, zone: Any = "UTC") -> int | None:
        if is_empty(value):
            return None
        try:
            position = ZoneInfo(as_text(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'"{as_text(zone)}" is not a timezone') from None
        return take(_as_time(value).astimezone(position))

    return part


def _shift(move: Callable[[datetime, int], datetime]) -> Callable[[Any, Any], str | None]:
    """A function that moves a time by a whole number of units. A date stays a date."""

    def shifted(value: Any, count: Any) -> str | None:
        if is_empty(value) or is_empty(count):
            return None
        try:
            moved = move(_as_time(value), int(as_number(count)))
        except OverflowError:
            raise ValueError(f"{as_text(value)} cannot be moved by {as_text(count)}") from None
        midnight = moved.time().isoformat() == "00:00:00" and len(as_text(value)) <= len("2014-11-14")
        return moved.date().isoformat() if midnight else moved.isoformat()

    return shifted


def _months_later(timestamp: datetime, months: int) -> datetime:
    """The same day of another month, or its last day."""
    years, month = divmod(timestamp.month - 1 + months, 12)
    year = timestamp.year + years
    if not 1 <= year <= 9999:
        raise OverflowError
    day = min(timestamp.day, calendar.monthrange(year, month + 1)[1])
    return timestamp.replace(year=year, month=month + 1, day=day)


def _as_time(value: Any) -> datetime:
    try:
        return as_datetime(value)
    except ValueError:
        raise ValueError(f'"{as_text(value)}" is not a date') from None


PARTS: dict[str, Callable[..., Any]] = {
    "year": _part(lambda timestamp: timestamp.year),
    "quarter": _part(lambda timestamp: (timestamp.month + 2) // 3),
    "month": _part(lambda timestamp: timestamp.month),
    "week": _part(lambda timestamp: timestamp.isocalendar().week),
    "day": _part(lambda timestamp: timestamp.day),
    "dayofweek": _part(lambda timestamp: timestamp.weekday()),
    "hour": _part(lambda timestamp: timestamp.hour),
    "minute": _part(lambda timestamp: timestamp.minute),
    "second": _part(lambda timestamp: timestamp.second),
    "microsecond": _part(lambda timestamp: timestamp.microsecond),
}
"""The functions that return a part of a time. That `dayofweek` counts from Monday as 0 is an assumption."""

SHIFTS: dict[str, Callable[..., Any]] = {
    "add_years": _shift(lambda timestamp, count: _months_later(timestamp, 12 * count)),
    "add_months": _shift(_months_later),
    "add_days": _shift(lambda timestamp, count: timestamp + timedelta(days=count)),
    "add_hours": _shift(lambda timestamp, count: timestamp + timedelta(hours=count)),
    "add_minutes": _shift(lambda timestamp, count: timestamp + timedelta(minutes=count)),
    "add_seconds": _shift(lambda timestamp, count: timestamp + timedelta(seconds=count)),
}
"""The functions that move a time."""
