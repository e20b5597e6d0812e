"""The types of declared properties, the shape of declared objects, and how both are read from annotations."""

from __future__ import annotations

import functools
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from .property import Behaviour


class _Unknown:
    """A value that the engine does not know yet; it can be at any depth of another value."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = _Unknown()
"""In a preview, the value that is known only after other resources have been created."""

UNMANAGED: Any = "opendatasoft:unmanaged"
"""Stops managing a metadata field: the portal's value stays as it is and is no longer compared."""


class Declared:
    """The base of the classes of declared values. (`program.value.Value` is the only subclass.)"""

    @classmethod
    def shape(cls) -> Shape:
        """The members of the value."""
        raise NotImplementedError


class StandIn(Declared):
    """The base of the classes of values that stand for a text: a state contains the hash of it, the API the text."""

    @classmethod
    def of(cls, text: str) -> dict[str, Any]:
        """The members that stand for a text of the portal."""
        raise NotImplementedError

    @classmethod
    def hash_in(cls, members: Mapping[str, Any]) -> str:
        """The hash of the text that the members stand for."""
        raise NotImplementedError

    @classmethod
    def read(cls, members: Mapping[str, Any], folder: Path) -> str:
        """The text that the members stand for. Raises `ResourceError` where it can no longer be read.

        `folder` is the program's, in which relative paths start.
        """
        raise NotImplementedError


class Container:
    """The base of what annotates a property or member: a container for one value, a list or a mapping."""

    container: ClassVar[Literal["one", "list", "map"]]


# ---------------------------------------------------------------- kinds


@dataclass(frozen=True)
class Scalar:
    """A string, a number or a boolean; `choices` closes the list of its values (the tag of a union)."""

    types: tuple[type, ...]
    choices: tuple[Any, ...] = ()
    known: tuple[str, ...] = ()
    """The values that editors suggest, where the portal may accept others."""


@dataclass(frozen=True)
class Anything:
    """Any JSON."""


@dataclass(frozen=True)
class ListOf:
    """A list; its order matters unless its behaviour is `unordered`."""

    item: Kind


@dataclass(frozen=True)
class MapOf:
    """A mapping from names to values of one kind."""

    item: Kind


@dataclass(frozen=True)
class Object:
    """A declared value, with its class, so that a program reads an instance of the class that it wrote."""

    cls: type[Declared]

    @functools.cached_property
    def shape(self) -> Shape:
        """The members of the value."""
        return self.cls.shape()


@dataclass(frozen=True)
class OneOf:
    """One of several declared values, told apart by `type`, or a plain value.

    `open` is the alternative for every `type` that is not among the tagged ones: a portal may have more of them.
    """

    tagged: Mapping[str, Object] = field(hash=False)  # a dict, which has no hash
    open: Object | None = None
    plain: Scalar | None = None
    listed: ListOf | None = None

    def like(self, desired: Any, actual: Any) -> Any:
        """An actual value in the form of a desired one: a text as its hash, where a hash stands for the desired one."""
        stand_in = stand_in_of(self.pick(desired))
        return stand_in.of(actual) if stand_in and isinstance(actual, str) else actual

    def pick(self, value: Any) -> Object | Scalar | ListOf | Anything:
        """The alternative that a value belongs to; `Anything` if none is declared for it."""
        if isinstance(value, list | tuple):
            return self.listed or Anything()
        if not isinstance(value, Mapping):
            return self.plain or Anything()
        tag = value.get("type")
        if tag is UNKNOWN:
            return Anything()
        return self.tagged.get(str(tag)) or self.open or Anything()


def stand_in_of(kind: object) -> type[StandIn] | None:
    """The class of a type of values that stand for a text; None for any other type."""
    return kind.cls if isinstance(kind, Object) and issubclass(kind.cls, StandIn) else None


Kind = Scalar | Anything | ListOf | MapOf | Object | OneOf


@dataclass(frozen=True)
class Slot:
    """One property or member: its name, type and behaviour."""

    name: str
    kind: Kind
    behaviour: Behaviour

    @property
    def is_managed(self) -> bool:
        """Whether it is something on the portal, and does not only control the provider."""
        return not self.behaviour.local


