"""The description of a published dataset in the catalog of the Explore API."""

from typing import Any

from ..state.public_view import PublishedDataset
from .rendering import Field
from .visibility import Visibility

_DEFAULT_METAS = (
    "title",
    "description",
    "theme",
    "keyword",
    "license",
    "license_url",
    "language",
    "metadata_languages",
    "timezone",
    "modified",
    "modified_updates_on_metadata_change",
    "modified_updates_on_data_change",
    "data_processed",
    "metadata_processed",
    "geographic_reference",
    "geographic_reference_auto",
    "territory",
    "geometry_types",
    "bbox",
    "publisher",
    "references",
    "records_count",
    "attributions",
    "source_domain",
    "source_domain_title",
    "source_domain_address",
    "source_dataset",
    "shared_catalog",
    "federated",
    "oauth_scope",
    "parent_domain",
    "update_frequency",
)
"""The fields that the template `default` always contains, null where a dataset has no value."""

_TIMES = ("modified", "data_processed", "metadata_processed")
_APPLICATION = frozenset({"internal", "visualization", "asset_content_configuration"})
"""Templates with settings of the portal's pages, included on request only."""

_FEATURES = {
    "date": ("analyze", "timeserie"),
    "datetime": ("analyze", "timeserie"),
    "int": ("analyze",),
    "double": ("analyze",),
    "geo_point_2d": ("geo",),
    "geo_shape": ("geo",),
    "file": ("image",),
}
"""The features of a dataset by the types of its fields."""


def describe(dataset: PublishedDataset, visibility: Visibility, *, include_app_metas: bool) -> dict[str, Any]:
    """The dataset as the catalog contains it, limited to its visible part."""
    fields = visibility.fields(dataset.fields)
    return {
        "visibility": "restricted" if dataset.is_restricted else "domain",
        "dataset_id": dataset.dataset_id,
        "dataset_uid": dataset.uid,
        "has_records": bool(dataset.fields),
        "features": sorted({feature for field in fields for feature in _FEATURES.get(field["type"], ())}),
        "attachments": [],
        "alternative_exports": [],
        "data_visible": visibility.is_data_visible,
        "fields": [_field(field) for field in fields],
        "metas": _metas(dataset, include_app_metas),
    }


def _field(field: Field) -> Field:
    members = ("name", "label", "type", "description", "annotations")
    return {member: field[member] for member in members}


def _metas(dataset: PublishedDataset, include_app_metas: bool) -> dict[str, dict[str, Any]]:
    shown = {
        template: values
        for template, values in dataset.metadata.items()
        if include_app_metas or template not in _APPLICATION
    }
    default: dict[str, Any] = dict.fromkeys(_DEFAULT_METAS)
    default |= shown.pop("default", {})
    default |= {
        "records_count": dataset.record_count,
        "data_processed": dataset.data_processed,
        "metadata_processed": dataset.metadata_processed,
    }
    for name in _TIMES:
        default[name] = _with_offset(default[name])
    if default["language"] and not default["metadata_languages"]:
        default["metadata_languages"] = [default["language"]]
    return {"default": default, **shown}


def _with_offset(value: str | None) -> str | None:
    """A time in the form of the Explore API, with an offset in the place of the Z."""
    return value.removesuffix("Z") + "+00:00" if value and value.endswith("Z") else value
