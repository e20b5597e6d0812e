"""The one door to a portal's Automation API: every call of every resource goes through `Client`."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from .address import parse
from .errors import Call, NotAPortal, NotFound, PortalError, Throttled
from .pagination import PAGE, Page, every, page_of
from .polling import LATE, pause, unguarded
from .rate_limit import RateLimiter
from .redaction import Secrets
from .responses import Answer, read
from .retries import LONGEST_TOLD, Retries
from .safe_post import deliver
from .transport import Form, Transport
from .uploads import CheckedFile

ROOT = "/api/automation/v1.0"
UPLOADS_AT_ONCE = 2

log = logging.getLogger("pulumi_opendatasoft")


class Client:
    """A portal's Automation API, for one key. Synchronous, and safe for any number of threads.

    `domain` is a bare name, a host or a URL (see `address.parse`); the key travels in a header only. At most
    `concurrency` requests are under way at once; each may take `timeout` seconds, and a passing failure is
    tried `retries` times more, the first time after `backoff` seconds. `guard` is called right before each
    request and while waiting; what it raises ends the call. Raises ValueError for a domain or key that cannot
    be one.

    Paths are below the API's root and end with a slash: `/groups/editors/`. A step that may hold a slash or a
    percent sign of its own must come quoted (`urllib.parse.quote(step, safe="")`); all other characters are
    taken care of here. Every method raises a PortalError for what went wrong with the portal.
    """

    def __init__(
        self,
        domain: str,
        key: str,
        *,
        concurrency: int = 8,
        timeout: float = 30.0,
        retries: int = 4,
        backoff: float = 0.5,
        guard: Callable[[], None] = unguarded,
    ) -> None:
        address = parse(domain)
        self.url = address.url
        """Scheme and host."""
        self.host = address.host
        """The host, with its port if that is not the scheme's own: what states remember."""
        self._key = key = _checked(key, self.host)
        self._guard = guard
        self._secrets = Secrets()
        self._secrets.add(key)
        self._limiter = RateLimiter(concurrency, backoff=backoff)
        self._uploads = RateLimiter(UPLOADS_AT_ONCE)
        self._retries = Retries(retries, backoff, self._pause)
        self._behind: timedelta | None = None
        self._has_answered = False
        self._transport = Transport(address, ROOT, key, connections=concurrency, timeout=timeout)

    def __repr__(self) -> str:
        return f"Client({self.host!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections. No call may follow."""
        self._transport.close()

    def conceal(self, *secrets: str) -> None:
        """From now on these values are masked in every error, even where the portal repeats them."""
        self._secrets.add(*secrets)

    def masked(self, text: str) -> str:
        """A text, the portal's or ours, without any secret that is concealed."""
        return self._secrets.masked(text)

    def is_own_key(self, secret: str) -> bool:
        """Whether this is the key that this client calls with."""
        return hmac.compare_digest(secret.encode(), self._key.encode())

    def post_own_key(self, path: str) -> Any:
        """The answer to a search for the key that this client calls with: a POST that changes nothing."""
        return self.post(path, {"key": self._key}, repeatable=True)

    def now(self) -> datetime:
        """The time by the portal's clock, never ahead of it: what is `created_at` later than this is new."""
        return datetime.now(UTC) - (self._behind or timedelta())

    def get(self, path: str, /, **query: Any) -> Any:
        """The object or page at `path`. What is None in `query` is left out, a list is repeated."""
        return self._retries.run(lambda: self._send("GET", path, query=query))

    def page(self, path: str, /, *, offset: int = 0, **query: Any) -> Page:
        """One page of a list, of up to 1000 entries."""
        answer = self.get(path, **{**query, "limit": PAGE, "offset": offset})
        return page_of(answer, self._call("GET", path))

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Every entry of the list at `path`, over all its pages; as many as the list says it has."""
        return every(lambda offset: self.page(path, **query, offset=offset), self._call("GET", path))

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        look: Callable[[], Any] | None = None,
        repeatable: bool = False,
    ) -> Any:
        """The answer to a POST. One that may have arrived is never blindly sent again (see `arrival`).

        `look` finds out whether it arrived: what it finds becomes the answer, None lets the POST be sent
        again. `repeatable` says that sending it twice does no more than once. With neither, doubt raises
        Uncertain.
        """
        return self._deliver("POST", path, lambda: self._send("POST", path, body=body), look, repeatable)

    def put(self, path: str, body: Any = None, *, repeatable: bool = True) -> Any:
        """The answer to a PUT: it says what shall be, so it may be sent again.

        One that holds what is used up by one use is not `repeatable`: where it may have arrived, it raises Uncertain.
        """
        return self._deliver("PUT", path, lambda: self._send("PUT", path, body=body), None, repeatable)

    def delete(self, path: str, /, **query: Any) -> bool:
        """Deletes; False where there was nothing to delete any more."""
        try:
            self._retries.run(lambda: self._send("DELETE", path, query=query))
        except NotFound as error:
            # After a first try whose answer was lost, a 404 says that it did its work.
            return error.tries > 1
        return True

    def upload(
        self,
        path: str,
        file: Path,
        *,
        filename: str,
        sha256: str | None = None,
        fields: Mapping[str, str] | None = None,
        part: str = "file",
        look: Callable[[], Any] | None = None,
        repeatable: bool = True,
    ) -> Any:
        """Sends a file as the multipart `part`, beside the form's `fields`; streamed, at most two at once.

        `sha256` (lower-case hex) is what the program saw: a file that is another one now raises BadFile, and
        the portal gets no complete request. An uploaded file has no effect until something names it, so by
        default it may be sent again; for what has one (an attachment), say `repeatable=False` and give a
        `look`, as for `post`.
        """
        call = self._call("POST", path)

        def send() -> Any:
            with CheckedFile(file, sha256, call) as checked:
                return self._send("POST", path, form=Form(part, filename, checked, fields or {}))

        with self._uploads.slot(self._guard):
            return self._deliver("POST", path, send, look, repeatable)

    def _deliver(
        self, method: str, path: str, send: Callable[[], Any], look: Callable[[], Any] | None, repeatable: bool
    ) -> Any:
        if repeatable:
            return self._retries.run(send)
        return deliver(self._call(method, path), send, look, self._retries)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Form | None = None,
    ) -> Any:
        """One request, and what its answer says."""
        call = self._call(method, path)
        url = _spelled(path)
        given = {name: value for name, value in (query or {}).items() if value is not None}
        with self._limiter.slot(self._guard) as epoch:
            answer = self._logged(call, lambda: self._transport.send(call, url, given, body, form))
            try:
                value = read(answer, call, self._secrets.masked)
            except Throttled as error:
                told = error.retry_after if error.retry_after and error.retry_after <= LONGEST_TOLD else None
                self._limiter.throttled(epoch, told)
                raise
            except NotAPortal as error:
                if self._has_answered and error.may_have_arrived:
                    # A page instead of an answer is another site, unless the API was there a moment ago.
                    error.broken, error.remedy = True, "Try again."
                raise
            self._has_answered = True
            self._limiter.succeeded(epoch)
            return value

    def _logged(self, call: Call, exchange: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        outcome = "unfinished"
        try:
            answer = exchange()
            outcome = str(answer.status)
        except PortalError as error:
            outcome = type(error).__name__
            raise
        finally:
            took = (time.monotonic() - began) * 1000
            log.debug("%s %s %s %.0f ms", call.method, call.path, outcome, took)
        self._set_clock(answer)
        return answer

    def _set_clock(self, answer: Answer) -> None:
        try:
            behind = datetime.now(UTC) - parsedate_to_datetime(answer.headers["date"])
        except (KeyError, ValueError, TypeError):  # no date, not a date, one without a zone
            return
        # A date has whole seconds and may be told late, never early: so the least of several delays is nearest to the
        # truth. What differs by more comes of a clock that was set.
        known = self._behind
        self._behind = behind if known is None or behind > known + LATE else min(known, behind)

    def _call(self, method: str, path: str) -> Call:
        return Call(self.host, method, path)

    def _pause(self, seconds: float) -> None:
        pause(seconds, self._guard)


def _checked(key: str, host: str) -> str:
    """The key as a header can carry it. The message about a bad one must not show it."""
    key = key.strip()
    if not key:
        raise ValueError(f"no API key for {host}: make one in the portal's back office")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ValueError(f"the API key for {host} holds a character that no key has: copy it again")
    return key


def _spelled(path: str) -> str:
    """The path as a URL spells it. An empty step, which would address a whole list, is refused."""
    steps = path.removesuffix("/").split("/")
    if steps[0] != "" or len(steps) < 2 or any(step in ("", ".", "..") for step in steps[1:]):
        raise ValueError(f'"{path}" is not a path of the API: it begins with a slash and has no empty step')
    return quote(path, safe="/%:@!$&'()*+,;=~")
