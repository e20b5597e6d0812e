"""When a dataset is processed by itself: cron lines, evaluated by the service in its own time zone (Europe/Paris)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import Conflict
from ...lifecycle.context import Context
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.results import State
from ...lifecycle.section import Progress, Section
from .publication import patiently


class SchedulesSection(Section):
    """The schedules, each known by its cron line."""

    names = ("schedules",)

    def read(self, reading: Reading, response: Response) -> list[str]:
        """The cron lines, as the program spells them: blanks have no meaning, and the portal may rewrite them."""
        desired = {_normal(cron): cron for cron in reading.prior.get("schedules") or []}
        live = reading.context.api.all(_endpoint(reading.id))
        actual = [str(entry.get("cron_schedule")) for entry in live]
        return [desired.get(_normal(cron), cron) for cron in actual]

    def apply(self, update: Update, progress: Progress) -> State:
        """Change one line into another where both are at hand; add or delete the rest."""
        context, id, endpoint = update.context, update.id, _endpoint(update.id)
        live = [] if progress.is_new else [dict(entry) for entry in context.api.all(endpoint)]
        desired = {_normal(cron): cron for cron in update.desired["schedules"]}
        there = [_normal(entry.get("cron_schedule")) for entry in live]
        missing = [cron for normal, cron in desired.items() if normal not in there]
        # One more of the same time is superfluous too.
        superfluous = [e for n, e in enumerate(live) if there[n] not in desired or there[n] in there[:n]]
        for cron, entry in zip(missing, superfluous, strict=False):
            patiently(context, id, context.api.put, f"{endpoint}{entry['uid']}/", {"cron_schedule": cron})
        for cron in missing[len(superfluous) :]:
            look = _look(context, id, cron)
            try:
                patiently(context, id, context.api.post, endpoint, {"cron_schedule": cron}, look=look)
            except Conflict:
                # There is one of the kind already, as desired.
                continue
        for entry in superfluous[len(missing) :]:
            patiently(context, id, context.api.delete, f"{endpoint}{entry['uid']}/")
        return {}


def _normal(cron: Any) -> str:
    return " ".join(str(cron).split())


def _endpoint(id: str) -> str:
    return f"/datasets/{id}/schedules/"


def _look(context: Context, id: str, cron: str) -> Callable[[], Any]:
    return lambda: next(
        (e for e in context.api.all(_endpoint(id)) if _normal(e.get("cron_schedule")) == _normal(cron)), None
    )
