"""Which object of the portal is whose: held ids, the mark of an unfinished create, and the words for a taken key."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ResourceError


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
    raise ResourceError(f'the portal has {key} more than once ({", ".join(ids)}). Say which one: adopt="{ids[0]}"')


def already_there(key: str, id: str, *, held: bool, adopt_by_id: bool = False) -> ResourceError:
    """What to say when something with the same natural key exists: nothing was written yet."""
    if held:
        return ResourceError(f"another resource of this program already has {key} ({id}): one of the two must go")
    adopt = f'adopt="{id}"' if adopt_by_id else "adopt=True"
    # Where a replacement stands beside what it replaces, the engine does not say that it is one.
    replaced = " (Is it to be replaced? `pulumi destroy --target` it first.)" if adopt_by_id else ""
    return ResourceError(
        f"the portal already has {key} ({id}), and nothing was written. Was this resource renamed or moved? Then say "
        f"so in `aliases`. Is the object to be taken over, or did a run end before it was recorded? Then {adopt}."
        f"{replaced}"
    )
