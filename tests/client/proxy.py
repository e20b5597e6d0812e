"""A small HTTP proxy that connects every name to one server of this machine, and remembers what it was asked for."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy:
    """Tunnels each CONNECT to one address; with a context it speaks TLS itself."""

    def __init__(self, target: tuple[str, int], context: ssl.SSLContext | None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._target, self._context = target, context
        self.heads: list[str] = []
        """The requests of clients for a tunnel."""

    @property
    def url(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://localhost:{self._listener.getsockname()[1]}"

    def accept(self) -> None:
        """Serve clients until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            client = self._context.wrap_socket(plain, server_side=True) if self._context else plain
            with client, socket.create_connection(self._target) as server:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += client.recv(1) or b"\r\n\r\n"
                self.heads.append(head.decode())
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def proxying(target: tuple[str, int], context: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    proxy = Proxy(target, context)
    thread = threading.Thread(target=proxy.accept, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
