"""Which resource owns which object: the owners in this process, the marks of unfinished objects, and taken keys."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ResourceError


class Ownership:
    """The objects that this process has created, adopted or kept, so that a resource's older name cannot delete them.

    A renamed resource is created under its new name and then deleted under its old one, in one process; with adoption
    both are the same object. A replacement deletes first, so its object has no owner then.

    It also records the natural keys for which this process has begun a create, so that of two resources with one key
    the second is refused; and the references to deleted objects, because an object that is created anew under its
    old name lacks its members and rules.

    An object is identified by the portal's host, a heading (`Handler.owned_as`) and an id. Safe for threads.
    """

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str, str], set[str]] = {}
        self._claimed: set[tuple[str, str, str]] = set()
        self._unsettled: dict[tuple[str, str, str], str] = {}
        self._deleted: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def claim_key(self, domain: str, kind: str, key: str, urn: str = "") -> bool:
        """Claim a natural key for a create.

        Args:
            domain: the host of the portal.
            kind: the name of the resource type.
            key: the natural key, as messages describe it.
            urn: the resource that is to be created.

        Returns:
            Whether it is the first claim of this process.
        """
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
        """Whether another resource has claimed a natural key that is not settled yet.

        Args:
            domain: the host of the portal.
            kind: the name of the resource type.
            key: the natural key, as messages describe it.
            urn: this resource; empty where it is unknown, for which nothing is claimed.
        """
        with self._lock:
            return bool(urn) and self._unsettled.get((domain, kind, key), urn) != urn

    def mark_deleted(self, domain: str, kind: str, state: Mapping[str, Any]) -> None:
        """Record a deletion, with every property by which other resources may refer to the object (`Group.uid`)."""
        with self._lock:
            self._deleted |= {(domain, f"{kind}.{n}", v) for n, v in state.items() if isinstance(v, str)}

    def is_deleted(self, domain: str, refers_to: str, id: str) -> bool:
        """Whether the object of a reference (`Group.uid`, an id) was deleted by this process."""
        with self._lock:
            return (domain, refers_to, id) in self._deleted

    def record(self, domain: str, owned_as: str, id: str, urn: str = "") -> None:
        """Record that a resource of the program owns an object.

        Args:
            domain: the host of the portal.
            owned_as: the heading of the resource type.
            id: the id of the object.
            urn: the owner, which may still delete the object. Without it, no delete of this process may.
        """
        with self._lock:
            self._owners.setdefault((domain, owned_as, id), set()).add(urn)

    def take_if_free(self, domain: str, owned_as: str, id: str, urn: str = "") -> bool:
        """Own an object if it has no owner, and return whether it had none: only one of several callers gets it.

        Args:
            domain: the host of the portal.
            owned_as: the heading of the resource type.
            id: the id of the object.
            urn: this resource, whose own claim does not count.
        """
        with self._lock:
            owners = self._owners.setdefault((domain, owned_as, id), set())
            is_free = not owners - ({urn} if urn else set())
            owners.add("")
            return is_free

    def __contains__(self, owned: tuple[str, str, str]) -> bool:
        with self._lock:
            return owned in self._owners

    def is_owned_by_another(self, domain: str, owned_as: str, id: str, urn: str) -> bool:
        """Whether another resource owns an object, or this process has created or adopted it.

        Args:
            domain: the host of the portal.
            owned_as: the heading of the resource type.
            id: the id of the object.
            urn: this resource.
        """
        with self._lock:
            return any(owner != urn or not owner for owner in self._owners.get((domain, owned_as, id), ()))


def mark_of(urn: str) -> str:
    """The title of an unfinished object, by which the resource that created it finds it again.

    It contains a hash of the URN, so that no other resource, stack or project takes the object for its own.
    """
    return f"unfinished {hashlib.sha256(urn.encode()).hexdigest()[:24]}"


def is_mark(title: object) -> bool:
    """Whether a title is the mark of some unfinished create."""
    return isinstance(title, str) and re.fullmatch(r"unfinished [0-9a-f]{24}", title) is not None


def only_one(key: str, found: Sequence[Mapping[str, Any]], id_name: str) -> Mapping[str, Any]:
    """The object that adoption by natural key takes over. Raises `ResourceError` where the key fits several."""
    if len(found) == 1:
        return found[0]
    ids = [str(existing.get(id_name)) for existing in found]
    raise ResourceError(f'the portal has {key} more than once ({", ".join(ids)}). Name one of them: adopt="{ids[0]}"')


def already_there(key: str, id: str, *, is_owned: bool, adopt_by_id: bool = False) -> ResourceError:
    """The error for a natural key that an existing object has already; nothing was written.

    Args:
        key: the natural key, as messages describe it.
        id: the id of the existing object.
        is_owned: whether another resource of the program owns it.
        adopt_by_id: whether several objects may have this key, so that adoption needs the id.
    """
    if is_owned:
        return ResourceError(f"another resource of this program already has {key} ({id}): remove one of the two")
    adopt = f'adopt="{id}"' if adopt_by_id else "adopt=True"
    # The engine does not pass whether the resource is to replace this very object.
    replaced = " (Is it to be replaced? `pulumi destroy --target` it first.)" if adopt_by_id else ""
    return ResourceError(
        f"the portal already has {key} ({id}), and nothing was written. Was this resource renamed or moved? Then say "
        f"so in `aliases`. Did an interrupted `up` of this stack create the object? Then `pulumi config set "
        f"opendatasoft:resume {id}`. Is it somebody else's, to be taken over? Then {adopt}.{replaced}"
    )


def alike_exists(kind: str, ids: Sequence[str]) -> ResourceError:
    """The error of an `up` that adopts, for an object without a natural key of which there are others alike.

    Args:
        kind: the name of the type in messages.
        ids: the ids of the objects alike.
    """
    return ResourceError(
        f"opendatasoft:adopt: the portal already has {' and '.join(ids)}, like this {kind}, and nothing was written. "
        f'Is it to be taken over? Then adopt="{ids[0]}". Is another one to be made? Then take opendatasoft:adopt out.'
    )
