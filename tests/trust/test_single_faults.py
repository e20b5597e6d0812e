"""One call of a create, an update or a destroy goes wrong, each call and each fault: nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ..engine_stub.servers import Servers
from .stand import OPERATIONS, Calm, longest, standing
from .table import SEED, Outcome, Record, marked

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

SHARES = {"quickstart": (36, 2), "city_portal": (24, 1), "every_type": (24, 1)}
"""Of each program: into how many tests its cases are divided, and how many of these are in a sample."""

SHARE_CASES = [
    pytest.param(name, share, shares, id=f"{name}-{share}", marks=mark)
    for name, (shares, sample) in SHARES.items()
    for share, mark in enumerate(marked(shares, sample))
]


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


@pytest.mark.parametrize(("name", "share", "shares"), SHARE_CASES)
def test_a_fault_at_any_call_leaves_nothing_behind(
    name: str, share: int, shares: int, calm_of: CalmOf, tmp_path: Path, servers: Servers, record: Record
) -> None:
    calm = calm_of(name)
    wrong: dict[str, list[str]] = {}
    for chain in chains(name, longest(list(calm.values())))[share::shares]:
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
