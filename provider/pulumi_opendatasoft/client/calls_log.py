"""A log of the calls to the portal, for support: OPENDATASOFT_LOG=calls writes one line for each to a file.

A line contains the time, the host, method and path, the status or the kind of failure, the milliseconds, and the trace
id of an error. It contains no query, no header and no body, and known secrets are redacted.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import time
from pathlib import Path

from ..errors import ArgumentError

CHOICE = "OPENDATASOFT_LOG"
"""The variable that turns the log on; `calls` is its only value."""

FILE = "OPENDATASOFT_LOG_FILE"
"""The variable that names the file; without it, `opendatasoft/calls.log` in Pulumi's home folder."""

MOST_BYTES = 10_000_000
"""A process that finds a larger log begins a new one, and keeps the old one with `.1` at its name's end."""

log = logging.getLogger("pulumi_opendatasoft")


def record(host: str, method: str, path: str, outcome: str, milliseconds: float, trace: str | None) -> None:
    """Log one call. The texts have no secrets any more."""
    log.debug("%s %s %s %.0f ms%s", method, path, outcome, milliseconds, f" trace {trace}" if trace else "",
              extra={"portal": host})  # fmt: skip


@functools.cache
def set_up() -> bool:
    """Begin the log that the environment chooses, once in a process; returns whether there is one.

    A log that cannot be written is a warning and no failure.
    """
    choice = os.environ.get(CHOICE, "").strip().lower()
    if not choice:
        return False
    if choice != "calls":
        log.warning('%s is not "calls", which is the only log that there is: nothing is logged', CHOICE)
        return False
    try:
        handler = _handler(_file())
    except (OSError, ValueError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or "it is no file").lower()
        log.warning("there is no log of calls: its file cannot be written (%s). Set %s to another", reason, FILE)
        return False
    handler.setFormatter(_Line())
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False  # other handlers of the process print on the terminal
    return True


def _file() -> Path:
    named = os.environ.get(FILE)
    if named:
        return Path(named).expanduser()
    home = os.environ.get("PULUMI_HOME")
    return (Path(home) if home else Path.home() / ".pulumi") / "opendatasoft" / "calls.log"


def _handler(file: Path) -> logging.Handler:
    """Open the log for appending: several processes may write it at once."""
    if file.is_fifo():
        raise ArgumentError("a pipe, on which opening it would wait")
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if file.is_file() and file.stat().st_size > MOST_BYTES:
            file.replace(file.with_name(f"{file.name}.1"))
    return logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")


class _Line(logging.Formatter):
    """One line per call, in UTC."""

    converter = time.gmtime  # type: ignore[assignment]  # as the documentation of `logging` does
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        where = f"{getattr(record, 'portal', '')} ".lstrip()
        return f"{self.formatTime(record)} {where}{record.getMessage()}"