@dataclass(frozen=True, eq=False)
class Shape:
    """A declared object: its name and its members, in the order of the declaration."""

    name: str
    slots: Mapping[str, Slot] = field(default_factory=dict)
    others: str = ""
    """Where that belongs which has no member here, for the message about an unknown one."""

    def __post_init__(self) -> None:
        for slot in self:
            where = f"{self.name}.{slot.name}"
            if slot.behaviour.flat and not isinstance(slot.kind, Object | OneOf | MapOf):
                raise TypeError(f"{where} cannot lie flat: it is neither an object nor a mapping")
            if slot.behaviour.flat and (taken := _names_inside(slot.kind) & (self.slots.keys() - {slot.name})):
                raise TypeError(f"{where} lies flat beside members of the same name: {sorted(taken)}")

    def __iter__(self) -> Iterator[Slot]:
        return iter(self.slots.values())

    def __getitem__(self, name: str) -> Slot:
        return self.slots[name]

    def __contains__(self, name: object) -> bool:
        return name in self.slots

    @functools.cached_property
    def settable(self) -> tuple[Slot, ...]:
        """The members that a program can set."""
        return tuple(s for s in self if not s.behaviour.computed)

    @functools.cached_property
    def computed(self) -> tuple[Slot, ...]:
        """The members that only the portal sets."""
        return tuple(s for s in self if s.behaviour.computed)

    @functools.cached_property
    def id_name(self) -> str | None:
        """The computed property that is the resource's id, if one is."""
        return next((s.name for s in self if s.behaviour.is_id), None)


def _names_inside(kind: Kind) -> set[str]:
    """The names of the members that a value of this type can have."""
    if isinstance(kind, OneOf):
        return set[str]().union(*map(_names_inside, filter(None, (*kind.tagged.values(), kind.open))))
    return set(kind.shape.slots) if isinstance(kind, Object) else set()


# ---------------------------------------------------------------- from annotations


def slot_of(cls: type, name: str, annotation: Any, behaviour: Behaviour) -> Slot:
    """The slot that `name: Prop[...] = prop(...)` in the body of `cls` declares.

    Raises `TypeError` for an annotation that is not a container, and for a union whose alternatives look alike.
    """
    hint = annotation
    if isinstance(hint, str):
        hint = eval(hint, vars(sys.modules[cls.__module__]))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if not (isinstance(origin, type) and issubclass(origin, Container)):
        raise TypeError(f"{cls.__name__}.{name} must be annotated with a container such as Prop[...]")
    inner = _kind(arguments[0], f"{cls.__name__}.{name}")
    containers: dict[str, Kind] = {"one": inner, "list": ListOf(inner), "map": MapOf(inner)}
    return Slot(name, containers[origin.container], behaviour)


def _kind(hint: Any, where: str) -> Kind:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return Anything()
    if isinstance(hint, type) and origin is None:
        if issubclass(hint, Declared):
            return Object(hint)
        if hint in (str, int, float, bool):
            return Scalar((hint,))
    if origin is Literal:
        return Scalar((str,), tuple(arguments))
    if origin is list:
        return ListOf(_kind(arguments[0], where))
    if origin is dict:
        return MapOf(_kind(arguments[1], where))
    if origin in (typing.Union, types.UnionType):
        return _union([_kind(a, where) for a in arguments if a is not types.NoneType], where)
    raise TypeError(f"{where}: {hint!r} is not a kind of value that can be declared")


def _union(kinds: list[Kind], where: str) -> Kind:
    if len(kinds) == 1:
        return kinds[0]
    objects = [k for k in kinds if isinstance(k, Object)]
    lists = [k for k in kinds if isinstance(k, ListOf)]
    scalars = [k for k in kinds if isinstance(k, Scalar)]
    # `Literal["a", "b"] | str`: the literals are suggestions for editors, the portal may accept others.
    types_ = tuple({t: None for s in scalars for t in s.types})
    plain = Scalar(types_, known=tuple(choice for s in scalars for choice in s.choices)) if scalars else None
    tags = [(tag, o) for o in objects for tag in _tags(o)]
    untagged = [o for o in objects if not _tags(o)]
    others = len(kinds) - len(objects) - len(lists) - len(scalars)
    if others or len(untagged) > 1 or len(lists) > 1 or len(dict(tags)) < len(tags):
        raise TypeError(f"{where}: the alternatives of this union cannot be told apart")
    if plain and not objects and not lists:
        return plain
    return OneOf(dict(tags), untagged[0] if untagged else None, plain, lists[0] if lists else None)


def _tags(value: Object) -> tuple[Any, ...]:
    if "type" not in value.shape:
        return ()
    kind = value.shape["type"].kind
    return kind.choices if isinstance(kind, Scalar) else ()
