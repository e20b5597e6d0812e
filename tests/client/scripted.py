"""A small HTTP server that responds by a script, also as no portal does: it disconnects, hangs, and sends garbage."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
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


Reply = Response | Disconnect | NoResponse
Script = Callable[[Request], Reply]


def free_port() -> int:
    """A port on which no server listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


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

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.requests: list[Request] = []
        self.connections = 0
        self.drops = 0
        """So many further connections are cut before a byte of them is read."""
        self.lock = threading.Lock()
        self.is_over = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def calls(self) -> list[str]:
        with self.lock:
            return [f"{request.method} {request.path}" for request in self.requests]


@contextmanager
def serving(script: Script) -> Iterator[ScriptedPortal]:
    with ScriptedPortal(script) as portal:
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

    def handle(self) -> None:
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
