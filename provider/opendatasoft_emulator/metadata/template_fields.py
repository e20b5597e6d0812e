"""The fields of the templates that a portal was given: their types, by name, and what these accept.

The names of the types are those of the service's description, which does not state what each of them accepts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from .field_types import BOOLEAN, DATETIME, DESCRIPTION, TEXT, TEXT_OR_TEXTS, TEXTS, FieldType

REQUIREMENT_LEVELS = ("optional", "recommended", "mandatory")
"""The levels, which are indicative: a mandatory field may be without a value."""

DEFAULTS: Mapping[str, Any] = {
    "type": "text",
    "label": None,
    "help_text": None,
    "is_hidden": False,
    "self_suggest": False,
    "is_filter": False,
    "i18n": False,
    "suggest_url": None,
    "choices": None,
    "labels": None,
    "requirement_level": "optional",
}
"""The members of a field that were not given."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _of(name: str, schema: dict[str, Any], fits: Callable[[Any], bool], message: str) -> FieldType:
    return FieldType(schema, lambda value: None if fits(value) else message, name=name)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and bool(_DATE.fullmatch(value)) and DATETIME.problem(value) is None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_shape(value: Any) -> bool:
    """Whether a value is a geometry in GeoJSON."""
    if not isinstance(value, dict):
        return False
    # With numpy, shapely takes a tenth of a second to load, and few portals have such a field.
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        return not shape(value).is_empty
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return False


def _is_uri(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


_TEXT = {"type": "string"}
_URI = _of("uri_enum", _TEXT, _is_uri, "Enter a valid URI.")
_ONE_OF = {"enum": TEXT, "uri_enum": _URI}
_SOME_OF = {"enumlist": TEXT, "uri_enumlist": _URI}
_PLAIN: Mapping[str, FieldType] = {
    "text": TEXT,
    "longstring": TEXT,
    "html": DESCRIPTION,
    "multitext": TEXT_OR_TEXTS,
    "list": TEXTS,
    "geo_area": TEXTS,
    "date": _of("date", _TEXT, _is_date, "Date has wrong format. Use YYYY-MM-DD."),
    "datetime": DATETIME,
    "boolean": BOOLEAN,
    "int": _of("int", {"type": "integer"}, _is_whole, "A valid integer is required."),
    "double": _of("double", {"type": "number"}, _is_number, "A valid number is required."),
    "geo_shape": _of("geo_shape", {"type": "object"}, _is_shape, "Enter a valid GeoJSON geometry."),
}

FIELD_TYPES = (*_PLAIN, *_ONE_OF, *_SOME_OF)
"""The names of all types."""


def field_type(field: Mapping[str, Any]) -> FieldType:
    """The type of a field in the schema of a template, with the field's choices."""
    name, choices = str(field["type"]), field.get("choices")
    if name in _ONE_OF:
        one = _ONE_OF[name]
        return FieldType(one.schema, lambda value: one.problem(value) or _not_among(choices, [value]), name=name)
    if name in _SOME_OF:
        item = _SOME_OF[name]

        def problem(value: Any) -> str | None:
            return TEXTS.problem(value) or next(filter(None, map(item.problem, value)), _not_among(choices, value))

        return FieldType(TEXTS.schema, problem, name=name)
    return _PLAIN[name]


def _not_among(choices: Sequence[str] | None, values: Sequence[str]) -> str | None:
    """The error of the first value that is no choice; every value is one where a field has no choices."""
    if choices is None:
        return None
    return next((f'"{value}" is not a valid choice.' for value in values if value not in choices), None)


def choice_problem(name: str, choice: str) -> str | None:
    """The error of one of the `choices` of a field of this type, which are texts; None where the type accepts it."""
    if not choice:
        return "This field may not be blank."
    if name in ("uri_enum", "uri_enumlist"):
        return _URI.problem(choice)
    if name == "boolean":
        return None if choice in ("true", "false") else BOOLEAN.problem(choice)
    if name in ("int", "double"):
        try:
            return _PLAIN[name].problem(int(choice) if name == "int" else float(choice))
        except ValueError:
            return _PLAIN[name].problem(None)
    if name in ("date", "datetime"):
        return _PLAIN[name].problem(choice)
    return None
