"""The oldest SDK that is allowed, the pinned one and the newest of the package index: a failure, a kill, a destroy."""

from __future__ import annotations

import os
import re
import signal
import tomllib
from pathlib import Path

import pytest

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack, eventually
from .environments import with_sdk
from .table import Outcome, Record

PROVIDER = "pulumi.dynamic"
PROGRAM = """
    source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
    rules = [ods.TypeField(field="value", type_param="double")]
    ods.Dataset("air", sources={"day": source}, fields=rules, published=True)
    ods.Group("editors", title="Editors")
"""


def requirements() -> dict[str, str]:
    """What is installed for each of the three."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [allowed] = [one for one in project["project"]["dependencies"] if one.startswith("pulumi")]
    [pinned] = [one for one in project["dependency-groups"]["dev"] if str(one).startswith("pulumi==")]
    oldest = re.search(r">=([\d.]+)", allowed)
    assert oldest
    return {"oldest": f"pulumi=={oldest[1]}.0", "pinned": pinned, "newest": "pulumi"}


@pytest.mark.trust
@pytest.mark.own_python
@pytest.mark.parametrize("version", ["oldest", "pinned", "newest"])
def test_other_sdk_records_failures_survives_a_kill(
    version: str, stack: Stack, portal: Portal, tmp_path: Path, record: Record
) -> None:
    programs = with_sdk(tmp_path / "sdk", requirements()[version])
    stack.env["PATH"] = f"{programs}{os.pathsep}{stack.env['PATH']}"
    stack.file("air.csv", "day,value\n2026-01-01,3\n")
    stack.program(PROGRAM)

    # The frame's internals: an object whose creation failed half-way is recorded.
    portal.fail({"method": "POST", "path": "/fields/$", "nth": 1, "fault": "status:500"})
    failed = stack.up(ok=False)
    assert "Traceback" not in failed.text
    assert "air" in stack.ids()
    stack.up()
    stack.is_settled()
    stack.destroy()

    stack.run("config", "set", "opendatasoft:requestTimeout", "300")
    portal.fail({"method": "POST", "path": "/fields/$", "nth": 1, "fault": "timeout_after_commit"})
    with stack.running("up", "--yes", "--skip-preview") as engine:
        eventually(lambda: _struck(portal))
        for process in stack.processes(PROVIDER):
            os.kill(process, signal.SIGKILL)
        assert engine.wait(300) != 0
    portal.fail()
    outcome = Outcome.NEXT_UP if stack.up(ok=None).code == 0 else Outcome.LEFT_BEHIND
    stack.is_settled()
    stack.destroy()
    if portal.all("/datasets/") or portal.all("/groups/"):
        outcome = Outcome.LEFT_BEHIND
    record("create", f"kill, {version} SDK", outcome)
    assert outcome is Outcome.NEXT_UP


def _struck(portal: Portal) -> bool:
    [fault] = portal.control.get("/faults").raise_for_status().json()
    return bool(fault["count"])
