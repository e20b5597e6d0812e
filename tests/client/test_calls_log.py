"""The log of calls for support: one line per call, in a file, without any secret."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.calls_log import CHOICE, FILE, MOST_BYTES, log, set_up
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import PortalError

from .conftest import KEY, Serve
from .scripted import Disconnect, Reply, Request, Response, ScriptedPortal, refusal

CANARY = "canary-2f9d7c"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ([\d.]+:\d+) (.*) \d+ ms(.*)")


def script(request: Request) -> Reply:
    if request.path == "/broken/":
        return Disconnect()
    if request.path == "/refused/":
        return refusal(400, "bad", CANARY, trace_id="7f3a-11", detail={"title": [CANARY]})
    return Response({"uid": "editors"})


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has no log yet, and forgets the one that a test begins."""
    for name in (CHOICE, FILE):
        monkeypatch.delenv(name, raising=False)
    before = list(log.handlers)
    set_up.cache_clear()
    yield
    for handler in set(log.handlers) - set(before):
        log.removeHandler(handler)
        handler.close()
    log.setLevel(logging.NOTSET)
    log.propagate = True
    set_up.cache_clear()


def run(portal: ScriptedPortal) -> None:
    """Make seven calls, in two clients."""
    with Client(portal.url, KEY, retries=1, backoff=0.01) as client:
        client.add_secrets(CANARY)
        client.get("/groups/", search=CANARY)
        client.post("/groups/", {"title": CANARY})
    with Client(portal.url, KEY, retries=1, backoff=0.01) as client:
        client.add_secrets(CANARY)
        for path in ("/refused/", "/broken/", f"/users/{CANARY}/", f"/keys/{KEY}/"):
            with contextlib.suppress(PortalError):
                client.get(path)


def test_every_call_is_one_line_without_a_secret(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    portal, file = serve(script), tmp_path / "made" / "calls.log"
    monkeypatch.setenv(CHOICE, "calls")
    monkeypatch.setenv(FILE, str(file))
    run(portal)
    text = file.read_text()
    assert KEY not in text
    assert CANARY not in text
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert [match.groups() for match in found if match] == [
        (portal.host, "GET /groups/ 200", ""),
        (portal.host, "POST /groups/ 200", ""),
        (portal.host, "GET /refused/ 400", " trace 7f3a-11"),
        (portal.host, "GET /broken/ Unreachable", ""),
        (portal.host, "GET /broken/ Unreachable", ""),
        (portal.host, "GET /users/[secret]/ 200", ""),
        (portal.host, "GET /keys/[secret]/ 200", ""),
    ]
    assert all(found)
    assert capfd.readouterr() == ("", "")


def test_log_is_in_the_home_of_pulumi_by_default(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOICE, "calls")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    run(serve(script))
    assert len((tmp_path / "opendatasoft" / "calls.log").read_text().splitlines()) == 7


def test_nothing_is_logged_unless_requested(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "calls.log"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    run(serve(script))
    assert list(tmp_path.iterdir()) == []


def test_log_grows_and_a_large_one_begins_anew(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "calls.log"
    monkeypatch.setenv(CHOICE, "calls")
    monkeypatch.setenv(FILE, str(file))
    for lines in ("one\n", "x" * (MOST_BYTES + 1)):
        file.write_text(lines)
        run(serve(script))
        assert len(file.read_text().splitlines()) == (8 if lines == "one\n" else 7)
        set_up.cache_clear()
        while log.handlers:
            log.handlers[0].close()
            log.removeHandler(log.handlers[0])
    assert (tmp_path / "calls.log.1").stat().st_size == MOST_BYTES + 1


@pytest.mark.parametrize("named", ["", "file/below-a-file", "pipe"])
def test_log_that_cannot_be_written_is_a_warning(
    serve: Serve, tmp_path: Path, named: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv(CHOICE, "calls")
    monkeypatch.setenv(FILE, f"{tmp_path}/{named}")
    portal = serve(script)
    run(portal)
    assert [record.levelname for record in caplog.records if record.name == log.name] == ["WARNING"]
    assert re.search(
        r"there is no log of calls: its file cannot be written \([^/]+\)\. Set OPENDATASOFT_LOG_FILE to another",
        caplog.text,
    )
    assert len(portal.calls()) == 7


def test_unknown_log_is_a_warning_without_its_value(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(CHOICE, CANARY)
    run(serve(script))
    assert 'OPENDATASOFT_LOG is not "calls", which is the only log that there is: nothing is logged' in caplog.text
    assert CANARY not in caplog.text
