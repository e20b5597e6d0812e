"""A single call that goes wrong in a create or an update, of every type, in many ways.

With retries the `up` itself succeeds, nothing is made twice, and the portal has what it would have without the fault.
Of the many calls of a dataset, each fault meets another third; with the mark `trust`, all, on the real engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ..trust.table import Outcome, Record
from .content import content, differences
from .fleet import ON_THE_STUB_OR_ENGINE, CallMade, Case, Fleet, chosen, fleet_in, only_call

TYPES = ("Group", "User", "HTTPConnection", "MetadataTemplate", "Dataset")
FAULTS = ("reset_after_commit", "timeout_after_commit", "garbage", "status:503")
"""The faults, in turn of a create and of an update."""


class Campaign:
    """A twin of each type, and a case for each of its calls; for every fault anew, on the same portals."""

    def __init__(self, fleet: Fleet, *, every: bool) -> None:
        self.fleet, self.every = fleet, every
        self.twins = {type: fleet.add(type) for type in TYPES}
        fleet.configure(maxRetries=2, requestTimeout=4)
        self.calls: dict[bool, dict[str, list[CallMade]]] = {}
        for changed in (False, True):
            self._turn(list(self.twins.values()), "calm", changed=changed)
            fleet.up(ok=True)
            self.calls[changed] = {type: case.calls() for type, case in self.twins.items()}
        most = {type: max(len(chosen(calls[type], every=every)) for calls in self.calls.values()) for type in TYPES}
        self.cases = {type: [fleet.add(type) for _ in range(most[type])] for type in TYPES}
        fleet.configure()

    def _turn(self, cases: list[Case], word: str, *, changed: bool) -> None:
        for case in cases:
            case.name, case.changed = f"{word}@{case.label}", changed
            case.portal.forget()
        self.fleet.declare(cases)

    def step(self, word: str, fault: str, *, changed: bool) -> tuple[list[str], dict[str, list[str]]]:
        """Create or update every case, called by this word, and let another call go wrong for each.

        Returns the calls that went wrong, and what came of those that did not come out as they must.
        """
        everything = [*self.twins.values(), *(case for row in self.cases.values() for case in row)]
        self._turn(everything, word, changed=changed)
        # A web page as the very first answer of a run is taken for another site.
        first = 1 if fault == "garbage" else 0
        attempts: dict[str, tuple[Case, dict[str, Any]]] = {}
        for type, calls in self.calls[changed].items():
            tried = chosen(calls, every=self.every, remainder=FAULTS.index(fault) % 3)
            for case, k in zip(self.cases[type], tried, strict=False):
                if k < first:
                    continue
                if fault.startswith("timeout") and calls[k].is_upload:
                    continue  # it is waited for ten minutes
                [set_fault] = only_call(calls, k, fault)
                case.portal.fail(set_fault)
                attempts[f"{type}: {' '.join(calls[k])} ({k + 1} of {len(calls)})"] = (case, set_fault)
        told, wrong = self.fleet.up(ok=None), {}
        unsure = next((name for name, lines in told.items() if fault == "garbage" and _is_unsure(lines)), None)
        if unsure:
            # Whether an invitation was sent is unknown, so no second one is sent without another `up`.
            del told[unsure]
            self.fleet.up(ok=True)
        wanted = {type: self._content(case) for type, case in self.twins.items()}
        for attempt, (case, set_fault) in attempts.items():
            [found] = case.portal.control.get("/faults").raise_for_status().json()
            case.portal.fail()
            complaints = differences(self._content(case), wanted[case.type]) + told.get(case.name, [])
            if found["count"] < set_fault["nth"]:
                complaints.append("the fault never struck")
            if complaints:
                wrong[attempt] = complaints
        return list(attempts), wrong

    @staticmethod
    def _content(case: Case) -> dict[str, Any]:
        """What its portal holds; of the invitations only those of this step, since a twin has sent one more before."""
        found = content(case.portal)
        return found | {"invitations": [to for to in found["invitations"] if to.startswith(case.name.split("@")[0])]}


def _is_unsure(lines: list[str]) -> bool:
    return len(lines) == 1 and "invitation" in lines[0] and lines[0].endswith("it is not sent twice by itself")


@pytest.fixture(scope="module", params=ON_THE_STUB_OR_ENGINE)
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with fleet_in(tmp_path_factory.mktemp("fleet"), request, on_engine=request.param) as fleet:
        yield Campaign(fleet, every=request.param)
        fleet.is_unchanged(refresh=True)


@pytest.mark.parametrize(("in_create", "in_update"), [FAULTS[:2], FAULTS[2:]])
def test_a_single_call_that_goes_wrong_changes_nothing(
    campaign: Campaign, in_create: str, in_update: str, record: Record
) -> None:
    place = "real engine" if campaign.every else "stub"
    for fault, changed in ((in_create, False), (in_update, True)):
        tried, wrong = campaign.step(re.sub(r"\W|_", "-", in_create), fault, changed=changed)
        for attempt in tried:
            outcome = Outcome.LEFT_BEHIND if attempt in wrong else Outcome.BY_ITSELF
            record("update" if changed else "create", f"{fault}, {place}", outcome)
        print(f"{len(tried) - len(wrong)} of {len(tried)}")
        assert wrong == {}
