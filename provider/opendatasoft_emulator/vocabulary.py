"""The metadata of datasets: which templates and fields a portal has, what each holds, and what it fills in by itself.

The fields of the four standard templates are those of the service's description, and those that real answers show
beside them. Other templates belong to a portal; the emulator takes any field in those that it is told to have.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, invalid, not_found
from .identifiers import now
from .settings import Settings

Metadata = dict[str, dict[str, Any]]
"""Bare values by template and field."""

LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")

_LICENSES = {
    "cc_by": "CC BY 4.0",
    "cc_by_sa": "CC BY-SA 4.0",
    "cc_zero": "CC0 1.0",
    "odc_odbl": "Open Database License (ODbL)",
    "etalab_2": "Licence Ouverte v2.0 (Etalab)",
}


@dataclass(frozen=True)
class Kind:
    """What a metadata field holds: how the service names it, whether a value fits, and how it is kept."""

    name: str
    problem: Callable[[Any], str | None]
    kept: Callable[[Any], Any] = lambda value: value


def _must(fits: Callable[[Any], bool], message: str) -> Callable[[Any], str | None]:
    return lambda value: None if fits(value) else message


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def as_datetime(value: Any) -> Any:
    """A date as a moment, and a moment with a Z: "2024-05-01" is kept as "2024-05-01T00:00:00Z"."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{value}T00:00:00Z"
    return re.sub(r"(\.\d+)?(\+00:00|Z)$", "Z", value)


def as_html(value: Any) -> Any:
    """Text as HTML that is safe to show: without scripts, and in a paragraph unless it has elements of its own."""
    if not isinstance(value, str):
        return value
    safe = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", value)
    return safe if re.match(r"\s*<", safe) else f"<p>{safe}</p>"


_NOT_TEXT = "Not a valid string."
TEXT = Kind("text", _must(lambda value: isinstance(value, str), _NOT_TEXT))
HTML = Kind("html", TEXT.problem)
DESCRIPTION = Kind("html", TEXT.problem, as_html)
DATETIME = Kind("datetime", TEXT.problem, as_datetime)
BOOLEAN = Kind("boolean", _must(lambda value: isinstance(value, bool), "Must be a valid boolean."))
LIST = Kind("list", _must(_is_list, "Expected a list of items."))
OBJECTS = Kind("list", _must(lambda value: isinstance(value, list), "Expected a list of items."))
MAPPING = Kind("mapping", _must(lambda value: isinstance(value, dict), "Expected a dictionary of items."))
TEXT_OR_LIST = Kind("html", _must(lambda value: isinstance(value, str) or _is_list(value), _NOT_TEXT))
LANGUAGE = Kind("text", lambda value: None if value in LANGUAGES else f'"{value}" is not a valid choice.')

TEMPLATES: dict[str, dict[str, Kind]] = {
    "default": {
        "title": TEXT,
        "description": DESCRIPTION,
        "keyword": LIST,
        "modified": DATETIME,
        "modified_updates_on_metadata_change": BOOLEAN,
        "modified_updates_on_data_change": BOOLEAN,
        "geographic_reference": LIST,
        "geographic_reference_auto": BOOLEAN,
        "language": LANGUAGE,
        "timezone": TEXT,
        "publisher": TEXT,
        "references": TEXT,
        "attributions": LIST,
        "license": TEXT,
        "license_id": TEXT,
        "license_url": TEXT,
        "theme": LIST,
    },
    "visualization": {
        "analyze_disabled": BOOLEAN,
        "analyze_default": TEXT,
        "table_fields": LIST,
        "table_default_sort_field": TEXT,
        "table_default_sort_direction": TEXT,
        "map_disabled": BOOLEAN,
        "map_marker_picto": TEXT,
        "map_marker_color": TEXT,
        "map_marker_hidemarkershape": BOOLEAN,
        "map_tooltip_title": TEXT,
        "map_tooltip_fields": LIST,
        "map_tooltip_disabled": BOOLEAN,
        "map_tooltip_html_enabled": BOOLEAN,
        "map_tooltip_html": HTML,
        "map_tooltip_sort_field": TEXT,
        "map_tooltip_sort_direction": TEXT,
        "map_basemap": TEXT,
        "images_disabled": BOOLEAN,
        "media_gallery_fields": LIST,
        "image_title": TEXT,
        "image_fields": LIST,
        "image_tooltip_html_enabled": BOOLEAN,
        "image_tooltip_html": TEXT_OR_LIST,
        "calendar_enabled": BOOLEAN,
        "calendar_event_title": TEXT,
        "calendar_event_start": TEXT,
        "calendar_event_end": TEXT,
        "calendar_tooltip_html_enabled": BOOLEAN,
        "calendar_tooltip_html": HTML,
        "calendar_tooltip_fields": LIST,
        "calendar_event_color": TEXT,
        "calendar_available_views": TEXT,
        "calendar_default_view": TEXT,
        "custom_view_enabled": BOOLEAN,
        "custom_view_html": HTML,
        "custom_view_css": HTML,
        "custom_view_icon": TEXT,
        "custom_view_title": TEXT,
        "custom_view_slug": TEXT,
    },
    "internal": {
        "license_id": TEXT,
        "theme_id": LIST,
        "draft": BOOLEAN,
        "category_id": TEXT,
        "metadata_source_language": TEXT,
    },
    "asset_content_configuration": {
        "facets": OBJECTS,
        "fields_displayed_in_specific_languages": MAPPING,
        "records_search_boosts": MAPPING,
        "is_explore_data_with_ai_disabled": BOOLEAN,
    },
}
"""The standard templates, which every portal has."""

