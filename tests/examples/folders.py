"""Where the examples are, and how one is laid out as a stack of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..engine.stacks import ROOT, Stack

EXAMPLES = ROOT / "examples"
MOST_LINES = 60
"""An example is read in a minute."""


def lay_out(stack: Stack, example: str, *, below: str = "") -> None:
    """Copy an example into the stack's folder, or into a folder below it."""
    left_out = shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml")
    shutil.copytree(EXAMPLES / example, stack.folder / below, dirs_exist_ok=True, ignore=left_out)


def examples() -> list[Path]:
    """The program of every example."""
    return sorted(EXAMPLES.glob("*/__main__.py"))
