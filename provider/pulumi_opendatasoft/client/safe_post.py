"""POSTs without duplicates: one that may have arrived is never sent again before a look-up has found nothing.

The API has no idempotency key: the same POST twice creates two objects. A failed POST is one of three things.

- It did not arrive, and may be sent again: no connection was made; 429; 503 with a body of the API, which it sends
  before any work; a redirect or an error page that is not the API's.
- It arrived and was refused: any other 4xx with a body of the API. The error is raised.
- It is in doubt: the connection broke or timed out after the request was sent, any other 5xx (the failure may have
  come after the work), a success that cannot be read or does not contain the object, an exception of our own while
  the response is read. The caller's `look` then finds out.

`may_have_arrived` of an error is False for the first two, True for the third.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import (
    Call,
    NotAPortal,
    NotFound,
    OpendatasoftError,
    PortalError,
    PortalFailed,
    Refused,
    Throttled,
    Uncertain,
)
from .retries import Retries, is_passing, requests_long_wait

LOOKS = 2
"""Look-ups after each POST in doubt: a portal that was too slow to respond may still be at work at the first."""


def send_once(call: Call, send: Callable[[], Any], look: Callable[[], Any] | None, retries: Retries) -> Any:
    """Send one POST, again where it did not arrive, so that it is carried out at most once.

    Args:
        call: The POST, as errors name it.
        send: Sends the POST and returns its response.
        look: Looks the created object up; returns None, or raises NotFound, where the POST has left no trace.
        retries: How often to try again.

    Returns:
        The response of the POST, or what `look` returned.

    Raises:
        Uncertain: The POST is in doubt, and there is no `look` or it failed.
        PortalError: The last try failed.
    """
    post = _Post(call, send, look, retries)
    try:
        return retries.run(post.attempt, _may_try_again)
    except PortalError:
        found = post.resolve()
        if found is not None:
            return found
        raise


def send_usable(call: Call, send: Callable[[], Any], is_usable: Callable[[Any], bool]) -> Any:
    """Send a POST and return its response. Raises `NotAPortal` for a success without the object that it created."""
    response = send()
    if not is_usable(response):
        reason = "its success does not contain what was created"
        raise NotAPortal(call, reason, status=200, broken=True, remedy="Try again.")
    return response


def _may_try_again(error: BaseException) -> bool:
    """Whether to call `attempt` again: after a failure that passes, and after a doubt, which it resolves first."""
    if isinstance(error, Uncertain) or not isinstance(error, PortalError) or requests_long_wait(error):
        return False
    return is_passing(error) or error.may_have_arrived


class _Post:
    """The tries of one POST, and the error that leaves its outcome in doubt."""

    def __init__(self, call: Call, send: Callable[[], Any], look: Callable[[], Any] | None, retries: Retries) -> None:
        self._call = call
        self._send = send
        self._look = look
        self._retries = retries
        self._doubt: PortalError | None = None
        self._was_in_doubt = False

    def attempt(self) -> Any:
        """Resolve the doubt that the last try left; where nothing is found, send."""
        found = self.resolve()
        if found is not None:
            return found
        try:
            return self._send()
        except PortalError as error:
            if error.may_have_arrived:
                self._doubt = error
                self._was_in_doubt = True
                if self._look is None:
                    self.resolve()
            elif self._was_in_doubt and isinstance(error, Refused) and not isinstance(error, Throttled):
                # "Taken", "already queued": an earlier try was carried out after all, too late for its look-ups.
                found = self._look_up(error)
                if found is not None:
                    return found
            raise
        except OpendatasoftError:
            raise  # by the guard, before the request was sent
        except Exception as error:
            # The portal may have carried it out. The look-up finds out; where it finds nothing, the fault is raised.
            self._doubt = NotAPortal(self._call, f"its answer could not be read ({type(error).__name__})", status=200)
            found = self.resolve()
            if found is None:
                raise
            return found

    def resolve(self) -> Any:
        """Return what a POST in doubt left on the portal; None if nothing, or no doubt. May raise Uncertain."""
        doubt, self._doubt = self._doubt, None
        if doubt is None:
            return None
        for number in range(LOOKS):
            if number:
                self._retries.pause(self._retries.backoff * 2**number)
            found = self._look_up(doubt)
            if found is not None:
                return found
        return None

    def _look_up(self, doubt: PortalError) -> Any:
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
