"""Actions on realtime resources: /datasets/{dataset_uid}/resources/{resource_uid}/enable/ and so on."""

from fastapi import APIRouter, Request

from ...errors import bad_request, invalid_dataset_status
from ...portal import Portal
from ...state.identifiers import new_key
from ...state.store import Document
from ..auth import Caller, TheCaller, ThePortal
from ..routes import Route
from .dependencies import Editable, changing
from .resource import ResourceRenderer, resource_of
from .resource_schemas import Resource

router = APIRouter(
    prefix="/datasets/{dataset_uid}/resources/{resource_uid}", tags=["Dataset resources"], route_class=Route
)


def _realtime(portal: Portal, dataset: Document, uid: str) -> Document:
    resource = resource_of(portal, dataset, uid)
    if resource["datasource"] is not None:
        raise bad_request("The resource is not a realtime one.")
    return resource


def _change(portal: Portal, caller: Caller, dataset: Document, uid: str, **changes: object) -> Document:
    with changing(portal, dataset, caller):
        resource = {**_realtime(portal, dataset, uid), **changes}
        portal.store.put("resource", uid, resource, parent=dataset["uid"])
    return resource


def _published(portal: Portal, dataset: Document) -> None:
    status = portal.store.get("status", dataset["uid"])
    if not (status and status["is_published"]):
        raise invalid_dataset_status("unpublished", ["published"])


@router.post("/enable/", response_model=Resource)
def enable(request: Request, resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Accept pushed records."""
    resource = _change(portal, caller, dataset, resource_uid, is_enabled=True)
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.post("/disable/", response_model=Resource)
def disable(request: Request, resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Refuse pushed records."""
    resource = _change(portal, caller, dataset, resource_uid, is_enabled=False)
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.post("/renew_api_key/", response_model=Resource)
def renew_api_key(
    request: Request, resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal
) -> Document:
    """Replace the push key. The old one is void."""
    resource = _change(portal, caller, dataset, resource_uid, push_key=new_key())
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.post("/recover/", response_model=Resource)
def recover(request: Request, resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Restore the records that were removed when the dataset was unpublished, if the portal has a backup of them."""
    resource = _realtime(portal, dataset, resource_uid)
    _published(portal, dataset)
    portal.pushed.recover(dataset["uid"], resource_uid)
    portal.publishing.refresh(dataset["uid"])
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.post("/delete_recover_data/", response_model=Resource)
def delete_recover_data(
    request: Request, resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal
) -> Document:
    """Delete the backup of pushed records."""
    resource = _realtime(portal, dataset, resource_uid)
    _published(portal, dataset)
    portal.pushed.delete_backup(dataset["uid"], resource_uid)
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.post("/clean_cache/", status_code=204)
def clean_cache(resource_uid: str, dataset: Editable, portal: ThePortal) -> None:
    """Clear the cache of fetched data. The emulator has none."""
    resource_of(portal, dataset, resource_uid)
