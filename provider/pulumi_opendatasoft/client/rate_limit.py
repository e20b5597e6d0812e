"""How many requests one portal gets at once, and how that gives way when the portal has too much."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import ArgumentError
from .polling import CLOCK, Clock

LONGEST_PAUSE = 30.0
"""Seconds for which everybody waits after a 429 that did not say how long."""

LOOK_UP = 1.0
"""Seconds after which a waiting thread asks its guard again whether there is still a reason to wait."""


class RateLimiter:
    """Lets at most `width` requests of this process through to one portal at once.

    A 429 halves the width and stops everybody for the told time, or for `backoff` seconds, twice as long each
    time it happens again. After as many successes as the width counts, the width grows by one, up to where it
    began. Safe for threads.
    """

    def __init__(self, width: int, *, backoff: float = 0.5, clock: Clock = CLOCK) -> None:
        if width < 1:
            raise ArgumentError(f"at least one request must be allowed at once, not {width}")
        self._ceiling = width
        self._backoff = backoff
        self._clock = clock
        self._changed = threading.Condition()
        self._width = width
        self._busy = 0
        self._resume = clock.monotonic()
        self._epoch = 0
        self._rounds = 0
        self._successes = 0

    @property
    def width(self) -> int:
        """How many requests may be under way now."""
        return self._width

    @property
    def paused_for(self) -> float:
        """Seconds for which nobody may begin a request; 0 where there is no pause."""
        return max(0.0, self._resume - self._clock.monotonic())

    @contextmanager
    def slot(self, guard: Callable[[], None]) -> Iterator[int]:
        """Waits for a place and holds it; yields the epoch for the outcome. `guard` may raise meanwhile."""
        epoch = self._enter(guard)
        try:
            yield epoch
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify()

    def throttled(self, epoch: int, wait: float | None) -> None:
        """A request of this epoch was answered 429, with so many seconds to wait, or None."""
        with self._changed:
            # Requests of one burst that are all refused say the same thing: only the first of an epoch narrows.
            if epoch == self._epoch:
                self._epoch += 1
                self._rounds += 1
                self._successes = 0
                self._width = max(1, self._width // 2)
            own = min(LONGEST_PAUSE, self._backoff * 2 ** min(self._rounds - 1, 16))
            self._resume = max(self._resume, self._clock.monotonic() + (own if wait is None else wait))

    def succeeded(self, epoch: int) -> None:
        """A request of this epoch was answered. One that began before the last narrowing proves nothing."""
        with self._changed:
            if epoch != self._epoch:
                return
            self._rounds = 0
            self._successes += 1
            if self._successes >= self._width and self._width < self._ceiling:
                self._successes = 0
                self._width += 1
                self._changed.notify()

    def _enter(self, guard: Callable[[], None]) -> int:
        while True:
            guard()
            with self._changed:
                pause = self.paused_for
                if not pause and self._busy < self._width:
                    self._busy += 1
                    return self._epoch
                if not pause:
                    self._changed.wait(LOOK_UP)
            if pause:
                self._clock.sleep(min(pause, LOOK_UP))
