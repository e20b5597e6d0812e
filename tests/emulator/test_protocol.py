"""Tests of unusual HTTP: heads without end, unclear addresses, contradictory lengths, several requests at once."""

import socket
from contextlib import suppress

import pytest
from opendatasoft_emulator.server import Emulator

HOST = b"Host: localhost\r\n"
GET = b"GET /health HTTP/1.1\r\n" + HOST
POST = b"POST /api/automation/v1.0/groups/ HTTP/1.1\r\n" + HOST
CONTROL = b"GET /_emulator/requests HTTP/1.1\r\n"
CLOSE = b"Connection: close\r\n\r\n"


def statuses(emulator: Emulator, request: bytes) -> list[int]:
    """Send these bytes; return the statuses of all responses until the emulator closes the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", int(emulator.url.rpartition(":")[2])), timeout=60) as connection:
        # A request that is refused before its end may be reset.
        with suppress(ConnectionError):
            connection.sendall(request)
        with suppress(ConnectionResetError):
            while more := connection.recv(65536):
                received += more
    return [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "request_",
    [
        GET + b"X: " + b"a" * 3_000_000,
        GET + b"X: aaaaaaaa\r\n" * 300_000,
        b"GET /" + b"a" * 3_000_000,
        POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + b"X: aaaaaaaa\r\n" * 300_000,
        POST + b"Transfer-Encoding: chunked\r\n\r\n2;" + b"a" * 3_000_000,
    ],
    ids=["long header", "many headers", "long path", "many trailers", "long chunk extension"],
)
def test_request_without_end_is_not_collected(emulator: Emulator, request_: bytes) -> None:
    # Without a status where the reset overtakes the response.
    assert set(statuses(emulator, request_)) <= {400, 401}


@pytest.mark.parametrize(
    "request_",
    [
        CONTROL + CLOSE,
        CONTROL + HOST + b"Host: evil.example\r\n" + CLOSE,
        CONTROL + b"Host: evil.example\r\n" + HOST + CLOSE,
        b"GET http://evil.example/_emulator/requests HTTP/1.1\r\n" + HOST + CLOSE,
        GET + b"X : a\r\n" + CLOSE,
        GET + b"X: a\0b\r\n" + CLOSE,
        "GET /é HTTP/1.1\r\n".encode() + HOST + CLOSE,
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Transfer-Encoding: gzip\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=[
        "no host",
        "second host",
        "first host",
        "other server",
        "space after name",
        "null",
        "path",
        "two lengths",
        "length and chunks",
        "negative length",
        "unknown encoding",
        "TLS",
    ],
)
def test_unclear_request_is_a_400(emulator: Emulator, request_: bytes) -> None:
    assert statuses(emulator, request_) == [400]


def test_long_query_is_answered(emulator: Emulator) -> None:
    assert statuses(emulator, b"GET /health?q=" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HOST + CLOSE) == [200]


def test_requests_sent_at_once_are_answered_in_turn(emulator: Emulator) -> None:
    assert statuses(emulator, (GET + b"\r\n") * 2 + b"GET /nothing HTTP/1.1\r\n" + HOST + CLOSE) == [200, 200, 404]


def test_body_in_many_small_chunks_is_taken(emulator: Emulator) -> None:
    """More bytes of framing than a head may have."""
    body = b'{"title": "' + b"a" * 30_000 + b'"}'
    chunks = b"".join(b"1;x=1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    key = f"Authorization: apikey {emulator.key}\r\n".encode()
    request = POST + key + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks

    assert statuses(emulator, request) == [201]
