"""Where the data of a source may come from, and what is said when it cannot be had."""

import base64
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opendatasoft_emulator.processing import Http, ProcessingError, Source, Uploaded

from .conftest import DATASET, Bench, types

SECRET = "canary-7f3a"


class _Files(BaseHTTPRequestHandler):
    """A small host of files; it keeps the headers of the requests it was sent."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).seen.append(dict(self.headers.items()))
        if self.path.startswith("/moved"):
            self._answer(302, b"", {"Location": "/data.csv"})
        elif self.path.startswith("/missing"):
            self._answer(404, b"gone")
        elif self.path.startswith("/private") and self.headers.get("Authorization") is None:
            self._answer(401, b"who are you?")
        elif self.path.startswith("/huge"):
            self.send_response(200)
            self.send_header("Content-Length", str(241 * 1024 * 1024))
            self.end_headers()
        else:
            self._answer(200, b"a,b\n1,2\n")

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the terminal."""


class FileHost:
    """The address of the host, and what it was asked with."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.seen = _Files.seen


@pytest.fixture
def host() -> Iterator[FileHost]:
    _Files.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield FileHost(server)
    server.shutdown()
    thread.join()
    server.server_close()


def http(url: str, headers: dict[str, str] | None = None, auth: tuple[str, str] | None = None) -> Source:
    return Source("re_1", "remote", "csvfile", {}, Http(url, headers or {}, auth))


def test_an_address_is_fetched_with_its_headers_and_its_login(bench: Bench, host: FileHost) -> None:
    result = bench.process(http(f"{host.url}/private.csv", {"X-Token": SECRET}, ("portal", "pass word")))
    assert result.record_count == 1
    assert bench.rows == [{"a": 1, "b": 2}]
    (headers,) = host.seen
    assert headers["X-Token"] == SECRET
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"portal:pass word").decode()


def test_an_address_is_fetched_anew_each_time(bench: Bench, host: FileHost) -> None:
    bench.process(http(f"{host.url}/data.csv"))
    bench.process(http(f"{host.url}/data.csv"))
    assert len(host.seen) == 2


def test_a_moved_file_is_followed(bench: Bench, host: FileHost) -> None:
    assert bench.process(http(f"{host.url}/moved.csv")).record_count == 1


@pytest.mark.parametrize(
    ("path", "what"), [("missing.csv", "answered 404 Not Found"), ("private.csv", "answered 401 Unauthorized")]
)
def test_an_address_that_refuses_is_named_without_what_is_secret_in_it(
    bench: Bench, host: FileHost, path: str, what: str
) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/{path}?token={SECRET}", {"X-Token": SECRET}))
    assert caught.value.message == f'Source "remote": {host.url}/{path} {what}'


def test_a_login_within_the_address_is_not_told(bench: Bench, host: FileHost) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"http://user:{SECRET}@127.0.0.1:{host.port}/missing.csv"))
    assert caught.value.message == f'Source "remote": {host.url}/missing.csv answered 404 Not Found'


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:1/x.csv", "http://127.0.0.1:1/x.csv cannot be reached (no connection)"),
        ("ftp://127.0.0.1/x.csv", "ftp://127.0.0.1/x.csv cannot be reached (not a valid http address)"),
        ("http://[::1/x", "an address that is none cannot be reached (not a valid http address)"),
        ("nonsense", "nonsense cannot be reached (not a valid http address)"),
        ("http://127.0.0.1:port/x", "http://127.0.0.1:port/x cannot be reached (not a valid http address)"),
    ],
)
def test_an_address_that_cannot_be_reached_is_an_error_that_names_it(bench: Bench, url: str, message: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(url))
    assert caught.value.message == f'Source "remote": {message}'


def test_a_header_that_cannot_be_sent_is_an_error(bench: Bench, host: FileHost) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/data.csv", {"X-Name": "Éric"}))
    assert caught.value.message == f'Source "remote": a header for {host.url}/data.csv holds more than ASCII'


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(bench: Bench, host: FileHost) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/huge.csv"))
    assert caught.value.message == f'Source "remote": {host.url}/huge.csv is larger than 240 MB'


def test_an_uploaded_file_that_is_gone_is_an_error_with_the_way_out(bench: Bench) -> None:
    gone = Source("re_1", "upload", "csvfile", {}, Uploaded(bench.folder / "gone.csv", "stations.csv"))
    with pytest.raises(ProcessingError) as caught:
        bench.process(gone)
    assert caught.value.message == ('Source "upload": the uploaded file stations.csv is gone, upload it again')


def test_the_records_of_several_sources_follow_one_another_with_all_columns(bench: Bench) -> None:
    result = bench.process(
        bench.source("City;n\nParis;1\n"), bench.source(""), bench.json([{"city": "Rome", "Extra": True}])
    )
    assert types(result) == {"city": "text", "n": "int", "extra": "boolean"}
    assert bench.rows == [
        {"city": "Paris", "n": 1, "extra": None},
        {"city": "Rome", "n": None, "extra": True},
    ]


def test_a_dataset_without_sources_has_neither_fields_nor_records(bench: Bench) -> None:
    result = bench.process()
    assert (result.fields, result.record_count) == ([], 0)
    assert bench.records.read(DATASET).fields == []


def test_a_failed_processing_leaves_the_old_records(bench: Bench) -> None:
    bench.process(bench.source("a\n1\n"))
    with pytest.raises(ProcessingError):
        bench.process(bench.source("a\n2\n"), bench.source("{", "jsonfile"))
    assert bench.rows == [{"a": 1}]


def test_an_aborted_processing_keeps_the_records_so_far(bench: Bench) -> None:
    asked = 0

    def aborted() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    result = bench.process(bench.source("a\n" + "7\n" * 50), aborted=aborted)
    assert result.record_count == 3
    assert bench.column("a") == [7, 7, 7]


def test_whoever_stops_the_portal_is_heard_at_any_time(bench: Bench) -> None:
    class Stopped(Exception):
        pass

    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        if asked > 11:
            raise Stopped
        return False

    bench.process(bench.source("a\n1\n"))
    with pytest.raises(Stopped):
        bench.process(bench.source("a\n" + "2\n" * 10), aborted=stopped)
    assert bench.rows == [{"a": 1}]
