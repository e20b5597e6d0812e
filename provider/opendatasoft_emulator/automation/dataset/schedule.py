"""The schedules of a dataset: /datasets/{dataset_uid}/schedules/. The emulator never executes them."""

from fastapi import APIRouter

from ...errors import conflict, invalid, not_found
from ...portal import Portal
from ...state.identifiers import new_uid
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import RequestBody, ResponseBody, Text
from . import cron
from .dependencies import Editable, changing

router = APIRouter(prefix="/datasets/{dataset_uid}/schedules", tags=["Dataset schedules"], route_class=Route)


class ScheduleBody(RequestBody):
    """A schedule in a request, in the time of Paris."""

    cron_schedule: Text


class Schedule(ResponseBody):
    """A schedule in a response."""

    uid: str
    cron_schedule: str


def _stored(portal: Portal, dataset: Document, uid: str, body: ScheduleBody) -> Document:
    settings = portal.settings
    if problem := cron.problem(body.cron_schedule):
        raise invalid(cron_schedule=problem)
    if settings.schedules_more_than_daily == "refuse" and cron.is_more_than_daily(body.cron_schedule):
        raise invalid(cron_schedule="The schedule may fall due once a day at most.")
    if settings.schedule_without_remote_source == "refuse" and not _has_remote_source(portal, dataset):
        raise invalid(non_field_errors="The dataset has no remote source.")
    stored = cron.normalized(body.cron_schedule) if settings.cron_told == "normal" else body.cron_schedule
    others = [one for one in portal.store.all("schedule", dataset["uid"]) if one["uid"] != uid]
    if settings.same_schedule == "conflict" and any(one["cron_schedule"] == stored for one in others):
        raise conflict("This schedule already exists.")
    return {"uid": uid, "cron_schedule": stored}


def _has_remote_source(portal: Portal, dataset: Document) -> bool:
    kinds = [
        resource["datasource"]["type"]
        for resource in portal.store.all("resource", dataset["uid"])
        if resource.get("datasource")
    ]
    return any(kind != "uploaded_file" for kind in kinds)


def _schedule_of(portal: Portal, dataset: Document, uid: str) -> Document:
    schedule = portal.store.get("schedule", uid, dataset["uid"])
    if schedule is None:
        raise not_found()
    return schedule


@router.get("/", response_model=Paginated[Schedule])
def list_schedules(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The schedules."""
    return page.render(portal.store.all("schedule", dataset["uid"]))


@router.post("/", response_model=Schedule, status_code=201)
def create_schedule(dataset: Editable, body: ScheduleBody, caller: TheCaller, portal: ThePortal) -> Document:
    """Create a schedule."""
    with changing(portal, dataset, caller):
        schedule = _stored(portal, dataset, new_uid("sc"), body)
        portal.store.put("schedule", schedule["uid"], schedule, parent=dataset["uid"])
    return schedule


@router.get("/{schedule_uid}/", response_model=Schedule)
def get_schedule(schedule_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One schedule."""
    return _schedule_of(portal, dataset, schedule_uid)


@router.put("/{schedule_uid}/", response_model=Schedule)
def update_schedule(
    schedule_uid: str, dataset: Editable, body: ScheduleBody, caller: TheCaller, portal: ThePortal
) -> Document:
    """Change the time of a schedule."""
    with changing(portal, dataset, caller):
        _schedule_of(portal, dataset, schedule_uid)
        schedule = _stored(portal, dataset, schedule_uid, body)
        portal.store.put("schedule", schedule_uid, schedule, parent=dataset["uid"])
    return schedule


@router.delete("/{schedule_uid}/", status_code=204)
def delete_schedule(schedule_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete a schedule."""
    with changing(portal, dataset, caller):
        if not portal.store.delete("schedule", schedule_uid, dataset["uid"]):
            raise not_found()
