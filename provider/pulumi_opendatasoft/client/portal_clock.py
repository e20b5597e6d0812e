"""The time of a portal, by the `Date` of its responses."""

from __future__ import annotations

from datetime import datetime, timedelta

from .clock import LATE, Clock
from .portal_values import clock_time


class PortalClock:
    """The clock of a portal, never ahead of it; that of this machine until the portal has responded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._behind: timedelta | None = None

    def now(self) -> datetime:
        """The date and time on the portal."""
        return self._clock.now() - (self._behind or timedelta())

    def follow(self, date: str) -> None:
        """Compare the clocks, by the `Date` of a response that has just come."""
        now = self._clock.now()
        portal = clock_time(date, now)
        if portal is None:
            return
        behind = now - portal
        # A `Date` has whole seconds and may be late, never early: the least of several delays is nearest to the truth.
        # A difference of more than LATE means that one of the clocks was set.
        known = self._behind
        self._behind = behind if known is None or behind > known + LATE else min(known, behind)
