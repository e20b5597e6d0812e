"""Safeguards against the wrong portal or API key: missing objects need evidence, and a state belongs to one host."""

from __future__ import annotations

import enum
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import ConfigurationError

SEVERAL = 3
"""The number of missing objects, with none found, from which they are not taken for deleted."""


PATIENCE = 2.0
"""The time, in seconds, in which parallel reads of the engine have their responses."""


class Census:
    """Counts the objects of a state that a process looked for on one portal, and those that it found.

    Objects whose presence is no evidence, and those that may be absent for a while, are not counted.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._found = self._missed = 0
        self._patience = patience
        self._changed = threading.Condition()

    def found(self) -> None:
        """Count an object that exists."""
        with self._changed:
            self._found += 1
            self._changed.notify_all()

    def missed(self) -> bool:
        """Count a missing object; returns whether several are missing and none was found.

        The first calls wait a moment for the results of others, so that they return the same.
        """
        with self._changed:
            self._missed += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._found or self._missed >= SEVERAL, self._patience)
            return not self._found and self._missed >= SEVERAL


class Presence(enum.Enum):
    """The proof that lies in the objects of a resource type which a portal returns to an API key."""

    EVIDENCE = enum.auto()
    """That this is the portal of the state, and that the key may see its objects."""

    ALWAYS = enum.auto()
    """That the key may see them, but nothing about the portal: every portal has some, such as users."""

    NONE = enum.auto()
    """Nothing: they are not counted."""


@dataclass(frozen=True)
class Shown:
    """How many objects a portal shows to an API key, by what their presence proves."""

    evidence: int = 0
    always: int = 0


def confirm_gone(domain: str, presence: Presence, shown: Shown | None, census: Census) -> None:
    """Raise `ConfigurationError` where a missing object may exist, because the portal or the API key is a wrong one.

    Args:
        domain: the portal's host.
        presence: what objects of the missing one's type prove.
        shown: how many objects the portal shows to the key; None if that is not known.
        census: the objects of the state that this process looked for.
    """
    if shown is None:
        return
    if presence is Presence.ALWAYS:
        is_doubtful = not shown.always
    else:
        is_doubtful = not shown.evidence and (not shown.always or census.missed())
    if is_doubtful:
        raise ConfigurationError(
            f"{domain} shows this API key nothing of what this stack made, so the state is kept as it is: is it the "
            "right portal and the right key? (If the objects are gone: `pulumi state delete`; with `--all` for all of "
            "them.)"
        )


def check_domain(state: str | None, configured: str, moved_from: Iterable[str]) -> None:
    """Raise `ConfigurationError` where a state was made on another portal than the configured one.

    Args:
        state: the host in the state; None if it has none yet.
        configured: the host of the configured portal.
        moved_from: the former hosts of the configured portal.
    """
    if state is None or state == configured or state in moved_from:
        return
    raise ConfigurationError(
        f"it lives on {state}, but this stack is now configured for {configured}; nothing was done. Set "
        f"opendatasoft:domain back, or, if the portal itself got this new name: "
        f"`pulumi config set opendatasoft:movedFrom {state}`, then `pulumi up --refresh --run-program`."
    )
