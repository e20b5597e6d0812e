"""Both type checkers pass a program that uses everything, and flag each planted mistake and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.program.resource import REGISTRY

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM, MISTAKES = HERE / "program.py", HERE / "mistakes.py"

Flagged = set[tuple[str, int]]
"""File name and line."""


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def mypy() -> Flagged:
    """The lines of both files that mypy flags, strict."""
    output = run("mypy", "--strict", "--no-error-summary", str(PROGRAM), str(MISTAKES))
    found = re.findall(r"^(.+?):(\d+): error: ", output, flags=re.MULTILINE)
    return {(Path(file).name, int(line)) for file, line in found}


@pytest.fixture(scope="module")
def pyright(tmp_path_factory: pytest.TempPathFactory) -> Flagged:
    """The lines of both files that pyright flags, with the settings of this project but for its choice of files."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pyright"]
    folder = tmp_path_factory.mktemp("pyright")
    # Pyright knows no path but those that start from its configuration.
    here = {path: os.path.relpath(path, folder) for path in (PROGRAM, MISTAKES, ROOT, ROOT / "provider")}
    files = {"include": [here[PROGRAM], here[MISTAKES]], "exclude": []}
    paths = {"extraPaths": [here[ROOT / "provider"]], "venvPath": here[ROOT]}
    config = folder / "pyrightconfig.json"
    config.write_text(json.dumps(settings | files | paths))
    report = json.loads(run("pyright", "--outputjson", "--project", str(config)))
    assert report["summary"]["filesAnalyzed"] == 2
    found = [d for d in report["generalDiagnostics"] if d["severity"] == "error"]
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1) for d in found}


def marked() -> Flagged:
    lines = MISTAKES.read_text().splitlines()
    return {(MISTAKES.name, number) for number, line in enumerate(lines, 1) if line.endswith("  # E")}


def test_mypy_flags_each_planted_mistake_and_nothing_else(mypy: Flagged) -> None:
    assert mypy == marked()


def test_pyright_flags_each_planted_mistake_and_nothing_else(pyright: Flagged) -> None:
    assert pyright == marked()


def test_the_program_uses_every_public_name() -> None:
    text = PROGRAM.read_text()
    assert [name for name in ods.__all__ if not re.search(rf"\bods\.{name}\b", text)] == []


@pytest.mark.parametrize("name", sorted(kind for kind, cls in REGISTRY.items() if hasattr(ods, kind)))
def test_mistakes_are_planted_for_every_resource_type(name: str) -> None:
    lines = MISTAKES.read_text().splitlines()
    assert any(re.match(rf"ods\.{name}[.(]", line) and line.endswith("  # E") for line in lines)
