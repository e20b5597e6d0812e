"""The functions of ODSQL for dates: their parts, date_format() and now()."""

import functools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .errors import Malformed
from .expressions import DATES, Call, Expression, local

_SYMBOLS = re.compile(r"''|'(?P<text>(?:[^']|'')*)'|(?P<symbol>([A-Za-z])\3*)|(?P<other>.)", re.DOTALL)
_BY_STRFTIME = {
    "yy": "%y",
    "yyyy": "%Y",
    "xxxx": "%G",
    "ww": "%V",
    "e": "%u",
    "D": "%-j",
    "DDD": "%j",
    "M": "%-m",
    "MM": "%m",
    "d": "%-d",
    "dd": "%d",
    "H": "%-H",
    "HH": "%H",
    "m": "%-M",
    "mm": "%M",
    "s": "%-S",
    "ss": "%S",
}
_OTHERWISE = {"w": "week({})::VARCHAR", "xx": "right(strftime({}, '%G'), 2)"}
_NAMES = {
    "E": ("isodow", "abbreviated"),
    "EEEE": ("isodow", "wide"),
    "MMM": ("month", "abbreviated"),
    "MMMM": ("month", "wide"),
}
_WEEKDAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")
"""The languages of the parameter `lang`."""


def part(call: Call) -> Expression:
    """One part of a date or a time, in the requested zone."""
    call.expect(1)
    date = local(call.argument(0, *DATES), call.settings)
    return Expression(f"{call.name}({date.sql})", "int", date.values)


def date_format(call: Call) -> Expression:
    """A date as a text: its parts in the place of symbols. Raises Malformed for an unknown symbol."""
    call.expect(2)
    date = local(call.argument(0, *DATES), call.settings)
    pattern = call.argument(1, "text").values[0]
    pieces: list[str] = []
    values: list[Any] = []
    pending = ""

    def flush() -> None:
        nonlocal pending
        if pending:
            pieces.append(f"strftime({date.sql}, ?)")
            values.extend([*date.values, pending])
            pending = ""

    for found in _SYMBOLS.finditer(pattern):
        symbol = found["symbol"]
        if symbol is None:
            text = found["text"].replace("''", "'") if found["text"] is not None else found["other"] or "'"
            pending += text.replace("%", "%%")
            continue
        symbol = symbol.replace("Y", "y")
        symbol = "E" if symbol in ("EE", "EEE") else "yyyy" if symbol == "y" else symbol
        if symbol in _BY_STRFTIME:
            pending += _BY_STRFTIME[symbol]
        elif symbol in _OTHERWISE:
            flush()
            pieces.append(_OTHERWISE[symbol].format(date.sql))
            values.extend(date.values)
        elif symbol in _NAMES:
            flush()
            number, width = _NAMES[symbol]
            pieces.append(f"list_extract(?::VARCHAR[], {number}({date.sql}))")
            values.extend([_names(call.settings.language, number, width), *date.values])
        else:
            raise Malformed(f"Unknown date format symbol: {symbol}")
    flush()
    return Expression(f"({' || '.join(pieces)})" if pieces else "''", "text", tuple(values))


@functools.cache
def _names(language: str, number: str, width: str) -> list[str]:
    """The names of the days, from Monday, or of the months."""
    from babel import dates

    names: Mapping[int, str] = (
        dates.get_day_names(width, locale=language)  # type: ignore[arg-type]
        if number == "isodow"
        else dates.get_month_names(width, locale=language)  # type: ignore[arg-type]
    )
    return [names[key] for key in sorted(names)]


def now(parameters: Mapping[str, int], time: datetime) -> Expression:
    """The current time, with parts set (`year=2000`) and moved (`years=-1`). Raises Malformed."""
    # Loaded only for what needs it: a tenth of a second.
    from dateutil.relativedelta import relativedelta, weekday

    changes: dict[str, Any] = {}
    for name, value in parameters.items():
        if name in _PARTS or name in ("weeks", *(f"{name}s" for name in _PARTS)):
            changes[name] = value
        elif name == "weekday" and 0 <= value <= 6:
            changes["weekday"] = weekday(value, +1)
        elif name in _WEEKDAYS:
            if value:
                changes["weekday"] = weekday(_WEEKDAYS.index(name), value)
        else:
            raise Malformed(f"Invalid parameter of now(): {name}={value}")
    try:
        moved = time.astimezone(UTC) + relativedelta(**changes)
    except (ValueError, OverflowError, TypeError) as error:
        shown = ", ".join(f"{name}={value}" for name, value in parameters.items())
        raise Malformed(f"Invalid parameter of now(): {shown}") from error
    return Expression("?::TIMESTAMP", "datetime", (moved.replace(tzinfo=None),), literal="now()")
