"""Kills and Ctrl-C in the middle of a run: nothing goes on by itself, and the next `up` finishes what was begun."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from ..conftest import Portal
from .interruptions import PROVIDER, End, How, Interruption, carry_out
from .stacks import Stack, eventually

pytestmark = pytest.mark.own_python

IN_A_PUBLICATION = [Interruption(how, "create", 0, 0.4) for how in (How.ENGINE, How.CTRL_C_TWICE)]


@pytest.mark.parametrize("interruption", IN_A_PUBLICATION, ids=lambda interruption: interruption.how.value)
def test_interrupted_run_is_finished_by_the_next(interruption: Interruption, tmp_path: Path, real_engine: None) -> None:
    report = carry_out(interruption, tmp_path)
    assert report.end is End.BY_ITSELF, report.detail


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


def test_provider_ends_with_the_engine_and_a_setting_resumes(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    stack.program("""
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        ods.Dataset("air", sources={"day": source}, published=True)
        for number in range(20):
            ods.Group(f"group-{number}", title=f"Group {number}")
    """)
    portal.set(latency_ms=100, processing_ms=60_000)
    with stack.running("up", "--yes", "--skip-preview", "--parallel", "3") as engine:
        eventually(lambda: any("publish" in call for call in portal.writes()))
        os.kill(engine.pid, signal.SIGKILL)
        eventually(lambda: not stack.processes(PROVIDER), within=5)
    time.sleep(0.3)  # what was sent before arrives
    made = portal.writes()
    time.sleep(1)
    assert portal.writes() == made
    shutil.rmtree(stack.folder / ".home" / "opendatasoft")  # the next machine has none
    stack.run("cancel", "--yes")
    uid = portal.dataset("air")["uid"]
    portal.set(latency_ms=0, processing_ms=0)
    portal.post(f"/datasets/{uid}/abort/")

    refused = stack.up("--continue-on-error", ok=False)
    names = re.findall("`pulumi config set opendatasoft:resume ([^`]+)`", refused.text)
    assert uid in names
    stack.run("config", "set", "opendatasoft:resume", ",".join(names))
    stack.up()
    assert {resource["outputs"]["adopted"] for resource in stack.state().values()} == {False}
    stack.preview("--refresh", "--expect-no-changes", "--diff")
    stack.destroy()
    assert portal.all("/datasets/") == portal.all("/groups/") == []
