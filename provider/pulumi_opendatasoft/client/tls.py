"""TLS on a connection, bounded as the connection itself is."""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

import httpcore

from .bounds import CONNECT_TIMEOUT, current

T = TypeVar("T")

CHUNK = 65_536
"""Bytes that are read from the connection at once."""

BROKEN = (httpcore.NetworkError, httpcore.TimeoutException)
"""How the connection itself fails."""


class TLS(httpcore.NetworkStream):
    """TLS on a connection, which may be one through a proxy and have TLS itself.

    The handshake is part of making it, has a bound of its own, and fails as a connection does.
    """

    def __init__(self, inner: httpcore.NetworkStream, context: ssl.SSLContext, hostname: str | None) -> None:
        self._inner = inner
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        try:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname)
            with current().at_most(CONNECT_TIMEOUT):
                self._run(self._tls.do_handshake)
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            inner.close()
            raise httpcore.ConnectTimeout from error
        except (httpcore.NetworkError, OSError, ValueError) as error:  # a ValueError: a name that cannot be a host's
            inner.close()
            raise httpcore.ConnectError(str(error)) from error
        except BaseException:
            inner.close()
            raise

    def _run(self, operation: Callable[[], T]) -> T:
        """Repeat an operation until it has the bytes that it needs."""
        while True:
            result: list[T] = []
            try:
                result = [operation()]
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                with contextlib.suppress(*BROKEN):
                    self._flush()  # an alert, which names the reason to the other side
                raise
            self._flush()
            if result:
                return result[0]
            received = self._inner.read(CHUNK)
            if received:
                self._incoming.write(received)
            else:
                self._incoming.write_eof()

    def _flush(self) -> None:
        pending = self._outgoing.read()
        if pending:
            self._inner.write(pending)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes; none at the end of the connection."""
        try:
            return self._run(functools.partial(self._tls.read, max_bytes))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        left = memoryview(buffer)
        while left:
            try:
                left = left[self._run(functools.partial(self._tls.write, left)) :]
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Speak TLS within this TLS, which ends at a proxy."""
        return TLS(self, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore wants to know of the connection."""
        return self._tls if info == "ssl_object" else self._inner.get_extra_info(info)
