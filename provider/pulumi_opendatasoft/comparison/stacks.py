"""The stacks of a Pulumi project, by the command `pulumi`: their names, and their states."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..errors import ConfigurationError

TIMEOUT: Final = 120.0
"""Seconds that a command of Pulumi may take: it may wait for the service that keeps the stacks."""

PREVIEW_TIMEOUT: Final = 900.0
"""Seconds that a preview may take, which runs the program."""


def names(project: Path) -> list[str]:
    """The stacks of a project. Raises ConfigurationError."""
    found = json.loads(_run(project, ["stack", "ls", "--json"]) or "[]")
    return [str(one["name"]) for one in found]


def state(project: Path, stack: str | None = None) -> str:
    """The state of a stack as `pulumi stack export` prints it, without secrets. Raises ConfigurationError.

    Args:
        project: The project's folder.
        stack: The stack; None for the selected one.
    """
    return _run(project, ["stack", "export", *(["--stack", stack] if stack else [])])


def preview(project: Path, stack: str | None = None) -> str:
    """The output of `pulumi preview --json`, with the resources that do not change. It runs the program.

    A preview that fails prints its reason in JSON.

    Args:
        project: The project's folder.
        stack: The stack; None for the selected one.
    """
    return _run(
        project,
        ["preview", "--json", "--show-sames", *(["--stack", stack] if stack else [])],
        may_fail=True,
        timeout=PREVIEW_TIMEOUT,
    )


def _run(project: Path, words: Sequence[str], *, may_fail: bool = False, timeout: float = TIMEOUT) -> str:
    command = ["pulumi", *words, "--non-interactive"]
    shown = f"`pulumi {' '.join(words)}` in {project}"
    try:
        done = subprocess.run(
            command,
            cwd=project,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigurationError("there is no `pulumi` on the PATH to read the stacks: install it") from None
    except subprocess.TimeoutExpired:
        raise ConfigurationError(f"{shown} gave no answer for {timeout:.0f} s") from None
    if done.returncode != 0 and not may_fail:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it gave no reason"]
        raise ConfigurationError(f"{shown} failed: {lines[-1].removeprefix('error: ')}")
    return done.stdout
