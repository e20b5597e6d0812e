"""A portal that answers 500 from some call of a create or an update on, for every type.

One `up` tries many calls: each has a resource on a portal of its own. A twin of each type, on a portal without faults,
shows the right result. Of the many calls of a dataset, each step tries another few, on the stub of the engine;
with the mark `trust`, all, on the real one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from .content import content, differences
from .fleet import ON_THE_STUB_OR_ENGINE, CallMade, Case, Fleet, chosen, fleet_in, from_call

TYPES = ("Group", "User", "HTTPConnection", "MetadataTemplate", "Dataset")

Told = dict[str, list[str]]
"""The lines that a person reads, by the name of the resource."""


@dataclass
class Attempt:
    """One step of one case: from call `k` of it on, everything failed."""

    case: Case
    calls: list[CallMade]
    k: int
    told: list[str] = field(default_factory=list)
    """What the person read."""

    there: list[str] = field(default_factory=list)
    """The objects that the portal had after the failure."""

    state: dict[str, Any] | None = None
    """What the state said after the failure."""

    end: dict[str, Any] = field(default_factory=dict)
    """What the portal held after the next `up`."""

    def __str__(self) -> str:
        return f"{self.case.type} from {' '.join(self.calls[self.k])} ({self.k + 1} of {len(self.calls)})"


@dataclass
class Step:
    """A create or an update, tried once for every call that it makes."""

    attempts: dict[str, list[Attempt]]
    wanted: dict[str, dict[str, Any]]
    """What the portal of an undisturbed twin holds, by type."""


def _objects(case: Case) -> list[str]:
    """What there is on the portal of the case's resource."""
    name, portal = case.name.partition("@")[0], case.portal
    if case.type == "Group":
        return [g["uid"] for g in portal.all("/groups/") if g["title"] == f"{name} editors"]
    if case.type == "User":
        return [u["email"] for u in portal.all("/users/") if u["email"] == f"{name}@example.org"]
    if case.type == "HTTPConnection":
        return [c["uid"] for c in portal.all("/datasource_connections/") if c["uid"] != case.connection]
    if case.type == "MetadataTemplate":
        return [t["name"] for t in portal.all("/metadata/templates/") if t["name"] == name]
    return [d["uid"] for d in portal.all("/datasets/")]


class Campaign:
    """Twins that show what is to come of it, and a case for every call that may fail first."""

    def __init__(self, fleet: Fleet, *, every: bool) -> None:
        self.fleet, self._every = fleet, every
        self.twins = {type: self._case(type) for type in TYPES}
        fleet.configure()
        fleet.declare(list(self.twins.values()))
        self._calm: list[tuple[dict[str, list[CallMade]], dict[str, dict[str, Any]]]] = []
        for changed in (False, True):
            self._turn(list(self.twins.values()), changed)
            fleet.up(ok=True)
            calls = {type: case.calls() for type, case in self.twins.items()}
            self._calm.append((calls, {type: content(case.portal) for type, case in self.twins.items()}))
        most = {type: max(len(chosen(calls[type], every=every)) for calls, _ in self._calm) for type in TYPES}
        self.cases = {type: [self._case(type) for _ in range(most[type])] for type in TYPES}
        fleet.configure()
        self.everything = [case for row in self.cases.values() for case in row]
        fleet.declare([*self.twins.values(), *self.everything])

    def _case(self, type: str) -> Case:
        case = self.fleet.add(type)
        case.name = f"city@{case.label}"
        return case

    def _turn(self, cases: list[Case], changed: bool) -> None:
        for case in cases:
            case.changed = changed
            case.portal.forget()
        self.fleet.declare(cases)

    def step(self, *, changed: bool) -> Step:
        """Create or update every case, each portal failing from another call on, and again with all of them well."""
        calls, wanted = self._calm[changed]
        self._turn(self.everything, changed)
        self.fleet.declare([*self.twins.values(), *self.everything])
        attempts, told = self._failed(calls, remainder=1 if changed else 2)
        every = [attempt for row in attempts.values() for attempt in row]
        state = self.fleet.state()
        for attempt in every:
            attempt.told = told.get(attempt.case.name, [])
            attempt.state = state.get(attempt.case.name)
            attempt.there = _objects(attempt.case)
        self.fleet.up(ok=True)
        for attempt in every:
            attempt.end = content(attempt.case.portal)
        self.fleet.is_unchanged()
        return Step(attempts, wanted)

    def _failed(
        self, calls: dict[str, list[CallMade]], *, remainder: int
    ) -> tuple[dict[str, list[Attempt]], dict[str, list[str]]]:
        tried = {type: chosen(calls[type], every=self._every, remainder=remainder) for type in TYPES}
        attempts = {
            type: [Attempt(case, calls[type], k) for case, k in zip(self.cases[type], tried[type], strict=False)]
            for type in TYPES
        }
        for attempt in (attempt for row in attempts.values() for attempt in row):
            attempt.case.portal.fail(*from_call(attempt.calls, attempt.k, "status:500"))
        told = self.fleet.up(ok=False)
        for case in self.everything:
            case.portal.fail()
        return attempts, told

    def taken_back(self) -> Step:
        """Update every case, each portal failing from another call on; then the program is again what it was."""
        _, wanted = self._calm[False]
        self._turn(self.everything, True)
        attempts, _ = self._failed(self._calm[True][0], remainder=2)
        self._turn(self.everything, False)
        self.fleet.up(ok=True)
        for attempt in (attempt for row in attempts.values() for attempt in row):
            attempt.end = content(attempt.case.portal)
        self.fleet.is_unchanged()
        return Step(attempts, wanted)


