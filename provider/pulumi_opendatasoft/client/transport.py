"""One HTTP request, and the error that stands for a missing response. The only module that imports httpx."""

from __future__ import annotations

import functools
import importlib.metadata
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

import httpx

from ..errors import Call, NotAPortal, PortalError, Unreachable
from .address import Address
from .responses import Response

CONNECT_TIMEOUT = 10.0
UPLOAD_TIMEOUT = 600.0
"""Seconds: storing 240 MB, the largest file that a portal accepts, may take long."""

KEPT_ALIVE = 4.0
"""Seconds: less than servers commonly keep an idle connection, so that a POST does not meet its end."""

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

    Redirects are not followed: a POST would become a GET, and the key would go to another host. The proxy of the
    environment is used, but never for a portal on this machine.
    """

    def __init__(self, address: Address, root: str, key: str, *, connections: int, timeout: float) -> None:
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT), pool=None)
        self._upload_timeout = httpx.Timeout(UPLOAD_TIMEOUT, connect=self._timeout.connect, pool=None)
        self._was_reached = False
        is_plain = address.is_local and address.url.startswith("http:")
        self._http = httpx.Client(
            base_url=f"{address.url}{root}",
            headers={
                "Authorization": f"apikey {key}",
                "Accept": "application/json",
                "User-Agent": _user_agent(),
            },
            # The limiter is the only queue: a second one in the pool would time out instead of waiting.
            limits=httpx.Limits(
                max_connections=None, max_keepalive_connections=connections, keepalive_expiry=KEPT_ALIVE
            ),
            mounts={f"all://{address.host}": None} if address.is_local else None,
            # Plain http without a proxy needs no certificates; loading them takes 30 ms.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, call: Call, url: str, query: Mapping[str, Any], body: Any, form: Form | None) -> Response:
        """Send one request and return its response.

        Args:
            call: The request, as errors name it.
            url: The path below the API's root, encoded.
            query: The parameters; a list is repeated.
            body: The body, sent as JSON; None for no body.
            form: The body of an upload, in the place of `body`.

        Raises:
            Unreachable: There was no response.
            NotAPortal: The response cannot be decompressed.
        """
        timeout = self._upload_timeout if form else self._timeout
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
        return Response(response.status_code, response.headers, response.content)

    def _unreachable(self, call: Call, error: httpx.RequestError, timeout: httpx.Timeout) -> PortalError:
        reason, remedy = _reason_and_remedy(error, timeout)
        return Unreachable(
            call,
            reason,
            remedy=remedy,
            may_have_arrived=not isinstance(error, NEVER_SENT),
            lasting=self._is_lasting(error),
        )

    def _is_lasting(self, error: httpx.RequestError) -> bool:
        """Whether the failure will stay: a bad certificate does, and a name that was never resolved is misspelt."""
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            return True
        return not self._was_reached and any(isinstance(cause, socket.gaierror) for cause in _causes(error))


@functools.cache
def _user_agent() -> str:
    return f"pulumi-opendatasoft/{importlib.metadata.version('pulumi-opendatasoft')}"


def _reason_and_remedy(error: httpx.RequestError, timeout: httpx.Timeout) -> tuple[str, str]:
    check = "Check the domain and the network."
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"its name is not known ({cause.strerror})", check
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "the handshake failed"
            remedy = "Check the domain; an authority of your own goes into SSL_CERT_FILE."
            return f"no safe connection: {reason}", remedy
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused", check
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {timeout.connect:g} s", check
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {timeout.read:g} s", "Try again, or allow it more time."
    if isinstance(error, httpx.ProxyError):
        return f"the proxy does not let the call through ({error})", "Check HTTPS_PROXY and NO_PROXY."
    if isinstance(error, NEVER_SENT):
        return f"no connection ({_system_message(error)})", check
    return "the connection broke before the answer came", "Try again."


def _system_message(error: BaseException) -> str:
    """Return the operating system's message, without its number."""
    messages = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return messages[0].lower() if messages else str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__
