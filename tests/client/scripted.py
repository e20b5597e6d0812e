"""A small HTTP server that responds by a script, also as no portal does: it disconnects, hangs, and sends garbage."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = "/api/automation/v1.0"


@dataclass(frozen=True)
class Request:
    """One request as received; `path` is below the API's root, decoded; `target` the same as it was spelled."""

    method: str
    path: str
    target: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Response:
    """A response: `body` is sent as JSON, or as it is if it is bytes."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Disconnect:
    """The connection ends before the response, or after the first `after` bytes of it."""

    response: Response | None = None
    after: int = 0


@dataclass(frozen=True)
class NoResponse:
    """The connection stays open, and nothing is sent until the test is over."""


@dataclass(frozen=True)
class Raw:
    """Bytes sent as they are, one piece every so many seconds; then, or when the client leaves, the connection ends."""

    pieces: Iterable[bytes]
    every: float = 0.0


Reply = Response | Disconnect | NoResponse | Raw
Script = Callable[[Request], Reply]


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port on which no server listens, and which no other process gets while the block runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def refusal(status: int, code: str, message: str = "No.", **more: Any) -> Response:
    """An error with a body of the API."""
    return Response({"error_code": code, "message": message, **more}, status)


def in_turn(*replies: Reply) -> Script:
    """A script that gives the replies one after the other, whatever the requests; the last one for ever."""
    lock = threading.Lock()
    left = list(replies)

    def script(_: Request) -> Reply:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return script


class ScriptedPortal(ThreadingHTTPServer):
    """Listens on a free port of this machine while the `with` block of `serving` runs."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.script = script
        self.scheme = "https" if context else "http"
        self.requests: list[Request] = []
        self.connections = 0
        self.drops = 0
        """So many further connections are cut before a byte of them is read."""
        self.sent = 0
        """The bytes of raw replies that were handed to the system, whether the client has read them or not."""
        self.accepts_bodies = True
        """Whether the bodies of requests are read; else they fill the buffers on the way."""
        self.lock = threading.Lock()
        self.is_over = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def calls(self) -> list[str]:
        with self.lock:
            return [f"{request.method} {request.path}" for request in self.requests]


@contextmanager
def serving(script: Script, context: ssl.SSLContext | None = None) -> Iterator[ScriptedPortal]:
    """A portal that responds by a script; with a context it speaks TLS."""
    with ScriptedPortal(script, context) as portal:
        thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield portal
        finally:
            portal.is_over.set()
            portal.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def portal(self) -> ScriptedPortal:
        assert isinstance(self.server, ScriptedPortal)
        return self.server

    def setup(self) -> None:
        self.is_safe = True
        if isinstance(self.request, ssl.SSLSocket):
            try:
                self.request.do_handshake()
            except OSError:  # a client that does not trust the certificate
                self.is_safe = False
        super().setup()

    def handle(self) -> None:
        if not self.is_safe:
            return
        with self.portal.lock:
            self.portal.connections += 1
            drop = self.portal.drops > 0
            self.portal.drops -= drop
        if drop:
            self._reset()
        else:
            super().handle()

    def _respond(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        if length and not self.portal.accepts_bodies:
            self.portal.is_over.wait()
            self._reset()
            return
        body = self.rfile.read(length)
        if len(body) < length:  # broken off: no server carries out half a request
            self.close_connection = True
            return
        request = Request(
            self.command,
            unquote(parts.path.removeprefix(ROOT)),
            self.path.removeprefix(ROOT),
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        with self.portal.lock:
            self.portal.requests.append(request)
        reply = self.portal.script(request)
        if isinstance(reply, NoResponse):
            self.portal.is_over.wait()
            self._reset()
        elif isinstance(reply, Raw):
            self._send_pieces(reply)
        elif isinstance(reply, Disconnect):
            self._send(reply.response or Response(), reply.after)
            self._reset()
        else:
            self._send(reply, None)

    do_GET = do_POST = do_PUT = do_DELETE = _respond

    def _send(self, response: Response, most: int | None) -> None:
        content = response.content
        lines = [f"HTTP/1.1 {response.status} Reason", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
        self.wfile.write(whole if most is None else whole[:most])

    def _send_pieces(self, raw: Raw) -> None:
        self.close_connection = True
        for piece in raw.pieces:
            try:
                self.wfile.write(piece)
            except OSError:  # the client has left
                return
            self.portal.sent += len(piece)
            if self.portal.is_over.wait(raw.every) if raw.every else self.portal.is_over.is_set():
                return

    def _reset(self) -> None:
        """End the connection with a reset, not in order."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        if self.connection.fileno() >= 0:
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the requests are in `requests`."""
