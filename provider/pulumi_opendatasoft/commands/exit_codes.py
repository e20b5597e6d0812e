"""The exit codes of the command `opendatasoft`, in one table."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from ..errors import (
    ArgumentError,
    Busy,
    ConfigurationError,
    KeyRefused,
    NotAPortal,
    NotFound,
    NotPermitted,
    OpendatasoftError,
    Throttled,
    Uncertain,
    Unreachable,
)


class ExitCode(IntEnum):
    """The exit codes; `MEANINGS` describes each."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DIFFERENT = 3
    NOT_FOUND = 4
    NOT_ALLOWED = 5
    UNREACHABLE = 6
    NOT_NOW = 7
    UNCERTAIN = 8
    DECLINED = 9
    ENDED_BADLY = 10
    INTERRUPTED = 130


class CommandError(OpendatasoftError):
    """An error of a command; `value` is what --json prints beside it, None for nothing."""

    def __init__(self, message: str, value: Any = None) -> None:
        super().__init__(message)
        self.value = value


class Declined(CommandError):
    """A destructive command that was not confirmed; nothing was done."""


class EndedBadly(CommandError):
    """Work on the portal that the command waited for, and that failed."""


class NotInTime(CommandError):
    """Work on the portal that goes on after the command's time is up."""


class Absent(CommandError):
    """An object that is named on the command line and is not on the portal."""


class Meaning(NamedTuple):
    """When an exit code is returned, and for which errors; an error has the code of its first row that fits."""

    code: ExitCode
    when: str
    errors: tuple[type[OpendatasoftError], ...] = ()


MEANINGS = (
    Meaning(ExitCode.DONE, "It is done; of `compare` and `unmanaged`: nothing differs."),
    Meaning(ExitCode.FAILED, "The portal refused or failed, or a file could not be read or written."),
    Meaning(
        ExitCode.USAGE,
        "The command line or the configuration is wrong; nothing was sent.",
        (ConfigurationError, ArgumentError),
    ),
    Meaning(
        ExitCode.DIFFERENT, "`compare` or `unmanaged` found a difference; `plan-cost` counted more calls than `--most`."
    ),
    Meaning(ExitCode.NOT_FOUND, "The portal has no such object.", (NotFound, Absent)),
    Meaning(ExitCode.NOT_ALLOWED, "The API key is not accepted, or may not do this.", (KeyRefused, NotPermitted)),
    Meaning(ExitCode.UNREACHABLE, "The portal cannot be reached, or is none.", (Unreachable, NotAPortal)),
    Meaning(
        ExitCode.NOT_NOW,
        "The object is busy, the quota is used up, or the work goes on after `--timeout`: try again later.",
        (Busy, Throttled, NotInTime),
    ),
    Meaning(ExitCode.UNCERTAIN, "It may or may not have been done: the response was lost.", (Uncertain,)),
    Meaning(ExitCode.DECLINED, "It was not confirmed; nothing was done.", (Declined,)),
    Meaning(ExitCode.ENDED_BADLY, "The work began, and ended in an error on the portal.", (EndedBadly,)),
    Meaning(ExitCode.INTERRUPTED, "Ctrl-C ended the command; what it began on the portal goes on."),
)
"""Every exit code, in the order of their numbers."""


def exit_code_of(error: OpendatasoftError) -> ExitCode:
    """The exit code for an error."""
    return next((row.code for row in MEANINGS if isinstance(error, row.errors)), ExitCode.FAILED)
