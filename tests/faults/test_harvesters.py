"""Every write of a harvester's life fails once in several ways, and fails for good: the next `up` converges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..emulator.harvesting import region_files
from ..engine_stub.engine import Engine

Program = Callable[[], None]

ONCE = (
    "reset_after_commit",
    "garbage",
    *(pytest.param(fault, marks=pytest.mark.trust) for fault in ("reset", "status:503", "no_body")),
)
"""In a sample, a write that was made and of which nothing is read, and one of which the response is not readable."""

IN_TURN = ("create", "schedule", "start", "publish")
"""The writes of a create, in order."""

WRITES = {
    "create": ("POST", "^/harvesters/$"),
    "schedule": ("POST", "/schedules/$"),
    "start": ("POST", "/start/$"),
    "publish": ("POST", "/publish/$"),
    "change": ("PUT", "^/harvesters/[^/]+/$"),
    "delete": ("DELETE", "^/harvesters/[^/]+/$"),
}


@pytest.fixture(autouse=True)
def files(portal: Portal) -> None:
    """The files of the region's server."""
    region_files(portal.emulator.portal.folder)


def harvester(**other: Any) -> None:
    """A harvester with a schedule, which runs and publishes."""
    source = ods.FTPCSVHarvest(
        host="files.region.example",
        user="city",
        password="never-to-be-told",
        directory="/open",
        metadata_file="index.csv",
    )
    given = {
        "name": "The region",
        "source": source,
        "schedules": [ods.HarvesterSchedule(cron_schedule="0 4 * * *", timezone="Europe/Berlin")],
        "run": "change",
        "published": True,
        "delete_attached_datasets": True,
        **other,
    }
    ods.Harvester("it", **given)


def changed() -> None:
    """Another configuration, which is harvested anew."""
    harvester(delete_missing_datasets=True)


def is_whole(engine: Engine, portal: Portal, program: Program) -> None:
    """Check that there is one harvester with its schedule and its datasets, and that nothing is left to do."""
    (found,) = portal.all("/harvesters/")
    assert (found["has_error"], found["attached_datasets_count"]) == (False, 2)
    assert len(portal.all(f"/harvesters/{found['uid']}/schedules/")) == 1
    assert engine.preview(program).steps == {}
    assert engine.refresh().steps == {}
    while portal.get(f"/harvesters/{found['uid']}/")["published_datasets_count"] < 2:
        pass


def life(engine: Engine, portal: Portal, *, ok: bool | None) -> None:
    """Create, change and destroy."""
    for program in (harvester, changed):
        engine.up(program, ok=ok)
        if ok is None:
            portal.fail()
            engine.up(program)
        is_whole(engine, portal, program)
    engine.destroy(ok=ok)
    portal.fail()
    engine.destroy()
    assert (portal.all("/harvesters/"), portal.all("/datasets/")) == ([], [])


@pytest.mark.parametrize("fault", ONCE)
def test_each_write_that_fails_once_is_repaired_in_the_same_run(engine: Engine, portal: Portal, fault: str) -> None:
    engine.config["opendatasoft:maxRetries"] = "3"
    portal.fail(*({"method": m, "path": path, "nth": 1, "fault": fault} for m, path in WRITES.values()))

    life(engine, portal, ok=True)


@pytest.mark.parametrize("fault", ["status:503", "reset_after_commit"])
def test_writes_that_fail_for_good_one_after_another(engine: Engine, portal: Portal, fault: str) -> None:
    """Each `up` gets one write further; a lost answer need not let it fail, if the portal shows what was made."""
    is_refused = fault == "status:503"
    for write in IN_TURN if is_refused else IN_TURN[2:]:
        _fail(portal, write, fault)
        engine.up(harvester, ok=False if is_refused else None)
    portal.fail()
    engine.up(harvester)
    is_whole(engine, portal, harvester)
    _fail(portal, "change", fault)
    engine.up(changed, ok=None)
    portal.fail()
    engine.up(changed)
    is_whole(engine, portal, changed)
    _fail(portal, "delete", fault)
    engine.destroy(ok=None)
    portal.fail()
    engine.destroy()
    assert (portal.all("/harvesters/"), portal.all("/datasets/")) == ([], [])


def _fail(portal: Portal, write: str, fault: str) -> None:
    method, path = WRITES[write]
    portal.fail({"method": method, "path": path, "from": 1, "fault": fault})


@pytest.mark.trust
@pytest.mark.parametrize("write", WRITES)
def test_write_that_fails_for_good_is_made_by_the_next_up(engine: Engine, portal: Portal, write: str) -> None:
    _fail(portal, write, "status:503")

    life(engine, portal, ok=None)


@pytest.mark.trust
@pytest.mark.parametrize("write", ["start", "publish", "change", "delete"])
def test_write_whose_answer_never_comes_is_found_out(engine: Engine, portal: Portal, write: str) -> None:
    _fail(portal, write, "reset_after_commit")

    life(engine, portal, ok=None)
