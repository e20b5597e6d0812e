"""The latest requests to the Automation API, without secrets."""

import threading
from collections import deque
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

_SECRET_PARAMETERS = frozenset({"apikey", "pushkey"})


@dataclass(frozen=True)
class Request:
    """One request. `path` is relative to the API's root; `ms` is the time until the response was sent.

    `started` is the moment when it arrived, in seconds since 1970 with fractions. `status` is None when the connection
    was reset, or left hanging, in the place of a response.
    """

    method: str
    path: str
    query: str
    status: int | None
    ms: float
    started: float


class RequestLog:
    """The latest requests, at most 10,000, the oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=10_000)

    def add(self, method: str, path: str, query: str, status: int | None, ms: float, started: float) -> None:
        """Add a request.

        Args:
            method: The HTTP method.
            path: The path, relative to the API's root.
            query: The query string, whose keys are left out.
            status: The status of the response, or None without a response.
            ms: The time until the response was sent, in milliseconds.
            started: The moment when the request arrived, in seconds since 1970.
        """
        request = Request(method, path, without_keys(query), status, round(ms, 1), round(started, 4))
        with self._lock:
            self._requests.append(request)

    def latest(self, count: int | None = None) -> list[Request]:
        """The last `count` requests, or all of them."""
        with self._lock:
            requests = list(self._requests)
        return requests if count is None else requests[-count:] if count else []

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._requests.clear()


def without_keys(query: str) -> str:
    """A query string without the parameters that carry a key."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name.lower() not in _SECRET_PARAMETERS])
