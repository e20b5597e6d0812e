"""The middleware of the Automation API: latency, faults, the request log, optional last slashes, form bodies."""

import asyncio
import json
import logging
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qsl

from fastapi.exceptions import ValidationException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import internal_error
from ..portal import Portal
from ..state.identifiers import now

log = logging.getLogger(__name__)

_LISTS_IN_FORMS = frozenset({"permissions"})
_GARBAGE = "<!doctype html><title>Gateway</title><h1>It works!</h1>"
_BETWEEN_BYTES = 0.25
"""Seconds between two bytes of a slow body."""


class Middleware:
    """Passes every request on to the Automation API, unless a fault applies to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        portal: Portal = scope["portal"]
        _end_with_slash(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        query = scope["query_string"].decode("latin-1")
        arrived, started = time.time(), time.monotonic()
        status: list[int] = []
        is_logged = False

        def add_to_log() -> None:
            nonlocal is_logged
            if not is_logged:
                is_logged = True
                ms = (time.monotonic() - started) * 1000
                portal.request_log.add(scope["method"], path, query, status[0] if status else None, ms, arrived)

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
            # Before the end of the response is sent: a client that reads the log then finds its request there.
            if _is_last(message):
                add_to_log()
            await send(message)

        try:
            await self._respond(portal, scope, receive, send_and_log, path)
        except ClientDisconnect:
            pass
        except Exception as error:
            _log(scope["method"], path, error)
        finally:
            add_to_log()

    async def _respond(self, portal: Portal, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        if latency := portal.settings.latency_ms:
            await asyncio.sleep(latency / 1000)
        fault = portal.faults.fault_for(scope["method"], path)
        if fault is None:
            await self._app(*await _as_json(scope, receive), send)
            return
        if fault in _AFTER:
            await self._app(*await _as_json(scope, receive), _AFTER[fault](receive, send))
            return
        if fault.endswith("_after_commit"):
            await self._app(*await _as_json(scope, receive), _discard)
        else:
            await _read_body(receive)
        if fault == "garbage":
            await HTMLResponse(_GARBAGE)(scope, receive, send)
        elif fault.startswith("status:"):
            await _refusal(portal, int(fault.removeprefix("status:")))(scope, receive, send)
        else:
            if fault.startswith("reset"):
                _drop(portal, scope)
            await _until_disconnected(portal, scope, receive)


def _is_last(message: Message) -> bool:
    """Whether a message ends its response: for one without a body, its head does."""
    if message["type"] == "http.response.start":
        return message["status"] in (204, 304) or (b"content-length", b"0") in message["headers"]
    return not message.get("more_body", False)


def _drop(portal: Portal, scope: Scope) -> None:
    if portal.drop_connection is None:
        raise RuntimeError("the fault needs the emulator's own server to drop a connection")
    portal.drop_connection(tuple(scope["client"]))


async def _until_disconnected(portal: Portal, scope: Scope, receive: Receive) -> None:
    client = tuple(scope["client"])
    portal.hanging_clients.add(client)
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        portal.hanging_clients.discard(client)


def _refusal(portal: Portal, status: int) -> Response:
    if status == 429 and portal.settings.throttled_body == "quota":
        return _quota_reached()
    if status >= 500:
        return JSONResponse(internal_error(), status)
    if status < 400:
        return Response(status_code=status)
    return JSONResponse({"error_code": "fault", "message": f"A fault was set: {status}."}, status)


def _log(method: str, path: str, error: Exception) -> None:
    """Log where the emulator failed, without the values of the request, which may be secret."""
    what = type(error).__name__ if isinstance(error, ValidationException) else repr(error)
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s failed: %s\n%s", method, path, what, trace)


def _quota_reached() -> Response:
    reset = now()[:10] + "T23:59:59Z"
    return JSONResponse(
        {
            "errorcode": 10002,
            "reset_time": reset,
            "limit_time_unit": "day",
            "call_limit": 10000,
            "error": "Too many requests on the domain. Please contact the domain administrator.",
        },
        429,
        {"X-RateLimit-Limit": "10000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset},
    )


async def _discard(message: Message) -> None:
    """Discard the response of a call whose client receives none."""


def _without_body(receive: Receive, send: Send) -> Send:
    """Return a `send` that sends the status of a response and no body."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            del headers["content-type"]
            headers["content-length"] = "0"
            await send({**message, "headers": headers.raw})
        elif not message.get("more_body", False):
            await send({**message, "body": b""})

    return sent


def _slowly(receive: Receive, send: Send) -> Send:
    """Return a `send` that sends a body byte by byte, until the client has gone."""

    async def sent(message: Message) -> None:
        body = message.get("body", b"")
        for byte in body[:-1]:
            await send({**message, "body": bytes([byte]), "more_body": True})
            with suppress(TimeoutError):
                if (await asyncio.wait_for(receive(), _BETWEEN_BYTES))["type"] == "http.disconnect":
                    raise ClientDisconnect
        await send({**message, "body": body[-1:]} if body else message)

    return sent


_AFTER: dict[str, Callable[[Receive, Send], Send]] = {"no_body": _without_body, "slow": _slowly}
"""The faults of a response to a call that was executed."""


async def _read_body(receive: Receive) -> bytes:
    """Read the whole body. A client whose request is not read to its end would see another error than the fault."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _end_with_slash(scope: Scope) -> None:
    """Add the last slash to a path: the service takes every path with and without it, and never redirects."""
    if not scope["path"].endswith("/"):
        scope["path"] += "/"
        scope["raw_path"] = scope["path"].encode()


async def _as_json(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """Convert a request with a form body into one with a JSON body; return any other request unchanged."""
    if Headers(scope=scope).get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        return scope, receive
    body = await _read_body(receive)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    values: dict[str, object] = dict(pairs)
    for name in _LISTS_IN_FORMS & values.keys():
        values[name] = [value for other, value in pairs if other == name]
    content = json.dumps(values).encode()
    scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    headers["content-type"] = "application/json"
    headers["content-length"] = str(len(content))
    is_sent = False

    async def converted() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": content, "more_body": False}

    return scope, converted
