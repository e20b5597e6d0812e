"""The provider dies in the middle of a create, at any call: the next `up` finishes what can be recognised, once.

Each call has a resource on a portal of its own, which does what it was asked and never answers; then the provider is
killed, and with it everything at once.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ..engine.stacks import eventually
from .content import content, differences
from .fleet import TRIED, CallMade, Case, Fleet, chosen, only_call

PROVIDER = "pulumi.dynamic"
TITLE = "/metadata/default/title/"
"""The call that takes the mark away: from then on an unfinished dataset looks like any other."""

WAY_ON = {
    "Group": r'the portal already has a group with title "city editors" \(city_editors\), .* adopt=True',
    "User": r'the portal already has a user with email "city@example\.org" \(city@example\.org\), .* adopt=True',
    "HTTPConnection": r'the portal already has a connection to "http://city\.example\.org" .* adopt="(?P<uid>co_\w+)"',
    "Dataset": r'the portal already has a dataset with dataset_id "city" \(da_\w+\), .* adopt=True',
}


@pytest.fixture
def fleet(tmp_path: Path, real_engine: None) -> Iterator[Fleet]:
    with Fleet(tmp_path, own_python=True) as fleet:
        yield fleet


def _has_struck(case: Case) -> bool:
    [fault] = case.portal.control.get("/faults").raise_for_status().json()
    return bool(fault["count"] >= fault["nth"])


def _is_recognised(type: str, calls: list[CallMade], k: int) -> bool:
    """Whether nothing was made yet, or what was made bears the mark of its resource."""
    if calls[k].method == "GET" and all(call.method == "GET" for call in calls[:k]):
        return True
    return type == "Dataset" and not any(call.path.endswith(TITLE) for call in calls[: k + 1])


@pytest.mark.parametrize("every", TRIED)
def test_a_provider_killed_at_any_call_is_made_up_for(fleet: Fleet, every: bool) -> None:
    twins = {type: fleet.add(type) for type in WAY_ON}
    fleet.configure()
    for case in twins.values():
        case.name = f"city@{case.label}"
    fleet.declare(list(twins.values()))
    fleet.up(ok=True)
    calls = {type: case.calls() for type, case in twins.items()}
    cases = {(type, k): fleet.add(type) for type in WAY_ON for k in chosen(calls[type], every=every)}
    fleet.configure(requestTimeout=300)
    for (type, k), case in cases.items():
        case.name = f"city@{case.label}"
        case.portal.fail(*only_call(calls[type], k, "timeout_after_commit"))
    fleet.declare([*twins.values(), *cases.values()])

    with fleet.stack.running("up", "--yes", "--skip-preview", "--parallel", "64") as engine:
        for case in cases.values():
            eventually(partial(_has_struck, case), within=300)
        for process in fleet.stack.processes(PROVIDER):
            os.kill(process, signal.SIGKILL)
        assert engine.wait(300) != 0
    fleet.stack.without_own_python()
    assert "Traceback" not in fleet.stack.printed()
    assert fleet.stack.ids().keys() == {case.name for case in twins.values()}

    for case in cases.values():
        case.portal.fail()
    said = fleet.up(ok=False).said
    wrong: dict[str, list[str]] = {}
    for (type, k), case in cases.items():
        told = said.get(case.name, [])
        if _is_recognised(type, calls[type], k):
            complaints = [line for line in told if "it is finished now" not in line]
        else:
            [line] = told
            way_on = re.search(WAY_ON[type], line)
            complaints = [] if way_on else [line]
            case.adopt = way_on["uid"] if way_on and type == "HTTPConnection" else True
        if complaints:
            wrong[f"{type}: {' '.join(calls[type][k])}"] = complaints
    assert wrong == {}
    _all_is_well_on_the_way_told(fleet, twins, cases, calls)


def _all_is_well_on_the_way_told(
    fleet: Fleet,
    twins: dict[str, Case],
    cases: dict[tuple[str, int], Case],
    calls: dict[str, list[CallMade]],
) -> None:
    """What could not be recognised is adopted, as the message said, and is then like everything else."""
    for adopting in (True, False):
        for case in cases.values():
            case.adopt = adopting and case.adopt
        fleet.declare([*twins.values(), *cases.values()])
        fleet.up(ok=True)
    wanted = {type: content(case.portal) for type, case in twins.items()}
    found = {place: differences(content(case.portal), wanted[place[0]]) for place, case in cases.items()}
    wrong = {" ".join(calls[type][k]): lines for (type, k), lines in found.items() if lines}
    print(f"{len(cases) - len(wrong)} of {len(cases)}")
    assert wrong == {}
    fleet.stack.preview("--refresh", "--expect-no-changes", "--diff")
