"""Encodes desired values as the API's JSON, and decodes responses: references, defaults, nulls, flat members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import equal, typed
from .traversal import Position, iter_leaves, iter_slots, map_value, zip_values
from .types import UNMANAGED, OneOf, Shape, Slot


def encode(slot: Slot, desired: Any, prior: Any = None) -> Any:
    """One property as the API takes it. `prior` is what the state holds, for members that are sent only once."""
    return zip_values(slot, desired, prior, _wrapped, members=encode_members)


def _wrapped(at: Position, desired: Any, _prior: Any) -> Any:
    key = at.behaviour.wire_key
    return {key: desired} if key and desired is not None else desired


def encode_property(slot: Slot, desired: Any, prior: Any = None) -> dict[str, Any]:
    """The part of an object's body that one property is: its name and value, or its members if it is flat."""
    encoded = encode(slot, desired, prior)
    return dict(encoded) if slot.behaviour.flat and isinstance(encoded, Mapping) else {slot.name: encoded}


def may_refer(slot: Slot) -> bool:
    """Whether a value of a property can contain a reference, at any depth."""
    return any(one.behaviour.refers_to for one in (slot, *iter_slots(slot.kind)))


def references(slot: Slot, desired: Any) -> Iterator[tuple[str, str]]:
    """Each reference in a property's value, at any depth: (`Group.uid`, an id)."""
    for at, value in iter_leaves(slot, desired):
        if at.behaviour.refers_to and isinstance(value, str):
            yield at.behaviour.refers_to, value


def encode_members(shape: Shape, desired: Mapping[str, Any], prior: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a whole object: a member that was left out has its default, or `null` where that means something."""
    body: dict[str, Any] = {}
    spread: dict[str, Any] = {}
    for slot in shape.settable:
        behaviour, value = slot.behaviour, desired.get(slot.name)
        used_up = behaviour.once and slot.name in prior and equal(prior[slot.name], value)
        if behaviour.local or used_up or value == UNMANAGED:
            continue
        if value is not None:
            (spread if behaviour.flat else body).update(encode_property(slot, value, prior.get(slot.name)))
        elif not behaviour.required and behaviour.default is not None:
            body[slot.name] = behaviour.default
        elif behaviour.null:
            body[slot.name] = None
    return spread | body


def members_of(response: Any) -> Mapping[str, Any]:
    """The members of an object within a response; none where the portal sent something else in its place."""
    return response if isinstance(response, Mapping) else {}


def decode(slot: Slot, response: Any) -> Any:
    """One property of a response as a program writes it. Lenient: nothing in a response makes it fail."""
    return map_value(slot, response, _unwrapped, members=lambda shape, members, _: decode_members(shape, members))


def _unwrapped(at: Position, response: Any) -> Any:
    key = at.behaviour.wire_key
    return response.get(key) if key and isinstance(response, Mapping) else typed(response)


def decode_members(shape: Shape, response: Mapping[str, Any]) -> dict[str, Any]:
    """The declared members of an object in a response, without `None` and without those that are never returned."""
    return {
        slot.name: decode(slot, found)
        for slot in shape
        if (found := _found(shape, slot, response)) is not None
        and not slot.behaviour.write_only
        and not slot.behaviour.local
    }


def decode_property(shape: Shape, slot: Slot, response: Mapping[str, Any]) -> Any:
    """One property of an object in a response as a program writes it, `None` if the response does not contain it."""
    return decode(slot, _found(shape, slot, response))


def _found(shape: Shape, slot: Slot, response: Mapping[str, Any]) -> Any:
    """The part of a response that is one member: under its name, or, if it is flat, all that is undeclared."""
    if not slot.behaviour.flat:
        return response.get(slot.name)
    others = {other.name for other in shape} - {slot.name}
    rest = {name: value for name, value in response.items() if name not in others and value is not None}
    is_absent = not rest or (isinstance(slot.kind, OneOf) and rest.get("type") is None)
    return None if is_absent else rest


def without_write_only(shape: Shape, desired: Mapping[str, Any]) -> dict[str, Any]:
    """The desired members without those, at any depth, that the portal never returns."""
    members: dict[str, Any] = map_value(
        shape, desired, lambda _, value: value, keep=lambda slot, _: slot is None or not slot.behaviour.write_only
    )
    return members
