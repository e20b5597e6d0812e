"""A `python` for the PATH of test stacks: what the engine starts by it is forked and has nothing left to import."""

from __future__ import annotations

import platform
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

from .client import start

SCRIPT = """\
#!/bin/sh
# Runs the program and the provider of a stack in a preloaded process, and everything else in the usual Python; with
# OWN_PYTHON also these two, with OWN_PROVIDER also the provider.
case "$*" in
"--version") echo "Python {version}"; exit ;;
# Answers the engine's search for plugins among the packages, half a second of CPU each time: there are none.
"-m pip list "*) echo "[]"; exit ;;
"-u -m pulumi.dynamic "*)
    [ -n "$OWN_PYTHON$OWN_PROVIDER" ] || exec {forked} "$@" ;;
*"/pulumi-language-python-exec "*)
    [ -n "$OWN_PYTHON" ] || exec {forked} "$@" ;;
esac
exec {python} "$@"
"""


class Preloaded:
    """A server of preloaded processes, and the folder that belongs first on PATH.

    `modules` names what it has imported; see `PRELOADS` of the server.
    """

    def __init__(self, modules: str = "programs") -> None:
        self._place = TemporaryDirectory(prefix="preloaded-")
        self.folder = Path(self._place.name)
        self.address = str(self.folder / "socket")
        here = Path(__file__).parent
        self.command = [sys.executable, "-I", "-S", str(here / "client.py"), self.address]
        """The words in the place of `python`, for a script or a module with `-m`."""
        words = {
            "version": platform.python_version(),
            "python": shlex.quote(sys.executable),
            "forked": shlex.join(self.command),
        }
        for name in ("python", "python3"):
            script = self.folder / name
            script.write_text(SCRIPT.format(**words))
            script.chmod(0o755)
        self._server = subprocess.Popen(
            [sys.executable, "-u", str(here / "server.py"), self.address, modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # An interruption of the tests reaches the server by the end of its stdin.
            start_new_session=True,
        )
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == b"ready\n", "the server of preloaded processes did not start"

    def start(self, *args: str, cwd: Path, env: dict[str, str], files: list[int]) -> tuple[int, socket]:
        """Start `python ARGS...`; see `client.start`."""
        return start(self.address, list(args), str(cwd), env, files)

    def close(self) -> None:
        """Kill what still runs, and end the server."""
        self._server.communicate()
        self._place.cleanup()


@cache
def preloaded() -> Preloaded:
    """Return this test process's only server, started when it is first needed."""
    return Preloaded()


@cache
def preloaded_emulator() -> Preloaded:
    """Return this test process's only server of emulators; in `preloaded` they would make a provider's fork dearer."""
    return Preloaded("emulator")


def close_preloaded() -> None:
    """End the servers that were ever started."""
    for server in (preloaded, preloaded_emulator):
        if server.cache_info().currsize:
            server().close()
            server.cache_clear()
