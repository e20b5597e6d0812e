"""The types of metadata fields: their JSON schema, their validation, and the stored form of their values."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")
"""The languages that the service's description names."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)
_FACET_SORTS = ("count", "num", "alphanum", "-count", "-num", "-alphanum")

Problem = Callable[[Any], str | None]
"""Returns the error of a value, or None."""


@dataclass(frozen=True)
class FieldType:
    """A type of metadata field: its JSON schema, its validation, and the stored form of a valid value."""

    schema: dict[str, Any]
    problem: Problem
    stored: Callable[[Any], Any] = lambda value: value
    name: str = "text"
    """Its name in the schema of a template."""


def as_datetime(value: Any) -> Any:
    """A date or a datetime in UTC: "2024-05-01" becomes "2024-05-01T00:00:00Z"."""
    timestamp = _timestamp(value)
    return value if timestamp is None else timestamp.isoformat(timespec="seconds") + "Z"


def _timestamp(value: Any) -> datetime | None:
    """A datetime in UTC without its zone; None for any other value."""
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        return None
    try:
        # Python takes no lower-case letters at the end, and drops what is finer than a microsecond.
        timestamp = datetime.fromisoformat(value.upper())
        return (timestamp.astimezone(UTC) if timestamp.tzinfo else timestamp).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def as_html(value: Any) -> Any:
    """Text as safe HTML: without scripts, and in a paragraph unless it begins with an element."""
    if not isinstance(value, str):
        return value
    safe = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", value)
    return safe if re.match(r"\s*<", safe) else f"<p>{safe}</p>"


def _check(fits: Callable[[Any], bool], message: str) -> Problem:
    return lambda value: None if fits(value) else message


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _texts_problem(value: Any) -> str | None:
    if not _is_list_of_text(value):
        return "Expected a list of items."
    return None if all(value) else "This field may not be blank."


def _facet_problem(value: Any) -> str | None:
    if not isinstance(value, list):
        return "Expected a list of items."
    for facet in value:
        if not isinstance(facet, dict) or not isinstance(facet.get("field_name"), str):
            return "Each facet needs a field_name."
        if facet.get("facetsort", "count") not in _FACET_SORTS:
            return f'"{facet["facetsort"]}" is not a valid choice.'
        if not all(isinstance(facet.get(switch, False), bool) for switch in ("disjunctive", "timerange_filter")):
            return "Must be a valid boolean."
    return None


def _mapping(of: str, schema: dict[str, Any], fits: Callable[[Any], bool]) -> FieldType:
    def problem(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "Expected a dictionary of items."
        return None if all(fits(item) for item in value.values()) else f"Expected a dictionary of {of}."

    return FieldType({"type": "object", "additionalProperties": schema}, problem, name="longstring")


def _is_weight(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@functools.cache
def _timezones() -> frozenset[str]:
    """The names of all timezones, which are read from many files."""
    return frozenset(available_timezones())


_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_FACET = {
    "type": "object",
    "required": ["field_name"],
    "properties": {
        "field_name": {"type": "string"},
        "facetsort": {"type": "string", "enum": list(_FACET_SORTS)},
        "disjunctive": {"type": "boolean"},
        "timerange_filter": {"type": "boolean"},
    },
}

TEXT = FieldType(_TEXT, _check(lambda value: isinstance(value, str), "Not a valid string."))
DESCRIPTION = FieldType(_TEXT, TEXT.problem, as_html, "html")
DATETIME = FieldType(
    {**_TEXT, "format": "date-time"},
    _check(lambda value: _timestamp(value) is not None, "Datetime has wrong format."),
    as_datetime,
    "datetime",
)
BOOLEAN = FieldType(
    {"type": "boolean"}, _check(lambda value: isinstance(value, bool), "Must be a valid boolean."), name="boolean"
)
TEXTS = FieldType(_TEXTS, _texts_problem, name="list")
TEXT_OR_TEXTS = FieldType(
    {"anyOf": [_TEXT, _TEXTS]},
    lambda value: None if isinstance(value, str) else _texts_problem(value) and "Not a valid string.",
    name="multitext",
)
LANGUAGE = FieldType(
    {"type": "string", "enum": list(LANGUAGES)},
    lambda value: None if value in LANGUAGES else f'"{value}" is not a valid choice.',
    name="enum",
)
TIMEZONE = FieldType(
    _TEXT, lambda value: TEXT.problem(value) or (None if value in _timezones() else "Enter a valid timezone.")
)
FACETS = FieldType({"type": "array", "items": _FACET}, _facet_problem, name="longstring")
LANGUAGES_BY_FIELD = _mapping("lists of languages", _TEXTS, lambda value: _texts_problem(value) is None)
WEIGHTS_BY_FIELD = _mapping("whole numbers", {"type": "integer", "minimum": 0}, _is_weight)
