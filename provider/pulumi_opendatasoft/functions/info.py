"""The base of what functions return: an answer of the portal, read only, with its members as attributes."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import ItemsView, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, Self, get_args, get_origin

import pulumi

MASK: Final = "[secret]"
"""Stands for a secret in a `repr`."""

_SECRET: Final = "secret"

SecretText = Annotated[str | None, _SECRET]
"""The type of a member that is a secret."""


class Info(dict[str, Any]):
    """An answer of the portal: a read-only object, whose class declares the members that the API documents.

    A documented member that an answer does not have is None, a list or a mapping empty. The object is also a dict of
    all members as the portal sent them, so that it can be an output of the stack. There, and read as `info["name"]`, a
    documented secret is an Output that is marked as one.
    """

    def __init_subclass__(cls) -> None:
        for name in cls.__annotations__.keys() & vars(dict).keys():  # `values` would be the method
            setattr(cls, name, property(functools.partial(_member, name)))

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer)
        members = {name: value for name, value in answer.items() if not hasattr(type(self), name)}
        for name, hint in _hints(type(self)).items():
            members[name] = _typed(hint, answer.get(name))
        vars(self).update(members)

    @classmethod
    def of(cls, answers: Sequence[Mapping[str, Any]]) -> list[Self]:
        """Return one object for each answer."""
        return [cls(answer) for answer in answers]

    def __getitem__(self, name: str) -> Any:
        return _exported(_hints(type(self)).get(name, Any), super().__getitem__(name))

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]  # as Pulumi reads it
        """Return all members, a declared secret as an Output."""
        return {name: self[name] for name in self}.items()

    if not TYPE_CHECKING:  # a type checker knows the declared members, and refuses others

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(f"{type(self).__name__} has no {name}: it has {', '.join(vars(self))}")

        def _refuse(self, *_: object, **__: object) -> NoReturn:
            raise AttributeError(f"{type(self).__name__} is read only: it contains what the portal returned")

        __setattr__ = __delattr__ = __setitem__ = __delitem__ = __ior__ = _refuse
        update = pop = popitem = clear = setdefault = _refuse

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, Any]]]:
        return type(self), (dict(self),)

    def __repr__(self) -> str:
        hints = _hints(type(self))
        shown = (f"{name}={_shown(hints.get(name, Any), value)}" for name, value in vars(self).items())
        return f"{type(self).__name__}({', '.join(shown)})"


def _member(name: str, info: Info) -> Any:
    return vars(info)[name]


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: hint for name, hint in hints.items() if not name.startswith("_")}


def _parts(hint: Any) -> tuple[Any, bool, bool]:
    """The type inside `X | None` and `Annotated`, whether None is one of its values, and whether it is a secret."""
    is_secret = False
    if get_origin(hint) is Annotated:
        hint, *marks = get_args(hint)
        is_secret = _SECRET in marks
    if isinstance(hint, types.UnionType) or get_origin(hint) is typing.Union:
        inner = [one for one in get_args(hint) if one is not type(None)]
        return (inner[0] if len(inner) == 1 else Any), len(inner) < len(get_args(hint)), is_secret
    return hint, False, is_secret


def _typed(hint: Any, value: Any) -> Any:
    """A value of an answer as its declared type; as it is where it has another one."""
    kind, may_be_none, _ = _parts(hint)
    origin = get_origin(kind)
    if value is None and not may_be_none and origin in (Sequence, Mapping):
        return () if origin is Sequence else {}
    if origin is Sequence and isinstance(value, list):
        return tuple(_typed(get_args(kind)[0], item) for item in value)
    if origin is Mapping and isinstance(value, Mapping):
        return {name: _typed(get_args(kind)[1], inner) for name, inner in value.items()}
    if isinstance(kind, type) and issubclass(kind, Info) and isinstance(value, Mapping):
        return kind(value)
    return value


def _shown(hint: Any, value: Any) -> str:
    return repr(MASK) if value is not None and _parts(hint)[2] else repr(value)


def _exported(hint: Any, value: Any) -> Any:
    """A member as Pulumi exports it: a secret as an Output, and an object as what it is declared as, for the same."""
    if value is not None and _parts(hint)[2]:
        return pulumi.Output.secret(value)
    typed = _typed(hint, value)
    return typed if has_secret(typed) else value


def has_secret(value: Any) -> bool:
    """Whether a result contains a declared secret, at any depth."""
    if isinstance(value, Info):
        members = vars(value)
        return any(
            (_parts(hint)[2] and members.get(name) is not None) or has_secret(members.get(name))
            for name, hint in _hints(type(value)).items()
        )
    if isinstance(value, Mapping):
        return any(has_secret(inner) for inner in value.values())
    return isinstance(value, list | tuple) and any(has_secret(inner) for inner in value)
