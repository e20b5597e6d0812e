"""The provider is killed during a create, at any write of any type: the next `up` finishes the object as its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.engine import Engine
from .content import differences
from .kills import TYPES, Killed, Place, own, whole


@pytest.fixture
def killed(engine: Engine, tmp_path: Path) -> Iterator[Killed]:
    engine.config["opendatasoft:requestTimeout"] = "300"
    with Killed(engine, tmp_path / "killed") as killed:
        yield killed


def test_a_create_killed_at_any_write_is_finished(killed: Killed) -> None:
    twins = killed.add([(type, None) for type in TYPES])
    empty = whole(twins[0].place.portal)
    assert killed.up(twins) == {}
    wanted = {twin.type: own(twin) for twin in twins}
    cases = killed.add([(twin.type, write) for twin in twins for write in killed.writes(twin)])
    assert len(cases) > 40

    killed.interrupt(cases)
    assert len(killed.entries()) == len(cases)
    failed = killed.up(cases)

    assert failed == {}
    assert killed.entries() == [], "the state contains every object"
    assert {case.name for case in cases if case.outputs["adopted"]} == set()
    wrong: dict[str, list[str]] = {}
    for case in cases:
        lines = differences(own(case), wanted[case.type])
        if lines:
            wrong[f"{case.type}: {case.write}"] = lines
    assert wrong == {}

    killed.destroy(cases)
    left = [line for place in {id(c.place): c.place for c in cases}.values() for line in _left(place, empty)]
    assert left == []


def _left(place: Place, empty: dict[str, Any]) -> list[str]:
    """What a portal has more than before, except for the e-mail of an invitation."""
    return [line for line in differences(whole(place.portal), empty) if not line.startswith(".invitations")]
