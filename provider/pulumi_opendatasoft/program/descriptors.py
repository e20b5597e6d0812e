"""The descriptors of declared properties and members, and the functions that declare them in a class body."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar, Unpack, overload

import pulumi

from ..schema.property import Behaviour, MemberOptions, Options
from ..schema.traversal import iter_slots
from ..schema.types import Container, Kind, ListOf, MapOf, Object, OneOf

T = TypeVar("T")


class BareSlot(Generic[T], Container):
    """The value of `prop()`, `computed()` and `member()` in a class body, until its annotation is read."""

    def __init__(self, behaviour: Behaviour, name: str = "") -> None:
        self.behaviour = behaviour
        self.name = name


class PropSlot(BareSlot[T]):
    """The base of the properties of a resource, which are read as Outputs."""

    def __set__(self, instance: object, value: Any) -> None:
        raise AttributeError(f"{self.name} is set by its resource")

    def _read(self, instance: Any) -> Any:
        if self.behaviour.is_id:
            return instance.id
        output: pulumi.Output[Any] = instance.__dict__[self.name]
        return output.apply(functools.partial(type(instance).revive, self.name))


class Prop(PropSlot[T]):
    """A property of a resource: assign an `Input`, read an `Output`."""

    container = "one"

    @overload
    def __get__(self, instance: None, owner: type) -> Prop[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[T]: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[T]) -> None:
        super().__set__(instance, value)


class ListProp(PropSlot[T]):
    """A list property: assign a sequence, whose items may be Inputs; read a list, empty if it is not managed."""

    container = "list"

    @overload
    def __get__(self, instance: None, owner: type) -> ListProp[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[list[T]]: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[Sequence[pulumi.Input[T]]] | None) -> None:
        super().__set__(instance, value)


class MapProp(PropSlot[T]):
    """A mapping property: assign a mapping, whose values may be Inputs; read a dict, empty if it is not managed."""

    container = "map"

    @overload
    def __get__(self, instance: None, owner: type) -> MapProp[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> pulumi.Output[dict[str, T]]: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[Mapping[str, pulumi.Input[T]]] | None) -> None:
        super().__set__(instance, value)


class MemberSlot(BareSlot[T]):
    """The base of the members of a value, which are the entries of the dict that the value is."""

    def _read(self, instance: Mapping[str, Any]) -> Any:
        default = None if self.behaviour.required else self.behaviour.default
        empty: dict[str, Any] = {"one": default, "list": [], "map": {}}
        return instance.get(self.name, empty[self.container])

    def __set__(self, instance: Any, value: Any) -> None:
        if value is None:
            instance.pop(self.name, None)
        else:
            instance[self.name] = as_secret(value) if self.behaviour.secret else value


class Member(MemberSlot[T]):
    """A member of a value: assign an `Input`, read the plain value."""

    container = "one"

    @overload
    def __get__(self, instance: None, owner: type) -> Member[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[T]) -> None:
        super().__set__(instance, value)


class ListMember(MemberSlot[T]):
    """A list member of a value: assign a sequence; read a list, empty if it was not given."""

    container = "list"

    @overload
    def __get__(self, instance: None, owner: type) -> ListMember[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> list[T]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[Sequence[pulumi.Input[T]]] | None) -> None:
        super().__set__(instance, value)


class MapMember(MemberSlot[T]):
    """A mapping member of a value: assign a mapping; read a dict, empty if it was not given."""

    container = "map"

    @overload
    def __get__(self, instance: None, owner: type) -> MapMember[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> dict[str, T]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else self._read(instance)

    def __set__(self, instance: object, value: pulumi.Input[Mapping[str, pulumi.Input[T]]] | None) -> None:
        super().__set__(instance, value)


# ---------------------------------------------------------------- secrets


def as_secret(value: Any) -> Any:
    """A value as a secret; the entries of a mapping each by itself, so that their names stay legible."""
    if isinstance(value, Mapping):
        return {k: pulumi.Output.secret(v) for k, v in value.items()}
    return pulumi.Output.secret(value)


def with_secrets(kind: Kind, value: Any, is_secret: bool) -> Any:
    """An input whose secrets are marked as such, also where a plain mapping stands for a declared value."""
    if value is None or not (is_secret or has_secrets(kind)):
        return value
    if is_secret:
        return as_secret(value)
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: with_secrets(kind, known, is_secret))
    if isinstance(kind, OneOf):
        return with_secrets(kind.pick(value), value, is_secret)
    if isinstance(kind, ListOf) and isinstance(value, list | tuple):
        return [with_secrets(kind.item, item, is_secret) for item in value]
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: with_secrets(kind.item, item, is_secret) for name, item in value.items()}
    if isinstance(kind, Object) and isinstance(value, Mapping):
        slots = kind.shape.slots
        return {
            name: with_secrets(slots[name].kind, item, slots[name].behaviour.secret) if name in slots else item
            for name, item in value.items()
        }
    return value


@functools.cache
def has_secrets(kind: Kind) -> bool:
    """Whether values of this type can contain a secret."""
    return any(slot.behaviour.secret for slot in iter_slots(kind))


# ---------------------------------------------------------------- declarations in a class body
# Each returns Any, so that the type is that of the annotation beside it.


def prop(**options: Unpack[Options]) -> Any:
    """Declare a property that a program can set; the options are described in `Behaviour`."""
    return BareSlot(Behaviour(**options))


def computed(*, init: Literal[False] = False, is_id: bool = False, secret: bool = False, volatile: bool = False) -> Any:
    """Declare a property that only the portal sets. (`init` is for type checkers: it is no argument.)"""
    return BareSlot(Behaviour(None, computed=True, is_id=is_id, secret=secret, volatile=volatile))


def member(**options: Unpack[MemberOptions]) -> Any:
    """Declare a member of a value; the options are described in `Behaviour`."""
    return BareSlot(Behaviour(**options))
