"""Waiting for a change on the portal."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from pulumi_opendatasoft.client.polling import FAILED_POLLS, Durations, pause, wait_until
from pulumi_opendatasoft.errors import NotFound, PortalFailed

from .conftest import Connect, Serve
from .scripted import Reply, Response, in_turn, refusal
from .simulated_clock import SimulatedClock


def statuses(*replies: Reply | str) -> list[Reply]:
    return [Response({"status": reply}) if isinstance(reply, str) else reply for reply in replies]


@pytest.fixture
def status(serve: Serve, connect: Connect) -> Callable[..., Callable[[], str]]:
    """Makes polls of a dataset's status, with these replies in turn."""

    def make(*replies: Reply | str) -> Callable[[], str]:
        client = connect(serve(in_turn(*statuses(*replies))), retries=0)
        return lambda: str(client.get("/datasets/da_x/status/")["status"])

    return make


Status = Callable[..., Callable[[], str]]


def is_idle(status: str) -> bool:
    return status == "idle"


def test_wait_ends_with_the_awaited_status(status: Status) -> None:
    clock = SimulatedClock()
    assert wait_until(status("queued", "processing", "idle"), is_idle, timeout=60, clock=clock) == ("idle", True)
    assert len(clock.sleeps) == 2


def test_status_that_is_done_already_is_not_waited_for(status: Status) -> None:
    clock = SimulatedClock()
    assert wait_until(status("idle"), is_idle, timeout=60, clock=clock) == ("idle", True)
    assert clock.sleeps == []


def test_timeout_returns_the_last_status(status: Status) -> None:
    clock = SimulatedClock()
    assert wait_until(status("processing"), is_idle, timeout=60, clock=clock) == ("processing", False)
    assert clock.seconds == 560.0


@pytest.mark.parametrize("timeout", [0, -1])
def test_timeout_of_zero_polls_once(status: Status, timeout: float) -> None:
    assert wait_until(status("processing", "idle"), is_idle, timeout=timeout) == ("processing", False)
    assert wait_until(status("idle"), is_idle, timeout=timeout) == ("idle", True)


def test_one_more_poll_when_the_time_is_up(status: Status) -> None:
    clock = SimulatedClock()
    assert wait_until(status("processing", "idle"), is_idle, timeout=0.1, clock=clock) == ("idle", True)
    assert clock.seconds == pytest.approx(500.1)


def test_intervals_grow_up_to_three_seconds() -> None:
    clock = SimulatedClock()
    polls: list[float] = []

    def poll() -> str:
        polls.append(clock.seconds)
        return "processing"

    wait_until(poll, is_idle, timeout=60, clock=clock)
    intervals = [later - earlier for earlier, later in pairwise(polls)]
    assert intervals[0] == pytest.approx(0.1)
    assert [wait for at, wait in zip(polls, intervals, strict=False) if 501 < at < 519] == [
        pytest.approx(0.15 * (at - 500)) for at in polls if 501 < at < 519
    ]
    assert all(later > earlier - 1e-6 for earlier, later in pairwise(intervals[:-1]))
    assert max(intervals) == pytest.approx(3.0)
    assert max(clock.sleeps) <= 0.5


def run_of(seconds: float, durations: Durations, timeout: float = 60) -> list[float]:
    """The moments at which a run that takes so many seconds is polled."""
    clock = SimulatedClock()
    polls: list[float] = []

    def poll() -> str:
        polls.append(round(clock.seconds - 500, 3))
        return "idle" if polls[-1] >= seconds else "processing"

    wait_until(poll, is_idle, timeout=timeout, clock=clock, durations=durations)
    return polls


def test_first_poll_is_when_earlier_runs_were_over() -> None:
    durations = Durations()
    assert run_of(0.55, durations) == [0.2, 0.3, 0.4, 0.5, 0.6]
    assert run_of(0.55, durations) == [0.55]
    assert run_of(0.55, durations) == [0.495, 0.595]  # one that was over at its first poll may have been shorter
    assert run_of(2.0, durations)[0] == 0.495


def test_first_poll_follows_the_shortest_of_recent_runs() -> None:
    durations = Durations()
    for seconds in (0.3, 0.9, 0.9):
        run_of(seconds, durations)
    assert 0.2 <= durations.first_poll <= 0.3
    for _ in range(8):
        run_of(0.9, durations)
    assert 0.6 <= durations.first_poll <= 0.9


def test_first_poll_is_after_three_seconds_at_most() -> None:
    durations = Durations()
    run_of(40, durations)
    assert run_of(0.1, durations) == [3.0]


def test_run_that_does_not_end_in_time_is_no_duration() -> None:
    durations = Durations()
    run_of(30, durations, timeout=2)
    assert durations.first_poll == 0.2
    assert run_of(30, durations, timeout=0) == [0.0]


def test_progress_is_reported_every_two_seconds() -> None:
    clock = SimulatedClock()
    reports: list[tuple[float, str]] = []
    wait_until(
        lambda: f"at {clock.seconds:.0f}",
        is_idle,
        timeout=30,
        progress=lambda seconds, last: reports.append((seconds, last)),
        clock=clock,
    )
    assert all(last == f"at {500 + seconds:.0f}" for seconds, last in reports)
    assert reports[0][0] >= 2.0
    assert all(later - earlier >= 2.0 for (earlier, _), (later, _) in pairwise(reports))
    assert len(reports) >= 8


def test_failed_polls_are_ignored_up_to_a_limit(status: Status) -> None:
    failing = [refusal(503, "unavailable")] * FAILED_POLLS
    poll = status("processing", *failing, "processing", *failing, "idle")
    assert wait_until(poll, is_idle, timeout=60, clock=SimulatedClock()) == ("idle", True)


def test_failed_first_poll_is_ignored(status: Status) -> None:
    assert wait_until(status(refusal(502, "x"), "idle"), is_idle, timeout=60, clock=SimulatedClock()) == ("idle", True)


def test_portal_that_keeps_failing_ends_the_wait(status: Status) -> None:
    poll = status("processing", *[refusal(503, "unavailable")] * (FAILED_POLLS + 1), "idle")
    with pytest.raises(PortalFailed):
        wait_until(poll, is_idle, timeout=60, clock=SimulatedClock())


def test_failure_when_the_time_is_up_returns_the_last_status(status: Status) -> None:
    poll = status("processing", refusal(503, "unavailable"))
    assert wait_until(poll, is_idle, timeout=0.1, clock=SimulatedClock()) == ("processing", False)


def test_failure_without_any_status_is_raised(status: Status) -> None:
    with pytest.raises(PortalFailed):
        wait_until(status(refusal(503, "unavailable")), is_idle, timeout=0)


def test_failure_that_does_not_pass_is_raised_at_once(status: Status) -> None:
    clock = SimulatedClock()
    with pytest.raises(NotFound):
        wait_until(status(refusal(404, "not_found"), "idle"), is_idle, timeout=60, clock=clock)
    assert clock.sleeps == []


def test_guard_ends_the_wait(status: Status) -> None:
    clock = SimulatedClock()

    def guard() -> None:
        if clock.seconds >= 502.0:
            raise InterruptedError("the engine has ended")

    with pytest.raises(InterruptedError, match="the engine has ended"):
        wait_until(status("processing"), is_idle, timeout=3600, guard=guard, clock=clock)
    assert clock.seconds <= 502.6


def test_pause_lasts_as_long_as_requested() -> None:
    began = time.monotonic()
    pause(0.05)
    assert time.monotonic() - began >= 0.05
