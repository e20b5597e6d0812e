"""When two things are the same: what the program asks now and before, and what it asked and the portal tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import traversal
from .canonical import as_set, equal, fingerprint, is_known
from .property import Behaviour
from .types import UNKNOWN, UNMANAGED, Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot
from .validation import format_path

Path = traversal.Path

# ---------------------------------------------------------------- program and program


def same(slot: Slot, prior: Any, after: Any) -> bool:
    """Whether the program asks the same as before. An unknown is not: it will be known only later."""
    return equal(_essence(slot, prior), _essence(slot, after))


def _essence(slot: Slot, value: Any) -> Any:
    """A value without the members that are local (a file's path) and those that are not managed."""

    def counts(member: Slot | None, value: Any) -> bool:
        return value != UNMANAGED and not (member and member.behaviour.local)

    return traversal.map_value(slot, value, lambda _, value: value, keep=counts)


def immutable_changes(shape: Shape, prior: Mapping[str, Any], desired: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the properties whose change replaces the resource: each is immutable, or a member inside it is.

    No change is what was not managed before or is not any more, and what is not known yet.
    """
    return tuple(slot.name for slot in shape.settable if _replaces(slot, prior.get(slot.name), desired.get(slot.name)))


def _replaces(slot: Slot, prior: Any, desired: Any) -> bool:
    if any(value is None or value == UNMANAGED for value in (prior, desired)):
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


# ---------------------------------------------------------------- program and portal


def matches(slot: Slot, desired: Any, actual: Any) -> bool:
    """Whether the portal has what was asked, as far as it tells."""
    behaviour = slot.behaviour
    if behaviour.local or behaviour.write_only or behaviour.volatile or desired == UNMANAGED:
        return True
    return _matches(slot.kind, desired, actual, behaviour)


def _matches(kind: Kind, desired: Any, actual: Any, behaviour: Behaviour) -> bool:
    if desired is UNKNOWN:
        return False
    if isinstance(kind, OneOf):
        return kind.pick(desired) == kind.pick(actual) and _matches(kind.pick(desired), desired, actual, behaviour)
    if isinstance(kind, ListOf) and isinstance(desired, list):
        if behaviour.null and actual is None:
            return False  # nothing given and an empty list are two things there
        return _list_matches(kind, desired, actual if isinstance(actual, list) else [], behaviour)
    if isinstance(kind, MapOf) and isinstance(desired, Mapping):
        there = actual if isinstance(actual, Mapping) else {}
        extra = set(there) - set(desired)
        return (behaviour.open or not extra) and all(
            _matches(kind.item, item, there.get(name), behaviour) for name, item in desired.items()
        )
    if isinstance(kind, Object) and isinstance(desired, Mapping):
        there = actual if isinstance(actual, Mapping) else {}
        return all(
            matches(slot, desired[slot.name], there.get(slot.name))
            if slot.name in desired
            else _is_neutral(slot, there.get(slot.name))
            for slot in kind.shape.settable
        )
    if isinstance(kind, Anything) and behaviour.open:
        return _open_matches(desired, actual)
    return equal(desired, actual) or (_is_empty(desired) and _is_empty(actual))


def _list_matches(kind: ListOf, desired: list[Any], actual: list[Any], behaviour: Behaviour) -> bool:
    if len(desired) != len(actual):
        return False
    if behaviour.unordered and isinstance(kind.item, Scalar):
        return equal(as_set(desired), as_set(actual))
    if behaviour.unordered:
        return all(any(_matches(kind.item, item, there, behaviour) for there in actual) for item in desired)
    return all(_matches(kind.item, item, there, behaviour) for item, there in zip(desired, actual, strict=True))


def _open_matches(desired: Any, actual: Any) -> bool:
    """Only the named keys count, at any depth: what else the portal answers is its own default."""
    if isinstance(desired, Mapping):
        there = actual if isinstance(actual, Mapping) else {}
        return all(_open_matches(value, there.get(name)) for name, value in desired.items())
    if isinstance(desired, list) and isinstance(actual, list):
        return len(desired) == len(actual) and all(map(_open_matches, desired, actual))
    return equal(desired, actual)


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _is_neutral(slot: Slot, actual: Any) -> bool:
    """Whether what the portal tells of a member that was left out is what leaving out means."""
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


# ---------------------------------------------------------------- what a read reports


def report(slot: Slot, desired: Any, actual: Any, seen: Mapping[str, str], path: Path) -> Any:
    """What the state says after a look at the portal: what was asked where it holds, else what the portal tells.

    A `normalised` value whose told form is the one `seen` right after our write is as it was asked.
    """
    if slot.behaviour.normalised and seen.get(format_path(path)) == fingerprint(actual):
        return desired
    if matches(slot, desired, actual):
        return desired
    return _report(slot.kind, desired, actual, seen, path, slot.behaviour)


def _report(kind: Kind, desired: Any, actual: Any, seen: Mapping[str, str], path: Path, behaviour: Behaviour) -> Any:
    if isinstance(kind, OneOf):
        alike = kind.pick(desired) == kind.pick(actual)
        return _report(kind.pick(desired), desired, actual, seen, path, behaviour) if alike else actual
    if isinstance(kind, ListOf) and isinstance(desired, list) and isinstance(actual, list):
        return _report_list(kind, desired, actual, seen, path, behaviour)
    if isinstance(desired, Mapping) and isinstance(actual, Mapping):
        if isinstance(kind, MapOf):
            names = desired if behaviour.open else actual
            return {
                name: _report_item(kind.item, desired.get(name), actual[name], seen, (*path, name), behaviour)
                for name in names
                if name in actual
            }
        if isinstance(kind, Object):
            return _report_members(kind, desired, actual, seen, path)
        if behaviour.open:
            return {name: actual[name] for name in desired if actual.get(name) is not None}
    return actual


def _report_list(
    kind: ListOf, desired: list[Any], actual: list[Any], seen: Mapping[str, str], path: Path, behaviour: Behaviour
) -> list[Any]:
    """What holds somewhere is as it was asked; of what else stands in its place only what differs is told."""
    beside = desired if len(desired) == len(actual) and not behaviour.unordered else [None] * len(actual)
    items = []
    for place, there in enumerate(actual):
        nearest_first = (*desired[place:], *desired[:place])
        own = next((item for item in nearest_first if _matches(kind.item, item, there, behaviour)), beside[place])
        items.append(_report_item(kind.item, own, there, seen, (*path, place), behaviour))
    return as_set(items) if behaviour.unordered else items


def _report_item(
    kind: Kind, desired: Any, actual: Any, seen: Mapping[str, str], path: Path, behaviour: Behaviour
) -> Any:
    if desired is None:
        return actual
    return (
        desired if _matches(kind, desired, actual, behaviour) else _report(kind, desired, actual, seen, path, behaviour)
    )


def _report_members(
    kind: Object, desired: Mapping[str, Any], actual: Mapping[str, Any], seen: Mapping[str, str], path: Path
) -> dict[str, Any]:
    members = {}
    for slot in kind.shape.settable:
        there = actual.get(slot.name)
        if slot.name in desired:
            value = report(slot, desired[slot.name], there, seen, (*path, slot.name))
        else:
            value = None if _is_neutral(slot, there) else there
        if value is not None:
            members[slot.name] = value
    return members


def fingerprints_of(slot: Slot, desired: Any, actual: Any, path: Path) -> dict[str, str]:
    """Fingerprints of what the portal made of normalised values, by path, from an answer to our own write.

    A value that the answer leaves out was made into nothing: as long as it stays so, there is no difference.
    """
    if desired is None or slot.behaviour.secret:
        return {}
    if slot.behaviour.normalised:
        return {} if _matches(slot.kind, desired, actual, slot.behaviour) else {format_path(path): fingerprint(actual)}
    return _fingerprints_inside(slot.kind, desired, actual, path)


def _fingerprints_inside(kind: Kind, desired: Any, actual: Any, path: Path) -> dict[str, str]:
    if isinstance(kind, OneOf):
        return _fingerprints_inside(kind.pick(desired), desired, actual, path)
    found: dict[str, str] = {}
    if isinstance(desired, Mapping) and isinstance(actual, Mapping):
        if isinstance(kind, Object):
            for slot in kind.shape.settable:
                found |= fingerprints_of(slot, desired.get(slot.name), actual.get(slot.name), (*path, slot.name))
        if isinstance(kind, MapOf):
            for name in desired:
                found |= _fingerprints_inside(kind.item, desired[name], actual.get(name), (*path, name))
    return found
