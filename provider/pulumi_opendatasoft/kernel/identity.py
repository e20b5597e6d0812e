"""Which object of the portal is whose: held ids, the mark of an unfinished create, and the words for a taken key."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .outcome import Problem


class Held:
    """The ids that this process has created, adopted or kept, so that no delete of an older name takes them away.

    A renamed resource is created under its new name and then deleted under its old one, in one process: with
    adoption both are the same object. Replacements delete first, so they never meet a held id.

    It also knows the natural keys for which this process has begun to create something, so that of two resources with
    one key only the first looks whether it is free; and how deleted objects were referred to, because an object that
    is made again under its old name has lost its members and rules.
    """

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str, str], set[str]] = {}
        self._keys: set[tuple[str, str, str]] = set()
        self._looking: dict[tuple[str, str, str], str] = {}
        self._lost: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def claim(self, domain: str, kind: str, key: str, urn: str = "") -> bool:
        """Whether this is the first create of this process for a natural key, by the resource `urn`."""
        with self._lock:
            is_first = (domain, kind, key) not in self._keys
            self._keys.add((domain, kind, key))
            self._looking.setdefault((domain, kind, key), urn)
            return is_first

    def looked(self, domain: str, kind: str, key: str) -> None:
        """It is known which objects have the natural key: from now on their ids say whose they are."""
        with self._lock:
            self._looking.pop((domain, kind, key), None)

    def is_looked_for_by_another(self, domain: str, kind: str, key: str, urn: str) -> bool:
        """Whether another resource than this one wants what has a natural key, and never learned if it is there."""
        with self._lock:
            return bool(urn) and self._looking.get((domain, kind, key), urn) != urn

    def lose(self, domain: str, kind: str, state: Mapping[str, Any]) -> None:
        """An object was deleted: whatever names it by a property of its `state` (`Group.uid`) is cut off from it."""
        with self._lock:
            self._lost |= {(domain, f"{kind}.{n}", v) for n, v in state.items() if isinstance(v, str)}

    def is_lost(self, domain: str, refers_to: str, id: str) -> bool:
        """Whether an object that was referred to so was deleted by this process."""
        with self._lock:
            return (domain, refers_to, id) in self._lost

    def hold(self, domain: str, kind: str, id: str, urn: str = "") -> None:
        """From now on this object belongs to a resource that the program still names.

        With `urn`, that resource itself may still delete it: it was only seen to be there.
        """
        with self._lock:
            self._owners.setdefault((domain, kind, id), set()).add(urn)

    def take(self, domain: str, kind: str, id: str) -> bool:
        """Hold an object unless somebody does; whether it was free. Of several who find it one gets it."""
        with self._lock:
            is_free = (domain, kind, id) not in self._owners
            self._owners.setdefault((domain, kind, id), {""})
            return is_free

    def __contains__(self, place: tuple[str, str, str]) -> bool:
        with self._lock:
            return place in self._owners

    def belongs_to_another(self, domain: str, kind: str, id: str, urn: str) -> bool:
        """Whether an object is another resource's than this one, or was made or adopted by this process."""
        with self._lock:
            return any(owner != urn or not owner for owner in self._owners.get((domain, kind, id), ()))


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
        raise Problem(
            f"{domain} shows this API key nothing of what this stack made, so that it is gone is not believed: "
            "is it the right portal and the right key? (If it is gone: `pulumi state delete`, or `--all` of it.)"
        )


def mark_of(urn: str) -> str:
    """The title under which an unfinished object waits for the resource that began it.

    It names project, stack and resource by a hash, so that only that resource recognises it.
    """
    return f"unfinished {hashlib.sha256(urn.encode()).hexdigest()[:24]}"


def is_mark(title: object) -> bool:
    """Whether a title is the mark of some unfinished create."""
    return isinstance(title, str) and re.fullmatch(r"unfinished [0-9a-f]{24}", title) is not None


def only_one(key: str, found: Sequence[Mapping[str, Any]], id_name: str) -> Mapping[str, Any]:
    """The object that adoption by natural key takes over. Raises `Problem` where the key fits several."""
    if len(found) == 1:
        return found[0]
    ids = [str(there.get(id_name)) for there in found]
    raise Problem(f'the portal has {key} more than once ({", ".join(ids)}). Say which one: adopt="{ids[0]}"')


def already_there(key: str, id: str, *, held: bool, adopt_by_id: bool = False) -> Problem:
    """What to say when something with the same natural key exists: nothing was written yet."""
    if held:
        return Problem(f"another resource of this program already has {key} ({id}): one of the two must go")
    adopt = f'adopt="{id}"' if adopt_by_id else "adopt=True"
    # Where a replacement stands beside what it replaces, the engine does not say that it is one.
    replaced = " (Is it to be replaced? `pulumi destroy --target` it first.)" if adopt_by_id else ""
    return Problem(
        f"the portal already has {key} ({id}), and nothing was written. Was this resource renamed or moved? Then say "
        f"so in `aliases`. Is the object to be taken over, or did a run end before it was recorded? Then {adopt}."
        f"{replaced}"
    )


def check_domain(state: str | None, configured: str, moved_from: Iterable[str]) -> None:
    """A state made on another portal must not be read, changed or emptied against this one. Raises `Problem`."""
    if state is None or state == configured or state in moved_from:
        return
    raise Problem(
        f"it lives on {state}, but this stack is now configured for {configured}; nothing was done. Set "
        f"opendatasoft:domain back, or, if the portal itself got this new name: "
        f"`pulumi config set opendatasoft:movedFrom {state}`, then `pulumi up --refresh`."
    )
