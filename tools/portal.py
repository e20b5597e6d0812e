"""The demo's portal: an emulator in the background, its port and key, and how it is started and stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
STATE = CHECKOUT / ".state"
DATA = STATE / "portal"
LOG = STATE / "portal.log"
RECORD = STATE / "portal.json"

USUAL_PORT = 8765

_STARTING = 60.0
"""Seconds that a portal may take until its log contains its address."""

_STOPPING = 15.0
"""Seconds that a portal may take to end after SIGTERM."""


class PortalError(Exception):
    """The portal did not start; the message contains the reason and the remedy."""


@dataclass(frozen=True)
class Portal:
    """A portal of this checkout, as recorded in .state/portal.json."""

    pid: int
    port: int

    @property
    def address(self) -> str:
        """Its URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> str:
        """The administrator's API key, from the file in which the emulator keeps it."""
        return (DATA / "api-key").read_text().strip()


def recorded() -> Portal | None:
    """Return the portal that was started last, whether it runs or not; None if there was none."""
    try:
        record = json.loads(RECORD.read_text())
        return Portal(pid=int(record["pid"]), port=int(record["port"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None


def running() -> Portal | None:
    """Return the portal of this checkout if it runs."""
    portal = recorded()
    return portal if portal is not None and _is_ours(portal.pid) else None


def start(port: int) -> Portal:
    """Start the portal in the background and return when it answers.

    Raises PortalError when the port is taken or the portal does not come up.
    """
    if not _is_free(port):
        raise PortalError(
            f"Port {port} of this machine is taken by another program.\n"
            f"Choose another one: make demo PORT={free_port_from(port + 1)}"
        )
    STATE.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        # A session of its own: Ctrl-C in the terminal that started it does not end it.
        process = subprocess.Popen(
            [sys.executable, "-m", "opendatasoft_emulator", "serve", "--port", str(port), "--data", str(DATA)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
            start_new_session=True,
        )
    portal = Portal(process.pid, port)
    RECORD.write_text(json.dumps({"pid": portal.pid, "port": portal.port}))
    if not _within(_STARTING, lambda: portal.address in LOG.read_text() or process.poll() is not None):
        stop(portal)
        raise PortalError(f"The portal did not start within {_STARTING:.0f} s; its log: {LOG}")
    if process.poll() is not None:
        lines = LOG.read_text().strip().splitlines() or ["without a reason"]
        raise PortalError(f"The portal did not start: {lines[-1]}\nIts log: {LOG}")
    return portal


def stop(portal: Portal) -> None:
    """End the portal's process, if it is still ours; its data stay in its folder."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if not _is_ours(portal.pid):
            return
        os.kill(portal.pid, sign)
        _within(_STOPPING, lambda: not _is_ours(portal.pid))


def free_port_from(port: int) -> int:
    """Return the first free port of the next hundred; the given one when none of them is free."""
    return next((one for one in range(port, min(port + 100, 65536)) if _is_free(one)), port)


def _is_ours(pid: int) -> bool:
    """Whether the process is an emulator on this checkout's data: the number may belong to another program by now."""
    own = Path(f"/proc/{pid}/cmdline")
    try:
        if own.parent.parent.joinpath("self").exists():
            command = own.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        else:
            command = subprocess.run(
                ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
            ).stdout
    except OSError:
        return False
    return "opendatasoft_emulator" in command and str(DATA) in command


def _is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a connection that has just ended does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    """Wait until `happened()` is true, at most so long; return whether it is."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
