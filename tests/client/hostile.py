"""Portals that no client should trust, by name: the tests of the client and longer trials use the same ones."""

from __future__ import annotations

import functools
import gzip
import itertools
import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_opendatasoft.client.content import MOST_BYTES

from .scripted import NoResponse, Raw, Request, Response, Script, in_turn

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SLOWLY = 0.05
"""Seconds between two pieces of an answer that drips."""


def endless(piece: bytes, *, head: bytes = HEAD + b"\r\n") -> Iterator[bytes]:
    """The pieces of an answer that never ends."""
    return itertools.chain([head], itertools.repeat(piece))


@functools.cache
def bomb(turns: int = 1) -> bytes:
    """More zeros than an answer may have, packed in one turn or in two."""
    packed = zlib.compressobj(wbits=31)
    zeros = b"0" * 1_000_000
    content = b"".join(packed.compress(zeros) for _ in range(MOST_BYTES // len(zeros) + 10)) + packed.flush()
    return content if turns == 1 else gzip.compress(content)


def packed(content: bytes, encoding: str) -> Script:
    """A portal whose every answer has this content."""
    return in_turn(Response(content, headers={"Content-Encoding": encoding}))


def drip(piece: bytes, head: bytes = HEAD + b"\r\n") -> Script:
    """A portal that sends a few bytes now and then."""
    return lambda _: Raw(endless(piece, head=head), every=SLOWLY)


def flood(piece: bytes, head: bytes = HEAD + b"\r\n") -> Script:
    """A portal that sends as fast as it can, without an end."""
    return lambda _: Raw(endless(piece, head=head))


def page(request: Request, rows: int, **more: Any) -> Response:
    """A page of a list in which every entry differs from all others."""
    first = int(request.query.get("offset", ["0"])[0])
    return Response({"results": [{"uid": f"da_{first + number}"} for number in range(rows)], **more})


def garbage(seed: int) -> Script:
    """A portal that sends other bytes each time."""
    dice = random.Random(seed)
    return lambda _: Raw([dice.randbytes(dice.randrange(300))])


SLOW: Mapping[str, Callable[[], Script]] = {
    "silent": lambda: in_turn(NoResponse()),
    "body drips": lambda: drip(b" "),
    "body of a length drips": lambda: drip(b" ", HEAD + b"Content-Length: 1000000\r\n\r\n"),
    "chunks drip": lambda: drip(b"1\r\n \r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
    "header drips": lambda: drip(b"a", HEAD + b"X-Endless: "),
    "continue drips": lambda: drip(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
}
"""Portals on which a call ends with its deadline."""

HUGE: Mapping[str, Callable[[], Script]] = {
    "endless body": lambda: flood(b"0" * 65_536),
    "long body": lambda: flood(b"0" * 65_536, HEAD + b"Content-Length: 9999999999\r\n\r\n"),
    "gzip bomb": lambda: packed(bomb(), "gzip"),
    "gzip bomb in two turns": lambda: packed(bomb(2), "gzip, gzip"),
    "endless headers": lambda: flood(b"X-Filler: 1\r\n" * 1000, HEAD),
    "endless header": lambda: flood(b"1" * 65_536, HEAD + b"X-Filler: "),
    "endless error": lambda: flood(b" " * 65_536, b"HTTP/1.1 500 Failed\r\n\r\n<h1>Down for today</h1>"),
}
"""Portals that send more than a call may take."""

LYING: Mapping[str, Callable[[], Script]] = {
    "length too small": lambda: lambda _: Raw([HEAD + b'Content-Length: 3\r\n\r\n{"uid": "editors"}']),
    "length too large": lambda: lambda _: Raw([HEAD + b'Content-Length: 99\r\n\r\n{"uid": "editors"}']),
    "not packed": lambda: packed(b'{"uid": "editors"}', "gzip"),
    "deep": lambda: in_turn(Response(b"[" * 100_000 + b"]" * 100_000)),
    "many values": lambda: in_turn(Response(b"[" + b"[]," * 6_000_000 + b"[]]")),
    "no number": lambda: in_turn(Response(b'{"results": [], "total_count": 1e999}')),
    "huge total": lambda: lambda request: page(request, 20, total_count=10**12),
    "next without end": lambda: lambda request: page(request, 1000, next="more"),
    "the last day": lambda: in_turn(
        Response({"error_code": "throttled"}, 429, {"Retry-After": "9999-12-31T23:59:59-23:59"})
    ),
    "redirect to nowhere": lambda: in_turn(Response(b"", 302, {"Location": "http://[::1"})),
    "nothing": lambda: in_turn(Response(b"")),
    "a list": lambda: in_turn(Response(json.loads("[[[]]]"))),
    "a web page": lambda: in_turn(Response(b"<h1>Welcome</h1>")),
    "garbage": lambda: garbage(7),
}
"""Portals whose answers are not what they claim."""
