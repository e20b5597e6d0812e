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
from pulumi_opendatasoft.functions.outputs import public

from ..declarations import resource_types
from . import mistakes_of_types

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM, MISTAKES = HERE / "program.py", HERE / "mistakes.py"
SAMPLES = sorted((ROOT / "tests" / "samples").glob("*.py"))

Flagged = set[tuple[str, int]]
"""File name and line."""


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The checked files: the program and the samples, without mistakes, and planted mistakes by hand and by type."""
    of_types = tmp_path_factory.mktemp("mistakes") / "mistakes_of_each_type.py"
    of_types.write_text(mistakes_of_types.program())
    return [PROGRAM, *SAMPLES, MISTAKES, of_types]


@pytest.fixture(scope="module")
def mypy(files: list[Path]) -> Flagged:
    """The lines of the files that mypy flags, strict."""
    told = run("mypy", "--strict", "--no-error-summary", *map(str, files))
    found = re.findall(r"^(.+?):(\d+): error: ", told, flags=re.MULTILINE)
    return {(Path(file).name, int(line)) for file, line in found}


def pyright(files: list[Path], folder: Path) -> Flagged:
    """The lines of the files that pyright flags, with the settings of this project but for its choice of files."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pyright"]
    # Pyright knows no path but those that start from its configuration.
    here = {path: os.path.relpath(path, folder) for path in (*files, ROOT, ROOT / "provider")}
    chosen = {"include": [here[path] for path in files], "exclude": []}
    places = {"extraPaths": [here[ROOT], here[ROOT / "provider"]], "venvPath": here[ROOT]}
    config = folder / "pyrightconfig.json"
    config.write_text(json.dumps(settings | chosen | places))
    told = json.loads(run("pyright", "--outputjson", "--project", str(config)))
    assert told["summary"]["filesAnalyzed"] == len(files)
    found = [d for d in told["generalDiagnostics"] if d["severity"] == "error"]
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1) for d in found}


def marked(files: list[Path]) -> Flagged:
    lines = {file.name: enumerate(file.read_text().splitlines(), 1) for file in files}
    return {(file, number) for file, of_file in lines.items() for number, line in of_file if line.endswith("  # E")}


def test_mypy_flags_each_planted_mistake_and_nothing_else(mypy: Flagged, files: list[Path]) -> None:
    assert mypy == marked(files)


def test_pyright_flags_each_planted_mistake(tmp_path: Path, files: list[Path]) -> None:
    mistakes = files[-2:]
    assert pyright(mistakes, tmp_path) == marked(mistakes)


# `make check` does the same with the settings of this project, in a third of a minute with everything else.
@pytest.mark.trust
def test_pyright_passes_the_program_and_the_samples(tmp_path: Path, files: list[Path]) -> None:
    assert pyright(files[:-2], tmp_path) == set()


def test_the_program_and_the_samples_use_every_value() -> None:
    text = PROGRAM.read_text() + "".join(path.read_text() for path in SAMPLES)
    # The functions are in the examples of the reference, which tests/examples checks.
    others = {*resource_types(), *public.__all__}
    names = [name for name in ods.__all__ if name not in others]
    assert [name for name in names if not re.search(rf"\bods\.{name}\b", text)] == []


def test_mistakes_are_planted_for_every_property(files: list[Path]) -> None:
    text = files[-1].read_text()
    shapes = {name: cls.declaration().shape for name, cls in resource_types().items()}
    lines = [f"one_{name}.{slot.name} = object()  # E\n" for name, shape in shapes.items() for slot in shape.settable]
    assert [line for line in lines if line not in text] == []
