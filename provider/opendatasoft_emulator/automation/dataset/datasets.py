"""Datasets: /datasets/."""

from fastapi import APIRouter

from ...errors import invalid, permission_denied
from ...metadata.templates import TEMPLATES, Metadata, with_defaults, without_outdated_values
from ...portal import Portal
from ...state.identifiers import free_name, new_uid, now, slug
from ...state.permissions import DATASET_PERMISSIONS
from ...state.store import Document
from ...state.versions import Versions
from ..access_rules import permissions_on, put_rule
from ..auth import Caller, TheCaller, ThePortal
from ..metadata_template import templates_of
from ..paging import Paginated, ThePage
from ..routes import Route
from . import federation
from .dependencies import Editable, changing, dataset_of, refuse_when_busy
from .metadata_input import merged, read_templates
from .schemas import Dataset, DatasetChange, DatasetSecurity, NewDataset

router = APIRouter(prefix="/datasets", tags=["Datasets"], route_class=Route)


def show(portal: Portal, dataset: Document) -> Document:
    """The response body of a dataset, with its latest configuration, published or not."""
    status = portal.store.get("status", dataset["uid"])
    return {
        **dataset,
        "is_published": bool(status and status["is_published"]),
        "created_by": {"username": dataset["created_by"]},
        "updated_by": {"username": dataset["updated_by"]},
        "metadata": federation.show(dataset),
    }


def _is_draft(dataset: Document) -> bool:
    return dataset["metadata"].get("internal", {}).get("draft") is True


@router.get("/", response_model=Paginated[Dataset])
def list_datasets(page: ThePage, caller: TheCaller, portal: ThePortal, dataset_id: str | None = None) -> Document:
    """The datasets that the caller may edit, without drafts; `dataset_id` filters the list."""
    store = portal.store
    with store.transaction():
        found = store.all("dataset") if dataset_id is None else store.find("dataset", "dataset_id", dataset_id)
        editable = [
            dataset
            for dataset in found
            if not _is_draft(dataset)
            and (caller.has("edit_dataset") or "edit_dataset" in permissions_on(portal, caller, dataset["uid"]))
        ]
        return page.render(editable, lambda dataset: show(portal, dataset))


@router.post("/", response_model=Dataset, status_code=201)
def create_dataset(body: NewDataset, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a dataset, which is not published."""
    caller.require("create_dataset")
    settings = portal.settings
    templates = templates_of(portal, unknown_metadata=settings.unknown_metadata_at_creation)
    metadata = read_templates(body.metadata, templates, path="metadata")
    others = metadata.keys() - TEMPLATES.keys()
    if others and settings.custom_metadata_at_creation == "refused":
        raise invalid(metadata=dict.fromkeys(sorted(others), "This template cannot be set at creation."))
    if settings.custom_metadata_at_creation == "ignored":
        metadata = {template: fields for template, fields in metadata.items() if template in TEMPLATES}
    restricted = body.is_restricted if body.is_restricted is not None else settings.restrict_new_datasets
    if restricted != settings.restrict_new_datasets or body.default_security is not None:
        caller.require("manage_dataset")
    timestamp = now()
    uid = new_uid("da")
    with portal.store.transaction():
        dataset: Document = {
            "uid": uid,
            "dataset_id": _dataset_id_for(portal, uid, body, metadata),
            "is_restricted": restricted,
            "created_at": timestamp,
            "updated_at": timestamp,
            "created_by": caller.username,
            "updated_by": caller.username,
            "asset_type": "dataset",
            "default_security": (body.default_security or DatasetSecurity()).model_dump(),
            "metadata": with_defaults(metadata, settings),
        }
        portal.store.put("dataset", uid, dataset)
        portal.publishing.add_dataset(uid)
        Versions(portal.store, uid).add([], caller.username)
        if settings.creator_gets_rule:
            _grant_all_to(portal, caller, uid)
        return show(portal, dataset)


def _grant_all_to(portal: Portal, caller: Caller, dataset_uid: str) -> None:
    rule = {
        "user": {"username": caller.username},
        "permissions": list(DATASET_PERMISSIONS),
        "security": DatasetSecurity().model_dump(),
    }
    put_rule(portal, dataset_uid, rule)


def _dataset_id_for(portal: Portal, uid: str, body: NewDataset, metadata: Metadata) -> str:
    if body.dataset_id is not None:
        return _free_dataset_id(portal, body.dataset_id)
    requested = slug(str(metadata.get("default", {}).get("title", "")), "-") or uid
    taken = {dataset["dataset_id"] for dataset in portal.store.all("dataset")}
    return free_name(requested, taken, "-")


def _free_dataset_id(portal: Portal, requested: str) -> str:
    if not portal.store.find("dataset", "dataset_id", requested):
        return requested
    if portal.settings.duplicate_dataset_id == "refuse":
        raise invalid(dataset_id=f'A dataset with the identifier "{requested}" already exists.')
    if portal.settings.duplicate_dataset_id == "accept":
        return requested
    return free_name(requested, {dataset["dataset_id"] for dataset in portal.store.all("dataset")}, "-")


@router.get("/{dataset_uid}/", response_model=Dataset)
def get_dataset(dataset: Editable, portal: ThePortal) -> Document:
    """One dataset."""
    return show(portal, dataset)


@router.put("/{dataset_uid}/", response_model=Dataset)
def update_dataset(
    dataset: Editable, caller: TheCaller, portal: ThePortal, body: DatasetChange | None = None
) -> Document:
    """Change the properties that the body names, and no other. The change is public after the next publish."""
    body = body or DatasetChange()
    with changing(portal, dataset, caller) as current:
        if body.dataset_id not in (None, current["dataset_id"]):
            _rename(portal, current, str(body.dataset_id))
        access: Document = {}
        if body.is_restricted not in (None, current["is_restricted"]):
            access["is_restricted"] = body.is_restricted
        if body.default_security is not None:
            access["default_security"] = body.default_security.model_dump()
        if access and "manage_dataset" not in permissions_on(portal, caller, current["uid"]):
            raise permission_denied()
        current.update(access)
        if body.metadata is not None:
            values = read_templates(body.metadata, templates_of(portal), path="metadata")
            if portal.settings.metadata_in_dataset_put == "merges":
                values = merged(current["metadata"], values)
            federation.override(current, body.metadata, whole=portal.settings.metadata_in_dataset_put == "replaces")
            values = with_defaults(without_outdated_values(current["metadata"], values), portal.settings)
            current["metadata"] = federation.effective_metadata(current, values)
    return show(portal, current)


def _rename(portal: Portal, dataset: Document, requested: str) -> None:
    status = portal.store.get("status", dataset["uid"])
    if status and status["is_published"]:
        raise invalid(dataset_id="The identifier of a published dataset cannot be changed.")
    # A publish that is in progress uses the current identifier.
    refuse_when_busy(portal, dataset["uid"])
    dataset["dataset_id"] = _free_dataset_id(portal, requested)


@router.delete("/{dataset_uid}/", status_code=204)
def delete_dataset(dataset: Editable, portal: ThePortal) -> None:
    """Delete a dataset with all objects that belong to it, and its records."""
    uid = dataset["uid"]
    with portal.store.transaction():
        dataset_of(portal, uid)
        if portal.settings.delete_while_busy == "refuse":
            refuse_when_busy(portal, uid)
        for kind in ("dataset", "status", "published"):
            portal.store.delete(kind, uid)
        portal.store.delete_children(uid)
    portal.delete_dataset_data(uid)
