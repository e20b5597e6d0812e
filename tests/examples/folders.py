"""Where the examples are, and how one is laid out as a stack of its own."""

from __future__ import annotations

import runpy
import shutil
from contextlib import chdir
from pathlib import Path

from ..engine.stacks import ROOT, Stack
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program

EXAMPLES = ROOT / "examples"
MOST_LINES = 60
"""An example is read in a minute."""


def lay_out(stack: Stack, example: str, *, below: str = "") -> None:
    """Copy an example into the stack's folder, or into a folder below it."""
    _copy(example, stack.folder / below)


def on_the_stub(engine: Engine, example: str) -> Program:
    """Copy an example into the folder of a stack on the stub, and return its program."""
    _copy(example, engine.folder)

    def run() -> None:
        with chdir(engine.folder):
            runpy.run_path("__main__.py")

    return run


def _copy(example: str, folder: Path) -> None:
    left_out = shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml")
    shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True, ignore=left_out)


def examples() -> list[Path]:
    """The program of every example."""
    return sorted(EXAMPLES.glob("*/__main__.py"))
