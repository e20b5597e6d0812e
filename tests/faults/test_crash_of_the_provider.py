"""The provider is killed during a create, at any write of any type: the next `up` finishes the object as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.engine import Engine
from . import program
from .content import differences
from .fleet import TRIED
from .kills import TYPES, Case, Killed, Write, owned, whole

BEFORE_THE_COMMIT = ("Group", "User", "Dataset", "ApiKey", "AmazonS3ConnectionRole")
"""A type of each way to find out that nothing was made: by a key, a mail, a mark, a new label, a property."""

LATER_WRITES = (
    "POST .*/groups/$",
    "POST /harvesters/.*/schedules/$",
    "POST /studio_pages/.*/publish/$",
    "POST /datasets/.*/files/$",
    "POST /datasets/.*/processors/$",
    "PUT /datasets/.*/custom/$",
    "POST /datasets/.*/publish/$",
)
"""Those of a sample, besides the first write of every type: of each kind of section one."""


@pytest.fixture
def killed(engine: Engine, tmp_path: Path) -> Iterator[Killed]:
    engine.config["opendatasoft:requestTimeout"] = "300"
    # On one portal, a call of each collection is kept waiting until the kill.
    engine.config["opendatasoft:maxConcurrency"] = "16"
    with Killed(engine, tmp_path / "killed") as killed:
        yield killed


@pytest.mark.parametrize("every", TRIED)
def test_a_create_killed_at_any_write_is_finished(killed: Killed, every: bool) -> None:
    twins = killed.add([(type, None) for type in TYPES])
    empty = whole(twins[0].place.portal)
    assert killed.up(twins) == {}
    wanted = {twin.type: found for twin, found in zip(twins, owned(twins), strict=True)}
    tried = [(twin.type, write) for twin in twins for write in killed.writes(twin)]
    assert len(tried) > 40
    cases = killed.add(tried if every else [one for one in tried if _is_sampled(*one)])

    killed.interrupt(cases)
    assert len(killed.entries()) == len(cases)
    failed = killed.up(cases)

    assert failed == {}
    assert killed.entries() == [], "the state contains every object"
    assert {case.name for case in cases if case.outputs["adopted"]} == set()
    assert _wrong(cases, wanted) == {}

    killed.destroy(cases)
    assert _left(cases, empty) == []

    # A second time, and the next run is on another machine.
    named = [case for case in cases if case.type in program.DECLARES]
    killed.interrupt(named)
    killed.forget()
    failed = killed.up(named)
    by_mark = [case for case in named if case.name not in failed]
    assert {case.type for case in by_mark if not _is_before_the_commit(case)} == {"Dataset"}
    names = {name: re.findall("`pulumi config set opendatasoft:resume ([^`]+)`", text) for name, text in failed.items()}
    assert {name: len(found) for name, found in names.items()} == dict.fromkeys(failed, 1)
    killed.engine.config["opendatasoft:resume"] = ",".join(name for found in names.values() for name in found)
    assert killed.up([case for case in named if case.name in failed]) == {}
    assert {case.name for case in named if case.outputs["adopted"]} == set()
    assert _wrong([case for case in named if case.type != "User"], wanted) == {}
    killed.destroy(named)
    assert _left(named, empty) == []


def _is_sampled(type: str, write: Write) -> bool:
    if write.fault == "timeout":
        return type in BEFORE_THE_COMMIT
    call = f"{write.method} {write.path}"
    return write.is_first or any(re.match(pattern, call) for pattern in LATER_WRITES)


def _wrong(cases: list[Case], wanted: dict[str, Any]) -> dict[str, list[str]]:
    """How the objects differ from those of an undisturbed create, by what was interrupted."""
    pairs = zip(cases, owned(cases), strict=True)
    found = {f"{case.type}: {case.write}": differences(own, wanted[case.type]) for case, own in pairs}
    return {name: lines for name, lines in found.items() if lines}


def _left(cases: list[Case], empty: dict[str, Any]) -> list[str]:
    """What the portals have more than before, except for the e-mail of an invitation."""
    places = {case.place.label: case.place for case in cases}
    lines = [line for place in places.values() for line in differences(whole(place.portal), empty)]
    return [line for line in lines if not line.startswith(".invitations")]


def _is_before_the_commit(case: Case) -> bool:
    return case.write is not None and case.write.fault == "timeout"
