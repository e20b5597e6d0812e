"""The metadata templates of a portal, their fields, and the values that the service fills in.

The fields of the four standard templates are those of the service's description and of observed responses. The emulator
takes any field in the other templates that its settings name; those that a portal was given have their own fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ApiError, invalid, not_found
from ..state.identifiers import now
from ..state.settings import Settings
from .field_types import (
    BOOLEAN,
    DATETIME,
    DESCRIPTION,
    FACETS,
    LANGUAGE,
    LANGUAGES_BY_FIELD,
    TEXT,
    TEXT_OR_TEXTS,
    TEXTS,
    TIMEZONE,
    WEIGHTS_BY_FIELD,
    FieldType,
    as_datetime,
)
from .portal_templates import PortalTemplates

Metadata = dict[str, dict[str, Any]]
"""Bare values by template and field."""

_LICENSES = {
    "cc_by": "CC BY 4.0",
    "cc_by_sa": "CC BY-SA 4.0",
    "cc_zero": "CC0 1.0",
    "odc_odbl": "Open Database License (ODbL)",
    "etalab_2": "Licence Ouverte v2.0 (Etalab)",
}


TEMPLATES: dict[str, dict[str, FieldType]] = {
    "default": {
        "title": TEXT,
        "description": DESCRIPTION,
        "keyword": TEXTS,
        "modified": DATETIME,
        "modified_updates_on_metadata_change": BOOLEAN,
        "modified_updates_on_data_change": BOOLEAN,
        "geographic_reference": TEXTS,
        "geographic_reference_auto": BOOLEAN,
        "language": LANGUAGE,
        "timezone": TIMEZONE,
        "publisher": TEXT,
        "references": TEXT,
        "attributions": TEXTS,
        "license": TEXT,
        "license_id": TEXT,
        "license_url": TEXT,
        "theme": TEXTS,
    },
    "visualization": {
        "analyze_disabled": BOOLEAN,
        "analyze_default": TEXT,
        "table_fields": TEXTS,
        "table_default_sort_field": TEXT,
        "table_default_sort_direction": TEXT,
        "map_disabled": BOOLEAN,
        "map_marker_picto": TEXT,
        "map_marker_color": TEXT,
        "map_marker_hidemarkershape": BOOLEAN,
        "map_tooltip_title": TEXT,
        "map_tooltip_fields": TEXTS,
        "map_tooltip_disabled": BOOLEAN,
        "map_tooltip_html_enabled": BOOLEAN,
        "map_tooltip_html": TEXT,
        "map_tooltip_sort_field": TEXT,
        "map_tooltip_sort_direction": TEXT,
        "map_basemap": TEXT,
        "images_disabled": BOOLEAN,
        "media_gallery_fields": TEXTS,
        "image_title": TEXT,
        "image_fields": TEXTS,
        "image_tooltip_html_enabled": BOOLEAN,
        "image_tooltip_html": TEXT_OR_TEXTS,
        "calendar_enabled": BOOLEAN,
        "calendar_event_title": TEXT,
        "calendar_event_start": TEXT,
        "calendar_event_end": TEXT,
        "calendar_tooltip_html_enabled": BOOLEAN,
        "calendar_tooltip_html": TEXT,
        "calendar_tooltip_fields": TEXTS,
        "calendar_event_color": TEXT,
        "calendar_available_views": TEXT,
        "calendar_default_view": TEXT,
        "custom_view_enabled": BOOLEAN,
        "custom_view_html": TEXT,
        "custom_view_css": TEXT,
        "custom_view_icon": TEXT,
        "custom_view_title": TEXT,
        "custom_view_slug": TEXT,
    },
    "internal": {
        "license_id": TEXT,
        "theme_id": TEXTS,
        "draft": BOOLEAN,
        "category_id": TEXT,
        "metadata_source_language": TEXT,
    },
    "asset_content_configuration": {
        "facets": FACETS,
        "fields_displayed_in_specific_languages": LANGUAGES_BY_FIELD,
        "records_search_boosts": WEIGHTS_BY_FIELD,
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


def with_defaults(metadata: Metadata, settings: Settings) -> Metadata:
    """The metadata with the service's defaults for fields without a value."""
    completed = {template: dict(fields) for template, fields in metadata.items()}
    for template, field, value in _defaults(metadata, settings):
        completed.setdefault(template, {}).setdefault(field, value)
    return completed


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


def without_outdated_values(old: Metadata, new: Metadata) -> Metadata:
    """The new metadata without derived values whose source has changed."""
    updated = {template: dict(fields) for template, fields in new.items()}

    def value(metadata: Metadata, path: tuple[str, str]) -> Any:
        return metadata.get(path[0], {}).get(path[1])

    for source, derived in _DERIVED:
        if value(old, source) != value(updated, source) and value(old, derived) == value(updated, derived):
            updated.get(derived[0], {}).pop(derived[1], None)
    return updated


def known_fields(template: str, templates: PortalTemplates) -> Mapping[str, FieldType] | None:
    """The fields of a template; None when it takes any field.

    Raises a 404, or the error that the settings choose, for a template that does not exist or is not active.
    """
    try:
        return templates.active_fields(template)
    except LookupError:
        raise _unknown(templates.settings, template, "Unknown metadata template.") from None


def read_value(template: str, field: str, value: Any, templates: PortalTemplates) -> Any:
    """The stored form of a value.

    Args:
        template: The name of the template.
        field: The name of the field.
        value: The bare value.
        templates: The templates of the portal.

    Raises:
        ApiError: A 400 that names the member `value` when the value is invalid or empty; the error that the
            settings choose for an unknown template or field.
    """
    field_types = known_fields(template, templates)
    field_type = TEXT if field_types is None else field_types.get(field)
    if field_type is None:
        raise _unknown(templates.settings, field, "Unknown metadata field.")
    if value is None or value in ("", []):
        raise invalid(value="This field may not be empty.")
    if field_types is None:
        return as_datetime(value) if field in _DATETIMES_OF_OPEN_TEMPLATES else value
    if problem := field_type.problem(value):
        raise invalid(value=problem)
    return field_type.stored(value)


def _unknown(settings: Settings, name: str, message: str) -> ApiError:
    if settings.unknown_metadata == "not_found":
        return not_found()
    return invalid(**{name: message})
