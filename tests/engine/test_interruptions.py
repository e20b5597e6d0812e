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
from .interruptions import PROVIDER, End, How, Interruption, carry_out, restore_truncated_state
from .stacks import Stack, eventually

# A preloaded provider has another parent than the engine, and is not found by the words of its command. The commands
# after the interruption need none of that.
pytestmark = pytest.mark.own_python(only_provider=True)

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
    stack.without_own_python()
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
        eventually(lambda: not stack.processes(PROVIDER), within=30)
    time.sleep(2)  # what was sent before arrives
    made = portal.writes()
    time.sleep(1)
    assert portal.writes() == made
    stack.without_own_python()
    shutil.rmtree(stack.folder / ".home" / "opendatasoft")  # the next machine has none
    restore_truncated_state(stack)
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


@pytest.mark.parametrize("is_ours", [True, pytest.param(False, marks=pytest.mark.trust)])
def test_key_of_a_run_elsewhere_is_named_before_another(is_ours: bool, stack: Stack, portal: Portal) -> None:
    stack.program('ods.ApiKey("import", label="Nightly import")')
    stack.run("config", "set", "opendatasoft:requestTimeout", "300")
    portal.fail({"method": "POST", "path": "/apikeys/$", "nth": 1, "fault": "timeout_after_commit"})
    with stack.running("up", "--yes", "--skip-preview") as engine:
        eventually(lambda: len(keys(portal)) == 1)
        os.kill(engine.pid, signal.SIGKILL)
        eventually(lambda: not stack.processes(PROVIDER), within=30)
    stack.without_own_python()
    portal.fail()
    shutil.rmtree(stack.folder / ".home" / "opendatasoft")
    restore_truncated_state(stack)
    stack.run("cancel", "--yes")
    [left] = keys(portal)

    refused = stack.up(ok=False)
    assert keys(portal) == [left]
    assert 'ApiKey "import": an earlier `up` of this stack was interrupted' in refused.text
    assert f"may have made {left}" in refused.text
    if is_ours:
        assert f"`pulumi config set opendatasoft:resume {left}`" in refused.text
        stack.run("config", "set", "opendatasoft:resume", left)
    else:
        assert "`pulumi refresh --clear-pending-creates`" in refused.text
        stack.refresh("--clear-pending-creates")
    stack.up()
    assert (stack.ids() == {"import": left}) is is_ours
    assert len(keys(portal)) == (1 if is_ours else 2)
    stack.is_settled()
    stack.destroy()
    assert keys(portal) == ([] if is_ours else [left])


def keys(portal: Portal) -> list[str]:
    """The uids of the program's keys that are not revoked."""
    return [k["uid"] for k in portal.all("/apikeys/") if k["label"] == "Nightly import" and not k["is_revoked"]]
