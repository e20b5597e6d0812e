"""Compares pulumi-opendatasoft with a script, a stock dynamic provider and the limit of what is possible, in one run.

`make bench` runs it and writes the tables into docs/benchmarks.md; `make bench-quick` prints them.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from opendatasoft_emulator.server import Emulator

from tests.conftest import Portal
from tests.engine.stacks import ROOT

from .contestants import OnTheEngine, Script, seconds_of_a_call, settle
from .report import OPERATIONS, Round, tables

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of the figures -->\n"
PROCESSING = 0.5
"""Seconds of the processing of one dataset."""

AT_ONCE = 64
"""So many datasets are processed at once: more than are published, so that none is queued."""


class Comparison:
    """The contestants, each with a portal and a folder of its own below `folder`: they take turns at each operation."""

    def __init__(self, folder: Path, portals: Portals, datasets: int, by_script: int) -> None:
        self._datasets = datasets
        self._on_the_engine = [
            OnTheEngine(name, folder / name, portals.make(), datasets) for name in ("bare", "ours", "stock")
        ]
        self._script = Script(folder / "script", portals.make(), by_script, datasets)

    def warm_up(self) -> None:
        """Run every program once."""
        for contestant in self._on_the_engine:
            contestant.warm_up()

    def repetition(self, latency: int) -> Round:
        """Run every operation of every contestant once."""
        contestants: list[OnTheEngine | Script] = [*self._on_the_engine, self._script]
        for contestant in contestants:
            _set(contestant.portal, latency)
        one = Round(self._datasets, PROCESSING, seconds_of_a_call(self._script.portal))
        for operation in OPERATIONS:
            took = []
            for contestant in contestants:
                _set(contestant.portal, 0)
                settle(contestant.portal)
                _set(contestant.portal, latency)
                sample = contestant.run(operation)
                if sample is not None:
                    one.samples.setdefault(contestant.name, {})[operation] = sample
                    took.append(f"{contestant.name} {sample.seconds:.1f}")
            print(f"  {latency} ms, {operation}: {', '.join(took)} s", flush=True)
        return one


class Portals:
    """Empty portals on this machine, until the end of the `with` block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._emulators = ExitStack()
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._emulators.close()

    def make(self) -> Portal:
        """Start a portal."""
        self._count += 1
        return Portal(self._emulators.enter_context(Emulator(self._folder / f"portal-{self._count}")))


def _set(portal: Portal, latency: int) -> None:
    portal.set(latency_ms=latency, processing_ms=round(PROCESSING * 1000), processing_at_once=AT_ONCE)


def provider_cpu(folder: Path, portal: Portal, datasets: int) -> float:
    """The CPU seconds that the provider needs for each dataset of a first `up` at 100 ms."""
    contestant = OnTheEngine("ours", folder, portal, datasets)
    _set(portal, 100)
    sample = contestant.run("up")
    print(f"  {datasets} datasets: {sample.seconds:.1f} s", flush=True)
    return sample.cpu.get("provider", 0.0) / datasets


def main() -> None:
    """Compare, print the tables, and write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, default=60)
    parser.add_argument("--script", type=int, help="so many datasets for the script alone; its time is scaled up")
    parser.add_argument("--latency", type=int, action="append", help="milliseconds until the portal answers")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--many", type=int, default=600, help="datasets of the last measurement; 0 for none")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    asked = parser.parse_args()
    began = time.monotonic()
    latencies = asked.latency or [0, 100]
    with tempfile.TemporaryDirectory() as name, Portals(Path(name)) as portals:
        folder = Path(name)
        comparison = Comparison(folder, portals, asked.datasets, asked.script or asked.datasets)
        comparison.warm_up()
        rounds: dict[int, list[Round]] = {latency: [] for latency in latencies}
        for number in range(asked.repeat):
            print(f"repetition {number + 1} of {asked.repeat}", flush=True)
            for latency, repeated in rounds.items():
                repeated.append(comparison.repetition(latency))
        lines = [*_head(asked.repeat), *tables(rounds)]
        if asked.many:
            few, many = (
                provider_cpu(folder / f"stack-{count}", portals.make(), count) for count in (asked.datasets, asked.many)
            )
            lines += ["", "### CPU of the provider for each dataset of a first `up`", ""]
            lines += ["| datasets | milliseconds | ratio |", "|---|---|---|"]
            lines += [f"| {asked.datasets} | {few * 1000:.0f} | |"]
            lines += [f"| {asked.many} | {many * 1000:.0f} | {many / few:.2f} |"]
    text = "\n".join(lines) + "\n"
    print(f"\n{text}\n{time.monotonic() - began:.0f} s")
    if asked.write:
        page = PAGE.read_text()
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2])


def _head(repeat: int) -> list[str]:
    where = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    times = "once" if repeat == 1 else f"{repeat} times; medians"
    return [f"{datetime.now(UTC):%Y-%m-%d}, {where}; measured {times}. Seconds, and ratios of seconds.", ""]


if __name__ == "__main__":
    main()
