"""Connections on which every operation ends by the deadline of its call."""

from __future__ import annotations

import functools
import ipaddress
import queue
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpcore

from ..errors import OpendatasoftError
from .bounds import CONNECT_TIMEOUT, SLICE, Bounds, current
from .environment import Proxy
from .tls import TLS

T = TypeVar("T")

KEPT_ALIVE = 4.0
"""Seconds: less than servers commonly keep an idle connection, so that a POST does not meet its end."""

NEVER_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.LocalProtocolError,
)
"""The portal cannot have the whole request: no connection was made, or it was broken off on this side."""

FAILURES = (
    *NEVER_SENT,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)
"""Every way in which a connection fails."""


def is_of_socks(error: Exception) -> bool:
    """Whether a SOCKS proxy sent what is not SOCKS: httpcore passes on what its parser raises."""
    return isinstance(error, AssertionError) or type(error).__module__.partition(".")[0] == "socksio"


class Connections:
    """Connections to one portal, without a limit of their own: the rate limiter is the only queue.

    Each is in a pool of its own, because a pool examines all of its connections twice for each request. The one that
    was used last is used next.

    Args:
        proxy: The proxy through which connections are made.
        context: How TLS is spoken; None where no connection needs it.
        kept: How many connections are kept alive when idle.
    """

    def __init__(self, proxy: Proxy | None, context: ssl.SSLContext | None, kept: int) -> None:
        self._make = functools.partial(_pool_of_one, proxy, context)
        self._kept = kept
        self._idle: list[httpcore.ConnectionPool] = []

    @contextmanager
    def one(self) -> Iterator[httpcore.ConnectionPool]:
        """Yield a pool for one request, which is over with its response before the block ends."""
        try:
            pool = self._idle.pop()
        except IndexError:
            pool = self._make()
        try:
            yield pool
        finally:
            if len(self._idle) < self._kept:
                self._idle.append(pool)
            else:
                pool.close()

    def close(self) -> None:
        """Close the idle connections. No request may follow."""
        while self._idle:
            self._idle.pop().close()


def _pool_of_one(proxy: Proxy | None, context: ssl.SSLContext | None) -> httpcore.ConnectionPool:
    common: Any = {
        "ssl_context": context,
        "max_connections": None,
        "max_keepalive_connections": 1,
        "keepalive_expiry": KEPT_ALIVE,
        "network_backend": _Network(),
    }
    if proxy is None:
        return httpcore.ConnectionPool(**common)
    url = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
    if proxy.is_socks:
        return httpcore.SOCKSProxy(url, proxy_auth=proxy.login, **common)
    inner = context if proxy.scheme == "https" else None
    return httpcore.HTTPProxy(url, proxy_auth=proxy.login, proxy_ssl_context=inner, **common)


class _Network(httpcore.NetworkBackend):
    """Makes connections within the bounds of the call that needs them."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        bounds = current()
        bounds.check()
        with bounds.at_most(CONNECT_TIMEOUT):
            try:
                return _Stream(_connected(_resolved(host, port, bounds), bounds))
            except (OSError, UnicodeError) as error:  # a name that IDNA cannot spell is a UnicodeError
                raise httpcore.ConnectError(str(error)) from error


Resolved = list[tuple[Any, Any, int, str, Any]]
"""The addresses of a host, in the form of `socket.getaddrinfo`."""


def _resolved(host: str, port: int, bounds: Bounds) -> Resolved:
    """Return the addresses of a host. A name is resolved in a thread of its own: the system has no timeout for it."""

    def resolve() -> Resolved:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)

    if host == "localhost" or _is_address(host):
        return resolve()
    outcome: queue.SimpleQueue[Resolved | Exception] = queue.SimpleQueue()

    def report() -> None:
        try:
            outcome.put(resolve())
        except Exception as error:
            outcome.put(error)

    threading.Thread(target=report, name="resolve-a-name", daemon=True).start()
    try:
        found = outcome.get(timeout=max(0.0, bounds.left()))
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name was not resolved") from None
    if isinstance(found, Exception):
        raise found
    return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _connected(addresses: Resolved, bounds: Bounds) -> socket.socket:
    """Connect to the first address that accepts; each gets an equal share of the time that is left."""
    failure: OSError = OSError("the name has no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        share = bounds.left() / (len(addresses) - number)
        if share <= 0:
            raise httpcore.ConnectTimeout("there was no time left")
        try:
            return _connection(family, kind, protocol, address, share)
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise httpcore.ConnectTimeout(str(failure)) from failure
    raise failure


def _connection(family: int, kind: int, protocol: int, address: Any, seconds: float) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


class _Stream(httpcore.NetworkStream):
    """A plain connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        bounds = current()
        while True:
            if bounds.is_read:
                bounds.check()
            try:
                return self._in_slice(bounds.left(), functools.partial(self._socket.recv, max_bytes))
            except _SliceOver:
                if bounds.left() <= 0:
                    raise httpcore.ReadTimeout from None
            except OSError as error:
                raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        bounds = current()
        left = memoryview(buffer)
        idle_since = time.monotonic()
        while left:
            bounds.check()
            try:
                sent = self._in_slice(bounds.left(), functools.partial(self._socket.send, left))
            except _SliceOver:
                if min(bounds.left(), idle_since + bounds.idle - time.monotonic()) <= 0:
                    raise httpcore.WriteTimeout from None
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error
            else:
                left = left[sent:]
                idle_since = time.monotonic()

    def _in_slice(self, left: float, operation: Callable[[], T]) -> T:
        if left <= 0:
            raise _SliceOver
        self._socket.settimeout(min(SLICE, left))
        try:
            return operation()
        except TimeoutError as error:
            if error.errno is None:  # with a number it is the system's: the connection has timed out
                raise _SliceOver from None
            raise

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return TLS(self, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return _is_readable(self._socket)
        return self._socket if info == "socket" else None


class _SliceOver(OpendatasoftError):
    """An operation did nothing within its slice of time."""


def _is_readable(connection: socket.socket) -> bool:
    """Whether an idle connection has something to read, which is then its end."""
    if connection.fileno() < 0:
        return True
    if sys.platform == "win32":
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))
