"""Harvesters, which make datasets from the catalog of another portal: /harvesters/."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter, ValidationError

from ...errors import ApiError, bad_request, invalid, invalid_harvester_status, not_found
from ...metadata.templates import Metadata, read_value
from ...portal import Portal
from ...state.identifiers import free_name, now, slug
from ...state.masking import masked, with_kept_secrets
from ...state.store import Document
from ..auth import Caller, TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..schemas import DONE, ActionDone, Route, detail_of
from . import datasets, runs
from .catalogs import CatalogError, read_catalog
from .schemas import BODIES, SECRETS, AnyHarvester, Errors, Harvester, HarvesterPart, Preview, required_secrets

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
        **_masked(harvester["configuration"]),
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


def _masked(configuration: Document) -> Document:
    """A configuration in which a secret that is not blank is null."""
    if configuration["type"] not in BODIES:
        return masked(configuration)
    return {name: None if name in SECRETS and value else value for name, value in configuration.items()}


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


# ------------------------------------------------------------ configurations


def _checked(portal: Portal, given: Document, saved: Document | None = None) -> Document:
    """A whole configuration from the properties that a request names.

    Args:
        portal: The portal.
        given: The properties.
        saved: The configuration that they change; None for a new harvester.

    Raises:
        ApiError: A 400 for an unknown type, a missing secret, or metadata that the portal does not take.
    """
    kind = given["type"]
    if kind not in BODIES and kind not in portal.settings.further_harvester_types:
        raise invalid(type=f'"{kind}" is not a valid choice.')
    if saved is None:
        for secret in required_secrets(kind):
            if given.get(secret) is None:
                raise invalid(**{secret: "This field is required"})
    whole = {**_defaults(portal, kind), **given}
    if whole.get("restrict_datasets_visibility") is None:
        whole["restrict_datasets_visibility"] = portal.settings.restrict_new_datasets
    whole["forced_metas"] = _forced(portal, whole["forced_metas"])
    return {name: value for name, value in whole.items() if value is not None or name in _nullable(kind)}


def _defaults(portal: Portal, kind: str) -> Document:
    """The values of the properties that a new harvester leaves out."""
    common = {"version": 1, "delete_missing_datasets": False, "forced_metas": {}}
    if kind not in BODIES:
        return common
    fields = BODIES[kind].model_fields
    return common | {
        name: field.get_default(call_default_factory=True) for name, field in fields.items() if not field.is_required()
    }


def _nullable(kind: str) -> tuple[str, ...]:
    return ("number_of_datasets", "infoitems_limit") if kind in BODIES else ()


def _forced(portal: Portal, metas: Metadata) -> Metadata:
    """Forced metadata in the form in which they are stored. Raises a 400 that names the field."""
    stored: Metadata = {}
    for template, fields in metas.items():
        for field, value in fields.items():
            try:
                stored.setdefault(template, {})[field] = read_value(template, field, value, portal.settings)
            except ApiError as error:
                problem = (error.detail or {}).get("value") or "Unknown metadata field."
                raise invalid(forced_metas={template: {field: problem}}) from error
    return stored


def _with_secrets(portal: Portal, given: Document, saved: Document) -> Document:
    """The properties of a change, with the saved secrets that it leaves out or sets to null, unless these are lost."""
    if given["type"] not in BODIES:
        keep = portal.settings.harvester_secret_left_out == "kept"
        return with_kept_secrets(given, saved) if keep else given
    own = [name for name in SECRETS if name in BODIES[given["type"]].model_fields and given.get(name) is None]
    kept = portal.settings.harvester_secret_left_out == "kept"
    return given | {name: saved.get(name) if kept else "" for name in own}


def _changed(portal: Portal, saved: Document, given: Document) -> Document:
    if given["type"] != saved["type"]:
        raise invalid(type="The type of a harvester cannot be changed.")
    given = _with_secrets(portal, given, saved)
    base = {} if portal.settings.omitted_in_put == "clear" else saved
    return _checked(portal, {**base, **given}, saved)


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
    configuration = _checked(portal, body.given())
    timestamp = now()
    with portal.store.transaction():
        known = portal.store.all("harvester")
        taken = any(one["configuration"]["name"] == configuration["name"] for one in known)
        if taken and portal.settings.duplicate_harvester_name == "refuse":
            raise invalid(name="A harvester with this name already exists.")
        uid = free_name(slug(configuration["name"], "-") or "harvester", {one["uid"] for one in known}, "-")
        harvester: Document = {
            "uid": uid,
            "configuration": configuration,
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
        current["configuration"] = _changed(portal, current["configuration"], body.given())
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
    return _preview(portal, _checked(portal, whole, saved))


def _preview(portal: Portal, configuration: Document) -> Document:
    """The preview of a configuration. The files of the remote datasets are not read."""
    settings = portal.settings
    try:
        found = read_catalog(
            {**configuration, "metadata_only": True}, portal.folder / "remote", settings.federated_domains
        )
    except CatalogError as error:
        raise bad_request(f"The preview failed: {error}.") from error
    results = [{"id": one.id, "title": one.title, "description": one.description} for one in found]
    return {"total_count": len(results), "results": results}
