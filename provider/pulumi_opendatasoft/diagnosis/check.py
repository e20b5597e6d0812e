"""The result of one check: fine, a problem with its remedy, or not known."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import OpendatasoftError

OK, PROBLEM, UNKNOWN = "ok", "problem", "unknown"
"""The result of a check."""


@dataclass(frozen=True)
class Check:
    """One check, printed as one line."""

    name: str
    """The thing that was looked at: `connection`."""

    status: str
    """`OK`, `PROBLEM` or `UNKNOWN`."""

    finding: str
    """The finding, without a full stop."""

    remedy: str = ""
    """The remedy, without a full stop; empty where nothing is to be done."""

    error: type[OpendatasoftError] = OpendatasoftError
    """The class of errors that a problem belongs to, by which an exit code is chosen."""

    def __str__(self) -> str:
        remedy = f". {self.remedy[:1].upper()}{self.remedy[1:]}" if self.remedy else ""
        return f"{self.status:<8} {self.name}: {self.finding}{remedy}"


def fine(name: str, finding: str) -> Check:
    """A check that found nothing wrong."""
    return Check(name, OK, finding)


def problem(name: str, finding: str, remedy: str, error: type[OpendatasoftError] = OpendatasoftError) -> Check:
    """A check that found a problem.

    Args:
        name: The thing that was looked at.
        finding: What is wrong.
        remedy: What to do about it.
        error: The class of errors that it belongs to.
    """
    return Check(name, PROBLEM, finding, remedy, error)


def unknown(name: str, finding: str, remedy: str = "") -> Check:
    """A check that could not be made."""
    return Check(name, UNKNOWN, finding, remedy)
