"""The metadata of a dataset, whole, by template and by field: /datasets/{dataset_uid}/metadata/."""

from fastapi import APIRouter

from ...errors import not_found
from ...metadata.templates import Metadata, known_fields, read_value, with_defaults, without_outdated_values
from ...portal import Portal
from ...state.identifiers import now
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..metadata_template import templates_of
from ..routes import Route
from . import federation
from .dependencies import Editable, changing
from .metadata_input import read_template, read_templates
from .schemas import MetadataValue, MetadataValueResponse, Template, TemplateResponse, Templates, TemplatesResponse

router = APIRouter(prefix="/datasets/{dataset_uid}/metadata", tags=["Dataset metadata"], route_class=Route)


def _complete(portal: Portal, dataset: Document, new: Metadata) -> None:
    """Set the metadata of a dataset, completed with the service's defaults and derived values."""
    metadata = without_outdated_values(dataset["metadata"], new)
    if portal.settings.metadata_defaults_after_put == "filled_in":
        metadata = with_defaults(metadata, portal.settings)
    metadata = federation.effective_metadata(dataset, metadata)
    default = metadata.get("default", {})
    if default.get("modified_updates_on_metadata_change") is True:
        default["modified"] = now()
    dataset["metadata"] = {template: fields for template, fields in metadata.items() if fields}


def _template_of(portal: Portal, dataset: Document, template: str) -> Document:
    response = federation.show(dataset)
    if template in response:
        return dict(response[template])
    known_fields(template, templates_of(portal))
    if portal.settings.empty_template == "not_found":
        raise not_found()
    return {}


@router.get("/", response_model=TemplatesResponse)
def get_metadata(dataset: Editable) -> Document:
    """All metadata."""
    return federation.show(dataset)


@router.put("/", response_model=TemplatesResponse)
def replace_metadata(dataset: Editable, body: Templates, caller: TheCaller, portal: ThePortal) -> Document:
    """Replace all metadata. Omitted values are removed, or set to the service's defaults."""
    values = read_templates(body, templates_of(portal))
    with changing(portal, dataset, caller) as current:
        federation.override(current, {**{template: {} for template in current["metadata"]}, **body}, whole=True)
        _complete(portal, current, values)
    return federation.show(current)


@router.get("/{template_name}/", response_model=TemplateResponse)
def get_template(template_name: str, dataset: Editable, portal: ThePortal) -> Document:
    """One template."""
    return _template_of(portal, dataset, template_name)


@router.put("/{template_name}/", response_model=TemplateResponse)
def replace_template(
    template_name: str, dataset: Editable, body: Template, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace one template. Omitted values are removed from it, or set to the service's defaults."""
    values = read_template(template_name, body, templates_of(portal))
    with changing(portal, dataset, caller) as current:
        federation.override(current, {template_name: body}, whole=True)
        _complete(portal, current, {**current["metadata"], template_name: values})
    return _template_of(portal, current, template_name)


@router.get("/{template_name}/{template_field_name}/", response_model=MetadataValueResponse)
def get_field(template_name: str, template_field_name: str, dataset: Editable) -> Document:
    """One value."""
    if template_field_name not in dataset["metadata"].get(template_name, {}):
        raise not_found()
    return federation.show_value(dataset, template_name, template_field_name)


@router.put("/{template_name}/{template_field_name}/", response_model=MetadataValueResponse)
def update_field(
    template_name: str,
    template_field_name: str,
    dataset: Editable,
    body: MetadataValue,
    *,
    caller: TheCaller,
    portal: ThePortal,
) -> Document:
    """Set one value. No other value changes, except those that the service derives from it."""
    value = read_value(template_name, template_field_name, body.value, templates_of(portal))
    with changing(portal, dataset, caller) as current:
        federation.override(current, {template_name: {template_field_name: body}}, whole=False)
        fields = {**current["metadata"].get(template_name, {}), template_field_name: value}
        _complete(portal, current, {**current["metadata"], template_name: fields})
    return federation.show_value(current, template_name, template_field_name)


@router.delete("/{template_name}/{template_field_name}/", status_code=204)
def delete_field(
    template_name: str, template_field_name: str, dataset: Editable, caller: TheCaller, portal: ThePortal
) -> None:
    """Remove one value. A default of the service, or a remote value, takes its place."""
    with changing(portal, dataset, caller) as current:
        fields = dict(current["metadata"].get(template_name, {}))
        if template_field_name not in fields:
            raise not_found()
        del fields[template_field_name]
        federation.follow_remote(current, template_name, template_field_name)
        _complete(portal, current, {**current["metadata"], template_name: fields})
