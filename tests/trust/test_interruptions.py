"""Forty runs on the real engine, interrupted at a seeded moment: the next commands converge, nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..engine.interruptions import End, interrupt
from .table import SEED, Outcome, Record

OUTCOMES = {
    End.BY_ITSELF: Outcome.NEXT_UP,
    End.ONE_MORE_UP: Outcome.NEXT_UP,
    End.NAMED_COMMAND: Outcome.NAMED_COMMAND,
    End.LEFT_BEHIND: Outcome.LEFT_BEHIND,
}
"""An interrupted run has failed, so that the next one is always needed."""


@pytest.mark.trust
@pytest.mark.parametrize("number", range(40))
def test_interrupted_run_is_finished(number: int, tmp_path: Path, real_engine: None, record: Record) -> None:
    report = interrupt(SEED + number, tmp_path)
    record(report.interruption.operation, report.interruption.how, OUTCOMES[report.end])
    assert report.end in (End.BY_ITSELF, End.ONE_MORE_UP), f"{report.interruption}: {report.end}\n{report.detail}"
