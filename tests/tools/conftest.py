"""A checkout of its own for each test: the make targets and scripts as they are, with nothing that takes minutes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what `make` works with, set up already: its Python is the one that runs the tests."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("Makefile", "Pulumi.yaml", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, folder)
    for name in ("tools", "requirements"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (folder / ".venv" / ".complete").touch()
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return the folder that comes first on PATH in what `run` starts."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.fixture
def program(programs: Path) -> Callable[[str, str], Path]:
    """Return what writes a stand-in for a program of the machine, as a shell script."""

    def write(name: str, script: str) -> Path:
        path = programs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def run(checkout: Path, programs: Path) -> Callable[..., CompletedProcess[str]]:
    """Return what runs a command in the checkout, with few programs, no network and nothing of the caller's settings.

    Keywords are further variables of the environment.
    """

    def start(*words: str | Path, **variables: str) -> CompletedProcess[str]:
        environment = {
            "PATH": os.pathsep.join([str(programs), "/usr/bin", "/bin"]),
            "HOME": str(programs),
            # Nothing listens there: a connection is refused at once.
            "HTTPS_PROXY": "http://127.0.0.1:9",
            **variables,
        }
        return subprocess.run(
            words,
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return start
