"""One HTTP request, and the error that stands for a missing response. The only module that imports httpx."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, NamedTuple

import httpcore
import httpx

from ..errors import ArgumentError, Call, NotAPortal, PortalError, Unreachable
from . import environment
from .address import Address
from .bounds import CONNECT_TIMEOUT, Bounds, bounded
from .connections import FAILURES, NEVER_SENT, Connections, is_of_socks
from .content import ACCEPTED, MOST_BYTES, MOST_REFUSAL_BYTES, NotUnpacked, TooLarge, received
from .polling import unguarded
from .responses import Response

UPLOAD_RATE = 250_000
"""Bytes per second: an upload may take as long as this rate needs, beyond the time of any call."""

LONGEST_DOWNLOAD = 3600.0
"""Seconds that the download of a file may take, if its bytes keep arriving."""


class Form(NamedTuple):
    """The body of an upload: one file, and the plain fields beside it."""

    part: str
    filename: str
    file: IO[bytes]
    fields: Mapping[str, str]

    @property
    def size(self) -> int:
        """The bytes of the file."""
        return os.fstat(self.file.fileno()).st_size


class Transport:
    """Connections to one portal, kept alive between requests and shared by all threads.

    Redirects are not followed: a POST would become a GET, and the key would go to another host. Cookies are not kept.
    The proxy of the environment is used, but never for a portal on this machine.

    Raises ArgumentError where a variable of the environment that applies to the portal cannot be used.
    """

    def __init__(self, address: Address, root: str, key: str, *, connections: int, timeout: float) -> None:
        self._timeout = timeout
        self._was_reached = False
        self._proxy = environment.proxy_for(address)
        headers = {
            "Authorization": f"apikey {key}",
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
            "User-Agent": _user_agent(),
        }
        self._requests = Requests(f"{address.url}{root}", headers)
        self._connections = _connections(address, self._proxy, connections)

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def send(
        self,
        call: Call,
        url: str,
        query: Mapping[str, Any],
        body: Any,
        form: Form | None,
        *,
        guard: Callable[[], None] = unguarded,
    ) -> Response:
        """Send one request and return its response.

        It ends after `timeout` seconds, an upload after as many more as its file needs at UPLOAD_RATE; however slowly
        the portal sends.

        Args:
            call: The request, as errors name it.
            url: The path below the API's root, encoded.
            query: The parameters; a list is repeated.
            body: The body, sent as JSON; None for no body.
            form: The body of an upload, in the place of `body`.
            guard: Called twice a second. What it raises ends a read at once, and a write that was not yet sent whole.

        Raises:
            Unreachable: There was no response, or it was not complete in time.
            NotAPortal: The response cannot be unpacked, or is too large.
        """
        seconds = self._timeout + (form.size / UPLOAD_RATE if form else 0.0)
        bounds = Bounds(seconds, idle=self._timeout, guard=guard, is_read=call.method == "GET")
        request = self._requests.encode(call.method, url, query, body, form)
        has_begun = False
        try:
            with bounded(bounds), self._connections.one() as connection:
                response = connection.handle_request(request)
                has_begun = True
                try:
                    content, headers = _content(response, call)
                finally:
                    response.close()
        except FAILURES as error:
            raise self._unreachable(call, error, bounds, has_begun) from error
        except Exception as error:
            if not (self._proxy and self._proxy.is_socks and is_of_socks(error)):
                raise
            failure = httpcore.ProxyError("it does not speak SOCKS 5")
            raise self._unreachable(call, failure, bounds, has_begun) from error
        self._was_reached = True
        return Response(response.status, headers, content)

    def download(self, call: Call, url: str, target: IO[bytes], *, guard: Callable[[], None] = unguarded) -> Response:
        """Send a GET and write the content of its response, if it is a success, into a file.

        Args:
            call: The request, as errors name it.
            url: The path below the API's root, encoded.
            target: The file, which is written from its present position.
            guard: Called twice a second; what it raises ends the call.

        Returns:
            The response, without the content that was written.

        Raises:
            Unreachable: No byte arrived for `timeout` seconds, or the connection broke.
        """
        bounds = Bounds(LONGEST_DOWNLOAD, idle=self._timeout, guard=guard, is_read=True)
        request = self._requests.encode("GET", url, {}, accept=(b"Accept-Encoding", b"identity"))
        has_begun = False
        try:
            with bounded(bounds), self._connections.one() as connection:
                with bounds.at_most(self._timeout):
                    response = connection.handle_request(request)
                has_begun = True
                try:
                    content, headers = _written(response, call, target, bounds, self._timeout)
                finally:
                    response.close()
        except FAILURES as error:
            raise self._unreachable(call, error, bounds, has_begun) from error
        self._was_reached = True
        return Response(response.status, headers, content)

    def _unreachable(self, call: Call, error: Exception, bounds: Bounds, has_begun: bool) -> PortalError:
        reason, remedy = _reason_and_remedy(error, bounds, has_begun, self._proxy)
        return Unreachable(
            call,
            reason,
            remedy=remedy,
            may_have_arrived=not isinstance(error, NEVER_SENT),
            lasting=self._is_lasting(error),
        )

    def _is_lasting(self, error: Exception) -> bool:
        """Whether the failure will stay: a bad certificate does, and a name that was never resolved is misspelt."""
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            return True
        return not self._was_reached and any(isinstance(cause, socket.gaierror) for cause in _causes(error))


@functools.cache
def _user_agent() -> str:
    """The package and its version, which a package that was copied without its metadata does not know."""
    try:
        return f"pulumi-opendatasoft/{importlib.metadata.version('pulumi-opendatasoft')}"
    except Exception:  # metadata that are damaged raise many kinds of errors
        return "pulumi-opendatasoft"


def _connections(address: Address, proxy: environment.Proxy | None, kept: int) -> Connections:
    # Plain http without a proxy needs no certificates; loading them takes 30 ms.
    needs_tls = address.url.startswith("https:") or (proxy is not None and proxy.scheme == "https")
    context = environment.tls_context(is_local=address.is_local) if needs_tls else None
    return Connections(proxy, context, kept)


class Requests:
    """Encodes the requests to one portal.

    Args:
        root: The URL of the API's root.
        headers: The headers of every request.

    Raises:
        ArgumentError: The root is not an address.
    """

    def __init__(self, root: str, headers: Mapping[str, str]) -> None:
        self._root, self._headers = root, headers
        try:
            # Once, and by `encode` only for forms: it takes a fifth of the time of a call.
            first = httpx.Request("GET", root, headers=headers)
        except httpx.InvalidURL as error:
            raise ArgumentError(f"{root} is not an address: {error}") from None
        self._url, self._common = first.url, first.headers.raw

    def encode(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        body: Any = None,
        form: Form | None = None,
        *,
        accept: tuple[bytes, bytes] | None = None,
    ) -> httpcore.Request:
        """Return one request.

        Args:
            method: The method.
            path: The path below the API's root, encoded.
            query: The parameters; a list is repeated.
            body: The body, sent as JSON; None for no body.
            form: The body of an upload, in the place of `body`.
            accept: A header in the place of the common one of its name.
        """
        target = self._url.raw_path + path.encode()
        if query:
            target += b"?" + str(httpx.QueryParams(query)).encode()
        url = httpcore.URL(scheme=self._url.raw_scheme, host=self._url.raw_host, port=self._url.port, target=target)
        if form:
            whole = httpx.Request(
                method,
                f"{self._root}{path}",
                headers=self._headers,
                data=dict(form.fields),
                files={form.part: (form.filename, form.file)},
            )
            return httpcore.Request(method, url, headers=whole.headers.raw, content=whole.stream)
        if body is None:
            length = [] if method in ("GET", "DELETE") else [(b"Content-Length", b"0")]
            others = [header for header in self._common if accept is None or header[0].lower() != accept[0].lower()]
            return httpcore.Request(method, url, headers=[*others, *([accept] if accept else []), *length])
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        of_body = [(b"Content-Length", str(len(content)).encode()), (b"Content-Type", b"application/json")]
        return httpcore.Request(method, url, headers=[*self._common, *of_body], content=content)


def _content(response: httpcore.Response, call: Call) -> tuple[bytearray, Mapping[str, str]]:
    """Return the content and the headers of a response; of a redirect the headers alone count."""
    headers = httpx.Headers(response.headers)
    is_success = 200 <= response.status < 300
    if 300 <= response.status < 400:
        return bytearray(), headers
    most = MOST_BYTES if is_success else MOST_REFUSAL_BYTES
    parts = response.iter_stream()
    try:
        return received(parts, headers.get("content-encoding", ""), most, may_be_cut=not is_success), headers
    except TooLarge:
        reason = f"it sent more than {most / 1e6:g} MB"
        raise NotAPortal(call, reason, status=response.status, beyond_limit=True) from None
    except NotUnpacked:
        reason = "it sent what cannot be decompressed"
        raise NotAPortal(call, reason, status=response.status, broken=True, remedy="Try again.") from None


def _written(
    response: httpcore.Response, call: Call, target: IO[bytes], bounds: Bounds, timeout: float
) -> tuple[bytearray, Mapping[str, str]]:
    """Write the content of a success into a file; return that of any other response, and the headers.

    Args:
        response: The response, of which nothing was read yet.
        call: The request, as errors name it.
        target: The file.
        bounds: The bounds of the call.
        timeout: Seconds for which no byte may arrive.
    """
    if not 200 <= response.status < 300:
        with bounds.at_most(timeout):
            return _content(response, call)
    headers = httpx.Headers(response.headers)
    if headers.get("content-encoding", "identity") not in ("", "identity"):
        raise NotAPortal(call, "it sent a file packed in a way that was not requested", status=response.status)
    parts = iter(response.iter_stream())
    while True:
        with bounds.at_most(timeout):
            part = next(parts, None)
        if part is None:
            return bytearray(), headers
        target.write(part)


def _reason_and_remedy(
    error: Exception, bounds: Bounds, has_begun: bool, proxy: environment.Proxy | None
) -> tuple[str, str]:
    check = "Check the domain and the network."
    through = ""
    if proxy:
        through = f", through the proxy of {proxy.variable}"
        check = f"Check the domain, the network, {proxy.variable} and NO_PROXY."
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"its name is not known ({cause.strerror}){through}", check
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "the handshake failed"
            return f"no safe connection: {reason}{through}", f"Check the domain; {_authorities()}."
        if isinstance(cause, ConnectionRefusedError):
            return f"the connection was refused{through}", check
    if isinstance(error, httpcore.ConnectTimeout):
        return f"no connection within {min(bounds.seconds, CONNECT_TIMEOUT):g} s{through}", check
    if isinstance(error, httpcore.TimeoutException):
        more_time = "Try again, or raise opendatasoft:requestTimeout."
        within = f"{round(bounds.seconds, 1):g} s"
        if isinstance(error, httpcore.WriteTimeout):
            return f"it did not accept the whole request within {within}", more_time
        if has_begun:
            return f"its answer was not complete after {within}", more_time
        return f"no answer within {within}", more_time
    if isinstance(error, httpcore.ProxyError):
        name = proxy.variable if proxy else "HTTPS_PROXY"
        return f"the proxy does not let the call through ({_printable(str(error))})", f"Check {name} and NO_PROXY."
    if isinstance(error, NEVER_SENT):
        return f"no connection ({_system_message(error)}){through}", check
    return "the connection broke before the answer came", "Try again."


def _authorities() -> str:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(name):
            return f"only the authorities of {name} are trusted, which is set"
    return "an authority of your own goes into SSL_CERT_FILE"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text[:80])


def _system_message(error: BaseException) -> str:
    """Return the operating system's message, without its number."""
    messages = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return messages[0].lower() if messages else str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__
