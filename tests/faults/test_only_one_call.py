"""A single call that goes wrong in a create or an update, of every type, in many ways.

With retries the `up` itself succeeds, nothing is made twice, and the portal has what it would have without the fault.
On the real engine: the other fleets in `make test` are on its stub. With the mark `trust` every fault meets every call.
Else it is a sample: a lost answer meets each call that makes an object, and of the other faults each meets one call of
every type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ..trust.table import Outcome, Record
from .content import content, differences
from .fleet import TRIED, CallMade, Case, Fleet, chosen, fleet_in, only_call

TYPES = ("Group", "User", "HTTPConnection", "MetadataTemplate", "Dataset")
REMAINDERS = {"reset_after_commit": 0, "timeout_after_commit": 2, "garbage": 2, "status:503": 1}
"""The faults, and which calls each of them meets in a sample; see `chosen`."""


Faults = tuple[str, ...]

ROUNDS: dict[bool, tuple[tuple[Faults, Faults], ...]] = {
    False: ((("reset_after_commit", "garbage"), ("timeout_after_commit", "status:503")),),
    True: ((("reset_after_commit",), ("timeout_after_commit",)), (("garbage",), ("status:503",))),
}
"""The faults of the creates and of the updates of each round: of a sample, and of every call."""


class Attempt(NamedTuple):
    """One call that goes wrong."""

    fault: str
    call: str


class Campaign:
    """A twin of each type, and a case for each of its calls; for every round anew, on the same portals."""

    def __init__(self, fleet: Fleet, *, every: bool) -> None:
        self.fleet, self.every = fleet, every
        self.twins = {type: fleet.add(type) for type in TYPES}
        fleet.configure(maxRetries=2, requestTimeout=10)
        self.calls: dict[bool, dict[str, list[CallMade]]] = {}
        for changed in (False, True):
            self._turn(list(self.twins.values()), "calm", changed=changed)
            fleet.up(ok=True)
            self.calls[changed] = {type: case.calls() for type, case in self.twins.items()}
        steps = [(changed, faults[changed]) for faults in ROUNDS[every] for changed in (False, True)]
        most = {
            type: max(len(self._tried(self.calls[changed][type], faults)) for changed, faults in steps)
            for type in TYPES
        }
        self.cases = {type: [fleet.add(type) for _ in range(most[type])] for type in TYPES}
        fleet.configure()

    def _tried(self, calls: list[CallMade], faults: Faults) -> list[tuple[int, str]]:
        """The calls that go wrong and how: as chosen for the first fault, and of a sample one call for any other."""
        first, *others = faults
        found = [(k, first) for k in chosen(calls, every=self.every, remainder=REMAINDERS[first])]
        found += [(chosen(calls, every=False, remainder=REMAINDERS[other])[-1], other) for other in others]
        return [(k, fault) for k, fault in found if _is_possible(calls, k, fault)]

    def _turn(self, cases: list[Case], word: str, *, changed: bool) -> None:
        for case in cases:
            case.name, case.changed = f"{word}@{case.label}", changed
            case.portal.forget()
        self.fleet.declare(cases)

    def step(self, word: str, faults: Faults, *, changed: bool) -> dict[Attempt, list[str]]:
        """Create or update every case, called by this word, and let another call go wrong for each.

        Returns the calls that went wrong, each with what did not come of it as it must.
        """
        everything = [*self.twins.values(), *(case for row in self.cases.values() for case in row)]
        self._turn(everything, word, changed=changed)
        attempts: dict[Attempt, tuple[Case, dict[str, Any]]] = {}
        for type, calls in self.calls[changed].items():
            for case, (k, fault) in zip(self.cases[type], self._tried(calls, faults), strict=False):
                [set_fault] = only_call(calls, k, fault)
                case.portal.fail(set_fault)
                attempts[Attempt(fault, f"{type}: {' '.join(calls[k])} ({k + 1} of {len(calls)})")] = (case, set_fault)
        told, found = self.fleet.up(ok=None), {}
        unsure = next((name for name, lines in told.items() if "garbage" in faults and _is_unsure(lines)), None)
        if unsure:
            # Whether an invitation was sent is unknown, so no second one is sent without another `up`.
            del told[unsure]
            self.fleet.up(ok=True)
        wanted = {type: self._content(case) for type, case in self.twins.items()}
        for attempt, (case, set_fault) in attempts.items():
            [counted] = case.portal.control.get("/faults").raise_for_status().json()
            case.portal.fail()
            found[attempt] = differences(self._content(case), wanted[case.type]) + told.get(case.name, [])
            if counted["count"] < set_fault["nth"]:
                found[attempt].append("the fault never struck")
        return found

    @staticmethod
    def _content(case: Case) -> dict[str, Any]:
        """What its portal holds; of the invitations only those of this step, since a twin has sent one more before."""
        found = content(case.portal)
        return found | {"invitations": [to for to in found["invitations"] if to.startswith(case.name.split("@")[0])]}


def _is_possible(calls: list[CallMade], k: int, fault: str) -> bool:
    """Whether a call may go wrong so: a web page as a run's very first answer is taken for another site."""
    if fault.startswith("timeout") and calls[k].is_upload:
        return False  # it is waited for ten minutes
    return k > 0 or fault != "garbage"


def _is_unsure(lines: list[str]) -> bool:
    return len(lines) == 1 and "invitation" in lines[0] and lines[0].endswith("it is not sent twice by itself")


@pytest.fixture(scope="module", params=TRIED)
def campaign(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_engine: None
) -> Iterator[Campaign]:
    with fleet_in(tmp_path_factory.mktemp("fleet"), request, on_engine=True) as fleet:
        yield Campaign(fleet, every=request.param)
        fleet.is_unchanged(refresh=True)


def test_a_single_call_that_goes_wrong_changes_nothing(campaign: Campaign, record: Record) -> None:
    for number, faults in enumerate(ROUNDS[campaign.every]):
        for changed in (False, True):
            found = campaign.step(f"round-{number}", faults[changed], changed=changed)
            for attempt, complaints in found.items():
                outcome = Outcome.LEFT_BEHIND if complaints else Outcome.BY_ITSELF
                record("update" if changed else "create", f"{attempt.fault}, real engine", outcome)
            assert {attempt: complaints for attempt, complaints in found.items() if complaints} == {}
