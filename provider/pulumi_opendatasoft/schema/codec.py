"""Between what a program asks and the API's JSON: references wrapped and unwrapped, defaults and nulls put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import same_text, typed
from .property import Behaviour
from .types import UNMANAGED, Kind, ListOf, MapOf, Object, OneOf, Shape, Slot


def sent(slot: Slot, asked: Any, before: Any = None) -> Any:
    """What the API is told for one property; `before` is what was asked last time, for what is sent only once."""
    return _sent(slot.kind, asked, before, slot.behaviour)


def _sent(kind: Kind, asked: Any, before: Any, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        return _sent(kind.pick(asked), asked, before, behaviour)
    if isinstance(kind, ListOf) and isinstance(asked, list):
        return [_sent(kind.item, item, None, behaviour) for item in asked]
    if isinstance(kind, MapOf) and isinstance(asked, Mapping):
        earlier = before if isinstance(before, Mapping) else {}
        return {name: _sent(kind.item, item, earlier.get(name), behaviour) for name, item in asked.items()}
    if isinstance(kind, Object) and isinstance(asked, Mapping):
        return sent_members(kind.shape, asked, before if isinstance(before, Mapping) else {})
    key = behaviour.wire_key
    return {key: asked} if key and asked is not None else asked


def references(slot: Slot, asked: Any) -> Iterator[tuple[str, str]]:
    """What a property's value refers to, at any depth: (`Group.uid`, an id)."""
    yield from _references(slot.kind, asked, slot.behaviour)


def _references(kind: Kind, asked: Any, behaviour: Behaviour) -> Iterator[tuple[str, str]]:
    if isinstance(kind, OneOf):
        yield from _references(kind.pick(asked), asked, behaviour)
    elif isinstance(kind, ListOf) and isinstance(asked, list):
        for item in asked:
            yield from _references(kind.item, item, behaviour)
    elif isinstance(kind, MapOf) and isinstance(asked, Mapping):
        for item in asked.values():
            yield from _references(kind.item, item, behaviour)
    elif isinstance(kind, Object) and isinstance(asked, Mapping):
        for member in kind.shape.settable:
            yield from _references(member.kind, asked.get(member.name), member.behaviour)
    elif behaviour.refers_to and isinstance(asked, str):
        yield behaviour.refers_to, asked


def sent_members(shape: Shape, asked: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A whole value: what was left out is the API's own neutral value, `null` where that means something."""
    body: dict[str, Any] = {}
    for slot in shape.settable:
        behaviour, value = slot.behaviour, asked.get(slot.name)
        used_up = behaviour.once and slot.name in before and same_text(before[slot.name], value)
        if behaviour.local or used_up or value == UNMANAGED:
            continue
        if value is not None:
            body[slot.name] = sent(slot, value, before.get(slot.name))
        elif not behaviour.required and behaviour.default is not None:
            body[slot.name] = behaviour.default
        elif behaviour.null:
            body[slot.name] = None
    return body


def told(slot: Slot, live: Any) -> Any:
    """What the portal said of one property, in a program's words. Lenient: nothing in an answer makes it fail."""
    return _told(slot.kind, live, slot.behaviour)


def _told(kind: Kind, live: Any, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        return _told(kind.pick(live), live, behaviour)
    if isinstance(kind, ListOf) and isinstance(live, list):
        return [_told(kind.item, item, behaviour) for item in live]
    if isinstance(kind, MapOf) and isinstance(live, Mapping):
        return {name: _told(kind.item, item, behaviour) for name, item in live.items()}
    if isinstance(kind, Object) and isinstance(live, Mapping):
        return told_members(kind.shape, live)
    key = behaviour.wire_key
    if key and isinstance(live, Mapping):
        return live.get(key)
    return typed(live)


def told_members(shape: Shape, live: Mapping[str, Any]) -> dict[str, Any]:
    """The declared members of an answer that say something; what is never told again is not among them."""
    return {
        slot.name: told(slot, live[slot.name])
        for slot in shape
        if live.get(slot.name) is not None and not slot.behaviour.write_only and not slot.behaviour.local
    }


def without_write_only(shape: Shape, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, less the members that the portal never tells."""
    return {
        name: _without_write_only(shape[name].kind, value) if name in shape else value
        for name, value in asked.items()
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
