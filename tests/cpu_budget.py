"""A pytest plugin that prints the CPU seconds of each folder of tests beside its budget; it never fails a run.

CPU seconds are those of the process that runs the tests and of all that it started: portals, engines, providers.
Unlike the time on the clock they hardly depend on what else a machine does.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

START = "start and collection"

BUDGETS = {
    "resources": 230,
    "engine": 115,
    "emulator": 70,
    "faults": 75,
    "examples": 55,
    START: 45,
    "tools": 25,
    "conformance": 22,
    "trust": 22,
    "export": 20,
    "engine_stub": 16,
    "client": 15,
    "commands": 11,
    "typing": 10,
    "comparison": 10,
    "golden": 8,
    "test_laws.py": 6,
    "functions": 6,
    "mistakes": 5,
    "dry_run": 5,
    "service": 5,
    "test_cpu_budget.py": 4,
    "lifecycle": 4,
    "schema": 4,
    "program": 3,
    "test_timeouts.py": 2,
    "test_errors.py": 2,
    "diagnosis": 2,
    "preloaded": 2,
    "dynamic": 2,
    "test_public_names.py": 1,
    "test_operations.py": 1,
    "samples": 1,
    "soak": 1,
}
"""CPU seconds of all tests of a folder, or of a file beside the folders, on a quiet machine."""

IN_ALL = 850
"""CPU seconds of `make test`: with two processors these are eight minutes."""

LONGEST = (
    "faults/test_processing.py",
    "resources/test_sections.py",
    "trust/test_single_faults.py",
    "client/test_hostile_portals.py",
    "examples/test_documents.py",
    "resources/test_lifecycles.py",
    "resources/test_switches.py",
    "engine/test_interruptions.py",
    "faults/test_only_one_call.py",
    "engine_stub/test_engine.py",
    "resources/test_realtime.py",
    "faults/test_reads_and_deletes.py",
    "resources/test_harvesters.py",
    "conformance/test_generated_calls.py",
    "tools/test_demo_portal.py",
    "resources/test_dataset_handler.py",
    "resources/test_unknowns.py",
    "faults/test_lost_answers.py",
    "engine/test_renaming.py",
    "engine/test_portals.py",
    "tools/test_demo.py",
)
"""The files that take longest: each is run by one worker, so they begin first."""

PROPERTY = "cpu_seconds"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: int | None = None) -> float:
    """Return what a process (this one by default) and its descendants have used so far, those that ended included.

    Without a /proc, descendants that still run are left out.
    """
    if process is None and not Path("/proc/self/stat").exists():
        return sum(os.times()[:4])
    folder = Path("/proc") / str(process or os.getpid())
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        threads = list((folder / "task").iterdir())
    except OSError:
        return 0.0  # it has just ended, and from now on counts as its parent's
    seconds = sum(map(int, fields[11:15])) / TICKS
    for thread in threads:
        with suppress(OSError):
            seconds += sum(cpu_seconds(int(child)) for child in (thread / "children").read_text().split())
    return seconds


def folder_of(nodeid: str) -> str:
    """Return the folder below `tests` in which a test is; the file where that is beside the folders."""
    return nodeid.partition("::")[0].removeprefix("tests/").partition("/")[0]


class CpuSeconds:
    """Counts the seconds of tests where they run, and adds them up and prints them where the run is reported."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: Counter[str] = Counter()
        self._in_tests = 0.0
        self._seen = 0.0
        self._file: Path | None = None
        self._is_last = True

    # ---------------------------------------------------------------- where tests run

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Look before the first test of a file and after its last one: a look takes some milliseconds."""
        if self._file != item.path:
            self._file = item.path
            self._since_last_look()
        self._is_last = nextitem is None or nextitem.path != item.path
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what the tests of a file have used to the last report of its last test."""
        report = yield
        if call.when == "teardown" and self._is_last:
            used = self._since_last_look()
            self._in_tests += used
            report.user_properties.append((PROPERTY, used))
        return report

    def _since_last_look(self) -> float:
        """Return what was used since this was last called.

        A process that ends while it is looked at is missed, and counts at the next look: so the sum never goes down.
        """
        before, self._seen = self._seen, max(self._seen, cpu_seconds())
        return self._seen - before

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Count what was used besides tests; a worker of pytest-xdist sends it to the one that reports."""
        besides = max(self._seen, cpu_seconds()) - self._in_tests
        output = getattr(session.config, "workeroutput", None)
        if output is None:
            # With workers, their seconds are this process's once they have ended, and are counted already.
            has_workers = getattr(session.config.option, "numprocesses", None)
            self.seconds[START] += sum(os.times()[:2]) if has_workers else besides
        else:
            output[PROPERTY] = besides

    # ---------------------------------------------------------------- where the run is reported

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Add what a worker used besides tests."""
        self.seconds[START] += getattr(node, "workeroutput", {}).get(PROPERTY, 0.0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a test to its folder, and what its file has used where it is the last one."""
        if report.when != "teardown":
            return
        self.tests[folder_of(report.nodeid)] += 1
        for name, used in report.user_properties:
            if name == PROPERTY:
                self.seconds[folder_of(report.nodeid)] += float(str(used))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        if self.tests:
            terminalreporter.section("CPU seconds", sep="=")
            for line in self.table():
                terminalreporter.write_line(line)

    def table(self) -> list[str]:
        """Return a line for each folder, the most expensive first, and one for all of them."""
        lines = [f"{'used':>8} {'budget':>8} {'tests':>6}  folder"]
        for folder, used in sorted(self.seconds.items(), key=lambda item: -item[1]):
            budget = BUDGETS.get(folder)
            over = "  over its budget" if budget is not None and used > budget else ""
            lines.append(f"{used:8.1f} {budget or '-':>8} {self.tests[folder] or '-':>6}  {folder}{over}")
        used = sum(self.seconds.values())
        return [*lines, f"{used:8.1f} {IN_ALL:>8} {self.tests.total():>6}  in all{'  over' * (used > IN_ALL)}"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the order within a file, and of all others, stays."""
    places = {f"tests/{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_configure(config: pytest.Config) -> None:
    """Measure every run."""
    config.pluginmanager.register(CpuSeconds(), "cpu-seconds")
