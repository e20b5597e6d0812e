"""The retry policy: which failures are worth another try, and how long to wait before it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import tenacity

from ..errors import NotAPortal, PortalError, PortalFailed, Refused, Throttled, Unreachable
from .portal_values import clock_time, date, number

T = TypeVar("T")

LONGEST_RETRY_AFTER = 60.0
"""Seconds. A response that requests more (a quota that starts again at midnight) is an error at once."""

LONGEST_BACKOFF = 30.0
"""Seconds between two tries where the response does not say how long to wait."""

THROTTLED_TRIES = 3
"""After a 429 nothing was done, and waiting helps: it is retried this many times as often as a failure."""

PASSING = frozenset({500, 502, 503, 504})
"""Statuses of the portal, or of a proxy before it, that tend to pass."""


def is_passing(error: BaseException) -> bool:
    """Whether a call that may be repeated is worth another try. Never so for a 4xx other than 429."""
    if requests_long_wait(error):
        return False
    if isinstance(error, PortalFailed):
        return error.status in PASSING
    if isinstance(error, Unreachable):
        return not error.lasting
    if isinstance(error, NotAPortal):
        return error.broken
    return isinstance(error, Throttled)


def requests_long_wait(error: BaseException) -> bool:
    """Whether the response requests a longer wait than is acceptable at a prompt."""
    return isinstance(error, Refused) and (error.retry_after or 0) > LONGEST_RETRY_AFTER


class Retries:
    """Repeats a call while its failure is passing, waiting longer each time.

    Args:
        retries: How many times a call is sent again after the first.
        backoff: Seconds before the second try, doubled for each further one up to LONGEST_BACKOFF, with jitter.
        pause: Sleeps for so many seconds.
    """

    def __init__(self, retries: int, backoff: float, pause: Callable[[float], None]) -> None:
        self.retries = retries
        self.backoff = backoff
        self.pause = pause
        jitter = tenacity.wait_random(0, backoff)
        self._backoff_wait = tenacity.wait_exponential(multiplier=backoff, max=LONGEST_BACKOFF) + jitter

    def run(self, send: Callable[[], T], passing: Callable[[BaseException], bool] = is_passing) -> T:
        """Return what `send` returns; raise its last error, whose `tries` counts how often it was called."""
        tries = 0

        def counted() -> T:
            nonlocal tries
            tries += 1
            try:
                return send()
            except PortalError as error:
                error.tries = tries
                raise

        repeat = tenacity.Retrying(
            retry=tenacity.retry_if_exception(passing),
            stop=_Limit(self.retries),
            wait=self._wait,
            sleep=self.pause,
            reraise=True,
        )
        return repeat(counted)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = _error_of(state)
        if isinstance(error, Refused) and error.retry_after is not None:
            # The jitter keeps callers with the same Retry-After from coming back at the same moment.
            return error.retry_after + random.uniform(0, self.backoff)
        return self._backoff_wait(state)


class _Limit(tenacity.stop.stop_base):
    """Ends the tries of one call: failures and 429s are counted apart."""

    def __init__(self, retries: int) -> None:
        self._failures = retries
        self._throttles = THROTTLED_TRIES * retries

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        if isinstance(_error_of(retry_state), Throttled):
            self._throttles -= 1
        else:
            self._failures -= 1
        return min(self._failures, self._throttles) < 0


def _error_of(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


class Wait(NamedTuple):
    """How long a response requests to wait."""

    seconds: float
    until: datetime


def requested_wait(headers: Mapping[str, str], body: Any) -> Wait | None:
    """Return the wait that a response requests, or None. `headers` has lower-case names.

    The sources, in this order: `Retry-After` (seconds or a date), the `reset_time` of a quota's body,
    `X-RateLimit-Reset`. The last counts only if nothing remains, since it is part of every response. Dates are read by
    the portal's clock, from its `Date`, so that a wrong clock of this machine makes no wait wrong.
    """
    now = clock_time(headers.get("date", ""), datetime.now(UTC)) or datetime.now(UTC)
    moment = _retry_after(headers.get("retry-after", ""), now)
    if moment is None and isinstance(body, dict):
        moment = date(str(body.get("reset_time") or ""))
    if moment is None and headers.get("x-ratelimit-remaining", "0").strip() in ("", "0"):
        moment = _reset(headers.get("x-ratelimit-reset", ""), now)
    if moment is None:
        return None
    return Wait(max(0.0, (moment - now).total_seconds()), moment)


def _retry_after(text: str, now: datetime) -> datetime | None:
    seconds = number(text)
    return now + timedelta(seconds=seconds) if seconds is not None else date(text)


def _reset(text: str, now: datetime) -> datetime | None:
    seconds = number(text)
    if seconds is None:
        return date(text)
    # The description does not say which it is: a number of this size is seconds since 1970, a small one a duration.
    return datetime.fromtimestamp(seconds, UTC) if seconds > 1_000_000_000 else now + timedelta(seconds=seconds)
