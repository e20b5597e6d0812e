"""Safeguards against the wrong portal or key: an emptied portal is not believed, and a state keeps to its own host."""

from __future__ import annotations

import enum
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import ResourceError

SEVERAL = 3
"""So many objects, and none of them on the portal, are no longer somebody's cleaning up."""


PATIENCE = 2.0
"""Seconds in which the reads that the engine begins side by side have come to their answers."""


class Census:
    """How many objects of a state a process looked for on one portal, and how many of them it found.

    Objects whose presence is no evidence, and those that may be absent for a while, are not counted.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._found = self._missed = 0
        self._patience = patience
        self._changed = threading.Condition()

    def found(self) -> None:
        """One was there."""
        with self._changed:
            self._found += 1
            self._changed.notify_all()

    def missed(self) -> bool:
        """One was not; returns whether several were looked for by now, and not one of them was there.

        The first that are missed wait for a moment whether others are missed too: of them, too, it would be wrong to
        say that they are gone.
        """
        with self._changed:
            self._missed += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._found or self._missed >= SEVERAL, self._patience)
            return not self._found and self._missed >= SEVERAL


class Presence(enum.Enum):
    """What it proves that a portal shows objects of a resource type to an API key."""

    EVIDENCE = enum.auto()
    """That it is the portal, and a key, which the state was made with."""

    ALWAYS = enum.auto()
    """Nothing but that the key may see them: every portal has some, such as users."""

    NONE = enum.auto()
    """Nothing: they are not counted."""


@dataclass(frozen=True)
class Shown:
    """How many objects a portal shows to an API key, by what their presence proves."""

    evidence: int = 0
    always: int = 0


def confirm_gone(domain: str, presence: Presence, shown: Shown | None, census: Census) -> None:
    """Raise `ResourceError` where a missing object proves nothing: the portal or the key is the wrong one.

    Args:
        domain: the portal's host.
        presence: of the missing object's type.
        shown: how much the portal shows at all; None if that is not known.
        census: how many objects of the state were looked for by this process.
    """
    if shown is None:
        return
    if presence is Presence.ALWAYS:
        is_doubtful = not shown.always
    else:
        is_doubtful = not shown.evidence and (not shown.always or census.missed())
    if is_doubtful:
        raise ResourceError(
            f"{domain} shows this API key nothing of what this stack made, so that it is gone is not believed: "
            "is it the right portal and the right key? (If it is gone: `pulumi state delete`, or `--all` of it.)"
        )


def check_domain(state: str | None, configured: str, moved_from: Iterable[str]) -> None:
    """A state made on another portal must not be read, changed or emptied against this one. Raises `Problem`."""
    if state is None or state == configured or state in moved_from:
        return
    raise ResourceError(
        f"it lives on {state}, but this stack is now configured for {configured}; nothing was done. Set "
        f"opendatasoft:domain back, or, if the portal itself got this new name: "
        f"`pulumi config set opendatasoft:movedFrom {state}`, then `pulumi up --refresh`."
    )
