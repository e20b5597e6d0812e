"""The bounds of one call: when it ends, whatever the portal sends, and how it is given up earlier."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CONNECT_TIMEOUT = 10.0
"""Seconds within which a name is resolved and a connection made, and again for TLS."""

SLICE = 0.5
"""Seconds for which an operation blocks before the call's guard is called again."""


class Bounds:
    """The bounds of one call.

    Args:
        seconds: Seconds after which the call ends, whatever the portal sends until then.
        idle: Seconds for which the portal may accept no byte of the request.
        guard: Called twice a second; what it raises ends the call.
        is_read: Whether the call changes nothing, so that it may also be ended while its response is awaited. A write
            is ended by the guard only before it has been sent whole, when the portal cannot have carried it out.
    """

    def __init__(self, seconds: float, *, idle: float, guard: Callable[[], None], is_read: bool) -> None:
        self.seconds = seconds
        self.idle = idle
        self.is_read = is_read
        self._guard = guard
        now = time.monotonic()
        self._end = now + seconds
        self._next_check = now + SLICE

    def left(self) -> float:
        """Seconds until the call ends; 0 or less when it is over."""
        return self._end - time.monotonic()

    def check(self) -> None:
        """Call the guard, at most twice a second."""
        now = time.monotonic()
        if now >= self._next_check:
            self._next_check = now + SLICE
            self._guard()

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Bring the end forward while a part of the call runs that has a shorter bound."""
        end, self._end = self._end, min(self._end, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._end = end


class _Current(threading.local):
    """The bounds of the call that this thread makes: httpcore passes nothing of a call to its streams."""

    bounds: Bounds | None = None


_current = _Current()


@contextmanager
def bounded(bounds: Bounds) -> Iterator[None]:
    """Let these bounds apply to all that this thread does on a connection."""
    _current.bounds = bounds
    try:
        yield
    finally:
        _current.bounds = None


def current() -> Bounds:
    """The bounds of the call that this thread makes."""
    return _current.bounds or Bounds(CONNECT_TIMEOUT, idle=CONNECT_TIMEOUT, guard=lambda: None, is_read=True)
