"""Secrets in inputs, states and responses: which texts they are, how they are masked, and how a mask is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem
from .canonical import same_text
from .types import Anything, Kind, ListOf, MapOf, Object, OneOf, Shape, Slot
from .validation import dotted

HIDDEN = "another value on the portal"
"""What the state says of a secret that the portal told in clear and the program does not know."""


def concealed(shape: Shape, told: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a read tells, with every secret hidden that is not the program's own.

    The engine encrypts a path of the state only if the program's value there is secret: what somebody added on the
    portal would stand in plain text.
    """
    return {
        name: _concealed(shape[name].kind, value, asked.get(name), shape[name].behaviour.secret)
        if name in shape and not shape[name].behaviour.computed
        else value
        for name, value in told.items()
    }


def _concealed(kind: Kind, told: Any, asked: Any, is_secret: bool) -> Any:
    if isinstance(kind, OneOf):
        return _concealed(kind.pick(told), told, asked, is_secret)
    if isinstance(told, Mapping) and not (is_secret and isinstance(kind, Anything)):
        known = asked if isinstance(asked, Mapping) else {}
        if isinstance(kind, Object):
            return concealed(kind.shape, told, known)
        item = kind.item if isinstance(kind, MapOf) else Anything()
        return {name: _concealed(item, value, known.get(name), is_secret) for name, value in told.items()}
    return HIDDEN if is_secret and not same_text(told, asked) else told


def spoken(slot: Slot, asked: Any, told: Any, path: tuple[str | int, ...]) -> Any:
    """What was asked, with every secret put in that only the portal knows: what hides it must never be written.

    `told` is what the portal tells of the same, in a program's words. Raises `Problem` for one that it does not tell.
    """
    return _spoken(slot.kind, asked, told, path, slot.behaviour.secret)


def _spoken(kind: Kind, asked: Any, told: Any, path: tuple[str | int, ...], is_secret: bool) -> Any:
    if isinstance(kind, OneOf):
        return _spoken(kind.pick(asked), asked, told, path, is_secret)
    if isinstance(asked, Mapping):
        known = told if isinstance(told, Mapping) else {}
        if isinstance(kind, Object):
            shape = kind.shape
            return {
                name: spoken(shape[name], value, known.get(name), (*path, name)) if name in shape else value
                for name, value in asked.items()
            }
        item = kind.item if isinstance(kind, MapOf) else Anything()
        return {name: _spoken(item, value, known.get(name), (*path, name), is_secret) for name, value in asked.items()}
    if not is_secret or asked != HIDDEN:
        return asked
    if told is None:
        raise Problem(f"{dotted(path)}: it stands for a secret that only the portal knew: say the secret itself")
    return told


def secrets(shape: Shape, asked: Mapping[str, Any]) -> Iterator[str]:
    """Every secret text in what was asked, so that no message repeats one that the portal might echo."""
    for name, value in asked.items():
        if name in shape:
            yield from _secrets(shape[name].kind, value, shape[name].behaviour.secret)


def _secrets(kind: Kind, value: Any, is_secret: bool) -> Iterator[str]:
    if isinstance(kind, OneOf):
        yield from _secrets(kind.pick(value), value, is_secret)
    elif isinstance(value, list):
        item = kind.item if isinstance(kind, ListOf) else Anything()
        for inner in value:
            yield from _secrets(item, inner, is_secret)
    elif isinstance(kind, Object) and isinstance(value, Mapping):
        yield from secrets(kind.shape, value)
    elif isinstance(value, Mapping):
        item = kind.item if isinstance(kind, MapOf) else Anything()
        for inner in value.values():
            yield from _secrets(item, inner, is_secret)
    elif is_secret and isinstance(value, str) and value:
        yield value
