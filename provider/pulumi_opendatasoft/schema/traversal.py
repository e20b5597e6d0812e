"""Walks over values of a declared type, and over types: unions, lists, mappings and objects are told apart here.

The policies of every walk over values:

- A union stands for the alternative that the value belongs to (the first value, where two are walked together).
- The items of a list and the entries of a mapping behave as their property does.
- The members of an object come in the order of its declaration. Keys that it does not declare are never walked: a copy
  has them as they are, after the others.
- Everything else is a leaf: scalars, JSON of any type, `None`, unknown values, a value of another form than its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any, NamedTuple

from .property import Behaviour
from .types import Kind, ListOf, MapOf, Object, OneOf, Shape, Slot

Path = tuple[str | int, ...]
"""The names and positions that lead to a value: `("fields", 3, "from_name")`."""


class Position(NamedTuple):
    """Where in a value a walk is: the type there, what the API does with it, and the path."""

    kind: Kind | Shape
    behaviour: Behaviour
    path: Path = ()

    @property
    def shape(self) -> Shape | None:
        """The members, if an object is there."""
        return self.kind.shape if isinstance(self.kind, Object) else self.kind if isinstance(self.kind, Shape) else None

    def part(self, key: str | int) -> Position:
        """The position of one item of the list or one entry of the mapping that is here."""
        assert isinstance(self.kind, ListOf | MapOf)
        return Position(self.kind.item, self.behaviour, (*self.path, key))

    def picked(self, value: Any) -> Position:
        """The same position with the alternative of a union that a value belongs to; else the position itself."""
        if not isinstance(self.kind, OneOf):
            return self
        return Position(self.kind.pick(value), self.behaviour, self.path)


Keep = Callable[[Slot | None, Any], bool]
"""Whether a member (its slot and value) or an entry of a mapping (no slot) is walked; if not, it is left out."""

Finish = Callable[[Position, Any], Any]
"""Returns the final form of a list, mapping or object whose parts have been walked."""

Members = Callable[[Shape, Mapping[str, Any], Mapping[str, Any]], Any]
"""Walks an object in the caller's own way, given its shape and the members of both values."""

_PLAIN = Behaviour(None)

_SCALARS = frozenset({str, int, float, bool, NoneType})
"""The types of most values, told apart quickly: none of them has parts."""

_MAPPINGS = (dict, Mapping)
"""The types of mappings, of which `dict` is told apart quickly, and nearly every value is one."""


def map_value(
    of: Slot | Shape,
    value: Any,
    leaf: Callable[[Position, Any], Any],
    *,
    keep: Keep = lambda slot, value: True,
    finish: Finish = lambda at, value: value,
    members: Members | None = None,
) -> Any:
    """Copy a value with other leaves.

    Args:
        of: The property that the value belongs to, or the shape whose members it maps to values.
        value: The value.
        leaf: Returns what stands in the copy for a leaf.
        keep: Says which members and entries are copied.
        finish: Returns the final form of each list, mapping and object of the copy.
        members: Walks objects instead of the walk described above.
    """
    return zip_values(of, value, None, lambda at, one, _: leaf(at, one), keep=keep, finish=finish, members=members)


def zip_values(
    of: Slot | Shape,
    one: Any,
    other: Any,
    leaf: Callable[[Position, Any, Any], Any],
    *,
    keep: Keep = lambda slot, value: True,
    finish: Finish = lambda at, value: value,
    members: Members | None = None,
    path: Path = (),
) -> Any:
    """Copy a value with leaves that depend on a second value of the same type.

    The copy has the form of the first value. A part of it is paired with the part of the second value that has the
    same name, or with `None`; the items of a list are always paired with `None`, for their order may be another.

    Args:
        of: The property that both belong to, or the shape whose members they map to values.
        one: The value that is copied.
        other: The value that it is paired with.
        leaf: Returns what stands in the copy for a leaf of the first value and its partner.
        keep: Says which members and entries are copied.
        finish: Returns the final form of each list, mapping and object of the copy.
        members: Walks objects instead of the walk described above.
        path: Where the values are.
    """

    def walk(at: Position, one: Any, other: Any) -> Any:
        if isinstance(at.kind, OneOf):
            at = at.picked(one)
        if type(one) in _SCALARS:
            return leaf(at, one, other)
        partner = other if isinstance(other, _MAPPINGS) else {}
        if members and isinstance(at.kind, Object) and isinstance(one, _MAPPINGS):
            return members(at.kind.shape, one, partner)
        parts = _parts(at, one, keep)
        if parts is None:
            return leaf(at, one, other)
        if isinstance(at.kind, ListOf):
            return finish(at, [walk(inner, value, None) for inner, value in parts])
        walked = {(name := inner.path[-1]): walk(inner, value, partner.get(name)) for inner, value in parts}
        shape = at.shape
        if shape is not None and not one.keys() <= shape.slots.keys():
            walked |= {name: value for name, value in one.items() if name not in shape.slots}
        return finish(at, walked)

    return walk(_start(of, path), one, other)


def iter_leaves(of: Slot | Shape, value: Any, path: Path = ()) -> Iterator[tuple[Position, Any]]:
    """Every leaf of a value with its position, in the order of the walk.

    Args:
        of: The property that the value belongs to, or the shape whose members it maps to values.
        value: The value.
        path: Where it is.
    """
    parts = [(_start(of, path), value)]
    while parts:
        at, part = parts.pop()
        at = at.picked(part)
        inner = _parts(at, part, lambda slot, value: True)
        if inner is None:
            yield at, part
        parts += reversed(inner or [])


def _start(of: Slot | Shape, path: Path) -> Position:
    return Position(of, _PLAIN, path) if isinstance(of, Shape) else Position(of.kind, of.behaviour, path)


def _parts(at: Position, value: Any, keep: Keep) -> list[tuple[Position, Any]] | None:
    """The items, entries or members of a value with their positions; `None` for a leaf."""
    if type(value) in _SCALARS:
        return None
    if isinstance(value, list | tuple):
        return [(at.part(number), item) for number, item in enumerate(value)] if isinstance(at.kind, ListOf) else None
    if not isinstance(value, _MAPPINGS):
        return None
    if isinstance(at.kind, MapOf):
        return [(at.part(name), item) for name, item in value.items() if keep(None, item)]
    shape, path = at.shape, at.path
    if shape is not None:
        return [
            (Position(slot.kind, slot.behaviour, (*path, name)), value[name])
            for name, slot in shape.slots.items()
            if name in value and keep(slot, value[name])
        ]
    return None


def iter_slots(of: Kind | Shape) -> Iterator[Slot]:
    """Every member that values of a type can have, at any depth and of every alternative of a union."""
    if isinstance(of, OneOf):
        for alternative in (*of.tagged.values(), of.open, of.listed):
            yield from iter_slots(alternative) if alternative else ()
    elif isinstance(of, ListOf | MapOf):
        yield from iter_slots(of.item)
    elif isinstance(of, Object | Shape):
        for slot in of.shape if isinstance(of, Object) else of:
            yield slot
            yield from iter_slots(slot.kind)
