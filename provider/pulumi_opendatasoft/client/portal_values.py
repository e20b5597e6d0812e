"""JSON, dates and numbers as a portal sends them, read within limits.

A value that is returned can be stored in a state and sent back: its texts are Unicode, its numbers finite.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ..errors import OpendatasoftError

MOST_DEPTH = 100
"""So deep may JSON be nested; the API's own is nested less than ten deep."""

MOST_VALUES = 5_000_000
"""So many values may one JSON text contain: each takes far more memory than its text."""

LONGEST_INTEGER = 300
"""Digits of an integer: more would not fit a float, which is what Pulumi's numbers are."""

LONGEST_DATE = 100
"""Characters of a date."""

FARTHEST = timedelta(days=36_500)
"""A portal's clock that is farther from this machine's shows no time."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class NotJson(OpendatasoftError, ValueError):
    """A text that is no JSON, or has a number that cannot be stored."""


class TooDeep(NotJson):
    """JSON that is nested too deep, or has too many values: not one that was cut short on its way."""


def json_value(content: bytes | bytearray) -> Any:
    """Return the value of a JSON text. Raises ValueError where it is none, or breaks a limit (TooDeep)."""
    opened = content.count(b"[") + content.count(b"{")
    if opened + content.count(b",") > MOST_VALUES:
        raise TooDeep(f"JSON with more than {MOST_VALUES:,} values")
    text = content.decode(json.detect_encoding(bytes(content[:4])))
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise TooDeep(_TOO_DEEP) from None
    if opened > MOST_DEPTH and _depth(value) > MOST_DEPTH:
        raise TooDeep(_TOO_DEEP)
    # Half a surrogate pair is legal in JSON, but can be encoded nowhere else.
    return _whole(value) if _SURROGATE.search(content) else value


_TOO_DEEP = f"JSON that is nested more than {MOST_DEPTH} deep"


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise NotJson("an integer that is too long")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotJson("a number that is not finite")
    return number


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_finite, parse_constant=_finite)


def _depth(value: Any) -> int:
    """How deep a value is nested, up to one more than MOST_DEPTH."""
    depth, level = 0, [value]
    while level and depth <= MOST_DEPTH:
        containers = [inner for inner in level if isinstance(inner, (dict, list))]
        depth += bool(containers)
        level = [x for inner in containers for x in (inner.values() if isinstance(inner, dict) else inner)]
    return depth


def _whole(value: Any) -> Any:
    """Return a value whose texts have no half of a surrogate pair."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(inner) for name, inner in value.items()}
    return value


def count(value: Any) -> int | None:
    """Return a number of things, which may be sent as a text; None where it is no number."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def number(text: str) -> float | None:
    """Return a number of seconds, up to some thousand years; None where a text is none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found < 1e11 else None


def date(text: str) -> datetime | None:
    """Return an ISO 8601 or HTTP date in UTC; None where a text is none, or lies outside of the calendar."""
    if len(text) > LONGEST_DATE:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except Exception:  # the parser of e-mail dates has raised many kinds of errors
            continue
    return None


def clock_time(text: str, now: datetime) -> datetime | None:
    """Return the time of a `Date` header; None where it has none, or one that no clock shows."""
    moment = date(text)
    return moment if moment and abs(moment - now) < FARTHEST else None
