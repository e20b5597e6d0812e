"""When a dataset is processed by itself: cron lines, evaluated by the service in its own time zone (Europe/Paris)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import Conflict
from ...lifecycle.context import Context
from ...lifecycle.results import State
from ...lifecycle.section import Section, Work
from .publication import patiently


class SchedulesSection(Section):
    """The schedules, each known by its cron line."""

    names = ("schedules",)

    def live(self, context: Context, id: str, response: Mapping[str, Any], state: State) -> Any:
        """The cron lines, as the program spells them: blanks say nothing, and the portal may write them anew."""
        desired = {_normal(cron): cron for cron in state.get("schedules") or []}
        actual = [str(entry.get("cron_schedule")) for entry in context.api.all(_place(id))]
        return [desired.get(_normal(cron), cron) for cron in actual]

    def apply(
        self, context: Context, id: str, response: Mapping[str, Any], desired: State, prior: State, work: Work
    ) -> State:
        """One line becomes another where both are at hand; the rest is added or removed."""
        live = [] if work.is_new else [dict(entry) for entry in context.api.all(_place(id))]
        wanted = {_normal(cron): cron for cron in desired["schedules"]}
        there = [_normal(entry.get("cron_schedule")) for entry in live]
        missing = [cron for normal, cron in wanted.items() if normal not in there]
        # One more of the same time is superfluous too.
        superfluous = [e for n, e in enumerate(live) if there[n] not in wanted or there[n] in there[:n]]
        for cron, entry in zip(missing, superfluous, strict=False):
            patiently(context, id, context.api.put, f"{_place(id)}{entry['uid']}/", {"cron_schedule": cron})
        for cron in missing[len(superfluous) :]:
            try:
                patiently(
                    context, id, context.api.post, _place(id), {"cron_schedule": cron}, look=_look(context, id, cron)
                )
            except Conflict:
                # One of the kind is there already: which is what was asked.
                continue
        for entry in superfluous[len(missing) :]:
            patiently(context, id, context.api.delete, f"{_place(id)}{entry['uid']}/")
        return {}


def _normal(cron: Any) -> str:
    return " ".join(str(cron).split())


def _place(id: str) -> str:
    return f"/datasets/{id}/schedules/"


def _look(context: Context, id: str, cron: str) -> Callable[[], Any]:
    return lambda: next(
        (e for e in context.api.all(_place(id)) if _normal(e.get("cron_schedule")) == _normal(cron)), None
    )
