"""Waiting for something on the portal: it has no events, so one asks again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from ..errors import PortalError
from .retries import is_passing

T = TypeVar("T")

LATE = timedelta(seconds=2)
"""By so much a portal's `Date` may be behind its clock: it has whole seconds, and may be renewed once in each."""

FIRST_INTERVAL = 0.2
"""Seconds between the first two looks: most things are soon done."""

LONGEST_INTERVAL = 3.0
"""Seconds between two looks at something that takes long."""

GROWTH = 1.5
"""By how much each interval is longer than the last."""

PROGRESS_EVERY = 2.0
"""Seconds between two words about the progress."""

FAILED_LOOKS = 3
"""So many looks in a row may fail, each after its own retries: the job goes on while nobody sees it."""

SLICE = 0.5
"""Seconds that a thread sleeps before it asks its guard again."""


class Clock(Protocol):
    """Time as waiting needs it. The module `time` is one."""

    def monotonic(self) -> float:
        """Seconds since some moment."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Do nothing for so long."""
        ...


def unguarded() -> None:
    """The guard of those who have none."""


def pause(seconds: float, guard: Callable[[], None] = unguarded, clock: Clock = time) -> None:
    """Sleeps, but asks `guard` every half second, which raises when there is nobody left to wait for."""
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
    clock: Clock = time,
) -> tuple[T, bool]:
    """Polls until `done` says so or `timeout` seconds are over; returns the last answer and whether it was
    done in time.

    It asks at least once, and once more when the time is up. `progress(seconds, last)` hears now and then how
    long it has taken. A failure that may pass is overlooked up to three times in a row. Running out of time
    is never an error; raised is what `guard` raises, and a failure of `poll` that does not pass.
    """
    started = spoke = clock.monotonic()
    interval = FIRST_INTERVAL
    latest: list[T] = []  # empty until something was seen, then the last answer alone
    failed = 0
    while True:
        is_late = clock.monotonic() - started >= timeout
        try:
            latest[:] = [poll()]
            failed = 0
        except PortalError as error:
            failed += 1
            if not is_passing(error) or failed > FAILED_LOOKS or (is_late and not latest):
                raise
        if latest and (is_late or done(latest[0])):
            return latest[0], done(latest[0])
        now = clock.monotonic()
        if latest and progress and now - spoke >= PROGRESS_EVERY:
            spoke = now
            progress(now - started, latest[0])
        pause(min(interval, max(0.0, started + timeout - now)), guard, clock)
        interval = min(LONGEST_INTERVAL, interval * GROWTH)
