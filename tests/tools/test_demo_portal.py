"""The demo's portal in the background: its port, its process, and the messages about failures."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from ..engine.stacks import eventually

Run = Callable[..., CompletedProcess[str]]
Program = Callable[[str, str], Path]

DEMO = (sys.executable, "-m", "tools.demo")
START = (sys.executable, "-c", "import sys; from tools import portal; print(portal.start(int(sys.argv[1])).address)")


@pytest.fixture(autouse=True)
def engine(program: Program) -> None:
    """Put an engine on PATH whose every command fails: these tests are about the portal."""
    program("pulumi", 'case "$1" in version) echo v3.259.0 ;; *) echo "error: no $1 today" >&2; exit 255 ;; esac')
    program("pulumi-language-python", "")


@pytest.fixture
def port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def portal(run: Run, port: int) -> Iterator[str]:
    """Return the address of a portal that runs in the background of the checkout."""
    started = run(*START, str(port))
    assert started.returncode == 0, started.stderr
    yield started.stdout.strip()
    run(*DEMO, "stop")


def pid_of(checkout: Path) -> int:
    """Return the process that the checkout has on record as its portal."""
    number: int = json.loads((checkout / ".state" / "portal.json").read_text())["pid"]
    return number


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def test_a_taken_port_is_named_with_another_that_is_free(run: Run, checkout: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        taken = server.getsockname()[1]
        done = run("make", "demo", f"PORT={taken}")
    assert done.returncode != 0
    first, second = done.stderr.splitlines()[:2]
    assert first == f"Port {taken} of this machine is taken by another program."
    assert second.startswith("Choose another one: make demo PORT=")
    assert int(second.rpartition("=")[2]) != taken
    assert not (checkout / ".state" / "portal.json").exists()


def test_portal_outlives_its_starter_and_stop_ends_it(run: Run, portal: str) -> None:
    assert httpx.get(f"{portal}/openapi.json", timeout=30).status_code == 200
    stopped = run(*DEMO, "stop")
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "Stopping the portal...\n", "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(portal, timeout=30)


def test_env_names_the_portal_but_for_the_tests(run: Run, checkout: Path, portal: str) -> None:
    told = dict(shlex.split(line)[1].split("=", 1) for line in run("make", "env").stdout.splitlines())
    assert told["OPENDATASOFT_DOMAIN"] == portal
    assert told["OPENDATASOFT_API_KEY"] == (checkout / ".state" / "portal" / "api-key").read_text().strip()
    response = httpx.get(
        f"{portal}/api/automation/v1.0/groups/",
        headers={"Authorization": f"Apikey {told['OPENDATASOFT_API_KEY']}"},
        timeout=30,
    )
    assert response.status_code == 200

    words = (sys.executable, "-m", "tools.environment", "--without-portal", "--", "env")
    lines = run(*words, OPENDATASOFT_DOMAIN=portal).stdout.splitlines()
    # A failure prints no values.
    assert "PULUMI_BACKEND_URL" in [line.partition("=")[0] for line in lines]
    assert [line.partition("=")[0] for line in lines if "OPENDATASOFT" in line] == []


def test_refused_or_failed_update_leaves_the_portal_running(run: Run, portal: str, port: int) -> None:
    moved = run(*DEMO, "up", "--port", str(port - 1))
    assert moved.returncode == 1
    assert moved.stderr.strip() == (
        f"The portal runs already, at {portal}. To move it: make down, then make demo PORT={port - 1}"
    )
    failed = run(*DEMO, "up")
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == [
        "error: no stack today",
        "The stack could not be created; pulumi's reason is above.",
    ]
    assert httpx.get(f"{portal}/openapi.json", timeout=30).status_code == 200


def test_down_is_quiet_where_there_is_nothing(run: Run) -> None:
    done = run("make", "down")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing to take down.\n", "")


def test_other_process_with_the_pid_of_the_portal_is_left_alone(run: Run, checkout: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        (checkout / ".state").mkdir()
        (checkout / ".state" / "portal.json").write_text(json.dumps({"pid": other.pid, "port": 8765}))
        try:
            done = run("make", "down")
            assert (done.returncode, done.stdout) == (0, "Nothing to take down.\n")
            assert other.poll() is None
        finally:
            other.kill()


def test_a_portal_that_was_killed_starts_again_with_what_it_held(
    run: Run, checkout: Path, portal: str, port: int
) -> None:
    key = (checkout / ".state" / "portal" / "api-key").read_text()
    os.kill(pid_of(checkout), signal.SIGKILL)
    eventually(lambda: is_free(port))  # the kill is over when the kernel has closed its socket
    started = run(*START, str(port))
    assert (started.stdout.strip(), started.stderr) == (portal, "")
    try:
        assert (checkout / ".state" / "portal" / "api-key").read_text() == key
    finally:
        run(*DEMO, "stop")


def test_a_portal_that_cannot_start_says_its_reason(run: Run, checkout: Path, port: int) -> None:
    (checkout / ".state").mkdir()
    (checkout / ".state" / "portal").write_text("not a folder")
    done = run(*DEMO, "up", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith("The portal did not start: ")
    assert "Traceback" not in done.stderr
