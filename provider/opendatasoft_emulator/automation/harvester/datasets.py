"""The datasets of a harvester: made and updated by its runs, published, detached or deleted with it.

A harvested dataset follows its remote metadata, as a federated one does: a value that an editor overrides stays.
Which dataset belongs to which harvester is a document of its own, so that a copy of a dataset belongs to none.
"""

import contextlib
import io
import mimetypes
from collections.abc import Mapping
from typing import Any

from ...errors import ApiError
from ...metadata.templates import Metadata, read_value, with_defaults
from ...portal import Portal
from ...processing.files.detection import default_params
from ...publishing.status import Task
from ...state.identifiers import free_name, new_key, new_uid, now, slug
from ...state.settings import Settings
from ...state.store import Document
from ...state.versions import Versions
from .. import connection as connections
from ..auth import Caller
from ..dataset import federation
from ..dataset.dependencies import changing
from ..dataset.schemas import DatasetSecurity
from .catalogs.remote import RemoteDataset, RemoteResource


def attached(portal: Portal, harvester_uid: str) -> list[Document]:
    """The datasets of a harvester: `uid` and the `remote_id`, the oldest first. Deleted datasets are none of them."""
    return [
        one
        for one in portal.store.all("harvested", harvester_uid)
        if portal.store.get("dataset", one["uid"]) is not None
    ]


def count_published(portal: Portal, found: list[Document]) -> int:
    """How many of these datasets are published."""
    statuses = [portal.store.get("status", one["uid"]) for one in found]
    return sum(bool(status and status["is_published"]) for status in statuses)


def order(portal: Portal, harvester_uid: str, task: Task) -> None:
    """Order a task for every dataset of a harvester. Datasets that are busy, or need none, are passed over."""
    for one in attached(portal, harvester_uid):
        status = portal.store.get("status", one["uid"])
        if status and (task is Task.PUBLISH or status["is_published"]):
            with contextlib.suppress(ApiError):
                portal.publishing.enqueue(one["uid"], task)


def detach(portal: Portal, harvester_uid: str) -> None:
    """Let the datasets of a harvester be datasets as any others. They keep their current metadata."""
    for one in attached(portal, harvester_uid):
        dataset = portal.store.get("dataset", one["uid"])
        if dataset is not None:
            federation.unlink(dataset)
            portal.store.put("dataset", dataset["uid"], dataset)
    for one in portal.store.all("harvested", harvester_uid):
        portal.store.delete("harvested", one["uid"], harvester_uid)


def delete(portal: Portal, dataset_uid: str) -> None:
    """Delete a dataset of a harvester, whatever is under way."""
    with portal.store.transaction():
        for kind in ("dataset", "status", "published"):
            portal.store.delete(kind, dataset_uid)
        portal.store.delete_children(dataset_uid)
    portal.delete_dataset_data(dataset_uid)


