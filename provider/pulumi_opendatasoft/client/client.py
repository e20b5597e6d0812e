"""The client of a portal's Automation API. Every call of every resource is made by `Client`."""

from __future__ import annotations

import functools
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from ..errors import Call, NotAPortal, NotFound, PortalError, Refused, Throttled
from . import calls_log
from .address import parse
from .arguments import checked_key, encoded_path
from .clock import CLOCK, Clock
from .pagination import PAGE, Page, page_of, read_all
from .polling import Durations, pause, unguarded, wait_until
from .portal_clock import PortalClock
from .rate_limit import RateLimiter
from .redaction import Secrets
from .responses import object_of, read
from .retries import LONGEST_RETRY_AFTER, Retries
from .safe_post import send_once, send_usable
from .transport import Form, Transport
from .uploads import LARGE_AT_ONCE, CheckedFile, is_small

ROOT = "/api/automation/v1.0"

T = TypeVar("T")


class Client:
    """A portal's Automation API, for one key. Synchronous, and safe for any number of threads.

    Paths are below the API's root and end with a slash: `/groups/editors/`. A step that may contain a slash or a
    percent sign of its own must be passed quoted (`urllib.parse.quote(step, safe="")`); all other characters are
    quoted here. Every method raises a PortalError when its call fails.

    Args:
        domain: A bare name, a host or a URL (see `address.parse`).
        key: The API key, sent in a header only.
        concurrency: The number of requests under way at once.
        timeout: Seconds that one request may take from its beginning to the last byte of its response; an upload may
            take longer (see `Transport.send`).
        retries: How many times more a call is sent after a passing failure.
        backoff: Seconds before the second try.
        guard: Called right before each request, while waiting, and twice a second during a request; what it raises ends
            the call. A request that writes is not ended once it has been sent whole.
        clock: The time by which it waits.

    Raises:
        ArgumentError: The domain or the key cannot be one, or a variable of the environment that concerns connections.
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
        clock: Clock = CLOCK,
    ) -> None:
        address = parse(domain)
        self.url = address.url
        """Scheme and host."""
        self.host = address.host
        """The host, with its port unless that is the scheme's standard one; recorded in states."""
        self.clock = clock
        """The time by which this client waits, and to be used by all who poll through it."""
        self._key = key = checked_key(key, self.host)
        self._guard = guard
        self._secrets = Secrets()
        self._secrets.add(key)
        self._limiter = RateLimiter(concurrency, backoff=backoff, clock=clock)
        self._large_uploads = RateLimiter(LARGE_AT_ONCE, clock=clock)
        self._retries = Retries(retries, backoff, self.pause)
        self._durations: dict[str, Durations] = {}
        self._portal_clock = PortalClock(clock)
        calls_log.set_up()
        self._has_responded = False
        self._transport = Transport(address, ROOT, key, connections=concurrency, timeout=timeout)

    def __repr__(self) -> str:
        return f"Client({self.host!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. No call may follow."""
        self._transport.close()

    def add_secrets(self, *secrets: str) -> None:
        """Redact these values in every error from now on, even where the portal repeats them."""
        self._secrets.add(*secrets)

    def redact(self, text: str) -> str:
        """Return a text, the portal's or our own, without any known secret."""
        return self._secrets.redact(text)

    def is_own_key(self, secret: str) -> bool:
        """Whether this is the key that this client calls with."""
        return hmac.compare_digest(secret.encode(), self._key.encode())

    def post_own_key(self, path: str) -> Any:
        """The answer to a search for the key that this client calls with: a POST that changes nothing."""
        return self.post(path, {"key": self._key}, repeatable=True)

    def now(self) -> datetime:
        """The time by the portal's clock, never ahead of it: an object whose `created_at` is later is new."""
        return self._portal_clock.now()

    def get(self, path: str, /, **query: Any) -> Any:
        """Return the object or page at `path`. A None in `query` is left out, a list is repeated.

        Raises NotAPortal for anything else than a JSON object: an answer without content does not mean that there is
        none.
        """
        return self._retries.run(lambda: object_of(self._send("GET", path, query=query), self._call("GET", path)))

    def page(self, path: str, /, *, offset: int | None = 0, **query: Any) -> Page:
        """Return one page of a list, of up to 1000 entries; without an offset the whole of one that has no pages."""
        asked = query if offset is None else {**query, "limit": PAGE, "offset": offset}
        response, size = self._retries.run(lambda: self._exchange("GET", path, query=asked))
        return page_of(response, self._call("GET", path), size)

    def all(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        """Return every entry of the list at `path`, over all its pages."""
        return read_all(lambda offset: self.page(path, **query, offset=offset), self._call("GET", path))

    def download(self, path: str, file: Path, **query: Any) -> None:
        """Write the content at `path` into a file, which afterwards contains all of it or is as it was before."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{file.name}.part")
        try:
            self._retries.run(lambda: self._download(path, partial, query))
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)

    def _download(self, path: str, file: Path, query: Mapping[str, Any]) -> None:
        call = self._call("GET", path)
        given = urlencode({name: value for name, value in query.items() if value is not None})
        url = f"{encoded_path(path)}?{given}" if given else encoded_path(path)
        with self._limiter.slot(self._guard) as epoch, self._logged(call) as logged, file.open("wb") as target:
            response = self._transport.download(call, url, target, guard=self._guard)
            logged.append(str(response.status))
            try:
                read(response, call, self.redact)
            except Throttled as error:
                self._limiter.throttled(epoch, error.retry_after)
                raise
            self._limiter.succeeded(epoch)

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        look: Callable[[], Any] | None = None,
        is_usable: Callable[[Any], bool] | None = None,
        repeatable: bool = False,
    ) -> Any:
        """Send a POST, which is never sent again while it may have arrived (see `safe_post`).

        Args:
            path: The path below the API's root.
            body: The JSON to send; None for no body.
            look: Looks up whether the POST was carried out; its result is returned, None lets the POST be sent again.
            is_usable: Whether a success contains what the POST created; one that does not is in doubt.
            repeatable: Whether sending it twice has the same effect as sending it once.

        Returns:
            The JSON value of the response, or the result of `look`.

        Raises:
            Uncertain: The POST may have arrived, is not repeatable, and there is no `look` or it failed.
        """
        return self._write("POST", path, lambda: self._send("POST", path, body=body), look, repeatable, is_usable)

    def put(self, path: str, body: Any = None, *, repeatable: bool = True) -> Any:
        """Send a PUT and return its response; it sets a value, so it may be sent again.

        A body with a value that can be used only once is not `repeatable`: a PUT that may have arrived raises
        Uncertain.
        """
        return self._write("PUT", path, lambda: self._send("PUT", path, body=body), None, repeatable)

    def delete(self, path: str, /, **query: Any) -> bool:
        """Delete the object; False where there was none any more."""
        try:
            self._retries.run(lambda: self._send("DELETE", path, query=query))
        except NotFound as error:
            # A 404 to a repeated DELETE: the first, whose response was lost, was carried out.
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
        is_usable: Callable[[Any], bool] | None = None,
        repeatable: bool = True,
    ) -> Any:
        """Send a file as multipart/form-data; streamed, of those above 1 MB at most two at once.

        Args:
            path: The path below the API's root.
            file: The file to send.
            filename: The name that the portal gets.
            sha256: The expected hash (lower-case hex), as the program read the file; None for no check.
            fields: The form's other fields.
            part: The name of the file's part.
            look: As for `post`.
            is_usable: As for `post`.
            repeatable: Whether it may be sent twice. An uploaded file has no effect until an object refers to it; for
                an upload that has one by itself (an attachment), pass False and a `look`.

        Returns:
            The JSON value of the response, or the result of `look`.

        Raises:
            BadFile: The file cannot be read, or has another hash; the portal got no complete request.
            Uncertain: As for `post`.
        """
        call = self._call("POST", path)

        def send() -> Any:
            with CheckedFile(file, sha256, call) as checked:
                return self._send("POST", path, form=Form(part, filename, checked, fields or {}))

        with nullcontext() if is_small(file) else self._large_uploads.slot(self._guard):
            return self._write("POST", path, send, look, repeatable, is_usable)

    def _write(
        self,
        method: str,
        path: str,
        send: Callable[[], Any],
        look: Callable[[], Any] | None,
        repeatable: bool,
        is_usable: Callable[[Any], bool] | None = None,
    ) -> Any:
        call = self._call(method, path)
        if is_usable is not None:
            send = functools.partial(send_usable, call, send, is_usable)
        if repeatable:
            return self._retries.run(send)
        return send_once(call, send, look, self._retries)

    def _send(self, method: str, path: str, **content: Any) -> Any:
        """Send one request; return the value of its response (see `_exchange`)."""
        return self._exchange(method, path, **content)[0]

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Form | None = None,
    ) -> tuple[Any, int]:
        """Send one request; return the value of its response and its bytes, or raise the error that it stands for."""
        call = self._call(method, path)
        url = encoded_path(path)
        given = {name: value for name, value in (query or {}).items() if value is not None}
        with self._limiter.slot(self._guard) as epoch, self._logged(call) as logged:
            response = self._transport.send(call, url, given, body, form, guard=self._guard)
            logged.append(str(response.status))
            self._portal_clock.follow(response.headers.get("date", ""))
            try:
                value = read(response, call, self.redact)
            except Throttled as error:
                wait = error.retry_after if error.retry_after and error.retry_after <= LONGEST_RETRY_AFTER else None
                self._limiter.throttled(epoch, wait)
                raise
            except NotAPortal as error:
                if self._has_responded and error.may_have_arrived and not error.beyond_limit:
                    # A web page as a success is another site's, unless the API responded here before.
                    error.broken, error.remedy = True, "Try again."
                raise
            self._has_responded = True
            self._limiter.succeeded(epoch)
            return value, len(response.content)

    @contextmanager
    def _logged(self, call: Call) -> Iterator[list[str]]:
        """Log a call when it is over; yields a list for its status, once that is known."""
        began = self.clock.monotonic()
        status: list[str] = []
        failure, trace = "unfinished", None
        try:
            yield status
        except PortalError as error:
            failure, trace = type(error).__name__, error.trace_id if isinstance(error, Refused) else None
            raise
        finally:
            took = (self.clock.monotonic() - began) * 1000
            outcome = status[0] if status else failure
            calls_log.record(call.portal, call.method, self.redact(call.path), outcome, took, trace)

    def _call(self, method: str, path: str) -> Call:
        return Call(self.host, method, path)

    def pause(self, seconds: float) -> None:
        """Wait, by the client's clock."""
        pause(seconds, self._guard, self.clock)

    def wait_until(
        self,
        poll: Callable[[], T],
        done: Callable[[T], bool],
        *,
        timeout: float,
        progress: Callable[[float, T], None] | None = None,
        work: str | None = None,
    ) -> tuple[T, bool]:
        """Poll until `done` is true or `timeout` seconds are over, by the client's clock (see `polling.wait_until`).

        `work` names the kind of work that has just begun: the durations of its earlier runs on this portal determine
        when it is polled first. Without it, that is at once.
        """
        durations = self._durations.setdefault(work, Durations()) if work else None
        return wait_until(
            poll,
            done,
            timeout=timeout,
            guard=self._guard,
            progress=progress,
            clock=self.clock,
            durations=durations,
        )
