"""When two things are the same: what the program asks now and before, and what it asked and the portal tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .canonical import as_set, fingerprint, same_text
from .property import Behaviour
from .types import UNKNOWN, UNMANAGED, Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Slot
from .validation import dotted

Path = tuple[str | int, ...]


# ---------------------------------------------------------------- program and program


def same(slot: Slot, before: Any, after: Any) -> bool:
    """Whether the program asks the same as before. An unknown is not: it will be known only later."""
    return same_text(_essence(slot.kind, before), _essence(slot.kind, after))


def _essence(kind: Kind, value: Any) -> Any:
    """What counts: without the members that are local (a file's path) and those that were let go of."""
    if isinstance(kind, OneOf):
        return _essence(kind.pick(value), value)
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_essence(kind.item, item) for item in value]
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: _essence(kind.item, item) for name, item in value.items() if item != UNMANAGED}
    if isinstance(kind, Object) and isinstance(value, Mapping):
        return {
            name: _essence(kind.shape[name].kind, item) if name in kind.shape else item
            for name, item in value.items()
            if item != UNMANAGED and not (name in kind.shape and kind.shape[name].behaviour.local)
        }
    return value


# ---------------------------------------------------------------- program and portal


def holds(slot: Slot, asked: Any, told: Any) -> bool:
    """Whether the portal has what was asked, as far as it tells."""
    behaviour = slot.behaviour
    if behaviour.local or behaviour.write_only or behaviour.volatile or asked == UNMANAGED:
        return True
    return _holds(slot.kind, asked, told, behaviour)


def _holds(kind: Kind, asked: Any, told: Any, behaviour: Behaviour) -> bool:
    if asked is UNKNOWN:
        return False
    if isinstance(kind, OneOf):
        return kind.pick(asked) == kind.pick(told) and _holds(kind.pick(asked), asked, told, behaviour)
    if isinstance(kind, ListOf) and isinstance(asked, list):
        if behaviour.null and told is None:
            return False  # nothing given and an empty list are two things there
        return _list_holds(kind, asked, told if isinstance(told, list) else [], behaviour)
    if isinstance(kind, MapOf) and isinstance(asked, Mapping):
        there = told if isinstance(told, Mapping) else {}
        extra = set(there) - set(asked)
        return (behaviour.open or not extra) and all(
            _holds(kind.item, item, there.get(name), behaviour) for name, item in asked.items()
        )
    if isinstance(kind, Object) and isinstance(asked, Mapping):
        there = told if isinstance(told, Mapping) else {}
        return all(
            holds(slot, asked[slot.name], there.get(slot.name))
            if slot.name in asked
            else _is_neutral(slot, there.get(slot.name))
            for slot in kind.shape.settable
        )
    if isinstance(kind, Anything) and behaviour.open:
        return _open_holds(asked, told)
    return same_text(asked, told) or (_is_empty(asked) and _is_empty(told))


def _list_holds(kind: ListOf, asked: list[Any], told: list[Any], behaviour: Behaviour) -> bool:
    if len(asked) != len(told):
        return False
    if behaviour.unordered and isinstance(kind.item, Scalar):
        return same_text(as_set(asked), as_set(told))
    if behaviour.unordered:
        return all(any(_holds(kind.item, item, there, behaviour) for there in told) for item in asked)
    return all(_holds(kind.item, item, there, behaviour) for item, there in zip(asked, told, strict=True))


def _open_holds(asked: Any, told: Any) -> bool:
    """Only the named keys count, at any depth: what else the portal answers is its own default."""
    if isinstance(asked, Mapping):
        there = told if isinstance(told, Mapping) else {}
        return all(_open_holds(value, there.get(name)) for name, value in asked.items())
    if isinstance(asked, list) and isinstance(told, list):
        return len(asked) == len(told) and all(map(_open_holds, asked, told))
    return same_text(asked, told)


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _is_neutral(slot: Slot, told: Any) -> bool:
    """Whether what the portal tells of a member that was left out is what leaving out means."""
    behaviour = slot.behaviour
    if behaviour.loose or behaviour.local or behaviour.write_only or behaviour.volatile or told is None:
        return True
    if behaviour.null and isinstance(slot.kind, ListOf):
        return False
    if _is_empty(told):
        return True
    if isinstance(slot.kind, Object) and isinstance(told, Mapping):
        return all(_is_neutral(inner, told.get(inner.name)) for inner in slot.kind.shape.settable)
    return not behaviour.required and same_text(behaviour.default, told)


