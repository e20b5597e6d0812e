"""One spelling for equal values: numbers as whole as they are, sets sorted, nothing where nothing was given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .traversal import Place, map_value
from .types import Shape, Slot

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


def as_set(items: list[Any]) -> list[Any]:
    """A set as a list: sorted, each member once. What is not wholly known stays, for it may turn out to differ."""
    known = {canonical_json(item): item for item in sorted(items, key=canonical_json) if is_known(item)}
    return [*known.values(), *(item for item in items if not is_known(item))]


def canonical_members(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an object in the order of its declaration, without `None`; undeclared keys come last."""
    members: dict[str, Any] = map_value(shape, value, _typed_leaf, keep=_is_given, finish=_with_sorted_sets)
    return members


def canonical_slot(slot: Slot, value: Any) -> Any:
    """One property or member as equal values are all written."""
    return map_value(slot, value, _typed_leaf, keep=_is_given, finish=_with_sorted_sets)


def _typed_leaf(_at: Place, value: Any) -> Any:
    return typed(value)


def _is_given(_slot: Slot | None, value: Any) -> bool:
    return value is not None


def _with_sorted_sets(at: Place, value: Any) -> Any:
    return as_set(value) if at.behaviour.unordered and isinstance(value, list) else value
