"""Harvesters, which make datasets from the catalog of another portal: /harvesters/."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter, ValidationError

from ...errors import ApiError, bad_request, invalid, invalid_harvester_status, not_found
from ...portal import Portal
from ...state.identifiers import free_name, now, slug
from ...state.store import Document
from ..auth import Caller, TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import DONE, ActionDone, detail_of
from . import configuration, datasets, runs
from .catalogs import CatalogError, read_catalog
from .schemas import AnyHarvester, Errors, Harvester, HarvesterPart, Preview

router = APIRouter(prefix="/harvesters", tags=["Harvesters"], route_class=Route)

_ANY: TypeAdapter[Any] = TypeAdapter(AnyHarvester)
_REST = ("new", "idle")
"""The statuses in which a run may begin, and in which the harvester may be deleted."""


async def _permitted(caller: TheCaller) -> Caller:
    caller.require("create_dataset", "edit_dataset", "publish_dataset")
    return caller


Permitted = Annotated[Caller, Depends(_permitted)]
"""The caller. Raises a 403 without the permissions to create, edit and publish datasets."""


def _find(harvester_uid: str, caller: Permitted, portal: ThePortal) -> Document:
    harvester = portal.store.get("harvester", harvester_uid)
    if harvester is None:
        raise not_found()
    runs.resume(portal, harvester)
    return harvester


TheHarvester = Annotated[Document, Depends(_find)]
"""The harvester of the path. Raises a 404, or a 403."""


def show(portal: Portal, harvester: Document) -> Document:
    """The response body of a harvester."""
    found = datasets.attached(portal, harvester["uid"])
    return {
        **configuration.hidden(harvester["configuration"]),
        "uid": harvester["uid"],
        "status": harvester["status"],
        "remote_datasets_count": harvester["remote"],
        "harvested_datasets_count": harvester["harvested"],
        "published_datasets_count": datasets.count_published(portal, found),
        "attached_datasets_count": len(found),
        "has_error": harvester["has_error"],
        "resource_errors_count": len(harvester["resource_errors"]),
        "created_at": harvester["created_at"],
        "updated_at": harvester["updated_at"],
        "updated_by": {"username": harvester["updated_by"]},
        "last_started_at": harvester["last_started_at"],
        "last_success_at": harvester["last_success_at"],
    }


def _current(portal: Portal, harvester: Document) -> Document:
    """The harvester as it is now, within a transaction. Raises a 404 when it has been deleted meanwhile."""
    current = portal.store.get("harvester", harvester["uid"])
    if current is None:
        raise not_found()
    return current


def _apparent_status(harvester: Document) -> str:
    """The status that decides what is allowed: an acknowledged start counts before it shows."""
    is_started = harvester.get("work") and harvester["status"] in _REST
    return "processing" if is_started else str(harvester["status"])


def _refuse_unless_at_rest(harvester: Document, target: str) -> None:
    status = _apparent_status(harvester)
    if status not in _REST:
        raise invalid_harvester_status(status, target)


# ------------------------------------------------------------ routes


@router.get("/", response_model=Paginated.__class_getitem__(Harvester))
def list_harvesters(page: ThePage, caller: Permitted, portal: ThePortal) -> Document:
    """The harvesters, the oldest first."""
    with portal.store.transaction():
        found = portal.store.all("harvester")
        for harvester in found:
            runs.resume(portal, harvester)
        return page.render(found, lambda harvester: show(portal, harvester))


@router.post("/", response_model=Harvester, status_code=201)
def create_harvester(body: AnyHarvester, caller: Permitted, portal: ThePortal) -> Document:
    """Create a harvester. It does nothing before it is started."""
    given = configuration.checked(portal, body.given())
    timestamp = now()
    with portal.store.transaction():
        known = portal.store.all("harvester")
        taken = any(one["configuration"]["name"] == given["name"] for one in known)
        if taken and portal.settings.duplicate_harvester_name == "refuse":
            raise invalid(name="A harvester with this name already exists.")
        uid = free_name(slug(given["name"], "-") or "harvester", {one["uid"] for one in known}, "-")
        harvester: Document = {
            "uid": uid,
            "configuration": given,
            "status": "new",
            "work": None,
            "started_by": None,
            "remote": 0,
            "harvested": 0,
            "has_error": False,
            "fatal": None,
            "resource_errors": {},
            "created_at": timestamp,
            "updated_at": timestamp,
            "updated_by": caller.username,
            "last_started_at": None,
            "last_success_at": None,
        }
        portal.store.put("harvester", uid, harvester)
        return show(portal, harvester)


@router.get("/{harvester_uid}/", response_model=Harvester)
def get_harvester(harvester: TheHarvester, portal: ThePortal) -> Document:
    """One harvester."""
    return show(portal, harvester)


@router.put("/{harvester_uid}/", response_model=Harvester)
def update_harvester(harvester: TheHarvester, body: AnyHarvester, caller: Permitted, portal: ThePortal) -> Document:
    """Change a harvester. Its uid stays when its name changes; its datasets follow at the next run."""
    with portal.store.transaction():
        current = _current(portal, harvester)
        if portal.settings.write_while_busy == "refuse":
            _refuse_unless_at_rest(current, "idle")
        current["configuration"] = configuration.changed(portal, current["configuration"], body.given())
        current.update(updated_at=now(), updated_by=caller.username)
        portal.store.put("harvester", current["uid"], current)
        return show(portal, current)


@router.delete("/{harvester_uid}/", status_code=204)
def delete_harvester(harvester: TheHarvester, portal: ThePortal, delete_attached_datasets: bool) -> None:
    """Delete a harvester: it is `deleting` for a while. Its datasets are deleted with it, or detached from it."""
    with portal.store.transaction():
        current = _current(portal, harvester)
        if current["status"] == "deleting":
            return
        if portal.settings.delete_while_busy == "refuse":
            _refuse_unless_at_rest(current, "deleting")
        current["status"] = "deleting"
        runs.begin(portal, current, "delete_all" if delete_attached_datasets else "delete")


@router.post("/{harvester_uid}/start/", response_model=Harvester)
def start_harvester(harvester: TheHarvester, caller: Permitted, portal: ThePortal) -> Document:
    """Start a run."""
    with portal.store.transaction():
        current = _current(portal, harvester)
        _refuse_unless_at_rest(current, "processing")
        current["started_by"] = caller.username
        if not portal.settings.queued_after_ms:
            current.update(status="queued", last_started_at=now())
        runs.begin(portal, current, "harvest")
        return show(portal, current)


@router.post("/{harvester_uid}/abort/", response_model=Harvester)
def abort_harvester(harvester: TheHarvester, portal: ThePortal) -> Document:
    """Abort a run. The datasets that it has made stay."""
    with portal.store.transaction():
        current = _current(portal, harvester)
        status = _apparent_status(current)
        if status not in ("queued", "processing"):
            raise invalid_harvester_status(status, "aborting")
        current["status"] = "aborting"
        portal.store.put("harvester", current["uid"], current)
        return show(portal, current)


@router.post("/{harvester_uid}/publish/", response_model=ActionDone)
def publish_harvester(harvester: TheHarvester, portal: ThePortal) -> Document:
    """Publish every dataset of the harvester."""
    runs.publish(portal, harvester["uid"])
    return DONE


@router.post("/{harvester_uid}/unpublish/", response_model=ActionDone)
def unpublish_harvester(harvester: TheHarvester, portal: ThePortal) -> Document:
    """Unpublish every dataset of the harvester."""
    runs.unpublish(portal, harvester["uid"])
    return DONE


@router.get("/{harvester_uid}/errors/", response_model=Errors)
def harvester_errors(harvester: TheHarvester) -> Document:
    """The errors of the last or the current run."""
    return {"harvester": harvester["fatal"], "resources": harvester["resource_errors"]}


@router.get("/{harvester_uid}/preview/", response_model=Preview)
def preview_harvester(harvester: TheHarvester, portal: ThePortal) -> Document:
    """The datasets that a run would harvest now."""
    return _preview(portal, harvester["configuration"])


@router.post("/{harvester_uid}/unsaved_preview/", response_model=Preview)
def preview_unsaved(
    harvester: TheHarvester,
    portal: ThePortal,
    body: HarvesterPart | None = None,  # type: ignore[valid-type]
) -> Document:
    """The datasets that a run would harvest with changes that are not saved."""
    saved: Document = harvester["configuration"]
    given = {name: value for name, value in (body.given() if body else {}).items() if value is not None}  # type: ignore[attr-defined]
    merged = {**saved, **given}
    try:
        whole = _ANY.validate_python(merged).given()
    except ValidationError as error:
        raise ApiError(400, "validation_error", "Invalid input", detail_of(error.errors(), merged)) from error
    return _preview(portal, configuration.checked(portal, whole, saved))


def _preview(portal: Portal, whole: Document) -> Document:
    """The preview of a configuration. The files of the remote datasets are not read."""
    settings = portal.settings
    try:
        found = read_catalog({**whole, "metadata_only": True}, portal.remote, settings.federated_domains)
    except CatalogError as error:
        raise bad_request(f"The preview failed: {error}.") from error
    results = [{"id": one.id, "title": one.title, "description": one.description} for one in found]
    return {"total_count": len(results), "results": results}
