"""Tests of files over HTTP: the name and the charset that their server tells, and pages in the place of files."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opendatasoft_emulator.processing import Http, ProcessingError, Source
from opendatasoft_emulator.processing.files.detection import likely_extractors

from .conftest import Bench

LOGIN = b"<!DOCTYPE html><html><body><form>Login</form></body></html>"
ANSWERS: dict[str, tuple[dict[str, str], bytes]] = {
    "/latin9": ({"Content-Type": "text/csv; charset=ISO-8859-15"}, "nom;prix\nCœur;5 €\n".encode("iso-8859-15")),
    "/wrong": ({"Content-Type": "text/csv; charset=iso-8859-1"}, "nom;prix\nCœur;5 €\n".encode()),
    "/packed.csv.gz": ({"Content-Type": "text/csv; charset=x"}, gzip.compress("nom;prix\nCœur;5 €\n".encode())),
    "/login.csv": ({"Content-Type": "text/html"}, LOGIN),
    "/download?id=1": ({"Content-Disposition": 'attachment; filename="a.geojson"'}, b"x"),
    "/a.csv": ({"Content-Disposition": "attachment; filename=\"x\"; filename*=UTF-8''%C3%A9t%C3%A9.parquet"}, b"x"),
    "/b.json": ({"Content-Disposition": "inline"}, b"x"),
    "/c.json": ({"Content-Disposition": 'attachment; filename="..\\\\d/e.ods"'}, b"x"),
    "/d.json": ({"Content-Disposition": ";;=; attachment"}, b"x"),
    "/name": ({"Content-Disposition": "attachment; filename=stations.csv"}, b"a\n1\n"),
}


class _Answers(BaseHTTPRequestHandler):
    """A server of these answers."""

    def do_GET(self) -> None:
        headers, content = ANSWERS[self.path]
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def at(url: str, type: str = "csvfile", **params: Any) -> Source:
    return Source("re_1", "remote", type, params, Http(url, {}, None))


@pytest.mark.parametrize("path", ["/latin9", "/wrong", "/packed.csv.gz"])
def test_charset_of_the_server_serves_where_utf_8_does_not(bench: Bench, host: str, path: str) -> None:
    result = bench.process(at(host + path))
    assert bench.rows == [{"nom": "Cœur", "prix": "5 €"}]
    assert result.notes == []


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/download?id=1", "geojsonfile"),
        ("/a.csv", "parquet"),
        ("/b.json", "jsonfile"),
        ("/c.json", "xlsfile"),
        ("/d.json", "jsonfile"),
    ],
)
def test_name_in_content_disposition_names_the_extractor(host: str, path: str, type: str) -> None:
    assert [extractor["type"] for extractor in likely_extractors(at(host + path, ""))] == [type]


def test_file_has_the_name_in_content_disposition(bench: Bench, host: str) -> None:
    bench.process(at(f"{host}/name", extract_filename=True))
    assert bench.rows == [{"a": 1, "filename": "stations.csv"}]


@pytest.mark.parametrize("type", ["csvfile", "jsonfile", "jsonlines", "geojsonfile"])
def test_page_in_the_place_of_a_file_is_an_error(bench: Bench, host: str, type: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(at(f"{host}/login.csv", type))
    assert caught.value.message == (
        'Source "remote": the file seems to be an HTML page, perhaps a login page; is the address public?'
    )
