"""One call of a create, an update or a destroy goes wrong, each call and each fault: nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ..engine_stub.servers import Servers
from .stand import OPERATIONS, Calm, longest, standing
from .table import SEED, Outcome, Record

FAULTS = (
    "status:503",
    "status:429",
    "reset",
    "reset_after_commit",
    "timeout",
    "timeout_after_commit",
    "garbage",
    "no_body",
    "slow",
)

SHARES = {"quickstart": 36, "city_portal": 24, "every_type": 24}
"""Of each program: into how many tests its cases are divided."""

SHARE_CASES = [(name, share) for name, shares in SHARES.items() for share in range(shares)]


class Chain(NamedTuple):
    """Call `k` (0 is the first) of every operation meets a fault, of each operation the one at its place."""

    k: int
    faults: tuple[str, ...]


CalmOf = Callable[[str], dict[str, Calm]]


@pytest.fixture(scope="module")
def calm_of(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> CalmOf:
    """The undisturbed operations of a program, carried out once."""
    known: dict[str, dict[str, Calm]] = {}

    def found(name: str) -> dict[str, Calm]:
        if name not in known:
            with standing(name, tmp_path_factory.mktemp("calm"), servers) as stand:
                known[name] = stand.calm()
        return known[name]

    return found


def chains(name: str, calls: int) -> list[Chain]:
    """All cases of a program: of the smallest each call with each fault, of the others each call with one."""
    if name == "quickstart":
        return [Chain(k, (fault,) * len(OPERATIONS)) for k in range(calls) for fault in FAULTS]
    # The operations are two faults apart, so that each pair of operation and fault occurs within nine calls.
    return [Chain(k, tuple(FAULTS[(k + SEED + 2 * n) % 9] for n in range(len(OPERATIONS)))) for k in range(calls)]


@pytest.mark.sampled
def test_each_fault_in_each_operation_leaves_nothing_behind(
    calm_of: CalmOf, tmp_path: Path, servers: Servers, record: Record
) -> None:
    """Every fault once in a create, an update and a destroy of the quickstart, each at another place of it."""
    calm = calm_of("quickstart")
    places = [{operation: n * len(calm[operation].calls) // len(FAULTS) for operation in OPERATIONS} for n in range(9)]
    with standing("quickstart", tmp_path, servers) as stand:
        for place, fault in zip(places, FAULTS, strict=True):
            for operation in OPERATIONS:
                outcome = stand.tried(operation, fault, place[operation], calm[operation])
                if outcome:
                    record(operation, fault, outcome)
                assert outcome is not Outcome.LEFT_BEHIND, (operation, fault, place, stand.complaints)


@pytest.mark.trust
@pytest.mark.parametrize(("name", "share"), SHARE_CASES)
def test_a_fault_at_any_call_leaves_nothing_behind(
    name: str, share: int, calm_of: CalmOf, tmp_path: Path, servers: Servers, record: Record
) -> None:
    calm = calm_of(name)
    wrong: dict[str, list[str]] = {}
    for chain in chains(name, longest(list(calm.values())))[share :: SHARES[name]]:
        folder = tmp_path / f"{chain.k}-{chain.faults[0].replace(':', '-')}"
        with standing(name, folder, servers) as stand:
            for operation, fault in zip(OPERATIONS, chain.faults, strict=True):
                if chain.k >= len(calm[operation].calls):
                    stand.run(operation)
                    continue
                outcome = stand.tried(operation, fault, chain.k, calm[operation])
                if outcome:
                    record(operation, fault, outcome)
                if outcome is Outcome.LEFT_BEHIND:
                    wrong[f"{operation}, {fault}, call {chain.k}"] = stand.complaints
                    break
    assert wrong == {}, json.dumps(wrong, indent=1)
