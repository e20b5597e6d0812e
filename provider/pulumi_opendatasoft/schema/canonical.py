"""One spelling for equal values: numbers as whole as they are, sets sorted, nothing where nothing was given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .types import UNKNOWN, Kind, ListOf, MapOf, Object, OneOf, Shape, Slot

_UNKNOWN_TEXT = "\0unknown"


def typed(value: Any) -> Any:
    """JSON with its numbers as they were written: the engine turns every number into a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {k: typed(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [typed(v) for v in value]
    return value


def canonical_json(value: Any) -> str:
    """A value as one line of JSON, the same for equal values; an unknown is equal only to itself."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=lambda _: _UNKNOWN_TEXT)


def is_known(value: Any) -> bool:
    """Whether nothing in it, at any depth, is unknown yet."""
    return json.dumps(_UNKNOWN_TEXT) not in canonical_json(value)


def equal(one: Any, other: Any) -> bool:
    """Whether two values of canonical spelling are equal, `1` and `true` being different."""
    return canonical_json(one) == canonical_json(other)


def fingerprint(value: Any) -> str:
    """What the state keeps of a text that the portal rewrote: 16 hexadecimal digits. Never of a secret."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:16]


def canonical(kind: Kind, value: Any, *, unordered: bool = False) -> Any:
    """What the program asked, in the one spelling that the engine then compares."""
    if value is UNKNOWN or value is None:
        return value
    if isinstance(kind, OneOf):
        return canonical(kind.pick(value), value, unordered=unordered)
    if isinstance(kind, ListOf) and isinstance(value, list | tuple):
        items = [canonical(kind.item, item) for item in value]
        return as_set(items) if unordered else items
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: canonical(kind.item, item) for name, item in value.items() if item is not None}
    if isinstance(kind, Object) and isinstance(value, Mapping):
        return canonical_members(kind.shape, value)
    return typed(value)


def as_set(items: list[Any]) -> list[Any]:
    """A set as a list: sorted, each member once. What is not wholly known stays, for it may turn out to differ."""
    known = {canonical_json(item): item for item in sorted(items, key=canonical_json) if is_known(item)}
    return [*known.values(), *(item for item in items if not is_known(item))]


def canonical_members(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    """The given members of an object in the order of its declaration; unknown words last, for the check to name."""
    known = {slot.name: canonical_slot(slot, value[slot.name]) for slot in shape if value.get(slot.name) is not None}
    return known | {name: v for name, v in value.items() if name not in shape}


def canonical_slot(slot: Slot, value: Any) -> Any:
    """One property or member in its one spelling."""
    return canonical(slot.kind, value, unordered=slot.behaviour.unordered)
