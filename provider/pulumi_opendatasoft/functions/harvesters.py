"""Functions that read harvesters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .calls import Portal, exactly_one
from .info import Info
from .related import RelatedUser


class HarvesterInfo(Info):
    """A harvester; the members of its source depend on its type: `url`, `domain`, …"""

    uid: str
    type: str | None
    name: str | None
    version: int | None
    status: str | None
    has_error: bool | None
    restrict_datasets_visibility: bool | None
    delete_missing_datasets: bool | None
    forced_metas: Mapping[str, Any]
    attached_datasets_count: int | None
    harvested_datasets_count: int | None
    published_datasets_count: int | None
    remote_datasets_count: int | None
    resource_errors_count: int | None
    last_started_at: str | None
    last_success_at: str | None
    created_at: str | None
    updated_at: str | None
    updated_by: RelatedUser | None


class HarvesterErrors(Info):
    """The errors of a harvester's last run: its own, and those of remote datasets by their ids."""

    harvester: str | None
    resources: Mapping[str, str]


class PreviewedDataset(Info):
    """A remote dataset that a run would harvest."""

    id: str | None
    title: str | None
    description: str | None


class HarvesterPreview(Info):
    """A preview of a run: the number of datasets, and the first of them."""

    total_count: int | None
    results: Sequence[PreviewedDataset]


class HarvesterScheduleInfo(Info):
    """The schedule of a harvester."""

    uid: str
    cron_schedule: str | None
    timezone: str | None


def get_harvester(uid: str | None = None, *, name: str | None = None, portal: str | None = None) -> HarvesterInfo:
    """Return a harvester by its uid or its name."""
    given, value = exactly_one("get_harvester", uid=uid, name=name)
    at = Portal(portal)
    if given == "uid":
        return HarvesterInfo(at.get("/harvesters/{}/", value))
    found = [harvester for harvester in at.all("/harvesters/") if harvester.get("name") == value]
    return HarvesterInfo(at.only("/harvesters/", found, {"name": value}))


def list_harvesters(*, portal: str | None = None) -> list[HarvesterInfo]:
    """Return the harvesters."""
    return HarvesterInfo.of(Portal(portal).all("/harvesters/"))


def get_harvester_errors(uid: str, *, portal: str | None = None) -> HarvesterErrors:
    """Return the errors of a harvester's last run."""
    return HarvesterErrors(Portal(portal).get("/harvesters/{}/errors/", uid))


def preview_harvester(
    uid: str, *, source: Mapping[str, Any] | None = None, portal: str | None = None
) -> HarvesterPreview:
    """Return what a run of a harvester would harvest now.

    Args:
        uid: the harvester.
        source: members of its source to try without saving them: `{"url": "https://…"}`. The others, also secrets,
            are those that the harvester has.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    if source is None:
        return HarvesterPreview(at.get("/harvesters/{}/preview/", uid))
    return HarvesterPreview(at.question("/harvesters/{}/unsaved_preview/", uid, body=source))


def list_harvester_schedules(harvester: str, *, portal: str | None = None) -> list[HarvesterScheduleInfo]:
    """Return the schedules of a harvester, of which the uid is given; there is one at most."""
    return HarvesterScheduleInfo.of(Portal(portal).all("/harvesters/{}/schedules/", harvester))


def get_harvester_schedule(harvester: str, uid: str, *, portal: str | None = None) -> HarvesterScheduleInfo:
    """Return a schedule of a harvester by its uid (`sc_…`)."""
    return HarvesterScheduleInfo(Portal(portal).get("/harvesters/{}/schedules/{}/", harvester, uid))
