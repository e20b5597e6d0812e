"""Safeguards against the wrong portal or key: an emptied portal is not believed, and a state keeps to its own host."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from ..errors import ResourceError

SEVERAL = 3
"""So many objects, and none of them on the portal, are no longer somebody's cleaning up."""


PATIENCE = 2.0
"""Seconds in which the reads that the engine begins side by side have come to their answers."""


class Census:
    """How many objects of a state a process looked for on one portal, and how many of them it found.

    Users and what may be absent for a while are not counted: that they are shown, or not, says nothing of the rest.
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


PEOPLE = "/users/"


def confirm_gone(domain: str, collection: str, shown: Mapping[str, int], census: Census) -> None:
    """A portal that shows nothing at all is the wrong portal or the wrong key, not a loss. Raises `Problem`.

    `collection` is where something is missed, `shown` how much the portal shows of each.
    """
    if not shown:
        return
    # Users there always are, for a key that may see them: that they are shown speaks for users and nothing else.
    people = shown.get(PEOPLE, 0)
    things = any(count for path, count in shown.items() if path != PEOPLE)
    is_doubtful = not people
    if collection != PEOPLE:
        is_doubtful = not things and (not people or census.missed())
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