# ---------------------------------------------------------------- what a read reports


def reported(slot: Slot, asked: Any, told: Any, seen: Mapping[str, str], path: Path) -> Any:
    """What the state says after a look at the portal: what was asked where it holds, else what the portal tells.

    A `normalised` value whose told form is the one `seen` right after our write is as it was asked.
    """
    if slot.behaviour.normalised and seen.get(dotted(path)) == fingerprint(told):
        return asked
    if holds(slot, asked, told):
        return asked
    return _reported(slot.kind, asked, told, seen, path, slot.behaviour)


def _reported(kind: Kind, asked: Any, told: Any, seen: Mapping[str, str], path: Path, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        alike = kind.pick(asked) == kind.pick(told)
        return _reported(kind.pick(asked), asked, told, seen, path, behaviour) if alike else told
    if isinstance(kind, ListOf) and isinstance(asked, list) and isinstance(told, list):
        return _report_list(kind, asked, told, seen, path, behaviour)
    if isinstance(asked, Mapping) and isinstance(told, Mapping):
        if isinstance(kind, MapOf):
            names = asked if behaviour.open else told
            return {
                name: _report_item(kind.item, asked.get(name), told[name], seen, (*path, name), behaviour)
                for name in names
                if name in told
            }
        if isinstance(kind, Object):
            return _report_members(kind, asked, told, seen, path)
        if behaviour.open:
            return {name: told[name] for name in asked if told.get(name) is not None}
    return told


def _report_list(
    kind: ListOf, asked: list[Any], told: list[Any], seen: Mapping[str, str], path: Path, behaviour: Behaviour
) -> list[Any]:
    """What holds somewhere is as it was asked; of what else stands in its place only what differs is told."""
    beside = asked if len(asked) == len(told) and not behaviour.unordered else [None] * len(told)
    items = []
    for place, there in enumerate(told):
        nearest_first = (*asked[place:], *asked[:place])
        own = next((item for item in nearest_first if _holds(kind.item, item, there, behaviour)), beside[place])
        items.append(_report_item(kind.item, own, there, seen, (*path, place), behaviour))
    return as_set(items) if behaviour.unordered else items


def _report_item(kind: Kind, asked: Any, told: Any, seen: Mapping[str, str], path: Path, behaviour: Behaviour) -> Any:
    if asked is None:
        return told
    return asked if _holds(kind, asked, told, behaviour) else _reported(kind, asked, told, seen, path, behaviour)


def _report_members(
    kind: Object, asked: Mapping[str, Any], told: Mapping[str, Any], seen: Mapping[str, str], path: Path
) -> dict[str, Any]:
    members = {}
    for slot in kind.shape.settable:
        there = told.get(slot.name)
        if slot.name in asked:
            value = reported(slot, asked[slot.name], there, seen, (*path, slot.name))
        else:
            value = None if _is_neutral(slot, there) else there
        if value is not None:
            members[slot.name] = value
    return members


def seen(slot: Slot, asked: Any, told: Any, path: Path) -> dict[str, str]:
    """Fingerprints of what the portal made of normalised values, by path, from an answer to our own write.

    A value that the answer leaves out was made into nothing: as long as it stays so, there is no difference.
    """
    if asked is None or slot.behaviour.secret:
        return {}
    if slot.behaviour.normalised:
        return {} if _holds(slot.kind, asked, told, slot.behaviour) else {dotted(path): fingerprint(told)}
    return _seen_inside(slot.kind, asked, told, path)


def _seen_inside(kind: Kind, asked: Any, told: Any, path: Path) -> dict[str, str]:
    if isinstance(kind, OneOf):
        return _seen_inside(kind.pick(asked), asked, told, path)
    found: dict[str, str] = {}
    if isinstance(asked, Mapping) and isinstance(told, Mapping):
        if isinstance(kind, Object):
            for slot in kind.shape.settable:
                found |= seen(slot, asked.get(slot.name), told.get(slot.name), (*path, slot.name))
        if isinstance(kind, MapOf):
            for name in asked:
                found |= _seen_inside(kind.item, asked[name], told.get(name), (*path, name))
    return found
