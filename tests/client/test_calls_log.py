"""The log of calls for support: one line per call, in a file, without any secret."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.calls_log import MOST_BYTES

from .conftest import KEY, Serve
from .scripted import Disconnect, Reply, Request, Response, ScriptedPortal, refusal

PROGRAM = """
import sys
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import PortalError

domain, key, canary = sys.argv[1:]
with Client(domain, key, retries=1, backoff=0.01) as client:
    client.add_secrets(canary)
    client.get("/groups/", search=canary)
    client.post("/groups/", {"title": canary})
    for path in ("/refused/", "/broken/", f"/users/{canary}/", f"/keys/{key}/"):
        try:
            client.get(path)
        except PortalError:
            pass
"""
CANARY = "canary-2f9d7c"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ([\d.]+:\d+) (.*) \d+ ms(.*)")


def script(request: Request) -> Reply:
    if request.path == "/broken/":
        return Disconnect()
    if request.path == "/refused/":
        return refusal(400, "bad", CANARY, trace_id="7f3a-11", detail={"title": [CANARY]})
    return Response({"uid": "editors"})


def run(portal: ScriptedPortal, **environment: str) -> str:
    """Make some calls in a process of its own, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, portal.url, KEY, CANARY],
        env={**{n: v for n, v in os.environ.items() if not n.startswith("OPENDATASOFT_")}, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr


def test_every_call_is_one_line_without_a_secret(serve: Serve, tmp_path: Path) -> None:
    portal = serve(script)
    log = tmp_path / "made" / "calls.log"
    for _ in range(2):  # the second appends
        assert run(portal, OPENDATASOFT_LOG="calls", OPENDATASOFT_LOG_FILE=str(log)) == ""
    text = log.read_text()
    assert KEY not in text
    assert CANARY not in text
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert [match.groups() for match in found if match] == 2 * [
        (portal.host, "GET /groups/ 200", ""),
        (portal.host, "POST /groups/ 200", ""),
        (portal.host, "GET /refused/ 400", " trace 7f3a-11"),
        (portal.host, "GET /broken/ Unreachable", ""),
        (portal.host, "GET /broken/ Unreachable", ""),
        (portal.host, "GET /users/[secret]/ 200", ""),
        (portal.host, "GET /keys/[secret]/ 200", ""),
    ]
    assert all(found)


def test_log_is_in_the_home_of_pulumi_by_default(serve: Serve, tmp_path: Path) -> None:
    assert run(serve(script), OPENDATASOFT_LOG="calls", PULUMI_HOME=str(tmp_path)) == ""
    assert len((tmp_path / "opendatasoft" / "calls.log").read_text().splitlines()) == 7


def test_nothing_is_logged_unless_requested(serve: Serve, tmp_path: Path) -> None:
    assert run(serve(script), OPENDATASOFT_LOG_FILE=str(tmp_path / "calls.log"), PULUMI_HOME=str(tmp_path)) == ""
    assert list(tmp_path.iterdir()) == []


def test_large_log_begins_anew(serve: Serve, tmp_path: Path) -> None:
    log = tmp_path / "calls.log"
    log.write_text("x" * (MOST_BYTES + 1))
    run(serve(script), OPENDATASOFT_LOG="calls", OPENDATASOFT_LOG_FILE=str(log))
    assert len(log.read_text().splitlines()) == 7
    assert (tmp_path / "calls.log.1").stat().st_size == MOST_BYTES + 1


@pytest.mark.parametrize("named", ["", "file/below-a-file", "pipe", "no\x01such/folder"])
def test_log_that_cannot_be_written_is_a_warning(serve: Serve, tmp_path: Path, named: str) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    portal = serve(script)
    told = run(portal, OPENDATASOFT_LOG="calls", OPENDATASOFT_LOG_FILE=f"{tmp_path}/{named}")
    if named != "no\x01such/folder":
        assert re.fullmatch(
            r"there is no log of calls: its file cannot be written \([^/]+\)\. Set OPENDATASOFT_LOG_FILE to another\n",
            told,
        )
    assert len(portal.calls()) == 7


def test_unknown_log_is_a_warning_without_its_value(serve: Serve) -> None:
    told = run(serve(script), OPENDATASOFT_LOG=CANARY)
    assert told == 'OPENDATASOFT_LOG is not "calls", which is the only log that there is: nothing is logged\n'
