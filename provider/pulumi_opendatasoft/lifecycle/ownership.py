"""Which resource owns which object: the ids of this process, the mark of an unfinished create, and taken keys."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ResourceError


class Ownership:
    """The objects that this process has created, adopted or kept, so that no delete of an older name removes them.

    A renamed resource is created under its new name and then deleted under its old one, in one process: with
    adoption both are the same object. Replacements delete first, so they never meet an owned id.

    It also knows the natural keys for which this process has begun to create something, so that of two resources with
    one key only the first looks whether it is free; and how deleted objects were referred to, because an object that
    is made again under its old name has lost its members and rules.

    An object is named by the portal's host, a heading (`Handler.owned_as`) and an id. Safe for threads.
    """

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str, str], set[str]] = {}
        self._claimed: set[tuple[str, str, str]] = set()
        self._unsettled: dict[tuple[str, str, str], str] = {}
        self._deleted: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def claim_key(self, domain: str, kind: str, key: str, urn: str = "") -> bool:
        """Whether this is the first create of this process for a natural key, by the resource `urn`."""
        with self._lock:
            is_first = (domain, kind, key) not in self._claimed
            self._claimed.add((domain, kind, key))
            self._unsettled.setdefault((domain, kind, key), urn)
            return is_first

    def settle_key(self, domain: str, kind: str, key: str) -> None:
        """Record that the objects of a natural key are known: from now on their ids decide who owns them."""
        with self._lock:
            self._unsettled.pop((domain, kind, key), None)

    def is_claimed_by_another(self, domain: str, kind: str, key: str, urn: str) -> bool:
        """Whether another resource than this one claims a natural key, and has not learned whether it is free."""
        with self._lock:
            return bool(urn) and self._unsettled.get((domain, kind, key), urn) != urn

    def mark_deleted(self, domain: str, kind: str, state: Mapping[str, Any]) -> None:
        """Record a deletion: what refers to any property of the object's `state` (`Group.uid`) has lost its object."""
        with self._lock:
            self._deleted |= {(domain, f"{kind}.{n}", v) for n, v in state.items() if isinstance(v, str)}

    def is_deleted(self, domain: str, refers_to: str, id: str) -> bool:
        """Whether the object of a reference (`Group.uid`, an id) was deleted by this process."""
        with self._lock:
            return (domain, refers_to, id) in self._deleted

    def record(self, domain: str, owned_as: str, id: str, urn: str = "") -> None:
        """Record that an object belongs to a resource which the program still names.

        With `urn`, that resource itself may still delete it: it was only seen to exist.
        """
        with self._lock:
            self._owners.setdefault((domain, owned_as, id), set()).add(urn)

    def take_if_free(self, domain: str, owned_as: str, id: str) -> bool:
        """Own an object that has no owner, and return whether it had none: of several who find one, one gets it."""
        with self._lock:
            is_free = (domain, owned_as, id) not in self._owners
            self._owners.setdefault((domain, owned_as, id), {""})
            return is_free

    def __contains__(self, owned: tuple[str, str, str]) -> bool:
        with self._lock:
            return owned in self._owners

    def is_owned_by_another(self, domain: str, owned_as: str, id: str, urn: str) -> bool:
        """Whether an object is another resource's than this one, or was made or adopted by this process."""
        with self._lock:
            return any(owner != urn or not owner for owner in self._owners.get((domain, owned_as, id), ()))


def mark_of(urn: str) -> str:
    """The title under which an unfinished object is found again by the resource that began it.

    It names project, stack and resource by a hash, so that only that resource recognises it.
    """
    return f"unfinished {hashlib.sha256(urn.encode()).hexdigest()[:24]}"


def is_mark(title: object) -> bool:
    """Whether a title is the mark of some unfinished create."""
    return isinstance(title, str) and re.fullmatch(r"unfinished [0-9a-f]{24}", title) is not None


def only_one(key: str, found: Sequence[Mapping[str, Any]], id_name: str) -> Mapping[str, Any]:
    """The object that adoption by natural key takes over. Raises `ResourceError` where the key fits several."""
    if len(found) == 1:
        return found[0]
    ids = [str(there.get(id_name)) for there in found]
    raise ResourceError(f'the portal has {key} more than once ({", ".join(ids)}). Say which one: adopt="{ids[0]}"')


def already_there(key: str, id: str, *, is_owned: bool, adopt_by_id: bool = False) -> ResourceError:
    """The error for a natural key that an existing object has: nothing was written yet."""
    if is_owned:
        return ResourceError(f"another resource of this program already has {key} ({id}): one of the two must go")
    adopt = f'adopt="{id}"' if adopt_by_id else "adopt=True"
    # Where a replacement stands beside what it replaces, the engine does not say that it is one.
    replaced = " (Is it to be replaced? `pulumi destroy --target` it first.)" if adopt_by_id else ""
    return ResourceError(
        f"the portal already has {key} ({id}), and nothing was written. Was this resource renamed or moved? Then say "
        f"so in `aliases`. Is the object to be taken over, or did a run end before it was recorded? Then {adopt}."
        f"{replaced}"
    )
