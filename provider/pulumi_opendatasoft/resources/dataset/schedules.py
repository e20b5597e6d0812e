"""When a dataset is processed by itself: cron lines, evaluated by the service in its own time zone (Europe/Paris)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...api.errors import Conflict
from ...kernel.outcome import State
from ...kernel.run import Run
from ...kernel.section import Section, Work
from .publication import patiently


class SchedulesSection(Section):
    """The schedules, each known by its cron line."""

    names = ("schedules",)

    def live(self, run: Run, id: str, answer: Mapping[str, Any], state: State) -> Any:
        """The cron lines."""
        return [str(entry.get("cron_schedule")) for entry in run.api.all(_place(id))]

    def apply(self, run: Run, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        """One line becomes another where both are at hand; the rest is added or removed."""
        live = [dict(entry) for entry in run.api.all(_place(id))]
        missing = [cron for cron in asked["schedules"] if all(e.get("cron_schedule") != cron for e in live)]
        superfluous = [e for n, e in enumerate(live) if _is_superfluous(e, asked["schedules"], live[:n])]
        for cron, entry in zip(missing, superfluous, strict=False):
            patiently(run, id, run.api.put, f"{_place(id)}{entry['uid']}/", {"cron_schedule": cron})
        for cron in missing[len(superfluous) :]:
            try:
                patiently(run, id, run.api.post, _place(id), {"cron_schedule": cron}, look=_look(run, id, cron))
            except Conflict:
                # One of the kind is there already: which is what was asked.
                continue
        for entry in superfluous[len(missing) :]:
            patiently(run, id, run.api.delete, f"{_place(id)}{entry['uid']}/")
        return {}


def _is_superfluous(entry: Mapping[str, Any], wanted: list[str], earlier: list[dict[str, Any]]) -> bool:
    cron = entry.get("cron_schedule")
    return cron not in wanted or any(other.get("cron_schedule") == cron for other in earlier)


def _place(id: str) -> str:
    return f"/datasets/{id}/schedules/"


def _look(run: Run, id: str, cron: str) -> Callable[[], Any]:
    return lambda: next((e for e in run.api.all(_place(id)) if e.get("cron_schedule") == cron), None)
