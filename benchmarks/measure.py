"""The time of one command, and the CPU seconds of the processes that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SAMPLE_EVERY = 0.1
"""Seconds between two samples of the CPU seconds: a process that ends is counted up to its last sample."""

TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A command that is measured failed."""


@dataclass(frozen=True)
class Measured:
    """One run of a command."""

    seconds: float
    cpu: Mapping[str, float]
    """CPU seconds of the `engine` (with all that is not named otherwise), the `program` and the `provider`."""


def measure(command: list[str], folder: Path, env: Mapping[str, str]) -> Measured:
    """Run a command to its end. Raises `Failed`, with what it printed."""
    began = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        ticks: dict[int, tuple[str, int]] = {}
        is_over = threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, ticks, is_over))
        sampler.start()
        printed, _ = process.communicate()
        seconds = time.monotonic() - began
        is_over.set()
        sampler.join()
    if process.returncode:
        raise Failed(f"{' '.join(command)}:\n{printed}")
    cpu: defaultdict[str, float] = defaultdict(float)
    for role, used in ticks.values():
        cpu[role] += used / TICKS
    return Measured(seconds, dict(cpu))


def _sample(root: int, ticks: dict[int, tuple[str, int]], is_over: threading.Event) -> None:
    while not is_over.wait(SAMPLE_EVERY):
        for process in _tree(root):
            # It may end between two looks at it.
            with suppress(OSError):
                ticks[process] = (ticks[process][0] if process in ticks else _role(process), _ticks(process))


def _tree(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from _tree(int(child))


def _role(process: int) -> str:
    words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    if "pulumi.dynamic" in words:
        return "provider"
    return "program" if any(word.endswith("pulumi-language-python-exec") for word in words) else "engine"


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
