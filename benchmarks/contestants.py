"""The contestants of a comparison: stacks of several programs, and a script, on one portal on this machine."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import Portal
from tests.engine.stacks import Stack

from .measure import Measured, measure

PROGRAMS = Path(__file__).parent / "programs"
PARALLEL = 32
"""The `--parallel` of every command, and the greatest number of calls to the portal at once."""

NOT_AS_A_USER = ("GOGC", "GOMEMLIMIT", "PYTHONDONTWRITEBYTECODE")
"""Variables of tests and of test machines, which would change how long a command takes."""

COMMANDS: Mapping[str, list[str]] = {
    "up": ["up", "--yes", "--skip-preview"],
    "preview": ["preview"],
    "refresh": ["refresh", "--yes", "--skip-preview"],
    "titles": ["up", "--yes", "--skip-preview"],
    "destroy": ["destroy", "--yes", "--skip-preview"],
}
"""The commands of the engine for the operations that are measured, in their order."""


@dataclass(frozen=True)
class Sample:
    """One operation of one contestant."""

    seconds: float
    cpu: Mapping[str, float]
    calls: int = 0
    """The calls of datasets and of what they contain."""
    looks: int = 0
    """Those of them that only read the status."""


class OnTheEngine:
    """A program of the engine, with a stack of its own."""

    def __init__(self, name: str, folder: Path, portal: Portal, datasets: int) -> None:
        self.name, self.portal, self._datasets = name, portal, datasets
        self._stack = Stack(folder, domain=portal.url, key=portal.key, own_python=True)
        _copy(folder, name, "__main__.py")
        for variable in NOT_AS_A_USER:
            self._stack.env.pop(variable, None)
        self._stack.run("config", "set", "opendatasoft:maxConcurrency", str(PARALLEL))
        self._stack.run("config", "rm", "opendatasoft:maxRetries")

    def warm_up(self) -> None:
        """Run what Python and the engine do only once: they compile modules and look for plugins."""
        measure(["pulumi", "preview", "--non-interactive"], self._stack.folder, self._env("preview"))

    def run(self, operation: str) -> Sample:
        """Run one operation."""
        words = [*COMMANDS[operation], "--non-interactive", "--parallel", str(PARALLEL)]
        self.portal.forget()
        return _with_calls(self.portal, measure(["pulumi", *words], self._stack.folder, self._env(operation)))

    def _env(self, operation: str) -> dict[str, str]:
        return {**self._stack.env, **_variables(operation, self._datasets)}


class Script:
    """A script that makes one call after another, for fewer datasets than the others: its time grows with them."""

    name = "script"

    def __init__(self, folder: Path, portal: Portal, datasets: int, of_all: int) -> None:
        folder.mkdir()
        _copy(folder, "script", "script.py")
        self.portal, self._folder, self._datasets, self._factor = portal, folder, datasets, of_all / datasets
        own = {"OPENDATASOFT_DOMAIN": portal.url, "OPENDATASOFT_API_KEY": portal.key}
        self._env = {k: v for k, v in os.environ.items() if k not in NOT_AS_A_USER} | own

    def run(self, operation: str) -> Sample | None:
        """Run one operation; the time is that of all datasets. None for one that a script does not have."""
        command = {"up": "create", "titles": "titles", "destroy": "delete"}.get(operation)
        if command is None:
            return None
        self.portal.forget()
        env = self._env | _variables(operation, self._datasets)
        found = _with_calls(self.portal, measure([sys.executable, "script.py", command], self._folder, env))
        scaled = round(found.calls * self._factor), round(found.looks * self._factor)
        return Sample(found.seconds * self._factor, found.cpu, *scaled)


def _copy(folder: Path, program: str, name: str) -> None:
    shutil.copy(PROGRAMS / f"{program}.py", folder / name)
    for module in ("calls.py", "nothing.py"):
        shutil.copy(PROGRAMS / module, folder / module)
    (folder / "air.csv").write_text("day,value\n2026-01-01,3\n2026-01-02,4\n")


def _variables(operation: str, datasets: int) -> dict[str, str]:
    is_later = operation in ("titles", "destroy")
    return {"BENCH_DATASETS": str(datasets), "BENCH_TITLE": "Clean air" if is_later else "Air"}


def _with_calls(portal: Portal, measured: Measured) -> Sample:
    calls = [call for call in portal.requests() if call.partition(" ")[2].startswith("/datasets/")]
    looks = [call for call in calls if call.endswith("/status/")]
    return Sample(measured.seconds, measured.cpu, len(calls), len(looks))


def settle(portal: Portal) -> None:
    """Wait until no dataset is queued or processed, so that no operation waits for what the last one left."""
    for dataset in portal.all("/datasets/"):
        while portal.get(f"/datasets/{dataset['uid']}/status/")["status"] not in ("idle", "error", "limit_reached"):
            time.sleep(0.05)


def seconds_of_a_call(portal: Portal) -> float:
    """The median time of a single call, made when nothing else is under way."""
    took = []
    with httpx.Client(base_url=str(portal.http.base_url), headers=portal.http.headers, timeout=60) as client:
        for _ in range(11):
            began = time.monotonic()
            client.get("/groups/", params={"limit": 1}).raise_for_status()
            took.append(time.monotonic() - began)
    return statistics.median(took)
