"""The number of requests to one portal at once, which is reduced while the portal responds 429."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import ArgumentError
from .clock import CLOCK, Clock

LONGEST_PAUSE = 30.0
"""Seconds without new requests after a 429 that does not say how long to wait."""

GUARD_INTERVAL = 1.0
"""Seconds after which a waiting thread calls its guard again."""


class RateLimiter:
    """Lets at most `width` requests of this process be under way to one portal at once.

    A 429 halves the width and holds back all new requests for the requested time, or for `backoff` seconds, doubled
    with each further 429. After as many successes as the width, it grows by one, up to the initial width. Safe for
    threads.
    """

    def __init__(self, width: int, *, backoff: float = 0.5, clock: Clock = CLOCK) -> None:
        if width < 1:
            raise ArgumentError(f"at least one request must be allowed at once, not {width}")
        self._initial_width = width
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
        """Seconds for which no request may begin; 0 where there is no pause."""
        return max(0.0, self._resume - self._clock.monotonic())

    @contextmanager
    def slot(self, guard: Callable[[], None]) -> Iterator[int]:
        """Wait for a free slot and occupy it; yields the epoch, to be passed on with the outcome.

        `guard` is called while waiting; what it raises ends the wait.
        """
        epoch = self._enter(guard)
        try:
            yield epoch
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify()

    def throttled(self, epoch: int, wait: float | None) -> None:
        """Record that a request of this epoch got a 429, with the requested seconds to wait, or None."""
        with self._changed:
            # The requests of one burst may all be refused: only the first of an epoch reduces the width.
            if epoch == self._epoch:
                self._epoch += 1
                self._rounds += 1
                self._successes = 0
                self._width = max(1, self._width // 2)
            backoff = min(LONGEST_PAUSE, self._backoff * 2 ** min(self._rounds - 1, 16))
            self._resume = max(self._resume, self._clock.monotonic() + (backoff if wait is None else wait))

    def succeeded(self, epoch: int) -> None:
        """Record that a request of this epoch succeeded. One from before the last reduction does not count."""
        with self._changed:
            if epoch != self._epoch:
                return
            self._rounds = 0
            self._successes += 1
            if self._successes >= self._width and self._width < self._initial_width:
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
                    self._changed.wait(GUARD_INTERVAL)
            if pause:
                self._clock.sleep(min(pause, GUARD_INTERVAL))
