"""The schedule of a harvester: /harvesters/{harvester_uid}/schedules/. The emulator never executes it."""

import zoneinfo

from fastapi import APIRouter

from ...errors import invalid, not_found
from ...portal import Portal
from ...state.identifiers import new_uid
from ...state.store import Document
from ..auth import ThePortal
from ..dataset import cron
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import RequestBody, ResponseBody, Text
from .harvesters import TheHarvester

router = APIRouter(prefix="/harvesters/{harvester_uid}/schedules", tags=["Harvester schedules"], route_class=Route)


class ScheduleBody(RequestBody):
    """A schedule in a request."""

    cron_schedule: Text
    timezone: Text


class Schedule(ResponseBody):
    """A schedule in a response."""

    uid: str
    cron_schedule: str
    timezone: str


def _stored(portal: Portal, uid: str, body: ScheduleBody) -> Document:
    if problem := cron.problem(body.cron_schedule):
        raise invalid(cron_schedule=problem)
    if portal.settings.schedules_more_than_daily == "refuse" and cron.is_more_than_daily(body.cron_schedule):
        raise invalid(cron_schedule="The schedule may fall due once a day at most.")
    if body.timezone not in zoneinfo.available_timezones():
        raise invalid(timezone=f'"{body.timezone}" is not a valid choice.')
    is_normal = portal.settings.cron_told == "normal"
    stored = cron.normalized(body.cron_schedule) if is_normal else body.cron_schedule
    return {"uid": uid, "cron_schedule": stored, "timezone": body.timezone}


def _schedule_of(portal: Portal, harvester: Document, uid: str) -> Document:
    schedule = portal.store.get("harvester_schedule", uid, harvester["uid"])
    if schedule is None:
        raise not_found()
    return schedule


@router.get("/", response_model=Paginated[Schedule])
def list_schedules(harvester: TheHarvester, page: ThePage, portal: ThePortal) -> Document:
    """The schedules: one at most."""
    return page.render(portal.store.all("harvester_schedule", harvester["uid"]))


@router.post("/", response_model=Schedule, status_code=201)
def create_schedule(harvester: TheHarvester, body: ScheduleBody, portal: ThePortal) -> Document:
    """Create the schedule. A harvester has one at most."""
    with portal.store.transaction():
        if portal.store.all("harvester_schedule", harvester["uid"]):
            raise invalid(non_field_errors="A harvester can only have one schedule.")
        schedule = _stored(portal, new_uid("sc"), body)
        portal.store.put("harvester_schedule", schedule["uid"], schedule, parent=harvester["uid"])
    return schedule


@router.get("/{schedule_uid}/", response_model=Schedule)
def get_schedule(schedule_uid: str, harvester: TheHarvester, portal: ThePortal) -> Document:
    """One schedule."""
    return _schedule_of(portal, harvester, schedule_uid)


@router.put("/{schedule_uid}/", response_model=Schedule)
def update_schedule(schedule_uid: str, harvester: TheHarvester, body: ScheduleBody, portal: ThePortal) -> Document:
    """Change a schedule."""
    with portal.store.transaction():
        _schedule_of(portal, harvester, schedule_uid)
        schedule = _stored(portal, schedule_uid, body)
        portal.store.put("harvester_schedule", schedule_uid, schedule, parent=harvester["uid"])
    return schedule


@router.delete("/{schedule_uid}/", status_code=204)
def delete_schedule(schedule_uid: str, harvester: TheHarvester, portal: ThePortal) -> None:
    """Delete a schedule."""
    if not portal.store.delete("harvester_schedule", schedule_uid, harvester["uid"]):
        raise not_found()
