"""The portal fails from a call on, whichever it is, while an object of any type is made or changed: it is finished.

Groups, users, datasets and the first kind of connection go the same way on the real engine, in `tests/faults`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from ..samples import samples
from .home import NAME, Home, home
from .life import Life
from .rows import Properties, differences

ANEW = ("uid", "external_id")

ELSEWHERE = ("Dataset", "Group", "User")

LIVES = [sample.life for kind, sample in samples().items() if kind not in ELSEWHERE]


def other(life: Life, facts: Mapping[str, Any]) -> Properties:
    """Everything otherwise that can change in place."""
    found: Properties = {}
    for row in life.rows:
        if not row.sample and row.step == "update" and row.writes and row.there:
            found |= row.other(facts)
    return found


def failing(here: Home, program: Program, k: int) -> None:
    """An `up` while every call from the k-th on fails; what it did and did not do is said and in the state."""
    here.portal.fail({"from": k, "fault": "status:500"})
    failed = here.engine.up(program, ok=False)
    here.portal.fail()
    assert failed.errors
    assert all(here.life.kind.__name__ in said and "\n" not in said and len(said) < 600 for said in failed.errors)
    assert len(here.life.left(here)) == len(here.engine.resources), failed.errors


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_whatever_call_fails_the_next_up_finishes(life: Life, tmp_path: Path, servers: Servers) -> None:
    with home(life, tmp_path, servers) as here:
        first, second = here.program(), here.program(other=lambda facts: other(life, facts))
        seen, calls = [], []
        for program in (first, second):
            here.portal.forget()
            here.engine.up(program)
            calls.append(len(here.portal.requests()))
            seen.append(here.seen())
        assert calls[0] >= 2
        assert calls[1] >= 1
        for k in range(1, calls[0] + 1):
            here.engine.destroy()
            failing(here, first, k)
            assert NAME in here.engine.up(first).steps
            assert _but_for_ids(seen[0], here.seen()) == {}
        for k in range(1, calls[1] + 1):
            here.engine.up(first)
            failing(here, second, k)
            assert NAME in here.engine.up(second).steps
            assert _but_for_ids(seen[1], here.seen()) == {}
        here.is_settled(second)
        here.engine.destroy()
        assert life.left(here) == []


def _but_for_ids(wanted: Any, found: Any) -> dict[str, Any]:
    """What differs, without what the portal makes anew for every object."""
    return {path: value for path, value in differences(wanted, found).items() if path.rpartition(".")[2] not in ANEW}
