"""The forms of the functions of `metadata` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

import pulumi

from ..later import later
from ..metadata import (
    MetadataFieldInfo,
    MetadataSuggestions,
    MetadataTemplateInfo,
    MetadataValueInfo,
    MetadataValues,
    get_dataset_metadata,
    get_metadata_field,
    get_metadata_template,
    list_metadata_fields,
    list_metadata_templates,
    suggest_metadata_values,
)


@overload
def get_dataset_metadata_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[Mapping[str, MetadataValues]]: ...


@overload
def get_dataset_metadata_output(
    dataset: pulumi.Input[str], *, template: pulumi.Input[str], portal: pulumi.Input[str | None] = None
) -> pulumi.Output[MetadataValues]: ...


@overload
def get_dataset_metadata_output(
    dataset: pulumi.Input[str],
    *,
    template: pulumi.Input[str],
    name: pulumi.Input[str],
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[MetadataValueInfo]: ...


def get_dataset_metadata_output(
    dataset: pulumi.Input[str],
    *,
    template: pulumi.Input[str | None] = None,
    name: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[Any]:
    """Return the metadata of a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        template: only the values of this template; one without values is not found.
        name: only the value of this field of the template.
        portal: one of the portals under `opendatasoft:portals`.

    Returns:
        The values by field within template; with `template` the values by field; with `name` the value.
    """
    return later(get_dataset_metadata, {"dataset": dataset, "template": template, "name": name, "portal": portal})


def get_metadata_template_output(
    name: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[MetadataTemplateInfo]:
    """Return a metadata template by its name.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_metadata_template, {"name": name, "portal": portal})


def list_metadata_templates_output(
    *,
    is_active: pulumi.Input[bool | None] = None,
    type: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[MetadataTemplateInfo]]:
    """Return the metadata templates: all, the active or inactive ones, or those of a type (`basic`, `admin`, …).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_metadata_templates, {"is_active": is_active, "type": type, "portal": portal})


def list_metadata_fields_output(
    template: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[MetadataFieldInfo]]:
    """Return the fields of a metadata template.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_metadata_fields, {"template": template, "portal": portal})


def get_metadata_field_output(
    template: pulumi.Input[str], name: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[MetadataFieldInfo]:
    """Return a field of a metadata template by its name.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_metadata_field, {"template": template, "name": name, "portal": portal})


def suggest_metadata_values_output(
    template: pulumi.Input[str],
    name: pulumi.Input[str],
    *,
    query: pulumi.Input[str | None] = None,
    count: pulumi.Input[int | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[MetadataSuggestions]:
    """Return the values that the portal suggests for a metadata field.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        template: the name of the template.
        name: the name of the field.
        query: the beginning of the value.
        count: so many values at most.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        suggest_metadata_values, {"template": template, "name": name, "query": query, "count": count, "portal": portal}
    )