_DATETIMES_OF_OPEN_TEMPLATES = frozenset({"created", "modified"})
_FALSE_UNLESS_SET = (
    ("visualization", "analyze_disabled"),
    ("visualization", "map_disabled"),
    ("visualization", "map_marker_hidemarkershape"),
    ("visualization", "map_tooltip_disabled"),
    ("visualization", "map_tooltip_html_enabled"),
    ("visualization", "images_disabled"),
    ("visualization", "image_tooltip_html_enabled"),
    ("visualization", "calendar_enabled"),
    ("visualization", "calendar_tooltip_html_enabled"),
    ("visualization", "custom_view_enabled"),
    ("internal", "draft"),
    ("default", "modified_updates_on_metadata_change"),
    ("default", "modified_updates_on_data_change"),
    ("default", "geographic_reference_auto"),
    ("asset_content_configuration", "is_explore_data_with_ai_disabled"),
)

_DERIVED = (
    (("default", "license_id"), ("internal", "license_id")),
    (("internal", "license_id"), ("default", "license")),
    (("internal", "theme_id"), ("default", "theme")),
)


def filled_in(metadata: Metadata, settings: Settings) -> Metadata:
    """The metadata with what the service fills in where nobody has set anything."""
    filled = {template: dict(fields) for template, fields in metadata.items()}
    for template, field, value in _defaults(metadata, settings):
        filled.setdefault(template, {}).setdefault(field, value)
    return filled


def _defaults(metadata: Metadata, settings: Settings) -> Iterator[tuple[str, str, Any]]:
    for template, field in _FALSE_UNLESS_SET:
        yield template, field, False
    default = metadata.get("default", {})
    yield "default", "modified", now()
    yield "default", "timezone", settings.domain_timezone
    yield "internal", "category_id", "data"
    yield "internal", "metadata_source_language", default.get("language", settings.domain_language)
    license_id = metadata.get("internal", {}).get("license_id") or default.get("license_id")
    if license_id:
        yield "internal", "license_id", license_id
        yield "default", "license", _LICENSES.get(license_id, license_id)
    if themes := metadata.get("internal", {}).get("theme_id"):
        yield "default", "theme", [theme.replace("_", " ").capitalize() for theme in themes]


def rederived(old: Metadata, new: Metadata) -> Metadata:
    """The new metadata without what was derived of another value than the one that is there now."""
    fresh = {template: dict(fields) for template, fields in new.items()}

    def value(metadata: Metadata, path: tuple[str, str]) -> Any:
        return metadata.get(path[0], {}).get(path[1])

    for source, derived in _DERIVED:
        if value(old, source) != value(fresh, source) and value(old, derived) == value(fresh, derived):
            fresh.get(derived[0], {}).pop(derived[1], None)
    return fresh


def known_fields(template: str, settings: Settings) -> dict[str, Kind] | None:
    """The fields of a template; None when any field may be in it. Raises a 404, or what the settings say."""
    if template in TEMPLATES:
        return TEMPLATES[template]
    if template in settings.open_templates:
        return None
    raise _unknown(settings, template, "Unknown metadata template.")


def read_value(template: str, field: str, value: Any, settings: Settings) -> Any:
    """A value as it is kept. Raises a 400 that names the member `value`, when it does not fit or is empty."""
    kinds = known_fields(template, settings)
    kind = TEXT if kinds is None else kinds.get(field)
    if kind is None:
        raise _unknown(settings, field, "Unknown metadata field.")
    if value is None or value in ("", []):
        raise invalid(value="This field may not be empty.")
    if kinds is None:
        return as_datetime(value) if field in _DATETIMES_OF_OPEN_TEMPLATES else value
    if problem := kind.problem(value):
        raise invalid(value=problem)
    return kind.kept(value)


def _unknown(settings: Settings, name: str, message: str) -> ApiError:
    if settings.unknown_metadata == "not_found":
        return not_found()
    return invalid(**{name: message})
