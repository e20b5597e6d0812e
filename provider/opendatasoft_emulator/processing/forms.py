"""The common forms of values: their detection and their casts in SQL. `values` casts every other form.

The patterns are the same for DuckDB and for Python.
"""

import re
from collections.abc import Callable, Sequence

_DAY = r"\d{4}[-/]\d{2}[-/]\d{2}"
_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[-+]\d{2}(:?\d{2})?)?"

_PATTERNS = {
    "int": r"[-+]?(0|[1-9]\d{0,17})",
    "double": r"[-+]?((0|[1-9]\d{0,14})(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?",
    "date": _DAY,
    "datetime": rf"({_DAY}|{_TIME})",
    "geo_point_2d": r"[-+]?\d{1,2}\.\d+\s*,\s*[-+]?\d{1,3}\.\d+",
}
"""The forms of the types that are detected, the narrowest first. A number with a leading zero is a code: a text."""

_COMPILED = {type: re.compile(rf"\s*{pattern}\s*", re.ASCII) for type, pattern in _PATTERNS.items()}
_WHOLE = r"[-+]?\d{1,19}"
_NUMBER = r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?"
_POINT = r"[-+]?\d+(\.\d*)?\s*,\s*[-+]?\d+(\.\d*)?"


def candidates(sample: Sequence[str]) -> list[str]:
    """The types that all these texts have the form of, the narrowest first."""
    return [type for type, pattern in _COMPILED.items() if all(map(pattern.fullmatch, sample))]


def fits(type: str, sql: str) -> str:
    """The condition that a text is a valid value of a detected type."""
    return f"({_matches(sql, _PATTERNS[type])} AND {detected(type, sql)} IS NOT NULL)"


def detected(type: str, sql: str) -> str:
    """The value of a text in a column whose type was detected; null for an invalid one."""
    return DETECTED[type](sql)


def cast(type: str, sql: str) -> str:
    """The value of a text of a common form; null for any other."""
    return _CASTS[type](sql)


def kept(type: str, sql: str) -> str:
    """A value that has the DuckDB type of its field; null for one that cannot be shown."""
    match type:
        case "date" | "datetime":
            return _shown(sql)
        case "double":
            return _finite(sql)
        case _:
            return sql


def _matches(sql: str, pattern: str) -> str:
    return rf"regexp_full_match({sql}, '\s*{pattern}\s*')"


def _finite(sql: str) -> str:
    return f"CASE WHEN isfinite({sql}) THEN {sql} END"


def _shown(sql: str) -> str:
    """A date or a time of the years that Python knows."""
    return f"CASE WHEN {sql} >= '0001-01-01' AND {sql} < '10000-01-01' THEN {sql} END"


def _int(sql: str) -> str:
    number = f"TRY_CAST(trunc(TRY_CAST(replace({sql}, ',', '.') AS DOUBLE)) AS BIGINT)"
    return (
        f"CASE WHEN {_matches(sql, _WHOLE)} THEN TRY_CAST({sql} AS BIGINT) "
        f"WHEN {_matches(sql, _NUMBER)} THEN {number} END"
    )


def _double(sql: str) -> str:
    number = _finite(f"TRY_CAST(replace({sql}, ',', '.') AS DOUBLE)")
    return f"CASE WHEN {_matches(sql, _NUMBER)} THEN {number} END"


def _boolean(sql: str) -> str:
    text = f"lower(trim({sql}))"
    return f"CASE WHEN {text} IN ('true', '1') THEN true WHEN {text} IN ('false', '0') THEN false END"


def _day(sql: str) -> str:
    return _shown(f"TRY_CAST({sql} AS DATE)")


def _time(sql: str) -> str:
    """A time in UTC: DuckDB's cast to TIMESTAMP passes over an offset."""
    has_offset = rf"regexp_matches({sql}, ':[0-9.,:]+[-+]')"
    time = (
        f"CASE WHEN {has_offset} THEN make_timestamp(epoch_us(TRY_CAST({sql} AS TIMESTAMPTZ))) "
        f"ELSE TRY_CAST({sql} AS TIMESTAMP) END"
    )
    return _shown(f"({time})")


def _date(sql: str) -> str:
    """A date; of a time, the date in its own offset."""
    return (
        f"CASE WHEN {_matches(sql, _DAY)} THEN {_day(sql)} "
        f"WHEN {_matches(sql, _TIME)} AND {_time(sql)} IS NOT NULL THEN {_day(sql)} END"
    )


def _datetime(sql: str) -> str:
    return f"CASE WHEN {_matches(sql, _PATTERNS['datetime'])} THEN {_time(sql)} END"


def _coordinates(sql: str) -> str:
    lat, lon = (f"TRY_CAST(split_part({sql}, ',', {part}) AS DOUBLE)" for part in (1, 2))
    return f"CASE WHEN abs({lat}) <= 90 AND abs({lon}) <= 180 THEN {{'lon': {lon}, 'lat': {lat}}} END"


def _point(sql: str) -> str:
    return f"CASE WHEN {_matches(sql, _POINT)} THEN {_coordinates(sql)} END"


DETECTED: dict[str, Callable[[str], str]] = {
    "int": lambda sql: f"TRY_CAST({sql} AS BIGINT)",
    "double": lambda sql: _finite(f"TRY_CAST({sql} AS DOUBLE)"),
    "date": _day,
    "datetime": _time,
    "geo_point_2d": _coordinates,
}

_CASTS: dict[str, Callable[[str], str]] = {
    "text": lambda sql: sql,
    "int": _int,
    "double": _double,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "geo_point_2d": _point,
    "geo_shape": lambda sql: "NULL",
    "file": lambda sql: sql,
}
