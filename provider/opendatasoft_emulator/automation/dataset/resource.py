"""The resources of a dataset, the sources of its records: /datasets/{dataset_uid}/resources/."""

from typing import Any

from fastapi import APIRouter, Request

from ...errors import invalid, not_found
from ...portal import Portal
from ...processing.files.detection import default_params, extractor_of
from ...publishing.remote import address
from ...state.identifiers import new_key, new_uid, now
from ...state.store import Document
from .. import connection as connections
from ..auth import Caller, TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from . import federation
from .dependencies import Editable, changing
from .resource_schemas import AnyDatasource, Resource, ResourceBody

router = APIRouter(prefix="/datasets/{dataset_uid}/resources", tags=["Dataset resources"], route_class=Route)

_ORIGINS = {
    "http": "HTTP",
    "ftp": "FTP",
    "sharepoint": "SharePoint",
    "google_drive": "Google Drive",
    "amazon_s3": "Amazon S3",
    "azure_blob_storage": "Azure Blob Storage",
    "federated": "Federated dataset",
    "uploaded_file": "Uploaded file",
    "realtime": "Realtime",
}


class ResourceRenderer:
    """Makes the response bodies of resources of one dataset, with the parts that the request expands."""

    def __init__(self, portal: Portal, caller: Caller, dataset: Document, request: Request, expand: str = "") -> None:
        self._portal = portal
        self._caller = caller
        self._dataset = dataset
        self._base = f"{request.url.scheme}://{request.url.netloc}"
        self._expanded = expand.split(",")

    def show(self, resource: Document) -> Document:
        """The response body of a resource."""
        response = {name: value for name, value in resource.items() if name not in ("push_key", "is_enabled")}
        datasource = resource.get("datasource")
        kind = datasource["type"] if datasource else "realtime"
        extractor = extractor_of(resource["type"])
        label = extractor["label"] if extractor else resource["type"]
        response["origin"] = {"label": _ORIGINS.get(kind, kind), "type": kind}
        response["extraction_infos"] = None if kind == "federated" else {"label": label, "type": resource["type"]}
        response["display_name"] = self._display_name(resource, datasource)
        if datasource is None:
            del response["datasource"]
            path = f"{self._dataset['dataset_id']}/{resource['uid']}"
            response["url"] = f"{self._base}/api/push/1.0/{path}/push/?pushkey={resource['push_key']}"
        else:
            response["datasource"] = self._datasource(datasource)
        return response

    def _display_name(self, resource: Document, datasource: Document | None) -> str:
        kind = datasource["type"] if datasource else None
        if datasource and kind == "http":
            connection = self._portal.store.get("connection", datasource["connection"]["uid"])
            if connection and "url" in connection:
                return address(connection, datasource)
        if datasource and kind == "uploaded_file":
            return str(datasource["file"]["uid"])
        return "Federated dataset" if kind == "federated" else str(resource["title"])

    def _datasource(self, datasource: Document) -> Document:
        response = {name: value for name, value in datasource.items() if value is not None}
        connection = response.get("connection")
        if isinstance(connection, dict) and "datasource.connection" in self._expanded:
            whole = self._portal.store.get("connection", connection["uid"])
            if whole:
                response["connection"] = connections.show(self._portal, self._caller, whole)
        if response["type"] == "uploaded_file" and self._portal.settings.uploaded_file_told == "whole":
            file = self._portal.store.get("file", response["file"]["uid"], self._dataset["uid"])
            response["file"] = file or response["file"]
        return response


def _stored_datasource(
    portal: Portal, caller: Caller, dataset: Document, body: AnyDatasource | None
) -> Document | None:
    """The stored form of a datasource.

    Args:
        portal: The portal, in which an inline connection is created.
        caller: The caller, for the creation and for impersonation.
        dataset: The dataset, which must have an uploaded file.
        body: The datasource of the request; None for a realtime resource.

    Raises:
        ApiError: A 400 for a connection or a file that does not exist.
    """
    if body is None:
        return None
    stored = body.given()
    connection: Any = stored.get("connection")
    if isinstance(connection, dict) and "type" in connection:
        created = connections.create(portal, caller, connection, is_reusable=False)
        stored["connection"] = {"uid": created["uid"]}
    elif isinstance(connection, dict) and portal.store.get("connection", connection["uid"]) is None:
        problem = f'Connection "{connection["uid"]}" does not exist.'
        raise invalid(datasource={"connection": {"uid": problem}})
    if stored["type"] == "uploaded_file":
        uid = stored["file"]["uid"]
        if portal.store.get("file", uid, dataset["uid"]) is None:
            raise invalid(datasource={"file": {"uid": f'File "{uid}" does not exist.'}})
    if stored["type"] == "federated":
        impersonated = stored.pop("impersonate_permissions", False)
        stored["permissions_user"] = {"username": caller.username} if impersonated else None
        stored["dataset"] = {"dataset_id": stored["dataset"]["dataset_id"]}
    return stored


