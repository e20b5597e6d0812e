"""A pytest plugin: the table of `make trust`, and which of its cases are in `make test` as well."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from enum import StrEnum

import pytest

SEED = int(os.environ.get("TRUST_SEED", "20261130"))
"""The seed of everything that is chosen at random; TRUST_SEED sets another one."""

PROPERTY = "trust"


class Outcome(StrEnum):
    """What came of one case. The order is that of the table's columns."""

    BY_ITSELF = "by itself"
    """The command itself did what it should have done without the fault."""

    NEXT_UP = "one more up"
    """The command failed, and the next one of the same kind did the rest."""

    NAMED_COMMAND = "named command"
    """It needed the command or the setting that the message names."""

    LEFT_BEHIND = "left behind"
    """Neither: an object is left behind, doubled, refused or unlike what is declared."""


Record = Callable[[str, str, Outcome], None]
"""Adds a case to the table: its operation, its fault, and what came of it."""


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Adds a case of this test to the table."""

    def add(operation: str, fault: str, outcome: Outcome) -> None:
        record_property(PROPERTY, [str(operation), str(fault), outcome.value])

    return add


class Table:
    """Collects the cases of all tests, and prints them where the run is reported."""

    def __init__(self) -> None:
        self.cases: dict[tuple[str, str], Counter[Outcome]] = defaultdict(Counter)
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the cases of a test, and its time to that of its block, which is its file."""
        folder, _, file = report.nodeid.partition("::")[0].rpartition("/")
        if folder.endswith("/trust"):
            block = file.removeprefix("test_").removesuffix(".py").replace("_", " ")
            self.seconds[block] += report.duration
        for name, value in report.user_properties:
            if name == PROPERTY and report.when == "call" and isinstance(value, list):
                operation, fault, outcome = value
                self.cases[operation, fault][Outcome(outcome)] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print both tables."""
        if self.cases:
            terminalreporter.section("trust", sep="=")
            for line in self.lines():
                terminalreporter.write_line(line)

    def lines(self) -> list[str]:
        """Return a line for each operation and fault, one for all of them, and the minutes of each block."""
        width = max(len(f"{operation}, {fault}") for operation, fault in self.cases)
        width = max(width, 16)
        titles = "".join(f"{outcome:>15}" for outcome in Outcome)
        lines = [f"{'operation, fault':<{width}}{'runs':>7}{titles}"]
        total: Counter[Outcome] = Counter()
        for (operation, fault), counts in sorted(self.cases.items()):
            total += counts
            lines.append(_line(f"{operation}, {fault}", counts, width))
        lines.append(_line("in all", total, width))
        lines += ["", f"seed {SEED}; minutes of one worker by block:"]
        lines += [
            f"{seconds / 60:7.1f}  {block}"
            for block, seconds in sorted(self.seconds.items(), key=lambda item: -item[1])
        ]
        return lines


def _line(name: str, counts: Counter[Outcome], width: int) -> str:
    columns = "".join(f"{counts[outcome]:>15}" for outcome in Outcome)
    return f"{name:<{width}}{counts.total():>7}{columns}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, with `--dist loadgroup`, unless they share nothing, as those of trust."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        if not file.startswith("tests/trust/"):
            item.add_marker(pytest.mark.xdist_group(file))


def pytest_configure(config: pytest.Config) -> None:
    """Print the table of every run that has cases."""
    config.pluginmanager.register(Table(), "trust-table")
