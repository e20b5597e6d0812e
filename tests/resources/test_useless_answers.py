"""A POST that is carried out, and whose success does not contain the object: it is found, and made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

import httpx
import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..faults.fleet import serving


class Answer(NamedTuple):
    """A success that is sent instead of the portal's own."""

    status: int
    body: bytes = b""
    date: str = ""


USELESS = {
    "204": Answer(204),
    "an empty object": Answer(201, b"{}"),
    "a deep list": Answer(201, b"[" * 100_000),
    "a date that cannot be": Answer(201, b"{}", "Mon, 01 Jan 0001 00:00:00 +2359"),
}
CREATES = (
    "/groups/",
    "/users/invite/",
    "/datasource_connections/",
    "/apikeys/",
    "/code_editor_pages/",
    "/metadata/templates/",
    "/datasets/",
)


@contextmanager
def before(portal: Portal, answer: Answer) -> Iterator[str]:
    """A server before the portal that replaces the answer to each create; yields its address."""
    through = httpx.Client(base_url=portal.url, timeout=30)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def date_time_string(self, timestamp: float | None = None) -> str:
            return self._date or super().date_time_string(timestamp)

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "content-length")}
            actual = through.request(self.command, self.path, content=body, headers=headers)
            is_create = self.command == "POST" and self.path.removeprefix("/api/automation/v1.0") in CREATES
            sent = answer if is_create and actual.is_success else Answer(actual.status_code, actual.content)
            self._date = sent.date
            self.send_response(sent.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent.body)))
            self.end_headers()
            self.wfile.write(sent.body)

        do_GET = do_POST = do_PUT = do_DELETE = _pass

    with through, serving(Handler) as url:
        yield url


def city() -> None:
    """One resource of each collection, and a connection without a natural key."""
    ods.Group("editors", title="Editors")
    ods.User("ana", email="ana@city.org")
    ods.HTTPConnection("server", url="https://files.city.org")
    ods.OtherConnection("lake", type="snowflake_odbc", params={"warehouse": "w"})
    ods.ApiKey("import", label="Nightly import")
    ods.CodeEditorPage("home", content=ods.PageContent(html={"en": "<p>Home</p>"}))
    ods.MetadataTemplate("heritage", title="Heritage")
    ods.Dataset("air", published=False)


@pytest.mark.parametrize("answer", USELESS.values(), ids=USELESS)
def test_useless_answer_to_a_create_is_settled_by_a_look(engine: Engine, portal: Portal, answer: Answer) -> None:
    host = engine.config["opendatasoft:domain"]
    with before(portal, answer) as address:
        engine.config["opendatasoft:domain"] = address
        engine.up(city)
        engine.is_settled(city)
        held = {path: len(portal.all(path)) for path in ("/groups/", "/datasource_connections/", "/datasets/")}
        assert held == {"/groups/": 1, "/datasource_connections/": 2, "/datasets/": 1}
        assert len(portal.control.get("/outbox").json()) == 1
        assert [key["label"] for key in portal.all("/apikeys/")].count("Nightly import") == 1
        assert len(portal.all("/code_editor_pages/")) == 1
        engine.destroy()
    engine.config["opendatasoft:domain"] = host
    assert portal.all("/groups/") == portal.all("/datasource_connections/") == portal.all("/datasets/") == []


def test_upload_with_an_empty_answer_is_sent_again(
    engine: Engine, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(engine.folder)
    (engine.folder / "air.jsonl").write_text('{"day": 1}\n')
    engine.config["opendatasoft:maxRetries"] = "2"
    portal.fail({"method": "POST", "path": "/resources/files/$", "nth": 1, "fault": "no_body"})

    def air() -> None:
        datasource = ods.UploadedFileDatasource(file=ods.File("air.jsonl"))
        ods.Dataset("air", sources={"day": ods.Source(type="jsonlines", datasource=datasource)})

    assert engine.up(air).said("WARNING", "ERROR") == []
    engine.is_settled(air)
