"""The metadata of a dataset, whole, by template and by field: /datasets/{dataset_uid}/metadata/."""

from fastapi import APIRouter

from ...errors import not_found
from ...metadata.templates import Metadata, filled_in, known_fields, read_value, rederived
from ...portal import Portal
from ...state.identifiers import now
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..schemas import Route
from . import federation as linked
from .dependencies import Editable, changing
from .metadata_input import read_template, read_templates
from .schemas import MetadataValue, MetadataValueTold, Template, Templates, TemplatesTold, TemplateTold

router = APIRouter(prefix="/datasets/{dataset_uid}/metadata", tags=["Dataset metadata"], route_class=Route)


def _complete(portal: Portal, dataset: Document, new: Metadata) -> None:
    """Give a dataset other metadata: what the service derives and fills in comes to them, and `modified` may move."""
    metadata = rederived(dataset["metadata"], new)
    if portal.settings.metadata_defaults_after_put == "filled_in":
        metadata = filled_in(metadata, portal.settings)
    metadata = linked.settled(dataset, metadata)
    default = metadata.get("default", {})
    if default.get("modified_updates_on_metadata_change") is True:
        default["modified"] = now()
    dataset["metadata"] = {template: fields for template, fields in metadata.items() if fields}


def _template_of(portal: Portal, dataset: Document, template: str) -> Document:
    told = linked.show(dataset)
    if template in told:
        return dict(told[template])
    known_fields(template, portal.settings)
    if portal.settings.empty_template == "not_found":
        raise not_found()
    return {}


@router.get("/", response_model=TemplatesTold)
def get_metadata(dataset: Editable) -> Document:
    """All metadata."""
    return linked.show(dataset)


@router.put("/", response_model=TemplatesTold)
def replace_metadata(dataset: Editable, asked: Templates, caller: TheCaller, portal: ThePortal) -> Document:
    """Replace all metadata: what is not named is removed, and filled in where the service does so."""
    values = read_templates(asked, portal.settings)
    with changing(portal, dataset, caller) as fresh:
        linked.override(fresh, {**{template: {} for template in fresh["metadata"]}, **asked}, whole=True)
        _complete(portal, fresh, values)
    return linked.show(fresh)


@router.get("/{template_name}/", response_model=TemplateTold)
def get_template(template_name: str, dataset: Editable, portal: ThePortal) -> Document:
    """One template."""
    return _template_of(portal, dataset, template_name)


@router.put("/{template_name}/", response_model=TemplateTold)
def replace_template(
    template_name: str, dataset: Editable, asked: Template, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace one template: what is not named is removed from it, and filled in where the service does so."""
    values = read_template(template_name, asked, portal.settings)
    with changing(portal, dataset, caller) as fresh:
        linked.override(fresh, {template_name: asked}, whole=True)
        _complete(portal, fresh, {**fresh["metadata"], template_name: values})
    return _template_of(portal, fresh, template_name)


@router.get("/{template_name}/{template_field_name}/", response_model=MetadataValueTold)
def get_field(template_name: str, template_field_name: str, dataset: Editable) -> Document:
    """One value."""
    if template_field_name not in dataset["metadata"].get(template_name, {}):
        raise not_found()
    return linked.show_value(dataset, template_name, template_field_name)


@router.put("/{template_name}/{template_field_name}/", response_model=MetadataValueTold)
def update_field(
    template_name: str,
    template_field_name: str,
    dataset: Editable,
    asked: MetadataValue,
    *,
    caller: TheCaller,
    portal: ThePortal,
) -> Document:
    """Set one value; no other is touched, but what the service derives of it."""
    value = read_value(template_name, template_field_name, asked.value, portal.settings)
    with changing(portal, dataset, caller) as fresh:
        linked.override(fresh, {template_name: {template_field_name: asked}}, whole=False)
        fields = {**fresh["metadata"].get(template_name, {}), template_field_name: value}
        _complete(portal, fresh, {**fresh["metadata"], template_name: fields})
    return linked.show_value(fresh, template_name, template_field_name)


@router.delete("/{template_name}/{template_field_name}/", status_code=204)
def delete_field(
    template_name: str, template_field_name: str, dataset: Editable, caller: TheCaller, portal: ThePortal
) -> None:
    """Remove one value; where the service fills one in, or a remote one is there, that comes back."""
    with changing(portal, dataset, caller) as fresh:
        fields = dict(fresh["metadata"].get(template_name, {}))
        if template_field_name not in fields:
            raise not_found()
        del fields[template_field_name]
        linked.follow(fresh, template_name, template_field_name)
        _complete(portal, fresh, {**fresh["metadata"], template_name: fields})
