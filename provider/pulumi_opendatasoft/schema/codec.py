"""Between what a program asks and the API's JSON: references wrapped and unwrapped, defaults and nulls put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import equal, typed
from .property import Behaviour
from .types import UNMANAGED, Kind, ListOf, MapOf, Object, OneOf, Shape, Slot


def encode(slot: Slot, desired: Any, prior: Any = None) -> Any:
    """What the API is told for one property; `before` is what was asked last time, for what is sent only once."""
    return _encode(slot.kind, desired, prior, slot.behaviour)


def _encode(kind: Kind, desired: Any, prior: Any, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        return _encode(kind.pick(desired), desired, prior, behaviour)
    if isinstance(kind, ListOf) and isinstance(desired, list):
        return [_encode(kind.item, item, None, behaviour) for item in desired]
    if isinstance(kind, MapOf) and isinstance(desired, Mapping):
        earlier = prior if isinstance(prior, Mapping) else {}
        return {name: _encode(kind.item, item, earlier.get(name), behaviour) for name, item in desired.items()}
    if isinstance(kind, Object) and isinstance(desired, Mapping):
        return encode_members(kind.shape, desired, prior if isinstance(prior, Mapping) else {})
    key = behaviour.wire_key
    return {key: desired} if key and desired is not None else desired


def references(slot: Slot, desired: Any) -> Iterator[tuple[str, str]]:
    """What a property's value refers to, at any depth: (`Group.uid`, an id)."""
    yield from _references(slot.kind, desired, slot.behaviour)


def _references(kind: Kind, desired: Any, behaviour: Behaviour) -> Iterator[tuple[str, str]]:
    if isinstance(kind, OneOf):
        yield from _references(kind.pick(desired), desired, behaviour)
    elif isinstance(kind, ListOf) and isinstance(desired, list):
        for item in desired:
            yield from _references(kind.item, item, behaviour)
    elif isinstance(kind, MapOf) and isinstance(desired, Mapping):
        for item in desired.values():
            yield from _references(kind.item, item, behaviour)
    elif isinstance(kind, Object) and isinstance(desired, Mapping):
        for member in kind.shape.settable:
            yield from _references(member.kind, desired.get(member.name), member.behaviour)
    elif behaviour.refers_to and isinstance(desired, str):
        yield behaviour.refers_to, desired


def encode_members(shape: Shape, desired: Mapping[str, Any], prior: Mapping[str, Any]) -> dict[str, Any]:
    """A whole value: what was left out is the API's own neutral value, `null` where that means something."""
    body: dict[str, Any] = {}
    for slot in shape.settable:
        behaviour, value = slot.behaviour, desired.get(slot.name)
        used_up = behaviour.once and slot.name in prior and equal(prior[slot.name], value)
        if behaviour.local or used_up or value == UNMANAGED:
            continue
        if value is not None:
            body[slot.name] = encode(slot, value, prior.get(slot.name))
        elif not behaviour.required and behaviour.default is not None:
            body[slot.name] = behaviour.default
        elif behaviour.null:
            body[slot.name] = None
    return body


def decode(slot: Slot, live: Any) -> Any:
    """What the portal said of one property, in a program's words. Lenient: nothing in an answer makes it fail."""
    return _decode(slot.kind, live, slot.behaviour)


def _decode(kind: Kind, live: Any, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        return _decode(kind.pick(live), live, behaviour)
    if isinstance(kind, ListOf) and isinstance(live, list):
        return [_decode(kind.item, item, behaviour) for item in live]
    if isinstance(kind, MapOf) and isinstance(live, Mapping):
        return {name: _decode(kind.item, item, behaviour) for name, item in live.items()}
    if isinstance(kind, Object) and isinstance(live, Mapping):
        return decode_members(kind.shape, live)
    key = behaviour.wire_key
    if key and isinstance(live, Mapping):
        return live.get(key)
    return typed(live)


def decode_members(shape: Shape, live: Mapping[str, Any]) -> dict[str, Any]:
    """The declared members of an answer that say something; what is never told again is not among them."""
    return {
        slot.name: decode(slot, live[slot.name])
        for slot in shape
        if live.get(slot.name) is not None and not slot.behaviour.write_only and not slot.behaviour.local
    }


def without_write_only(shape: Shape, desired: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, less the members that the portal never tells."""
    return {
        name: _without_write_only(shape[name].kind, value) if name in shape else value
        for name, value in desired.items()
        if not (name in shape and shape[name].behaviour.write_only)
    }


def _without_write_only(kind: Kind, value: Any) -> Any:
    if isinstance(kind, OneOf):
        return _without_write_only(kind.pick(value), value)
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_without_write_only(kind.item, item) for item in value]
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: _without_write_only(kind.item, item) for name, item in value.items()}
    if isinstance(kind, Object) and isinstance(value, Mapping):
        return without_write_only(kind.shape, value)
    return value
