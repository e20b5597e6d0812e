"""A client for calls with a JSON body and a JSON answer: tests make very many, and httpx takes much longer for each."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

TIMEOUT = 30
"""Seconds that a call may wait for the next bytes."""


class JsonCalls:
    """Calls of one server, over one connection for each thread that makes any."""

    def __init__(self, host: str, headers: Mapping[str, str] | None = None) -> None:
        """Make a client of a server, without connecting to it.

        Args:
            host: its name and port.
            headers: the headers of every call.
        """
        self._host, self._headers = host, dict(headers or {})
        self._of_thread = threading.local()
        self._opened: list[HTTPConnection] = []

    def call(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Make a call and return what its JSON answer holds, None for an empty one.

        Args:
            method: the HTTP method.
            path: the path on the server; one with a query of its own takes no other.
            query: parameters of the address.
            body: what is sent as JSON; None sends no body.

        Raises:
            AssertionError: the status is not one of success; the message contains it and the answer.
        """
        if query:
            path = f"{path}?{urlencode({name: _text(value) for name, value in query.items()})}"
        sent = None if body is None else json.dumps(body)
        headers = self._headers if sent is None else {**self._headers, "Content-Type": "application/json"}
        connection = self._connection()
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        answer = response.read()
        assert 200 <= response.status < 300, f"{method} {path}: {response.status} {answer.decode(errors='replace')}"
        return json.loads(answer) if answer else None

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()

    def _connection(self) -> HTTPConnection:
        """Return the connection of this thread; one that the server has closed connects again by itself."""
        connection: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = HTTPConnection(self._host, timeout=TIMEOUT)
            self._opened.append(connection)
        elif connection.sock is not None and _is_readable(connection):
            connection.close()
        return connection


def _is_readable(connection: HTTPConnection) -> bool:
    """Whether bytes, or the end of the connection, came after the last answer was read."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _text(value: Any) -> str:
    """A value of a query as httpx writes it."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
