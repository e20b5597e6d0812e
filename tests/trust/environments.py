"""Virtual environments with other packages than those of the lock file, made once a run from the package index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..engine.stacks import ROOT


def environment(folder: Path, *packages: str) -> Path:
    """Make a virtual environment with these packages; returns its folder of programs."""
    uv = (sys.executable, "-m", "uv", "--quiet")
    subprocess.run([*uv, "venv", "--seed", "--python", sys.executable, folder], check=True)
    subprocess.run([*uv, "pip", "install", "--python", folder / "bin" / "python", *packages], check=True)
    return folder / "bin"


def with_sdk(folder: Path, requirement: str) -> Path:
    """Make one with the project and another version of Pulumi's SDK (`pulumi==3.220.0`)."""
    return environment(folder, str(ROOT), requirement)
