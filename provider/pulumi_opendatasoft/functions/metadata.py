"""Functions that read the metadata of a dataset, and the templates that define them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from ..errors import ArgumentError
from .calls import Portal, ending_programs
from .info import Info
from .related import RelatedUser

MetadataValues = Mapping[str, "MetadataValueInfo"]


class MetadataValueInfo(Info):
    """The value of a metadata field; `remote_value` is that of the portal from which the dataset comes."""

    value: Any
    remote_value: Any
    override_remote_value: bool | None


class MetadataFieldInfo(Info):
    """A field of a metadata template."""

    name: str
    type: str | None
    label: str | None
    labels: Mapping[str, Mapping[str, str]]
    help_text: str | None
    choices: Sequence[str]
    requirement_level: str | None
    suggest_url: str | None
    i18n: bool | None
    is_filter: bool | None
    is_hidden: bool | None
    self_suggest: bool | None


class MetadataTemplateInfo(Info):
    """A metadata template; `schema` are its fields."""

    name: str
    title: str | None
    type: str | None
    is_active: bool | None
    is_always_active: bool | None
    is_system: bool | None
    schema: Sequence[MetadataFieldInfo]
    created_at: str | None
    created_by: RelatedUser | None
    updated_at: str | None
    updated_by: RelatedUser | None


class MetadataSuggestions(Info):
    """Values that the portal suggests for a metadata field."""

    hits: Sequence[str]
    nb_hits: int | None
    page: int | None
    hits_per_page: int | None
    query: str | None


@overload
def get_dataset_metadata(dataset: str, *, portal: str | None = None) -> Mapping[str, MetadataValues]: ...
@overload
def get_dataset_metadata(dataset: str, *, template: str, portal: str | None = None) -> MetadataValues: ...
@overload
def get_dataset_metadata(dataset: str, *, template: str, name: str, portal: str | None = None) -> MetadataValueInfo: ...
def get_dataset_metadata(
    dataset: str, *, template: str | None = None, name: str | None = None, portal: str | None = None
) -> Any:
    """Return the metadata of a dataset.

    Args:
        dataset: its uid or its dataset_id.
        template: only the values of this template; one without values is not found.
        name: only the value of this field of the template.
        portal: one of the portals under `opendatasoft:portals`.

    Returns:
        The values by field within template; with `template` the values by field; with `name` the value.
    """
    if name is not None and template is None:
        with ending_programs():
            raise ArgumentError("get_dataset_metadata: a name needs the template in which the field is")
    at = Portal(portal)
    uid = at.dataset(dataset)
    if template is None:
        return {name: _values(values) for name, values in at.get("/datasets/{}/metadata/", uid).items()}
    if name is None:
        return _values(at.get("/datasets/{}/metadata/{}/", uid, template))
    return MetadataValueInfo(at.get("/datasets/{}/metadata/{}/{}/", uid, template, name))


def get_metadata_template(name: str, *, portal: str | None = None) -> MetadataTemplateInfo:
    """Return a metadata template by its name."""
    return MetadataTemplateInfo(Portal(portal).get("/metadata/templates/{}/", name))


def list_metadata_templates(
    *, is_active: bool | None = None, type: str | None = None, portal: str | None = None
) -> list[MetadataTemplateInfo]:
    """Return the metadata templates: all, the active or inactive ones, or those of a type (`basic`, `admin`, …)."""
    active = None if is_active is None else str(is_active).lower()
    return MetadataTemplateInfo.of(Portal(portal).all("/metadata/templates/", is_active=active, type=type))


def list_metadata_fields(template: str, *, portal: str | None = None) -> list[MetadataFieldInfo]:
    """Return the fields of a metadata template."""
    return MetadataFieldInfo.of(Portal(portal).all("/metadata/templates/{}/fields/", template))


def get_metadata_field(template: str, name: str, *, portal: str | None = None) -> MetadataFieldInfo:
    """Return a field of a metadata template by its name."""
    return MetadataFieldInfo(Portal(portal).get("/metadata/templates/{}/fields/{}/", template, name))


def suggest_metadata_values(
    template: str, name: str, *, query: str | None = None, count: int | None = None, portal: str | None = None
) -> MetadataSuggestions:
    """Return the values that the portal suggests for a metadata field.

    Args:
        template: the name of the template.
        name: the name of the field.
        query: the beginning of the value.
        count: so many values at most.
        portal: one of the portals under `opendatasoft:portals`.
    """
    path = "/metadata/templates/{}/fields/{}/suggest/"
    return MetadataSuggestions(Portal(portal).get(path, template, name, query=query, count=count))


def _values(values: Any) -> dict[str, MetadataValueInfo]:
    """The values of a template, which an odd portal may send as something else than an object."""
    fields = dict(values) if isinstance(values, Mapping) else {}
    return {
        name: MetadataValueInfo(field if isinstance(field, Mapping) else {"value": field})
        for name, field in fields.items()
    }
