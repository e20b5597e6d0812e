"""Tests of the sources of data, and of the errors of fetching."""

import base64
import itertools
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opendatasoft_emulator.processing import Http, ProcessingError, Source, Uploaded

from .conftest import DATASET, Bench, types

SECRET = "canary-7f3a"


class _Files(BaseHTTPRequestHandler):
    """A server of files that records the headers of the requests."""

    requests: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).requests.append(dict(self.headers.items()))
        if self.path.startswith("/moved"):
            self._respond(302, b"", {"Location": "/data.csv"})
        elif self.path.startswith("/missing"):
            self._respond(404, b"gone")
        elif self.path.startswith("/private") and self.headers.get("Authorization") is None:
            self._respond(401, b"who are you?")
        elif self.path.startswith("/huge"):
            self.send_response(200)
            self.send_header("Content-Length", str(241 * 1024 * 1024))
            self.end_headers()
        else:
            self._respond(200, b"a,b\n1,2\n")

    def _respond(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


class FileHost:
    """The URL of the server, and the headers of the requests to it."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests = _Files.requests


@pytest.fixture
def host() -> Iterator[FileHost]:
    _Files.requests = []
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
    (headers,) = host.requests
    assert headers["X-Token"] == SECRET
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"portal:pass word").decode()


def test_an_address_is_fetched_anew_each_time(bench: Bench, host: FileHost) -> None:
    bench.process(http(f"{host.url}/data.csv"))
    bench.process(http(f"{host.url}/data.csv"))
    assert len(host.requests) == 2


def test_a_moved_file_is_followed(bench: Bench, host: FileHost) -> None:
    assert bench.process(http(f"{host.url}/moved.csv")).record_count == 1


@pytest.mark.parametrize(
    ("path", "what"), [("missing.csv", "answered 404 Not Found"), ("private.csv", "answered 401 Unauthorized")]
)
def test_failing_url_is_named_without_its_secrets(bench: Bench, host: FileHost, path: str, what: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/{path}?token={SECRET}", {"X-Token": SECRET}))
    assert caught.value.message == f'Source "remote": {host.url}/{path} {what}'


def test_login_in_a_url_is_not_reported(bench: Bench, host: FileHost) -> None:
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
def test_unreachable_url_is_an_error_that_names_it(bench: Bench, url: str, message: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(url))
    assert caught.value.message == f'Source "remote": {message}'


def test_a_header_that_cannot_be_sent_is_an_error(bench: Bench, host: FileHost) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/data.csv", {"X-Name": "Éric"}))
    assert caught.value.message == f'Source "remote": a header for {host.url}/data.csv holds more than ASCII'


def test_too_large_file_is_refused_before_the_download(bench: Bench, host: FileHost) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(http(f"{host.url}/huge.csv"))
    assert caught.value.message == f'Source "remote": {host.url}/huge.csv is larger than 240 MB'


def test_missing_uploaded_file_is_an_error_with_remedy(bench: Bench) -> None:
    missing = Source("re_1", "upload", "csvfile", {}, Uploaded(bench.folder / "gone.csv", "stations.csv"))
    with pytest.raises(ProcessingError) as caught:
        bench.process(missing)
    assert caught.value.message == ('Source "upload": the uploaded file stations.csv is gone, upload it again')


def test_the_first_source_determines_the_fields(bench: Bench) -> None:
    result = bench.process(bench.source("a,b\n1,2\n"), bench.source("b,c,a\n20,30,10\n"), bench.source("b\n5\n"))
    assert types(result) == {"a": "int", "b": "int"}
    assert bench.rows == [{"a": 1, "b": 2}, {"a": 10, "b": 20}, {"a": None, "b": 5}]
    assert result.notes == ['Source "source 2": the first source has no field c, the values are left out.']


def test_a_source_without_fields_is_not_the_first(bench: Bench) -> None:
    result = bench.process(
        bench.source(""), bench.source("City;n\nParis;1\n"), bench.json([{"city": "Rome", "Extra": True}])
    )
    assert types(result) == {"city": "text", "n": "int"}
    assert bench.rows == [{"city": "Paris", "n": 1}, {"city": "Rome", "n": None}]


def test_dataset_without_sources_has_no_fields_or_records(bench: Bench) -> None:
    result = bench.process()
    assert (result.fields, result.record_count) == ([], 0)
    assert bench.records.read(DATASET).fields == []


def test_a_failed_processing_leaves_the_old_records(bench: Bench) -> None:
    bench.process(bench.source("a\n1\n"))
    with pytest.raises(ProcessingError):
        bench.process(bench.source("a\n2\n"), bench.source("{", "jsonfile"))
    assert bench.rows == [{"a": 1}]


def test_an_aborted_processing_keeps_the_records_so_far(bench: Bench) -> None:
    received = 0

    def aborted() -> bool:
        nonlocal received
        received += 1
        return received > 3

    result = bench.process(*(bench.source("a\n" + "7\n" * 3) for _ in range(3)), aborted=aborted)
    assert result.record_count == 6
    assert bench.column("a") == [7] * 6


def test_processing_stops_at_any_time_with_the_portal(bench: Bench) -> None:
    class Stopped(Exception):
        pass

    def stopped_at(call: int) -> Callable[[], bool]:
        calls = itertools.count(1)

        def stopped() -> bool:
            if next(calls) == call:
                raise Stopped
            return False

        return stopped

    sources = bench.source("a\n" + "2\n" * 10), bench.json([{"a": 2}] * 2500)
    bench.process(bench.source("a\n1\n"))
    for call in range(1, 6):
        with pytest.raises(Stopped):
            bench.process(*sources, aborted=stopped_at(call))
        assert bench.rows == [{"a": 1}]


def test_a_long_query_ends_with_the_portal(bench: Bench) -> None:
    class Stopped(Exception):
        pass

    begun = threading.Event()

    def stopped() -> bool:
        if threading.current_thread() is not threading.main_thread() and begun.is_set():
            raise Stopped
        begun.set()
        return False

    bench.process(bench.source("a\n1\n"))
    content = "a,b,c\n" + "".join(f"{number},2024-01-01,name {number}\n" for number in range(400_000))
    with pytest.raises(Stopped):
        bench.process(*[bench.source(content)] * 10, aborted=stopped)
    assert bench.rows == [{"a": 1}]
