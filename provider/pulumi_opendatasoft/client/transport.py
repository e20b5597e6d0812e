"""One request over HTTP, and what it means when nothing comes back. Only this module knows the library."""

from __future__ import annotations

import importlib.metadata
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

import httpx

from ..errors import Call, NotAPortal, PortalError, Unreachable
from .address import Address
from .responses import Answer

CONNECT_TIMEOUT = 10.0
UPLOAD_TIMEOUT = 600.0
"""Seconds: a portal may take its time to store 240 MB, the most that it takes."""

KEPT_ALIVE = 4.0
"""Seconds: less than servers commonly keep a silent connection, so that a POST does not run into its end."""

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
"""The portal cannot have the whole request: no connection was made, or it was broken off on this side."""


class Form(NamedTuple):
    """The body of an upload: one file, and the plain fields beside it."""

    part: str
    filename: str
    file: IO[bytes]
    fields: Mapping[str, str]


class Transport:
    """Connections to one portal, kept alive between requests and shared by all threads.

    Redirects are not followed: a POST would become a GET, and the key would go to another host. The proxy of
    the environment is used, but never for a portal on this machine.
    """

    def __init__(self, address: Address, root: str, key: str, *, connections: int, timeout: float) -> None:
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT), pool=None)
        self._uploading = httpx.Timeout(UPLOAD_TIMEOUT, connect=self._timeout.connect, pool=None)
        self._was_reached = False
        self._http = httpx.Client(
            base_url=f"{address.url}{root}",
            headers={
                "Authorization": f"apikey {key}",
                "Accept": "application/json",
                "User-Agent": f"pulumi-opendatasoft/{importlib.metadata.version('pulumi-opendatasoft')}",
            },
            # The limiter is the only queue: a second one in the pool would run out of time instead of waiting.
            limits=httpx.Limits(
                max_connections=None, max_keepalive_connections=connections, keepalive_expiry=KEPT_ALIVE
            ),
            mounts={f"all://{address.host}": None} if address.is_local else None,
        )

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()

    def send(self, call: Call, url: str, query: Mapping[str, Any], body: Any, form: Form | None) -> Answer:
        """The answer to one request. A `body` is sent as JSON. Raises Unreachable or NotAPortal."""
        timeout = self._uploading if form else self._timeout
        try:
            response = self._http.request(
                call.method,
                url,
                params=query,
                json=body,
                data=dict(form.fields) if form else None,
                files={form.part: (form.filename, form.file)} if form else None,
                timeout=timeout,
            )
        except httpx.DecodingError as error:
            reason = "it sent what cannot be decompressed"
            raise NotAPortal(call, reason, status=200, broken=True, remedy="Try again.") from error
        except httpx.RequestError as error:
            raise self._unreachable(call, error, timeout) from error
        self._was_reached = True
        return Answer(response.status_code, response.headers, response.content)

    def _unreachable(self, call: Call, error: httpx.RequestError, timeout: httpx.Timeout) -> PortalError:
        reason, remedy = _explained(error, timeout)
        return Unreachable(
            call,
            reason,
            remedy=remedy,
            may_have_arrived=not isinstance(error, NEVER_SENT),
            lasting=self._is_lasting(error),
        )

    def _is_lasting(self, error: httpx.RequestError) -> bool:
        """A bad certificate stays bad. A name that was never known is misspelt; one known until now is not."""
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            return True
        return not self._was_reached and any(isinstance(cause, socket.gaierror) for cause in _causes(error))


def _explained(error: httpx.RequestError, timeout: httpx.Timeout) -> tuple[str, str]:
    """What happened, and what a person can do about it."""
    check = "Check the domain and the network."
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"its name is not known ({cause.strerror})", check
        if isinstance(cause, ssl.SSLError):
            told = getattr(cause, "verify_message", "") or cause.reason or "the handshake failed"
            return f"no safe connection: {told}", "Check the domain; an authority of your own goes into SSL_CERT_FILE."
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused", check
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {timeout.connect:g} s", check
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {timeout.read:g} s", "Try again, or allow it more time."
    if isinstance(error, httpx.ProxyError):
        return f"the proxy does not let the call through ({error})", "Check HTTPS_PROXY and NO_PROXY."
    if isinstance(error, NEVER_SENT):
        return f"no connection ({_errno_words(error)})", check
    return "the connection broke before the answer came", "Try again."


def _errno_words(error: BaseException) -> str:
    """The system's own words for what is in the way, without their number."""
    words = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return words[0].lower() if words else str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen:
        yield seen
        seen = seen.__cause__ or seen.__context__
