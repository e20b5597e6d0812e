"""A mistake of the guide's page: its title and program, and what it needs before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..conftest import Portal


def _nothing(_portal: Portal) -> None:
    pass


@dataclass(frozen=True)
class Mistake:
    """One mistake in a program, or in the configuration of its stack."""

    title: str
    code: str = ""
    """The program; of one that went before, see `first`."""

    first: str = ""
    """A program that ran without the mistake."""

    step: str = "preview"
    """The command that finds the mistake: `preview`, `up` or `destroy`."""

    prepare: Callable[[Portal], object] = _nothing
    """Makes on the portal what is there before."""

    config: Mapping[str, str] = field(default_factory=dict)
    """Keys below `opendatasoft:` that are set to other values than usual."""

    portal: str = ""
    """The portal that the program names."""

    commands: str = ""
    """The text in the place of a program, for a mistake in the configuration."""


@dataclass(frozen=True)
class Topic:
    """A heading of the page with its mistakes."""

    title: str
    mistakes: tuple[Mistake, ...]
