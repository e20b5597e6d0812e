"""Kills and Ctrl-C in the middle of a run: nothing goes on by itself, and the next `up` finishes what was begun."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from ..conftest import Portal
from .interruptions import PROVIDER, End, How, Interruption, carry_out
from .stacks import Stack, eventually

pytestmark = pytest.mark.own_python

IN_A_PUBLICATION = [
    Interruption(How.ENGINE, "create", 0, 0.4),
    Interruption(How.CTRL_C_TWICE, "create", 0, 0.4),
    Interruption(How.PROVIDER, "create", 9, 0.03),
]


@pytest.mark.parametrize("interruption", IN_A_PUBLICATION, ids=lambda interruption: interruption.how.value)
def test_interrupted_run_is_finished_by_the_next(interruption: Interruption, tmp_path: Path, real_engine: None) -> None:
    report = carry_out(interruption, tmp_path)
    assert report.end is End.BY_ITSELF, report.detail


def test_no_call_follows_the_death_of_the_engine(stack: Stack, portal: Portal) -> None:
    stack.program("""
        for number in range(60):
            ods.Group(f"group-{number}", title=f"Group {number}")
    """)
    portal.set(latency_ms=200)
    with stack.running("up", "--yes", "--skip-preview", "--parallel", "2") as engine:
        eventually(lambda: len(portal.writes()) >= 2)
        os.kill(engine.pid, signal.SIGKILL)
        eventually(lambda: not stack.processes(PROVIDER), within=5)
    time.sleep(0.5)
    made = len(portal.writes())
    assert made < 30
    time.sleep(1)
    assert len(portal.writes()) == made


def test_first_interruption_ends_a_publication_and_keeps_it(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    stack.program("""
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        air = ods.Dataset("air", sources={"day": source}, published=True)
        ods.Group("editors", title="Editors", description=air.uid)
    """)
    portal.set(processing_ms=60_000)

    with stack.running("up", "--yes", "--skip-preview") as engine:
        eventually(lambda: any("publish" in call for call in portal.writes()))
        engine.send_signal(signal.SIGINT)
        assert engine.wait(30)
    printed = stack.printed()
    uid = portal.dataset("air")["uid"]
    assert 'Dataset "air": published: the run was interrupted: the next `up` goes on from here' in printed
    assert "Traceback" not in printed
    assert stack.ids() == {"air": uid}
    assert not portal.dataset("air")["is_published"]

    portal.set(processing_ms=0)
    portal.post(f"/datasets/{uid}/abort/")
    stack.up()
    assert portal.records("air")["total_count"] == 2
    assert [group["title"] for group in portal.all("/groups/")] == ["Editors"]
    stack.is_settled()


def test_another_machine_needs_one_setting(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    stack.program("""
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        ods.Dataset("air", sources={"day": source}, published=True)
        ods.Group("editors", title="Editors", members=["admin"])
    """)
    portal.set(processing_ms=2500)
    with stack.running("up", "--yes", "--skip-preview", "--parallel", "1") as engine:
        eventually(lambda: any("publish" in call for call in portal.writes()) or "/groups/" in str(portal.writes()))
        engine.kill()
        eventually(lambda: not stack.processes(PROVIDER), within=5)
    for entry in (stack.folder / ".home" / "opendatasoft" / "begun").iterdir():
        entry.unlink()
    stack.run("cancel", "--yes")

    made = {"air": [d["uid"] for d in portal.all("/datasets/")], "editors": [g["uid"] for g in portal.all("/groups/")]}
    names = [id for ids in made.values() for id in ids]
    refused = stack.up("--continue-on-error", ok=None)
    assert [f"`pulumi config set opendatasoft:resume {id}`" in refused.text for id in names] == [True] * len(names)
    stack.run("config", "set", "opendatasoft:resume", ",".join(names))
    stack.up()
    stack.run("config", "rm", "opendatasoft:resume")
    stack.is_settled()
    assert not any(json.dumps(r["outputs"].get("adopted")) == "true" for r in stack.state().values())
    stack.destroy()
    assert portal.all("/datasets/") == portal.all("/groups/") == []
