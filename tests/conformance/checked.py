"""Checks every call of the Automation API that a portal of this process receives, and what it answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .differences import Difference, is_explained
from .validation import official_validation

API_ROOT = "/api/automation/v1.0"


class Checked:
    """The application of a portal, which keeps what violates the official description."""

    def __init__(self, portal: ASGIApp) -> None:
        self._portal = portal
        self.found: dict[Difference, str] = {}
        """Each violation with the first call that showed it, known ones too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request and its response on as they are, and check both."""
        if scope["type"] != "http" or not scope["path"].startswith(API_ROOT):
            await self._portal(scope, receive, send)
            return
        request = Request(scope, receive)
        sent = await request.body()
        bodies: list[Message] = [{"type": "http.request", "body": sent, "more_body": False}]
        received: list[Message] = []

        async def next_message() -> Message:
            return bodies.pop() if bodies else await receive()

        async def answer(message: Message) -> None:
            received.append(message)
            await send(message)

        await self._portal(scope, next_message, answer)
        if received:  # else the portal was to drop the connection
            self._check(request, sent, received)

    def unknown(self) -> list[str]:
        """The violations that are not in the list, each as its line, with the call that showed it."""
        return [
            f"{violation}  # {call}" for violation, call in sorted(self.found.items()) if not is_explained(violation)
        ]

    def _check(self, request: Request, sent: bytes, received: list[Message]) -> None:
        status: int = received[0]["status"]
        path = request.url.path.removeprefix(API_ROOT)
        call = f"{request.method} {path} {status}"
        operation = official_validation().operation(request.method, path)
        if operation is None:
            self.found.setdefault(Difference(f"{request.method} {path}", "path", "-", "additional"), call)
            return
        names = [name for name, _ in parse_qsl(request.url.query, keep_blank_values=True)]
        violations = list(official_validation().of_query(operation, names))
        body = _json(request.headers.get("content-type", ""), sent)
        if body is not None and status < 300:
            violations += official_validation().of_request(operation, body)
        headers = {name.lower(): value for name, value in received[0].get("headers", ())}
        content = b"".join(message.get("body", b"") for message in received[1:])
        answer = _json(headers.get(b"content-type", b"").decode(), content)
        violations += official_validation().of_response(operation, status, answer)
        for violation in violations:
            self.found.setdefault(violation, call)


def _json(content_type: str, content: bytes) -> Any:
    """A JSON body; None if it is none, or of another type."""
    return json.loads(content) if content and content_type.startswith("application/json") else None
