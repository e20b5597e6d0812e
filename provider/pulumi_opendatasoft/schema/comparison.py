"""Compares desired values with prior and with actual ones, and makes the values that the state has after a read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import traversal
from .canonical import as_set, equal, fingerprint, is_known
from .failure import format_path
from .traversal import Position
from .types import UNKNOWN, UNMANAGED, Anything, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot

Path = traversal.Path

# ---------------------------------------------------------------- desired and prior


def same(slot: Slot, prior: Any, desired: Any) -> bool:
    """Whether the program's value is the one that the state has. An unknown value never is."""
    return equal(prior, desired) or equal(_compared(slot, prior), _compared(slot, desired))


def _compared(slot: Slot, value: Any) -> Any:
    """A value without the members that are not compared: those that are local (a file's path) or not managed."""

    def is_compared(member: Slot | None, value: Any) -> bool:
        return value != UNMANAGED and not (member and member.behaviour.local)

    return traversal.map_value(slot, value, lambda _, value: value, keep=is_compared)


def immutable_changes(shape: Shape, prior: Mapping[str, Any], desired: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the properties whose change replaces the resource: each is immutable, or a member inside it is.

    To begin or to stop managing something never replaces, nor does a value that is not known yet.
    """
    return tuple(slot.name for slot in shape.settable if _replaces(slot, prior.get(slot.name), desired.get(slot.name)))


def _replaces(slot: Slot, prior: Any, desired: Any) -> bool:
    if any(value is None or value == UNMANAGED for value in (prior, desired)) or equal(prior, desired):
        return False
    if slot.behaviour.immutable:
        return is_known(desired) and not same(slot, prior, desired)
    changes: list[str] = []
    traversal.zip_values(
        slot,
        desired,
        prior,
        lambda *_: None,
        members=lambda shape, desired, prior: changes.extend(immutable_changes(shape, prior, desired)),
    )
    return bool(changes)


# ---------------------------------------------------------------- desired and actual


def matches(slot: Slot, desired: Any, actual: Any) -> bool:
    """Whether the portal has a desired value, as far as it returns it."""
    behaviour = slot.behaviour
    if behaviour.local or behaviour.write_only or behaviour.volatile or desired == UNMANAGED:
        return True
    return _matches(Position(slot.kind, behaviour), desired, actual)


def _matches(at: Position, desired: Any, actual: Any) -> bool:
    kind, behaviour = at.kind, at.behaviour
    if desired is UNKNOWN:
        return False
    if isinstance(kind, OneOf):
        actual = kind.like(desired, actual)
        return kind.pick(desired) == kind.pick(actual) and _matches(at.picked(desired), desired, actual)
    if isinstance(kind, ListOf) and isinstance(desired, list):
        if behaviour.null and actual is None:
            return False  # `null` and an empty list mean two things there
        return _list_matches(at, desired, actual if isinstance(actual, list) else [])
    existing = actual if isinstance(actual, Mapping) else {}
    if isinstance(kind, MapOf) and isinstance(desired, Mapping):
        is_complete = behaviour.open or not existing.keys() - desired.keys()
        return is_complete and all(_matches(at.part(n), item, existing.get(n)) for n, item in desired.items())
    if isinstance(kind, Object) and isinstance(desired, Mapping):
        return all(
            matches(slot, desired[slot.name], existing.get(slot.name))
            if slot.name in desired
            else _is_neutral(slot, existing.get(slot.name))
            for slot in kind.shape.settable
        )
    if isinstance(kind, Anything) and behaviour.open:
        return _open_matches(desired, actual)
    return equal(desired, actual) or (_is_empty(desired) and _is_empty(actual))


def _list_matches(at: Position, desired: list[Any], actual: list[Any]) -> bool:
    if len(desired) != len(actual):
        return False
    inner = at.part(0)
    if at.behaviour.unordered and isinstance(inner.kind, Scalar):
        return equal(as_set(desired), as_set(actual))
    if at.behaviour.unordered:
        return all(any(_matches(inner, item, existing) for existing in actual) for item in desired)
    return all(_matches(inner, item, existing) for item, existing in zip(desired, actual, strict=True))


def _open_matches(desired: Any, actual: Any) -> bool:
    """Whether the portal has the named keys, at any depth; the others that it returns are its own defaults."""
    if isinstance(desired, Mapping):
        existing = actual if isinstance(actual, Mapping) else {}
        return all(_open_matches(value, existing.get(name)) for name, value in desired.items())
    if isinstance(desired, list) and isinstance(actual, list):
        return len(desired) == len(actual) and all(map(_open_matches, desired, actual))
    return equal(desired, actual)


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _is_neutral(slot: Slot, actual: Any) -> bool:
    """Whether an actual value is what leaving the member out stands for."""
    behaviour = slot.behaviour
    if behaviour.loose or behaviour.local or behaviour.write_only or behaviour.volatile or actual is None:
        return True
    if behaviour.null and isinstance(slot.kind, ListOf):
        return False
    if _is_empty(actual):
        return True
    if isinstance(slot.kind, Object) and isinstance(actual, Mapping):
        return all(_is_neutral(inner, actual.get(inner.name)) for inner in slot.kind.shape.settable)
    return not behaviour.required and equal(behaviour.default, actual)


# ---------------------------------------------------------------- the state after a read


def report(slot: Slot, desired: Any, actual: Any, fingerprints: Mapping[str, str], path: Path) -> Any:
    """The value that the state has after a read: the desired one as far as the portal has it, else the actual one.

    Args:
        slot: The property or member.
        desired: The value of the program, or the one that the state had before the read.
        actual: The value on the portal, decoded.
        fingerprints: By path, the hash of what the portal made of a `normalised` value when it was written. As long
            as the portal has that, the value is the desired one.
        path: Where the value is.
    """
    if slot.behaviour.normalised:
        if fingerprints.get(format_path(path)) == fingerprint(actual):
            return desired
        actual = _with_known_entries(desired, actual, fingerprints, path)
    if matches(slot, desired, actual):
        return desired
    return _report(Position(slot.kind, slot.behaviour, path), desired, actual, fingerprints)


def _with_known_entries(desired: Any, actual: Any, fingerprints: Mapping[str, str], path: Path) -> Any:
    """An actual mapping in which each entry is the desired one that the portal still has as it once made it.

    Args:
        desired: The desired mapping.
        actual: The actual one; any other value is returned as it is.
        fingerprints: By path, the hash of what the portal made of an entry.
        path: Where the mapping is.
    """
    if not isinstance(desired, Mapping) or not isinstance(actual, Mapping):
        return actual
    marks = {name: fingerprints.get(format_path((*path, name))) for name in desired}
    known = {name: desired[name] for name, mark in marks.items() if mark == fingerprint(actual.get(name))}
    return {**actual, **known} if known else actual


def _report(at: Position, desired: Any, actual: Any, fingerprints: Mapping[str, str]) -> Any:
    kind = at.kind
    if isinstance(kind, OneOf):
        actual = kind.like(desired, actual)
        is_alike = kind.pick(desired) == kind.pick(actual)
        return _report(at.picked(desired), desired, actual, fingerprints) if is_alike else actual
    if isinstance(kind, ListOf) and isinstance(desired, list) and isinstance(actual, list):
        return _report_list(at, desired, actual, fingerprints)
    if isinstance(desired, Mapping) and isinstance(actual, Mapping):
        if isinstance(kind, MapOf):
            names = [name for name in (desired if at.behaviour.open else actual) if name in actual]
            return {n: _report_part(at.part(n), desired.get(n), actual[n], fingerprints) for n in names}
        if isinstance(kind, Object):
            return _report_members(at, kind.shape, desired, actual, fingerprints)
        if at.behaviour.open:
            return {name: actual[name] for name in desired if actual.get(name) is not None}
    return actual


def _report_part(at: Position, desired: Any, actual: Any, fingerprints: Mapping[str, str]) -> Any:
    if desired is None:
        return actual
    return desired if _matches(at, desired, actual) else _report(at, desired, actual, fingerprints)


def _report_list(at: Position, desired: list[Any], actual: list[Any], fingerprints: Mapping[str, str]) -> list[Any]:
    """An item that matches a desired one, wherever that is, is reported as desired; another one is compared with the
    desired item at its position, if the lists are equally long and ordered."""
    beside = desired if len(desired) == len(actual) and not at.behaviour.unordered else [None] * len(actual)
    items = []
    for number, item in enumerate(actual):
        inner, nearest_first = at.part(number), (*desired[number:], *desired[:number])
        own = next((one for one in nearest_first if _matches(inner, one, item)), beside[number])
        items.append(_report_part(inner, own, item, fingerprints))
    return as_set(items) if at.behaviour.unordered else items


def _report_members(
    at: Position, shape: Shape, desired: Mapping[str, Any], actual: Mapping[str, Any], fingerprints: Mapping[str, str]
) -> dict[str, Any]:
    members = {}
    for slot in shape.settable:
        value = actual.get(slot.name)
        if slot.name in desired:
            members[slot.name] = report(slot, desired[slot.name], value, fingerprints, (*at.path, slot.name))
        elif not _is_neutral(slot, value):
            members[slot.name] = value
    return {name: value for name, value in members.items() if value is not None}


def fingerprints_of(slot: Slot, desired: Any, actual: Any, path: Path) -> dict[str, str]:
    """Hashes, by path, of what the portal made of each `normalised` value in a write of ours.

    Args:
        slot: The property or member.
        desired: The value that was written.
        actual: The value in the response to that write, decoded. One that the response does not contain was made
            into nothing, and is no difference as long as it stays so.
        path: Where the value is.
    """
    if desired is None or slot.behaviour.secret:
        return {}
    at = Position(slot.kind, slot.behaviour, path)
    if slot.behaviour.normalised:
        return {} if _matches(at, desired, actual) else _fingerprints_of_rewritten(at, desired, actual)
    return _fingerprints_inside(at.picked(desired), desired, actual)


def _fingerprints_of_rewritten(at: Position, desired: Any, actual: Any) -> dict[str, str]:
    """The hash of a value that the portal rewrote; of a mapping that it kept, those of its rewritten entries."""
    is_kept = isinstance(at.kind, MapOf) and not at.behaviour.open
    if is_kept and isinstance(desired, Mapping) and isinstance(actual, Mapping) and actual.keys() <= desired.keys():
        return {
            format_path((*at.path, name)): fingerprint(actual.get(name))
            for name, item in desired.items()
            if not _matches(at.part(name), item, actual.get(name))
        }
    return {format_path(at.path): fingerprint(actual)}


def _fingerprints_inside(at: Position, desired: Any, actual: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(desired, Mapping) and isinstance(actual, Mapping):
        for slot in at.shape.settable if at.shape else ():
            found |= fingerprints_of(slot, desired.get(slot.name), actual.get(slot.name), (*at.path, slot.name))
        for name in desired if isinstance(at.kind, MapOf) else ():
            found |= _fingerprints_inside(at.part(name).picked(desired[name]), desired[name], actual.get(name))
    return found
