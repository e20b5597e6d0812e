"""A mistake in the inputs of a program, and the path of a property as messages contain it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """One mistake in a program: its path, and what is wrong there; never the value, which may be a secret."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def format_path(path: tuple[str | int, ...]) -> str:
    """A path as Pulumi writes it: `fields[3].from_name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
