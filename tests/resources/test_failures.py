"""A create or change of a connection of any type is finished by the next `up`, whichever call of it failed.

`tests/faults` has the same for groups, users, datasets and the first type of connection, on the real engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.program import Recorded
from ..engine_stub.servers import Servers
from ..samples import samples
from .bench import NAME, Bench, open_bench
from .rows import Properties, differences
from .subject import Subject

ANEW = ("uid", "external_id")

ELSEWHERE = ("Dataset", "Group", "Image", "User")
"""The first ones there, and images, which no destroy deletes, in `test_images.py`."""

FEW = 2
"""Steps with at most so many calls are tried wholly, also in a sample."""

SUBJECTS = [sample.subject for kind, sample in samples().items() if kind not in ELSEWHERE]

CONNECTIONS = [subject for subject in SUBJECTS if subject.kind.__name__.endswith("Connection")]


def other(subject: Subject, facts: Mapping[str, Any]) -> Properties:
    """The other values of all properties that can change in place."""
    found: Properties = {}
    for row in subject.rows:
        if not row.sample and row.step == "update" and row.writes and row.actual:
            found |= row.other(facts)
    return found


def failing(bench: Bench, program: Recorded, k: int) -> None:
    """Run an `up` in which every call from the k-th on fails, with a message for each resource."""
    bench.portal.fail({"from": k, "fault": "status:500"})
    failed = bench.engine.up(program, ok=False)
    bench.portal.fail()
    assert failed.errors
    kind = bench.subject.kind.__name__
    assert all(kind in message and "\n" not in message and len(message) < 600 for message in failed.errors)
    assert len(bench.subject.left(bench)) == len(bench.engine.resources), failed.errors


def tried(subject: Subject, calls: int, *, every: bool) -> list[int]:
    """Return from which calls on all fail: from each in turn, or a few of them, each type other ones.

    Of a connection's calls a sixth is tried, since they are those of all types of connections, and the types together
    still try each of them; of those of another type a third.
    """
    share = 6 if subject in CONNECTIONS else 3
    first = (CONNECTIONS if subject in CONNECTIONS else SUBJECTS).index(subject) % share
    return [k for k in range(1, calls + 1) if every or calls <= FEW or k % share == first]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.trust)], ids=["a few", "every call"])
@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_up_after_any_failed_call_finishes(subject: Subject, every: bool, tmp_path: Path, servers: Servers) -> None:
    with open_bench(subject, tmp_path, servers) as bench:
        first, second = (
            bench.engine.recorded(program)
            for program in (bench.program(), bench.program(other=lambda facts: other(subject, facts)))
        )
        seen, calls = [], []
        for program in (first, second):
            bench.portal.forget()
            bench.engine.up(program)
            calls.append(len(bench.portal.requests()))
            seen.append(bench.seen())
        assert calls[0] >= 2
        assert calls[1] >= 1
        for k in tried(subject, calls[0], every=every):
            with bench.engine.together():
                bench.engine.destroy()
                failing(bench, first, k)
            assert NAME in bench.engine.up(first).steps
            assert _but_for_ids(seen[0], bench.seen()) == {}
        for k in tried(subject, calls[1], every=every):
            with bench.engine.together():
                bench.engine.up(first)
                failing(bench, second, k)
            assert NAME in bench.engine.up(second).steps
            assert _but_for_ids(seen[1], bench.seen()) == {}
        with bench.engine.together():
            bench.is_settled(second)
        bench.engine.destroy()
        assert subject.left(bench) == []


def _but_for_ids(expected: Any, found: Any) -> dict[str, Any]:
    """The differences, without the members that are new for every connection."""
    return {path: value for path, value in differences(expected, found).items() if path.rpartition(".")[2] not in ANEW}
