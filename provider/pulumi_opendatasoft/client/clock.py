"""The time of this machine, and how far that of a portal may differ.

Programs import this module too, without the rest of the client.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

LATE = timedelta(seconds=2)
"""How far a portal's `Date` may be behind its clock: it has whole seconds, and may be renewed once in each."""


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
