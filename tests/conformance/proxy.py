"""A proxy between the provider and a portal that checks every call of the Automation API.

It passes requests and responses on as they are, and keeps what violates the official description.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .differences import Difference, is_explained
from .validation import official_validation

API_ROOT = "/api/automation/v1.0"
_PER_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}
_SECONDS = 60.0


class Proxy:
    """A proxy in a thread of this process, which listens while the `with` block runs."""

    def __init__(self, portal: str) -> None:
        self._portal = portal
        self.found: dict[Difference, str] = {}
        """Each violation with the first call that showed it, known ones too."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self.calls: list[str] = []
        """The operations of all calls."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._pass_on, log_level="error", interface="asgi3", lifespan="off", ws="none", date_header=False
        )
        config.server_header = False
        self._server = uvicorn.Server(config)
        self._client = httpx.AsyncClient(base_url=self._portal, timeout=60)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + _SECONDS
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop:
            asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(_SECONDS)
        self._server.should_exit = True
        self._thread.join(_SECONDS)
        self._socket.close()

    def unknown(self) -> list[str]:
        """The violations that are not in the list, each as its line, with the call that showed it."""
        return [
            f"{violation}  # {call}" for violation, call in sorted(self.found.items()) if not is_explained(violation)
        ]

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        request = Request(scope, receive)
        sent = await request.body()
        headers = [(name, value) for name, value in request.headers.items() if name not in _PER_CONNECTION]
        url = httpx.URL(self._portal + request.url.path).copy_with(
            raw_path=scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        )
        response = await self._client.send(
            self._client.build_request(request.method, url, headers=headers, content=sent), stream=True
        )
        received = b"".join([part async for part in response.aiter_raw()])
        await response.aclose()
        if request.url.path.startswith(API_ROOT):
            self._check(request, sent, response, received)
        answer = Response(received, response.status_code)
        kept = [(name, value) for name, value in response.headers.raw if name.decode().lower() not in _PER_CONNECTION]
        answer.raw_headers = [*((n.lower(), v) for n, v in kept if n.lower() != b"content-length")]
        answer.raw_headers.append((b"content-length", str(len(received)).encode()))
        await answer(scope, receive, send)

    def _check(self, request: Request, sent: bytes, response: httpx.Response, received: bytes) -> None:
        path = request.url.path.removeprefix(API_ROOT)
        call = f"{request.method} {path} {response.status_code}"
        operation = official_validation().operation(request.method, path)
        if operation is None:
            self.found.setdefault(Difference(f"{request.method} {path}", "path", "-", "additional"), call)
            return
        self.calls.append(operation.name)
        names = [name for name, _ in parse_qsl(request.url.query, keep_blank_values=True)]
        violations = list(official_validation().of_query(operation, names))
        body = _json(request.headers.get("content-type", ""), sent)
        if body is not None and response.is_success:
            violations += official_validation().of_request(operation, body)
        answer = _json(response.headers.get("content-type", ""), received)
        violations += official_validation().of_response(operation, response.status_code, answer)
        for violation in violations:
            self.found.setdefault(violation, call)


def _json(content_type: str, content: bytes) -> Any:
    """A JSON body; None if it is none, or of another type."""
    return json.loads(content) if content and content_type.startswith("application/json") else None
