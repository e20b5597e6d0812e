"""The base of what functions return: an answer of the portal, read only, with its members as attributes."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, get_args, get_origin

import pulumi

MASK: Final = "[secret]"
"""Stands for a secret in a `repr`."""

_SECRET: Final = "secret"

SecretText = Annotated[str | None, _SECRET]
"""The type of a member that is a secret."""


class Info:
    """An answer of the portal: a read-only object, whose class declares the members that the API documents.

    A documented member that an answer does not have is None, a list or a mapping empty. Other members are kept:
    `info["name"]` reads any member by the API's name, and `dict(info)` all of them as they came.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        members = dict(answer)
        for name, hint in _hints(type(self)).items():
            members[name] = _typed(hint, members.get(name))
        vars(self).update(_answer=dict(answer), _members=members)

    @classmethod
    def of(cls, answers: Sequence[Mapping[str, Any]]) -> list[Self]:
        """Return one object for each answer."""
        return [cls(answer) for answer in answers]

    if not TYPE_CHECKING:  # a type checker knows the declared members, and refuses others

        def __getattr__(self, name: str) -> Any:
            members = vars(self).get("_members", {})
            if name in members:
                return members[name]
            raise AttributeError(f"{type(self).__name__} has no {name}: it has {', '.join(members)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is read only: it contains what the portal returned")

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __getitem__(self, name: str) -> Any:
        return vars(self)["_answer"][name]

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self)["_answer"])

    def __len__(self) -> int:
        return len(vars(self)["_answer"])

    def __contains__(self, name: object) -> bool:
        return name in vars(self)["_answer"]

    def keys(self) -> KeysView[str]:
        """Return the names of all members that the portal returned."""
        keys: KeysView[str] = vars(self)["_answer"].keys()
        return keys

    def items(self) -> ItemsView[str, Any]:
        """Return all members as Pulumi exports them: a declared secret is an Output that is marked as one."""
        return {name: _exported(hint, self[name]) for name, hint in _every_hint(self)}.items()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other)["_answer"] == vars(self)["_answer"]

    __hash__ = None  # type: ignore[assignment]  # its members are not hashable

    def __repr__(self) -> str:
        members: dict[str, Any] = vars(self)["_members"]
        shown = (f"{name}={_shown(hint, members.get(name))}" for name, hint in _every_hint(self, members))
        return f"{type(self).__name__}({', '.join(shown)})"


# Pulumi serialises it as the mapping that it is. It does not inherit: members such as `values` would be methods.
Mapping.register(Info)


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: hint for name, hint in hints.items() if not name.startswith("_")}


def _every_hint(info: Info, members: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
    """The names of all members with their declared types; Any for those that are not declared."""
    hints = _hints(type(info))
    return [(name, hints.get(name, Any)) for name in (vars(info)["_answer"] if members is None else members)]


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
    if value is not None and _parts(hint)[2]:
        return pulumi.Output.secret(value)
    typed = _typed(hint, value)
    return typed if has_secret(typed) else value


def has_secret(value: Any) -> bool:
    """Whether a result contains a declared secret, at any depth."""
    if isinstance(value, Info):
        members = vars(value)["_members"]
        return any(
            (_parts(hint)[2] and members.get(name) is not None) or has_secret(members.get(name))
            for name, hint in _hints(type(value)).items()
        )
    if isinstance(value, Mapping):
        return any(has_secret(inner) for inner in value.values())
    return isinstance(value, list | tuple) and any(has_secret(inner) for inner in value)
