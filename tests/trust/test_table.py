"""The table of `make trust`: what it counts and prints."""

from __future__ import annotations

import pytest

from .table import Outcome, Table


def report(*cases: tuple[str, str, str]) -> pytest.TestReport:
    """The report of a test that recorded these cases."""
    return pytest.TestReport(
        nodeid="tests/trust/test_single_faults.py::test_it",
        location=("", 0, ""),
        keywords={},
        outcome="passed",
        longrepr=None,
        when="call",
        user_properties=[("trust", list(case)) for case in cases],
        duration=90,
    )


def test_the_table_counts_the_outcomes_of_each_pair() -> None:
    table = Table()
    table.pytest_runtest_logreport(report(("create", "reset", "by itself"), ("create", "reset", "left behind")))
    table.pytest_runtest_logreport(report(("destroy", "slow", "one more up")))

    titles, *lines = table.lines()

    assert [titles.index(outcome) for outcome in Outcome] == sorted(titles.index(outcome) for outcome in Outcome)
    assert [line.split() for line in lines[:3]] == [
        ["create,", "reset", "2", "1", "0", "0", "1"],
        ["destroy,", "slow", "1", "0", "1", "0", "0"],
        ["in", "all", "3", "1", "1", "0", "1"],
    ]
    assert lines[-1].split() == ["3.0", "single", "faults"]
