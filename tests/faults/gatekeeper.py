"""A gate before a portal that lets requests through; it may say 429 and when to come back, and have a late clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import httpx

PAUSE = 2
"""Seconds that the gate asks to wait; at least one of them is certain, since dates have only whole seconds."""


class Refusal(NamedTuple):
    """One way in which a portal may say when to come back."""

    headers: dict[str, str]
    body: dict[str, Any]


def in_seconds(now: datetime) -> Refusal:
    """`Retry-After` in seconds, with a body of the Automation API."""
    return Refusal({"Retry-After": str(PAUSE)}, {"error_code": "throttled", "message": "Request was throttled."})


def as_a_date(now: datetime) -> Refusal:
    """`Retry-After` as a date."""
    return Refusal(
        {"Retry-After": format_datetime(now + timedelta(seconds=PAUSE), usegmt=True)}, {"message": "Too fast."}
    )


def as_a_quota(now: datetime) -> Refusal:
    """What the platform says of a used-up quota."""
    reset = (now + timedelta(seconds=PAUSE)).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    return Refusal(headers, {"errorcode": 10002, "reset_time": reset, "error": "Too many requests on the domain."})


@dataclass
class Gate:
    """What the gate saw: when each request came, and when it said that nobody should come before when."""

    url: str
    arrivals: list[float] = field(default_factory=list)
    told: list[tuple[float, float]] = field(default_factory=list)
    """From when to when nobody should have come; by this machine's own clock, without the part that is not certain."""

    def during(self, pause: tuple[float, float]) -> int:
        """How many requests came nevertheless."""
        return sum(pause[0] < arrival < pause[1] for arrival in self.arrivals)


@contextmanager
def gate(
    portal: str, every: int = 0, refusals: Sequence[Callable[[datetime], Refusal]] = (), *, behind: float = 0
) -> Iterator[Gate]:
    """A gate before `portal` that refuses each request of which the number is a multiple of `every`, if not 0.

    Its `Date` is `behind` the time by so many seconds, besides having only whole ones.
    """
    lock = threading.Lock()
    through = httpx.Client(timeout=30)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((timestamp or time.time()) - behind)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                seen.arrivals.append(time.monotonic())
                number = len(seen.arrivals)
            if every and number % every == 0:
                self._refuse(refusals[number // every % len(refusals)])
                return
            headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "content-length")}
            answer = through.request(self.command, f"{portal}{self.path}", content=body, headers=headers)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def _refuse(self, refusal: Callable[[datetime], Refusal]) -> None:
            said = refusal(datetime.now(UTC).replace(microsecond=0))
            content = httpx.Request("POST", portal, json=said.body).content
            self.send_response(429)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            now = time.monotonic()
            with lock:
                # Others may only now read that answer; and a second that is told whole may be nearly over.
                seen.told.append((now + 0.25, now + PAUSE - 1.05))

        do_GET = do_POST = do_PUT = do_DELETE = _answer

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    seen = Gate(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        through.close()
