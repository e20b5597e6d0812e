"""A value and another one for every metadata field that has a property of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi_opendatasoft as ods

from .rows import ANYTHING, Follows, Row

READS = 2
"""The reads of an update: the dataset with its metadata, and its status."""

DEFAULT: dict[str, tuple[Any, Any]] = {
    "title": ("Air", "Air quality"),
    "description": ("Fine dust", "Coarse dust"),
    "keyword": (["wind", "air"], ["dust"]),
    "modified": ("2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"),
    "modified_updates_on_metadata_change": (False, True),
    "modified_updates_on_data_change": (False, True),
    "geographic_reference": (["ch_40_12"], ["ch_40_1"]),
    "geographic_reference_auto": (False, True),
    "language": ("en", "de"),
    "timezone": ("Europe/Zurich", "Europe/Rome"),
    "publisher": ("The city", "The canton"),
    "references": ("https://data.example.com", "https://new.example.com"),
    "attributions": (["https://data.example.com"], ["https://new.example.com"]),
}

VISUALIZATION: dict[str, tuple[Any, Any]] = {
    "analyze_disabled": (False, True),
    "analyze_default": ("line", "bar"),
    "table_fields": (["day", "pm10"], ["pm10", "day"]),
    "table_default_sort_field": ("day", "pm10"),
    "table_default_sort_direction": ("asc", "desc"),
    "map_disabled": (False, True),
    "map_marker_picto": ("leaf", "tree"),
    "map_marker_color": ("#00ff00", "#ff0000"),
    "map_marker_hidemarkershape": (False, True),
    "map_tooltip_title": ("day", "pm10"),
    "map_tooltip_fields": (["day", "pm10"], ["pm10", "day"]),
    "map_tooltip_disabled": (False, True),
    "map_tooltip_html_enabled": (False, True),
    "map_tooltip_html": ("<p>{{pm10}}</p>", "<b>{{pm10}}</b>"),
    "map_tooltip_sort_field": ("day", "pm10"),
    "map_tooltip_sort_direction": ("asc", "desc"),
    "map_basemap": ("streets", "satellite"),
    "images_disabled": (False, True),
    "media_gallery_fields": (["photo"], ["picture"]),
    "image_title": ("day", "pm10"),
    "image_fields": (["day", "pm10"], ["pm10", "day"]),
    "image_tooltip_html_enabled": (False, True),
    "image_tooltip_html": ("<p>{{day}}</p>", "<b>{{day}}</b>"),
    "calendar_enabled": (False, True),
    "calendar_event_title": ("day", "pm10"),
    "calendar_event_start": ("day", "pm10"),
    "calendar_event_end": ("day", "pm10"),
    "calendar_tooltip_html_enabled": (False, True),
    "calendar_tooltip_html": ("<p>{{day}}</p>", "<b>{{day}}</b>"),
    "calendar_tooltip_fields": (["day", "pm10"], ["pm10", "day"]),
    "calendar_event_color": ("#00ff00", "#ff0000"),
    "calendar_available_views": ("month", "month,agendaWeek"),
    "calendar_default_view": ("month", "agendaWeek"),
    "custom_view_enabled": (False, True),
    "custom_view_html": ("<p>Air</p>", "<b>Air</b>"),
    "custom_view_css": ("p { color: red }", "p { color: blue }"),
    "custom_view_icon": ("leaf", "tree"),
    "custom_view_title": ("Air", "Dust"),
    "custom_view_slug": ("air", "dust"),
}

INTERNAL: dict[str, tuple[Any, Any]] = {
    "license_id": ("cc_by", "cc_zero"),
    "theme_id": (["clean_air"], ["dust"]),
    "draft": (False, True),
}

REWRITTEN: dict[str, str] = {"description": "<p>Coarse dust</p>"}
"""The other value as the portal returns it, where it rewrites it."""

DERIVED: dict[str, Mapping[str, Any]] = {
    "license_id": {"metadata.default.license": Follows("CC0 1.0")},
    "theme_id": {"metadata.default.theme": Follows(["Dust"])},
    "modified_updates_on_metadata_change": {"metadata.default.modified": ANYTHING},
}
"""The further differences that come with the other value of a field."""


def facet(**other: Any) -> ods.Facet:
    """A filter for the records."""
    return ods.Facet(
        **{"field_name": "day", "facetsort": "count", "disjunctive": False, "timerange_filter": False, **other}
    )


def metadata(
    default: Mapping[str, Any] | None = None,
    visualization: Mapping[str, Any] | None = None,
    internal: Mapping[str, Any] | None = None,
    templates: Mapping[str, Any] | None = None,
    **content: Any,
) -> ods.Metadata:
    """Every field, some of them with another value."""
    return ods.Metadata(
        default=ods.DefaultMetadata(**_first(DEFAULT) | dict(default or {})),
        visualization=ods.VisualizationMetadata(**_first(VISUALIZATION) | dict(visualization or {})),
        internal=ods.InternalMetadata(**_first(INTERNAL) | dict(internal or {})),
        asset_content_configuration=ods.AssetContentConfiguration(
            **{
                "facets": [facet()],
                "fields_displayed_in_specific_languages": {"day": ["en"]},
                "records_search_boosts": {"day": 2},
                **content,
            }
        ),
        templates={
            "custom": ods.TemplateMetadata(fields={"tags": ["air"]}),
            "catalog": ods.TemplateMetadata(template="dcat", fields={"creator": "The city"}),
            **(templates or {}),
        },
    )


def _first(fields: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {name: value for name, (value, _) in fields.items()}


def _put(template: str, field: str) -> tuple[str, ...]:
    return (f"PUT /datasets/{{uid}}/metadata/{template}/{field}/",)


def _row(template: str, field: str, other: Any) -> Row:
    path = f"metadata.{template}.{field}"
    return Row(
        path,
        lambda _: {"metadata": metadata(**{template: {field: other}})},
        {path: REWRITTEN.get(field, other), **DERIVED.get(field, {})},
        _put(template, field),
        reads=READS,
        # The portal may change `modified` by itself, so only a change of the program counts.
        drifts=field != "modified",
        moved=("metadata.default.modified",) if field == "modified_updates_on_metadata_change" else (),
    )


def _content(path: str, field: str, other: Any, actual: Any, *, actual_path: str) -> Row:
    """A row for a field of `asset_content_configuration`.

    Args:
        path: the property path below the template.
        field: the name of the field.
        other: makes its other value.
        actual: the expected value on the portal.
        actual_path: the path of the expected value below the template.
    """
    return Row(
        f"metadata.asset_content_configuration.{path}",
        lambda _: {"metadata": metadata(**{field: other()})},
        {f"metadata.asset_content_configuration.{actual_path}": actual},
        _put("asset_content_configuration", field),
        reads=READS,
        keys=("day",),
    )


def rows() -> Iterator[Row]:
    """A row for every field."""
    for template, fields in (("default", DEFAULT), ("visualization", VISUALIZATION), ("internal", INTERNAL)):
        for field, (_, other) in fields.items():
            yield _row(template, field, other)
    for name, other in {
        "field_name": "pm10",
        "facetsort": "-count",
        "disjunctive": True,
        "timerange_filter": True,
    }.items():
        yield _content(f"facets[].{name}", "facets", _facets(name, other), other, actual_path=f"facets[0].{name}")
    languages = "fields_displayed_in_specific_languages"
    yield _content(languages, languages, lambda: {"day": ["de"]}, ["de"], actual_path=f"{languages}.day")
    boosts = "records_search_boosts"
    yield _content(boosts, boosts, lambda: {"day": 3}, 3, actual_path=f"{boosts}.day")
    yield Row(
        "metadata.templates[].fields",
        lambda _: {"metadata": metadata(templates={"custom": ods.TemplateMetadata(fields={"tags": ["dust"]})})},
        {"metadata.custom.tags": ["dust"]},
        _put("custom", "tags"),
        reads=READS,
        keys=("custom", "tags"),
    )
    moved = {"catalog": ods.TemplateMetadata(template="inspire", fields={"creator": "The city"})}
    yield Row(
        "metadata.templates[].template",
        lambda _: {"metadata": metadata(templates=moved)},
        {"metadata.dcat.creator": None, "metadata.inspire.creator": "The city"},
        ("DELETE /datasets/{uid}/metadata/dcat/creator/", *_put("inspire", "creator")),
        reads=READS,
        drifts=False,
        back=(*_put("dcat", "creator"), "DELETE /datasets/{uid}/metadata/inspire/creator/"),
    )


def _facets(name: str, other: Any) -> Any:
    return lambda: [facet(**{name: other})]
