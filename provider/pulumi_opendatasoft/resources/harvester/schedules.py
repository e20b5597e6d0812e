"""The schedule of a harvester: the API has a list of them, with one entry at most."""

from __future__ import annotations

from typing import Any

from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update, has_uid
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from ...program.descriptors import Member, member
from ...program.value import Value
from ...schema.failure import Failure
from .run import Harvesting


class HarvesterSchedule(Value):
    """When a harvester runs by itself."""

    cron_schedule: Member[str] = member()
    """A cron expression of five fields, for example `"0 4 * * *"`."""

    timezone: Member[str] = member()
    """The time zone of the expression, for example `"Europe/Berlin"`."""


class ScheduleSection(Section):
    """The schedule, in a list that is empty or has one entry."""

    names = ("schedules",)

    def check(self, desired: State) -> list[Failure]:
        """Refuse a second schedule, which the API refuses as well."""
        given = desired.get("schedules")
        if isinstance(given, list) and len(given) > 1:
            return [Failure("schedules[1]", "a harvester can only have one schedule")]
        return []

    def read(self, reading: Reading, response: Response) -> list[Any]:
        """The schedules. One that differs from the desired one by blanks alone is returned as desired."""
        desired = reading.prior.get("schedules") or []
        actual = [_value(entry) for entry in _entries(reading.context, reading.id)]
        return list(desired) if _normal(actual) == _normal(desired) else actual

    def apply(self, update: Update, progress: Progress) -> State:
        """Change the schedule in place; create it or delete it where there is none, or must be none."""
        context, id, desired = update.context, update.id, update.desired["schedules"]
        job, endpoint = Harvesting(context, id), _endpoint(id)
        actual = [] if progress.is_new else _entries(context, id)
        for schedule, entry in zip(desired, actual, strict=False):
            if _normal([schedule]) != _normal([_value(entry)]):
                job.when_settled(context.api.put, f"{endpoint}{entry['uid']}/", dict(schedule))
        for entry in actual[len(desired) :]:
            job.when_settled(context.api.delete, f"{endpoint}{entry['uid']}/")
        for schedule in desired[len(actual) :]:
            job.when_settled(
                context.api.post,
                endpoint,
                dict(schedule),
                look=lambda: next(iter(_entries(context, id)), None),
                is_usable=has_uid,
            )
        return {}


def _endpoint(id: str) -> str:
    return f"/harvesters/{id}/schedules/"


def _entries(context: Context, id: str) -> list[dict[str, Any]]:
    return [entry for entry in context.api.all(_endpoint(id)) if entry.get("uid")]


def _value(entry: Response) -> dict[str, Any]:
    return {name: entry[name] for name in ("cron_schedule", "timezone") if entry.get(name) is not None}


def _normal(schedules: Any) -> list[tuple[str, Any]]:
    """The schedules with single blanks in their expressions."""
    return [(" ".join(str(one.get("cron_schedule")).split()), one.get("timezone")) for one in schedules]
