"""The command as a process: on a terminal, interrupted, and with a reader that leaves; and its progress."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode
from pulumi_opendatasoft.commands.progress import Progress

from ..conftest import Portal
from ..emulator.calls import add_csv, new_dataset, publish, status_of
from .conftest import Call

COMMAND = [sys.executable, "-m", "pulumi_opendatasoft.commands"]
WITHIN = 60.0
"""Seconds after which a process that hangs is killed."""


@pytest.fixture(scope="module")
def uid(portal: Portal) -> str:
    """A public dataset."""
    made = new_dataset(portal.http, "noise")
    add_csv(portal.http, made)
    publish(portal.http, made)
    return made


def variables(portal: Portal) -> dict[str, str]:
    names = {"OPENDATASOFT_DOMAIN": portal.url, "OPENDATASOFT_API_KEY": portal.key, "TERM": "xterm", "COLUMNS": "80"}
    return {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | names


@contextmanager
def terminal(portal: Portal, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process on a terminal, and our end of that."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=variables(portal)) as run:
        os.close(theirs)
        try:
            yield run, ours
        finally:
            run.kill()
            os.close(ours)


def read(ours: int, until: str = "") -> str:
    """The output on a terminal until a text, or until its process has ended."""
    seen = b""
    while not until or until not in seen.decode(errors="replace"):
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux's word for the end of a terminal
            break
        if not part:
            break
        seen += part
    return seen.decode()


def test_terminal_shows_a_table_and_asks(portal: Portal, uid: str) -> None:
    with terminal(portal, "versions", "list", uid) as (run, ours):
        text = read(ours)
        assert run.wait(WITHIN) == 0
    assert "\x1b[1m" in text
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    assert len({len(line.rstrip("\r\n")) for line in lines[:2]}) == 1
    for answer, code in (("n", ExitCode.DECLINED), ("y", ExitCode.DONE)):
        with terminal(portal, "unpublish", uid) as (run, ours):
            assert f"Unpublish noise ({uid})" in read(ours, until="[y/N]")
            assert status_of(portal.http, uid)["is_published"] is True
            os.write(ours, f"{answer}\n".encode())
            read(ours)
            assert run.wait(WITHIN) == code
    assert status_of(portal.http, uid)["is_published"] is False


def test_ctrl_c_ends_the_wait_and_not_the_work(portal: Portal, uid: str, call: Call) -> None:
    portal.set(processing_ms=60_000)
    portal.forget()
    waiting = [*COMMAND, "publish", uid, "--json"]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(waiting, env=variables(portal), text=True, **pipes) as run:
        deadline = time.monotonic() + WITHIN
        while not any(request.endswith("/publish/") for request in portal.writes()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        stdout, stderr = run.communicate(timeout=WITHIN)
    assert run.returncode == ExitCode.INTERRUPTED
    assert stderr.strip() == "interrupted: what was begun on the portal goes on"
    assert '"exit_code": 130' in stdout
    assert status_of(portal.http, uid)["status"] in ("queued", "processing")
    call("abort", uid)
    portal.set(processing_ms=0)


def test_reader_that_leaves_is_no_traceback(portal: Portal, uid: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "versions", "list", uid], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables(portal)
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(WITHIN) == ExitCode.FAILED


# ---------------------------------------------------------------- progress


def test_progress_elsewhere_is_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("Reading", total=40, is_terminal=False) as progress, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: progress.advance(f"dataset {number}\x1b"), range(40)))
        progress.keep("one is empty")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Reading..."
    assert re.fullmatch(r"Reading: 40 of 40 dataset \d+ ", lines[-2])
    assert lines[-1] == "one is empty"
    assert len(lines) <= 4


def test_progress_that_is_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("Reading", total=2, is_terminal=False, is_quiet=True) as progress:
        progress.advance("a", by=2)
        progress.keep("b")
    assert capsys.readouterr() == ("", "")


def test_progress_on_a_terminal_moves_and_grows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "terminal").open("w+") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("FORCE_COLOR", "1")
        with Progress("[red]Reading", total=1, is_terminal=True) as progress:
            progress.grow(1)
            progress.keep("[kept]")
            progress.advance("first")
            progress.advance("[/second]")
        stream.seek(0)
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", stream.read())
    assert "[kept]" in text
    assert "[red]Reading" in text
    assert "2/2 [/second]" in text
