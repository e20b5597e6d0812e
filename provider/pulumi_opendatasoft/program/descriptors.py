"""The words of a declaration as descriptors: what each assigns and reads, for type checkers and at run time."""

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
    """What `prop()`, `computed()` and `member()` leave in a class body until its annotation is read."""

    def __init__(self, behaviour: Behaviour, name: str = "") -> None:
        self.behaviour = behaviour
        self.name = name


class PropSlot(BareSlot[T]):
    """What the properties of a resource share: they are read as Outputs."""

    def __set__(self, instance: object, value: Any) -> None:
        raise AttributeError(f"{self.name} is set by its resource")

    def _read(self, instance: Any) -> Any:
        if self.behaviour.is_id:
            return instance.id
        told: pulumi.Output[Any] = instance.__dict__[self.name]
        return told.apply(functools.partial(type(instance).revive, self.name))


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
    """A list property: assign a sequence, its members may be Inputs; read empty where nothing is managed."""

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
    """A mapping property: assign a mapping, its values may be Inputs; read empty where nothing is managed."""

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
    """A member lives in the value, which is the dict that goes over the wire."""

    def _read(self, instance: Mapping[str, Any]) -> Any:
        default = None if self.behaviour.required else self.behaviour.default
        empty: dict[str, Any] = {"one": default, "list": [], "map": {}}
        return instance.get(self.name, empty[self.container])

    def __set__(self, instance: Any, value: Any) -> None:
        if value is None:
            instance.pop(self.name, None)
        else:
            instance[self.name] = secretly(value) if self.behaviour.secret else value


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
    """A list member of a value; what is read is empty where nothing was given."""

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
    """A mapping member of a value; what is read is empty where nothing was given."""

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


def secretly(value: Any) -> Any:
    """A value as a secret; of a mapping each entry by itself, so that the names stay legible."""
    if isinstance(value, Mapping):
        return {k: pulumi.Output.secret(v) for k, v in value.items()}
    return pulumi.Output.secret(value)


def guarded(kind: Kind, value: Any, is_secret: bool) -> Any:
    """What a program gave, with its secrets as such also where it wrote a plain mapping for a declared value."""
    if value is None or not (is_secret or has_secrets(kind)):
        return value
    if is_secret:
        return secretly(value)
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: guarded(kind, known, is_secret))
    if isinstance(kind, OneOf):
        return guarded(kind.pick(value), value, is_secret)
    if isinstance(kind, ListOf) and isinstance(value, list | tuple):
        return [guarded(kind.item, item, is_secret) for item in value]
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: guarded(kind.item, item, is_secret) for name, item in value.items()}
    if isinstance(kind, Object) and isinstance(value, Mapping):
        slots = kind.shape.slots
        return {
            name: guarded(slots[name].kind, item, slots[name].behaviour.secret) if name in slots else item
            for name, item in value.items()
        }
    return value


def has_secrets(kind: Kind) -> bool:
    """Whether a secret can be reached through values of this kind."""
    return any(slot.behaviour.secret for slot in iter_slots(kind))


# ---------------------------------------------------------------- what a class body assigns
# Each returns Any, so that the annotation beside it alone says the type.


def prop(**options: Unpack[Options]) -> Any:
    """A property that a program gives; the options are those of `Behaviour`."""
    return BareSlot(Behaviour(**options))


def computed(*, init: Literal[False] = False, is_id: bool = False, secret: bool = False, volatile: bool = False) -> Any:
    """A property that only the portal sets. (`init` tells type checkers that no program gives it.)"""
    return BareSlot(Behaviour(None, computed=True, is_id=is_id, secret=secret, volatile=volatile))


def member(**options: Unpack[MemberOptions]) -> Any:
    """A member of a value; the options are those of `Behaviour`."""
    return BareSlot(Behaviour(**options))
