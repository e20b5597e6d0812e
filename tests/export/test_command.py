"""The command `opendatasoft export` on the real engine, and the lines about mistakes on the way."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from pulumi_opendatasoft.commands.group import opendatasoft

from ..conftest import Portal
from ..engine.stacks import Result, Stack
from .projects import Exported
from .seeding import seed


def run(stack: Stack, folder: Path, *words: str, **environment: str) -> Result:
    """Run the command in a folder, with the environment of a stack."""
    command = [sys.executable, "-m", "pulumi_opendatasoft.commands", "export", *words]
    env = {**stack.env, **environment}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    return Result(done.returncode, done.stdout, done.stderr)


def run_here(stack: Stack, folder: Path, *words: str) -> Result:
    """Run the command in this process, with the environment of a stack."""
    with chdir(folder):
        done = CliRunner(env=stack.env).invoke(opendatasoft, ["export", *words], catch_exceptions=False)
    return Result(done.exit_code, done.stdout, done.stderr)


def test_exported_portal_stays_as_it_is(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    seed(portal, 3)
    done = run(stack, tmp_path, "city")
    assert done.code == 0, done.text
    assert "3 Dataset" in done.out
    assert "API keys: a portal returns their secrets once" in done.err
    (line,) = [line for line in done.err.splitlines() if line.startswith("Next, in city: ")]
    stack.folder = tmp_path / "city"
    file = stack.folder / ".opendatasoft" / "import.json"
    assert line.endswith(" --file .opendatasoft/import.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ".opendatasoft/" in (stack.folder / ".gitignore").read_text().splitlines()
    assert "canary" not in "".join(path.read_text() for path in stack.folder.glob("*.yaml"))
    stack.run(*line.partition(": pulumi ")[2].split())
    stack.is_settled()

    generated = run_here(
        stack, tmp_path, "by-state", "--stack", "prod", "--state", "--import", "--json", "--only", "Dataset"
    )
    report = json.loads(generated.out)
    assert (report["stack"], report["is_imported"], report["objects"]["Dataset"]) == ("prod", True, 3)
    stack.folder = tmp_path / "by-state"
    stack.preview("--refresh", "--expect-no-changes")
    stack.destroy()

    again = run_here(stack, tmp_path, "other", "--stack", "dev", "--only", "Group")
    assert again.code == 2
    assert "the stack dev of the project" in again.err
    assert "has resources already: name another with --stack" in again.err
    assert portal.writes() == []


@pytest.mark.trust
def test_exported_program_has_right_types(export: Exported) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "portal", "__main__.py"],
        cwd=export.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert checked.returncode == 0, checked.stdout
