"""A clock for tests in which nothing may take real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pulumi_opendatasoft.client.clock import Clock

START = datetime(2026, 2, 5, 12, tzinfo=UTC)
"""The date and time at which `seconds` is 0."""


class SimulatedClock(Clock):
    """A clock that moves only when something sleeps on it, or when a test sets `seconds`."""

    def __init__(self) -> None:
        self.seconds = 500.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.sleeps.append(seconds)
        self.seconds += seconds