class Harvested:
    """Writes the datasets of one run, for the user who started it.

    Args:
        portal: The portal.
        harvester: The harvester's document.
        username: The user who started the run.
    """

    def __init__(self, portal: Portal, harvester: Document, username: str) -> None:
        self._portal, self._harvester = portal, harvester
        self._caller = Caller(username, (), frozenset(), frozenset(), "")
        self._configuration: Mapping[str, Any] = harvester["configuration"]

    def write(self, remote: RemoteDataset) -> None:
        """Make the dataset of a remote one, or update it; publish it again if it is published. Raises ApiError."""
        known = {one["remote_id"]: one["uid"] for one in attached(self._portal, self._harvester["uid"])}
        metadata = self._metadata_of(remote)
        if remote.id in known:
            self._update(known[remote.id], remote, metadata)
        else:
            self._create(remote, metadata)

    def _metadata_of(self, remote: RemoteDataset) -> Metadata:
        """The remote metadata that this portal takes, with those that the harvester forces in their place."""
        found = {"default": _accepted({**remote.metadata, "title": remote.title}, self._portal.settings)}
        for template, fields in self._configuration["forced_metas"].items():
            found.setdefault(template, {}).update(fields)
        return found

    def _create(self, remote: RemoteDataset, metadata: Metadata) -> None:
        portal, settings = self._portal, self._portal.settings
        uid, timestamp, username = new_uid("da"), now(), self._caller.username
        taken = {dataset["dataset_id"] for dataset in portal.store.all("dataset")}
        base = remote.dataset_id or slug(str(metadata["default"].get("title") or remote.id), "-") or uid
        restricted = self._configuration.get("restrict_datasets_visibility")
        dataset: Document = {
            "uid": uid,
            "dataset_id": free_name(base, taken, "-"),
            "is_restricted": settings.restrict_new_datasets if restricted is None else restricted,
            "created_at": timestamp,
            "updated_at": timestamp,
            "created_by": username,
            "updated_by": username,
            "asset_type": "dataset",
            "default_security": DatasetSecurity().model_dump(),
            "remote": metadata,
            "overridden": {},
            "metadata": with_defaults(metadata, settings),
        }
        portal.store.put("dataset", uid, dataset)
        portal.publishing.add_dataset(uid)
        portal.store.put("harvested", uid, {"uid": uid, "remote_id": remote.id}, parent=self._harvester["uid"])
        self._write_resources(uid, remote)
        Versions(portal.store, uid).add([], username)

    def _update(self, uid: str, remote: RemoteDataset, metadata: Metadata) -> None:
        portal = self._portal
        with changing(portal, {"uid": uid}, self._caller) as dataset:
            own = _without_former_remote(dataset, metadata)
            dataset.update(remote=metadata)
            dataset.setdefault("overridden", {})
            dataset["metadata"] = with_defaults(federation.effective_metadata(dataset, own), portal.settings)
            self._write_resources(uid, remote)
        status = portal.store.get("status", uid)
        if status and status["is_published"]:
            with contextlib.suppress(ApiError):  # it is being processed already
                portal.publishing.enqueue(uid, Task.PUBLISH)

    def _write_resources(self, uid: str, remote: RemoteDataset) -> None:
        """Write the resources: those with a known title in their places, the others at the end; delete the rest."""
        store = self._portal.store
        existing = {resource["title"]: resource for resource in store.all("resource", uid)}
        if self._configuration.get("metadata_only"):
            return
        for one in remote.resources:
            old = existing.pop(one.title, None)
            resource = self._resource(uid, one, old)
            store.put("resource", resource["uid"], resource, parent=uid)
        for resource in existing.values():
            store.delete("resource", resource["uid"], uid)

    def _resource(self, uid: str, remote: RemoteResource, old: Document | None) -> Document:
        new: Document = {
            "uid": new_uid("re"),
            "type": remote.type,
            "title": remote.title,
            "params": {**default_params(remote.type), **remote.params},
            "push_key": new_key(),
            "is_enabled": True,
        }
        return {**new, **(old or {}), "datasource": self._datasource(uid, remote, old), "updated_at": now()}

    def _datasource(self, uid: str, remote: RemoteResource, old: Document | None) -> Document:
        datasource = (old or {}).get("datasource") or {}
        if remote.content is not None:
            filename = remote.filename or "data"
            file = {
                "uid": filename,
                "filename": filename,
                "mimetype": mimetypes.guess_type(filename)[0],
                "created_at": now(),
                "kept_as": self._portal.files.store(uid, io.BytesIO(remote.content)),
            }
            self._portal.store.put("file", filename, file, parent=uid)
            return {"type": "uploaded_file", "file": {"uid": filename}}
        connection = self._portal.store.get("connection", connections.connection_of({"datasource": datasource}) or "")
        if connection is None or connection.get("url") != remote.url:
            given = {"type": "http", "url": remote.url}
            connection = connections.create(self._portal, self._caller, given, is_reusable=False)
        return {"type": "http", "connection": {"uid": connection["uid"]}}


def _accepted(values: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The values of the template `default` that this portal takes, in the form in which it stores them."""
    accepted = {}
    for field, value in values.items():
        with contextlib.suppress(ApiError):
            accepted[field] = read_value("default", field, value, settings)
    return accepted


def _without_former_remote(dataset: Document, remote: Metadata) -> Metadata:
    """The metadata of a dataset without the values that followed a remote one which no longer exists."""
    overridden = dataset.get("overridden", {})
    return {
        template: {
            field: value
            for field, value in fields.items()
            if field not in dataset.get("remote", {}).get(template, {})
            or field in remote.get(template, {})
            or field in overridden.get(template, ())
        }
        for template, fields in dataset["metadata"].items()
    }