def _datasource_of(body: ResourceBody) -> Document | None:
    return body.datasource.given() if body.datasource else None


def _stored(portal: Portal, caller: Caller, dataset: Document, uid: str, body: ResourceBody) -> Document:
    is_realtime = body.type == "realtime" or portal.settings.resource_without_datasource == "accept"
    if body.datasource is None and not is_realtime:
        raise invalid(datasource="This field is required")
    datasource = _stored_datasource(portal, caller, dataset, body.datasource)
    federated = datasource is not None and datasource["type"] == "federated"
    old = portal.store.get("resource", uid, dataset["uid"]) or {}
    return {
        "uid": uid,
        "type": body.type,
        "title": uid if federated else body.title,
        "params": {} if federated else _stored_params(portal, body),
        "datasource": datasource,
        "updated_at": now(),
        "push_key": old.get("push_key") or new_key(),
        "is_enabled": old.get("is_enabled", True),
    }


def _stored_params(portal: Portal, body: ResourceBody) -> Document:
    params = {**default_params(body.type), **(body.params or {})}
    if portal.settings.encoding_told == "lower" and isinstance(params.get("encoding"), str):
        params["encoding"] = params["encoding"].lower()
    return params


def resource_of(portal: Portal, dataset: Document, uid: str) -> Document:
    """One resource. Raises a 404."""
    resource = portal.store.get("resource", uid, dataset["uid"])
    if resource is None:
        raise not_found()
    return resource


@router.get("/", response_model=Paginated[Resource])
def list_resources(
    request: Request,
    dataset: Editable,
    page: ThePage,
    caller: TheCaller,
    *,
    portal: ThePortal,
    expand: str = "",
) -> Document:
    """The resources, in the order of their creation."""
    renderer = ResourceRenderer(portal, caller, dataset, request, expand)
    return page.render(portal.store.all("resource", dataset["uid"]), renderer.show)


@router.post("/", response_model=Resource, status_code=201)
def create_resource(
    request: Request, dataset: Editable, body: ResourceBody, caller: TheCaller, portal: ThePortal
) -> Document:
    """Create a resource. Its data is read at the next publish."""
    remote = federation.remote_metadata(portal, _datasource_of(body))
    with changing(portal, dataset, caller) as current:
        resource = _stored(portal, caller, dataset, new_uid("re"), body)
        portal.store.put("resource", resource["uid"], resource, parent=dataset["uid"])
        federation.link(current, remote)
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.get("/{resource_uid}/", response_model=Resource)
def get_resource(
    request: Request,
    resource_uid: str,
    dataset: Editable,
    caller: TheCaller,
    *,
    portal: ThePortal,
    expand: str = "",
) -> Document:
    """One resource."""
    resource = resource_of(portal, dataset, resource_uid)
    return ResourceRenderer(portal, caller, dataset, request, expand).show(resource)


@router.put("/{resource_uid}/", response_model=Resource)
def update_resource(
    request: Request,
    resource_uid: str,
    dataset: Editable,
    body: ResourceBody,
    *,
    caller: TheCaller,
    portal: ThePortal,
) -> Document:
    """Replace the properties of a resource. It keeps its uid, its place and its push key."""
    remote = federation.remote_metadata(portal, _datasource_of(body))
    with changing(portal, dataset, caller) as current:
        old = resource_of(portal, dataset, resource_uid)
        if federation.is_federated(old):
            federation.unlink(current)
        federation.link(current, remote)
        resource = _stored(portal, caller, dataset, resource_uid, body)
        portal.store.put("resource", resource_uid, resource, parent=dataset["uid"])
        _release_connection(portal, old)
    return ResourceRenderer(portal, caller, dataset, request).show(resource)


@router.delete("/{resource_uid}/", status_code=204)
def delete_resource(resource_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a resource. Its records are public until the next publish."""
    with changing(portal, dataset, caller) as current:
        old = resource_of(portal, dataset, resource_uid)
        if federation.is_federated(old):
            federation.unlink(current)
        portal.store.delete("resource", resource_uid, dataset["uid"])
        _release_connection(portal, old)
    portal.publishing.delete_unused_pushed_records(dataset["uid"])


def _release_connection(portal: Portal, resource: Document) -> None:
    """Delete the connection that a resource used, if the settings demand it and no other resource uses it."""
    uid = connections.connection_of(resource)
    if uid is None or portal.settings.unused_inline_connection == "kept":
        return
    connection = portal.store.get("connection", uid)
    if connection and not connection["is_reusable"] and not connections.count_datasets_by_connection(portal)[uid]:
        portal.store.delete("connection", uid)
