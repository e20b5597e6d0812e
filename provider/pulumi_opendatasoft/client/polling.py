"""Waiting for a change on the portal. It sends no events, so its status is read again and again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from ..errors import PortalError
from .clock import CLOCK, Clock
from .retries import is_passing

T = TypeVar("T")

SHARE = 0.15
"""The time between two polls, as a share of the time since the start: so much longer a wait takes than the change."""

SHORTEST_INTERVAL, LONGEST_INTERVAL = 0.1, 3.0
"""Seconds between two polls, at least and at most."""

FIRST_POLL = 0.2
"""Seconds before the first poll of work of which no duration is known."""

LATEST = 8
"""The number of durations of one kind of work that are remembered."""

PROGRESS_EVERY = 2.0
"""Seconds between two reports of progress."""

FAILED_POLLS = 3
"""So many polls in a row may fail, each after its own retries: the job on the portal goes on meanwhile."""

SLICE = 0.5
"""Seconds that a thread sleeps before it calls its guard again."""


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


class Durations:
    """The durations of the latest runs of one kind of work: before the shortest of them a poll is of no use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._latest: deque[float] = deque(maxlen=LATEST)

    @property
    def first_poll(self) -> float:
        """Seconds from the start of a run to its first poll; at most as many as between two polls."""
        with self._lock:
            return min(LONGEST_INTERVAL, min(self._latest, default=FIRST_POLL))

    def add(self, under_way: float, over: float) -> None:
        """Add a run that was still under way after so many seconds (0: never polled then), and later found over.

        A run that was over at its first poll may have been much shorter: the next first poll is a little earlier.
        """
        with self._lock:
            self._latest.append((under_way + over) / 2 if under_way else over * 0.9)


def wait_until(
    poll: Callable[[], T],
    done: Callable[[T], bool],
    *,
    timeout: float,
    guard: Callable[[], None] = unguarded,
    progress: Callable[[float, T], None] | None = None,
    clock: Clock = CLOCK,
    durations: Durations | None = None,
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
        durations: Those of earlier runs of the same work, which determine the first poll; this run is added. None: the
            first poll is at once, because the work may be over already.

    Returns:
        The last status, and whether it is done.

    Raises:
        PortalError: A poll failed with an error that does not pass, or four times in a row.
    """
    started = reported = clock.monotonic()
    latest: list[T] = []  # empty until a poll succeeded, then its status alone
    failed = 0
    under_way = 0.0
    if durations:
        pause(max(0.0, min(durations.first_poll, timeout)), guard, clock)
    while True:
        polled = clock.monotonic() - started
        is_late = polled >= timeout
        try:
            latest[:] = [poll()]
            failed = 0
        except PortalError as error:
            failed += 1
            if not is_passing(error) or failed > FAILED_POLLS or (is_late and not latest):
                raise
        if latest and (is_late or done(latest[0])):
            is_done = done(latest[0])
            if durations and is_done:
                durations.add(under_way, polled)
            return latest[0], is_done
        under_way = polled
        now = clock.monotonic()
        if latest and progress and now - reported >= PROGRESS_EVERY:
            reported = now
            progress(now - started, latest[0])
        interval = min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, SHARE * (now - started)))
        pause(min(interval, max(0.0, started + timeout - now)), guard, clock)
