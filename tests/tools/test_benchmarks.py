"""The arithmetic of the benchmarks, without measuring anything."""

from __future__ import annotations

import pytest

from benchmarks.compare import BEGIN, END, PAGE
from benchmarks.contestants import Sample
from benchmarks.measure import Failed, measure
from benchmarks.report import OPERATIONS, Round, ratio, tables

from ..engine.stacks import ROOT


def sample(seconds: float, calls: int = 0, looks: int = 0) -> Sample:
    return Sample(seconds, {"engine": 1.0, "provider": 0.5}, calls, looks)


@pytest.fixture
def measured() -> Round:
    """60 datasets with calls of 0.1 s and half a second of processing."""
    one = Round(60, 0.5, 0.1)
    one.samples["bare"] = {operation: sample(2.0) for operation in OPERATIONS}
    one.samples["ours"] = {
        "up": sample(6.3, calls=60 * 12, looks=60 * 2),
        "preview": sample(2.0),
        "refresh": sample(3.0, calls=320),
        "titles": sample(2.8, calls=60 * 4, looks=60),
        "destroy": sample(2.6, calls=60 * 3, looks=60),
    }
    one.samples["script"] = {"up": sample(63.0)}
    return one


@pytest.mark.parametrize(
    ("operation", "seconds"),
    [("up", 5.2), ("preview", 2.0), ("refresh", 3.0), ("titles", 2.8), ("destroy", 2.6)],
)
def test_limit_is_the_bare_engine_and_the_longest_chain(measured: Round, operation: str, seconds: float) -> None:
    assert measured.limit(operation) == pytest.approx(seconds)


def test_ratio_exists_only_for_what_was_measured(measured: Round) -> None:
    assert ratio("script", "ours", "up")(measured) == pytest.approx(10)
    assert ratio("script", "ours", "refresh")(measured) is None


def test_tables_have_a_row_for_each_operation(measured: Round) -> None:
    lines = list(tables({100: [measured, measured]}))
    for words in OPERATIONS.values():
        assert len([line for line in lines if line.startswith(f"| {words} |")]) == 2
    (row,) = [line for line in lines if line.startswith("| `up`, from nothing | 5.2 |")]
    assert row.split(" | ")[2:5] == ["6.3", "**1.21**", "1.25"]
    assert row.endswith("| 63.0 | 10.00 | 12.0 | 2.0 |")


def test_page_has_a_place_for_the_tables() -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    assert before
    assert rest.partition(END)[1] == END


def test_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(Failed, match="there is no such"):
        measure(["sh", "-c", "echo there is no such portal; exit 3"], ROOT, {})
