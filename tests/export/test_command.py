"""The command `opendatasoft export` on the real engine, and the lines about mistakes on the way."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import Portal
from ..engine.stacks import Result, Stack
from .seeding import seed


def run(stack: Stack, folder: Path, *words: str, **environment: str) -> Result:
    """Run the command in a folder, with the environment of a stack."""
    command = [sys.executable, "-m", "pulumi_opendatasoft.commands", "export", *words]
    env = {**stack.env, **environment}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    return Result(done.returncode, done.stdout, done.stderr)


def test_exported_portal_stays_as_it_is(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    seed(portal, 3)
    done = run(stack, tmp_path, "city", "--import")
    assert done.code == 0, done.text
    assert "3 Dataset" in done.out
    assert "API keys: a portal returns their secrets once" in done.err
    stack.folder = tmp_path / "city"
    assert "canary" not in "".join(path.read_text() for path in stack.folder.glob("*.yaml"))
    stack.is_settled()
    stack.up("--expect-no-changes")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "portal", "__main__.py"],
        cwd=stack.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout

    generated = run(stack, tmp_path, "by-state", "--stack", "prod", "--state", "--import", "--json")
    report = json.loads(generated.out)
    assert (report["stack"], report["is_imported"], report["objects"]["Dataset"]) == ("prod", True, 3)
    stack.folder = tmp_path / "by-state"
    stack.is_settled()
    stack.destroy()

    again = run(stack, tmp_path, "other", "--stack", "dev")
    assert again.code == 2
    assert "the stack dev of the project" in again.err
    assert "has resources already: name another with --stack" in again.err
    assert portal.writes() == []


@pytest.mark.usefixtures("real_engine")
def test_command_for_the_state_is_printed(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    portal.post("/groups/", {"title": "Editors"})
    done = run(stack, tmp_path, "city")
    assert done.code == 0, done.text
    (line,) = [line for line in done.err.splitlines() if line.startswith("Next, in city: ")]
    file = tmp_path / "city" / ".opendatasoft" / "import.json"
    assert line.endswith(" --file .opendatasoft/import.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    stack.folder = tmp_path / "city"
    stack.run(*line.partition(": pulumi ")[2].split())
    stack.preview("--expect-no-changes")
    assert ".opendatasoft/" in (tmp_path / "city" / ".gitignore").read_text().splitlines()
