"""Waiting for a change on the portal. It sends no events, so its status is read again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from ..errors import PortalError
from .retries import is_passing

T = TypeVar("T")

LATE = timedelta(seconds=2)
"""How far a portal's `Date` may be behind its clock: it has whole seconds, and may be renewed once in each."""

FIRST_INTERVAL = 0.2
"""Seconds between the first two polls: most changes are done soon."""

LONGEST_INTERVAL = 3.0
"""Seconds between two polls of a change that takes long."""

GROWTH = 1.5
"""The factor by which each interval is longer than the last."""

PROGRESS_EVERY = 2.0
"""Seconds between two reports of progress."""

FAILED_POLLS = 3
"""So many polls in a row may fail, each after its own retries: the job on the portal goes on meanwhile."""

SLICE = 0.5
"""Seconds that a thread sleeps before it calls its guard again."""


class Clock:
    """The time of this machine. Tests pass a subclass with a time of its own."""

    def now(self) -> datetime:
        """The date and time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block this thread for so many seconds."""
        time.sleep(seconds)


CLOCK = Clock()
"""The clock of all who are given no other."""


def unguarded() -> None:
    """A guard that never raises."""


def pause(seconds: float, guard: Callable[[], None] = unguarded, clock: Clock = CLOCK) -> None:
    """Sleep, calling `guard` every half second; it raises when the wait is to end early."""
    end = clock.monotonic() + seconds
    while True:
        guard()
        left = end - clock.monotonic()
        if left <= 0:
            return
        clock.sleep(min(SLICE, left))


def wait_until(
    poll: Callable[[], T],
    done: Callable[[T], bool],
    *,
    timeout: float,
    guard: Callable[[], None] = unguarded,
    progress: Callable[[float, T], None] | None = None,
    clock: Clock = CLOCK,
) -> tuple[T, bool]:
    """Poll until `done` is true or the time is up. Running out of time is not an error.

    There is at least one poll, and one more when the time is up.

    Args:
        poll: Reads the present status. A failure that may pass is ignored up to three times in a row.
        done: Whether a status is the one that is waited for.
        timeout: Seconds to wait at most.
        guard: Called before each sleep; what it raises ends the wait.
        progress: Called every two seconds with the seconds since the start and the last status.
        clock: The time that is waited by.

    Returns:
        The last status, and whether it is done.

    Raises:
        PortalError: A poll failed with an error that does not pass, or four times in a row.
    """
    started = reported = clock.monotonic()
    interval = FIRST_INTERVAL
    latest: list[T] = []  # empty until a poll succeeded, then its status alone
    failed = 0
    while True:
        is_late = clock.monotonic() - started >= timeout
        try:
            latest[:] = [poll()]
            failed = 0
        except PortalError as error:
            failed += 1
            if not is_passing(error) or failed > FAILED_POLLS or (is_late and not latest):
                raise
        if latest and (is_late or done(latest[0])):
            return latest[0], done(latest[0])
        now = clock.monotonic()
        if latest and progress and now - reported >= PROGRESS_EVERY:
            reported = now
            progress(now - started, latest[0])
        pause(min(interval, max(0.0, started + timeout - now)), guard, clock)
        interval = min(LONGEST_INTERVAL, interval * GROWTH)
