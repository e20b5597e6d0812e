"""The canonical form of values: whole numbers as integers, sets sorted, members in their order, no `None`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .traversal import Position, map_value
from .types import Shape, Slot

_UNKNOWN_TEXT = "\0unknown"
_UNKNOWN_JSON = json.dumps(_UNKNOWN_TEXT)
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=lambda _: _UNKNOWN_TEXT)


def typed(value: Any) -> Any:
    """JSON with whole numbers as integers, without `None` in mappings: the engine turns every number into a float."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {k: typed(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [typed(v) for v in value]
    return value


def canonical_json(value: Any) -> str:
    """One line of JSON, the same for equal values; an unknown value equals only unknown values."""
    return _JSON.encode(value)


def is_known(value: Any) -> bool:
    """Whether a value is known at every depth."""
    return _UNKNOWN_JSON not in canonical_json(value)


def equal(one: Any, other: Any) -> bool:
    """Whether two canonical values are equal; `1` and `true` are not."""
    return canonical_json(one) == canonical_json(other)


def fingerprint(value: Any) -> str:
    """The hash that the state keeps of a value that the portal rewrote: 16 hexadecimal digits. Never of a secret."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:16]


def as_set(items: list[Any]) -> list[Any]:
    """A set as a list: sorted, each item once. Items that are not wholly known all stay, for they may differ."""
    texts = [(canonical_json(item), item) for item in items]
    known = {text: item for text, item in texts if _UNKNOWN_JSON not in text}
    return [*(known[text] for text in sorted(known)), *(item for text, item in texts if _UNKNOWN_JSON in text)]


def canonical_members(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an object in the order of its declaration, without `None`; undeclared keys come last."""
    members: dict[str, Any] = map_value(shape, value, _typed_leaf, keep=_is_given, finish=_with_sorted_sets)
    return members


def canonical_in_both_orders(shape: Shape, value: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The canonical members of an object, and the same with each set in the order in which it was given.

    Both are one object where the value contains no set of several items, as most do.
    """
    has_sets = False

    def look(at: Position, part: Any) -> Any:
        nonlocal has_sets
        has_sets = has_sets or (at.behaviour.unordered and isinstance(part, list) and len(part) > 1)
        return part

    in_order: dict[str, Any] = map_value(shape, value, _typed_leaf, keep=_is_given, finish=look)
    return canonical_members(shape, in_order) if has_sets else in_order, in_order


def canonical_slot(slot: Slot, value: Any) -> Any:
    """The canonical form of one property or member."""
    return map_value(slot, value, _typed_leaf, keep=_is_given, finish=_with_sorted_sets)


def _typed_leaf(_at: Position, value: Any) -> Any:
    return typed(value)


def _is_given(_slot: Slot | None, value: Any) -> bool:
    return value is not None


def _with_sorted_sets(at: Position, value: Any) -> Any:
    return as_set(value) if at.behaviour.unordered and isinstance(value, list) else value
