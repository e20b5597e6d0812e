"""The copy of a dataset: /datasets/{dataset_uid}/copy/."""

from fastapi import APIRouter

from ...portal import Portal
from ...state.identifiers import free_name, new_key, new_uid, now
from ...state.store import Document
from ...state.versions import Versions
from ..access_rules import put_rule, rules_of
from ..auth import TheCaller, ThePortal
from ..routes import Route
from .datasets import show
from .dependencies import Editable
from .federation import is_federated
from .schemas import Dataset

router = APIRouter(prefix="/datasets/{dataset_uid}", tags=["Datasets"], route_class=Route)

_COPIED = {"resource": "re", "field": "pr", "processor": "pr", "alternative_export": "ae", "attachment": "at"}
_WITH_FILES = ("alternative_export", "attachment")


@router.post("/copy/", response_model=Dataset, status_code=201)
def copy_dataset(dataset: Editable, caller: TheCaller, portal: ThePortal) -> Document:
    """Create an unpublished copy with the same metadata, resources, field configurations and processors."""
    caller.require("create_dataset")
    uid, timestamp = new_uid("da"), now()
    with portal.store.transaction():
        taken = {one["dataset_id"] for one in portal.store.all("dataset")}
        copy: Document = {
            **dataset,
            "uid": uid,
            "dataset_id": free_name(f"{dataset['dataset_id']}-copy", taken, "-"),
            "created_at": timestamp,
            "updated_at": timestamp,
            "created_by": caller.username,
            "updated_by": caller.username,
        }
        portal.store.put("dataset", uid, copy)
        portal.publishing.add_dataset(uid)
        Versions(portal.store, uid).add([], caller.username)
        _copy_parts(portal, dataset["uid"], uid)
        return show(portal, copy)


def _copy_parts(portal: Portal, original: str, copy: str) -> None:
    store = portal.store
    for file in store.all("file", original):
        store.put("file", file["uid"], _with_copied_content(portal, original, copy, file), parent=copy)
    for kind, prefix in _COPIED.items():
        for part in store.all(kind, original):
            copied = {**part, "uid": new_uid(prefix)}
            if kind == "resource":
                copied = _copied_resource(copied)
            if kind in _WITH_FILES:
                copied = _with_copied_content(portal, original, copy, copied)
            store.put(kind, copied["uid"], copied, parent=copy)
    if portal.settings.copy_takes_rules:
        for rule in [*rules_of(portal, "user", original), *rules_of(portal, "group", original)]:
            put_rule(portal, copy, rule)


def _copied_resource(resource: Document) -> Document:
    """A resource with a new push key. The title of a federated one is its uid."""
    title = resource["uid"] if is_federated(resource) else resource["title"]
    return {**resource, "push_key": new_key(), "title": title}


def _with_copied_content(portal: Portal, original: str, copy: str, file: Document) -> Document:
    if "kept_as" not in file:
        return file
    with portal.files.path(original, file["kept_as"]).open("rb") as content:
        return {**file, "kept_as": portal.files.store(copy, content)}
