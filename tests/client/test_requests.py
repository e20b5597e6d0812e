"""The requests of a client: encoded as httpx encodes them, over as few connections as calls are made at once."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.client.transport import Form, Requests

ROOT = "http://127.0.0.1:8765/api/automation/v1.0"
HEADERS = {"Authorization": "apikey 123", "Accept": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/groups/", {}, None),
        ("GET", "/datasets/", {"dataset_id": "a b&c/ü", "limit": 2, "only": True, "tag": ["x", "y"]}, None),
        ("DELETE", "/groups/a%2Fb/", {"notify": False}, None),
        ("POST", "/datasets/da_1/publish/", {}, None),
        ("POST", "/groups/", {}, {"title": "Über", "permissions": ["a"], "nothing": None}),
        ("PUT", "/groups/x/", {}, {}),
    ],
)
def test_request_is_encoded_as_by_httpx(method: str, path: str, query: dict[str, Any], body: Any) -> None:
    encoded = Requests(ROOT, HEADERS).encode(method, path, query, body)
    expected = httpx.Request(method, f"{ROOT}{path}", headers=HEADERS, params=query or None, json=body)
    assert encoded.url.target == expected.url.raw_path
    assert (encoded.url.scheme, encoded.url.host, encoded.url.port) == (b"http", b"127.0.0.1", 8765)
    assert sorted(encoded.headers) == sorted(expected.headers.raw)
    assert b"".join(encoded.stream) == expected.read()  # type: ignore[arg-type]  # a stream of bytes


def test_form_is_encoded_with_the_common_headers() -> None:
    form = Form("file", "air.csv", io.BytesIO(b"day,value"), {"kind": "csv"})
    encoded = Requests(ROOT, HEADERS).encode("POST", "/datasets/da_1/resources/files/", {}, form=form)
    headers = {name.lower(): value for name, value in encoded.headers}
    content = b"".join(encoded.stream)  # type: ignore[arg-type]  # a stream of bytes
    assert headers[b"authorization"] == b"apikey 123"
    assert headers[b"content-type"].startswith(b"multipart/form-data; boundary=")
    assert headers[b"content-length"] == str(len(content)).encode()
    assert b'filename="air.csv"' in content
    assert b"day,value" in content


class Counting(BaseHTTPRequestHandler):
    """Answers every read; remembers how many connections were made, and answers when `let` is set."""

    protocol_version = "HTTP/1.1"
    made: list[int]
    let: threading.Event

    def setup(self) -> None:
        super().setup()
        self.made.append(1)

    def do_GET(self) -> None:
        self.let.wait(60)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def counting() -> Iterator[tuple[str, type[Counting]]]:
    handler = type("Handler", (Counting,), {"made": [], "let": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler
        server.shutdown()
        thread.join()


def test_calls_use_no_more_connections_than_are_made_at_once(counting: tuple[str, type[Counting]]) -> None:
    url, handler = counting
    with Client(url, "0" * 40, concurrency=3) as client:
        handler.let.set()
        for _ in range(5):
            client.get("/groups/")
        assert len(handler.made) == 1
        handler.let.clear()
        with ThreadPoolExecutor(8) as pool:
            calls = [pool.submit(client.get, "/groups/") for _ in range(8)]
            handler.let.set()
            assert [call.result() for call in calls] == [{}] * 8
        assert len(handler.made) <= 3
