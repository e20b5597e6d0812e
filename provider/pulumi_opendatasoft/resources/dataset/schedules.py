"""The schedules of a dataset: cron expressions, which the service evaluates in the time zone Europe/Paris."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import Conflict
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.places import place_in, writing
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from .publication import patiently


class SchedulesSection(Section):
    """The schedules, each identified by its cron expression."""

    names = ("schedules",)

    def read(self, reading: Reading, response: Response) -> list[str]:
        """The cron expressions. Those that differ from a desired one by blanks alone are returned as desired."""
        desired = {_normal(cron): cron for cron in reading.prior.get("schedules") or []}
        actual = [str(entry.get("cron_schedule")) for entry in reading.context.api.all(_endpoint(reading.id))]
        return [desired.get(_normal(cron), cron) for cron in actual]

    def apply(self, update: Update, progress: Progress) -> State:
        """Change superfluous schedules into missing ones, as far as there are both; create or delete the rest."""
        context, id, endpoint = update.context, update.id, _endpoint(update.id)
        actual = [] if progress.is_new else [dict(entry) for entry in context.api.all(endpoint)]
        desired = {_normal(cron): cron for cron in update.desired["schedules"]}
        existing = [_normal(entry.get("cron_schedule")) for entry in actual]
        missing = [cron for normal, cron in desired.items() if normal not in existing]
        # A second schedule with the same expression is superfluous too.
        superfluous = [e for n, e in enumerate(actual) if existing[n] not in desired or existing[n] in existing[:n]]
        for cron, entry in zip(missing, superfluous, strict=False):
            with writing(self._place(context, cron)):
                patiently(context, id, context.api.put, f"{endpoint}{entry['uid']}/", {"cron_schedule": cron})
        for cron in missing[len(superfluous) :]:
            look = _find_lost(context, id, cron)
            try:
                with writing(self._place(context, cron)):
                    patiently(context, id, context.api.post, endpoint, {"cron_schedule": cron}, look=look)
            except Conflict:
                # The schedule exists already, as desired.
                continue
        for entry in superfluous[len(missing) :]:
            patiently(context, id, context.api.delete, f"{endpoint}{entry['uid']}/")
        return {}

    def _place(self, context: Context, cron: str) -> str:
        return place_in(context, self.slot, cron, f'"{cron}"')


def _normal(cron: Any) -> str:
    return " ".join(str(cron).split())


def _endpoint(id: str) -> str:
    return f"/datasets/{id}/schedules/"


def _find_lost(context: Context, id: str, cron: str) -> Callable[[], Any]:
    """The look-up after a POST whose response was lost."""
    return lambda: next(
        (e for e in context.api.all(_endpoint(id)) if _normal(e.get("cron_schedule")) == _normal(cron)), None
    )
