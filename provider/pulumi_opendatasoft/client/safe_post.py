"""A POST that may have arrived is never blindly sent again: first one looks whether it did.

The API has no idempotency key: the same POST twice makes two objects. So a failed POST is one of three
things.

- It did not arrive, and may be sent again: no connection was ever made; 429; 503 in the API's own words,
  which it says before any work; a redirect or an error page, which no API wrote.
- It arrived and was refused: any other 4xx in the API's own words. That is the answer.
- Nobody knows: the connection broke or fell silent after the request was on its way, any other 5xx (the
  failure may have come after the work), a success that cannot be read. `look` then finds out.

The first two are what `may_have_arrived` of an error denies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Call, NotFound, PortalError, PortalFailed, Refused, Throttled, Uncertain
from .retries import Retries, asks_too_much, is_passing

LOOKS = 2
"""A portal too slow to answer may still be at work: what is not there yet is looked for once more."""


def deliver(call: Call, send: Callable[[], Any], look: Callable[[], Any] | None, retries: Retries) -> Any:
    """The answer of one POST, or what `look` found of it.

    `look` answers None (or ends in NotFound) where the POST has left no trace. Raises Uncertain if there is
    no `look` or it fails, else what the last try raised.
    """
    delivery = _Delivery(call, send, look, retries)
    try:
        return retries.run(delivery.attempt, _may_go_on)
    except PortalError:
        found = delivery.settled()
        if found is not None:
            return found
        raise


def _may_go_on(error: BaseException) -> bool:
    """What passes, and what `attempt` looks for before it sends again; Uncertain has the last word."""
    if isinstance(error, Uncertain) or not isinstance(error, PortalError) or asks_too_much(error):
        return False
    return is_passing(error) or error.may_have_arrived


class _Delivery:
    """The tries of one POST, and what is still in doubt about them."""

    def __init__(self, call: Call, send: Callable[[], Any], look: Callable[[], Any] | None, retries: Retries) -> None:
        self._call = call
        self._send = send
        self._look = look
        self._retries = retries
        self._doubt: PortalError | None = None
        self._was_in_doubt = False

    def attempt(self) -> Any:
        """Settles the doubt that the last try left, then sends."""
        found = self.settled()
        if found is not None:
            return found
        try:
            return self._send()
        except PortalError as error:
            if error.may_have_arrived:
                self._doubt = error
                self._was_in_doubt = True
                if self._look is None:
                    self.settled()
            elif self._was_in_doubt and isinstance(error, Refused) and not isinstance(error, Throttled):
                # "Taken", "already queued": the earlier try came through after all, too late for the look.
                found = self._seen(error)
                if found is not None:
                    return found
            raise

    def settled(self) -> Any:
        """What the POST in doubt left on the portal; None if nothing, or no doubt. May raise Uncertain."""
        doubt, self._doubt = self._doubt, None
        if doubt is None:
            return None
        for number in range(LOOKS):
            if number:
                self._retries.pause(self._retries.backoff * 2**number)
            found = self._seen(doubt)
            if found is not None:
                return found
        return None

    def _seen(self, doubt: PortalError) -> Any:
        if self._look is None:
            raise Uncertain(self._call, f"{_cause(doubt)}, and there is nothing to know it by") from doubt
        try:
            return self._look()
        except NotFound:
            return None
        except PortalError as error:
            both_failed = isinstance(doubt, PortalFailed) and isinstance(error, PortalFailed)
            again = "as well" if both_failed else f"({error})"
            reason = f"{_cause(doubt)}, and looking for it failed {again}"
            raise Uncertain(self._call, reason) from error


def _cause(doubt: PortalError) -> str:
    if isinstance(doubt, Refused):
        return f"it answered {doubt.status} ({doubt.message or doubt.code})"
    return doubt.reason