@pytest.fixture(scope="module", params=ON_THE_STUB_OR_ENGINE)
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with fleet_in(tmp_path_factory.mktemp("fleet"), request, on_engine=request.param) as fleet:
        yield Campaign(fleet, every=request.param)
        fleet.is_unchanged(refresh=True)


@pytest.fixture(scope="module")
def creation(campaign: Campaign) -> Step:
    return campaign.step(changed=False)


@pytest.fixture(scope="module")
def retreat(campaign: Campaign, creation: Step) -> Step:
    return campaign.taken_back()


@pytest.fixture(scope="module")
def change(campaign: Campaign, retreat: Step) -> Step:
    return campaign.step(changed=True)


SECTIONS = {
    "Group": ("members",),
    "User": (),
    "HTTPConnection": ("user_access", "group_access"),
    "MetadataTemplate": (),
    "Dataset": (
        "sources",
        "fields",
        "processors",
        "user_access",
        "group_access",
        "attachments",
        "alternative_exports",
        "schedules",
        "metadata",
    ),
}
"""What each type has calls of its own for."""

NOISE = re.compile(r"Traceback|Exception calling|fault of pulumi|grpc|\.py\b")


def _wrong(attempt: Attempt) -> list[str]:
    """What is not as it must be after the failure."""
    wrong = []
    if not any(f'{attempt.case.type} "{attempt.case.name}"' in line for line in attempt.told):
        wrong.append(f"no message names the resource: {attempt.told}")
    wrong += [f"noise: {line}" for line in attempt.told if NOISE.search(line)]
    if len(attempt.told) > 4 or any(len(line) > 600 for line in attempt.told):
        wrong.append(f"too long: {attempt.told}")
    recorded = [attempt.state["id"]] if attempt.state else []
    if attempt.there != recorded:
        wrong.append(f"the portal has {attempt.there}, the state {recorded}")
    if attempt.state:
        words = set(re.findall(r"\w+", " ".join(attempt.told)))
        known = attempt.state["outputs"].keys() | words
        wrong += [
            f"nobody says what became of {name}: {attempt.told}"
            for name in SECTIONS[attempt.case.type]
            if name not in known
        ]
    return wrong


def _finished(step: Step, type: str, record_property: Callable[[str, object], None]) -> None:
    """Asserts that every attempt failed well, and that the next `up` made of it what the twin has."""
    attempts = step.attempts[type]
    wrong = {str(attempt): _wrong(attempt) for attempt in attempts}
    for attempt in attempts:
        wrong[str(attempt)] += [f"in the end {line}" for line in differences(attempt.end, step.wanted[type])]
    count = f"{sum(not complaints for complaints in wrong.values())} of {len(attempts)}"
    record_property("finished", count)
    print(f"{type}: {count}")
    assert {attempt: complaints for attempt, complaints in wrong.items() if complaints} == {}


@pytest.mark.parametrize("type", TYPES)
def test_a_create_failing_at_any_call_is_finished_next(
    creation: Step, type: str, record_property: Callable[[str, object], None]
) -> None:
    _finished(creation, type, record_property)


@pytest.mark.parametrize("type", TYPES)
def test_an_update_failing_at_any_call_can_be_taken_back(retreat: Step, type: str) -> None:
    wrong = {str(a): differences(a.end, retreat.wanted[type]) for a in retreat.attempts[type]}
    assert {attempt: lines for attempt, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize("type", TYPES)
def test_an_update_failing_at_any_call_is_finished_next(
    change: Step, type: str, record_property: Callable[[str, object], None]
) -> None:
    _finished(change, type, record_property)
