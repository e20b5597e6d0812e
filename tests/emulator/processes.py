"""Processes for tests: a Python that has imported the emulator and pytest already, whose output is read."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..preloaded.client import exit_code
from ..preloaded.python import preloaded_emulator


class Ended(NamedTuple):
    """The exit code of a process (128 and the signal that ended it), and the rest of its output."""

    returncode: int
    stdout: str
    stderr: str


class Forked:
    """`python ARGS...` as a process of its own; its output must fit into a pipe."""

    def __init__(self, *args: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
        out, out_of_process = os.pipe()
        err, err_of_process = os.pipe()
        self.stdout, self._stderr = os.fdopen(out), os.fdopen(err)
        with Path(os.devnull).open() as nothing:
            self.pid, self._connection = preloaded_emulator().start(
                *args,
                cwd=cwd or Path.cwd(),
                env=dict(os.environ) if env is None else env,
                files=[nothing.fileno(), out_of_process, err_of_process],
            )
        os.close(out_of_process)
        os.close(err_of_process)
        self._ended: Ended | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self._ended is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, within: float) -> Ended:
        """Wait for the end, and close what was open. Raises TimeoutError after so many seconds, and kills it."""
        if self._ended is None:
            self._connection.settimeout(within)
            try:
                with self.stdout, self._stderr:
                    code = exit_code(self._connection)
                    self._ended = Ended(code, self.stdout.read(), self._stderr.read())
            except TimeoutError:
                os.kill(self.pid, signal.SIGKILL)
                raise
        return self._ended
