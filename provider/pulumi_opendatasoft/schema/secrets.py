"""Secrets in inputs, states and responses: which texts they are, how they are masked, and how a mask is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ResourceError
from .canonical import equal
from .types import Anything, Kind, ListOf, MapOf, Object, OneOf, Shape, Slot
from .validation import format_path

MASKED = "another value on the portal"
"""What the state says of a secret that the portal told in clear and the program does not know."""


def redact(shape: Shape, actual: Mapping[str, Any], desired: Mapping[str, Any]) -> dict[str, Any]:
    """What a read tells, with every secret hidden that is not the program's own.

    The engine encrypts a path of the state only if the program's value there is secret: what somebody added on the
    portal would stand in plain text.
    """
    return {
        name: _redact(shape[name].kind, value, desired.get(name), shape[name].behaviour.secret)
        if name in shape and not shape[name].behaviour.computed
        else value
        for name, value in actual.items()
    }


def _redact(kind: Kind, actual: Any, desired: Any, is_secret: bool) -> Any:
    if isinstance(kind, OneOf):
        return _redact(kind.pick(actual), actual, desired, is_secret)
    if isinstance(actual, Mapping) and not (is_secret and isinstance(kind, Anything)):
        known = desired if isinstance(desired, Mapping) else {}
        if isinstance(kind, Object):
            return redact(kind.shape, actual, known)
        item = kind.item if isinstance(kind, MapOf) else Anything()
        return {name: _redact(item, value, known.get(name), is_secret) for name, value in actual.items()}
    return MASKED if is_secret and not equal(actual, desired) else actual


def unmask(slot: Slot, desired: Any, actual: Any, path: tuple[str | int, ...]) -> Any:
    """What was asked, with every secret put in that only the portal knows: what hides it must never be written.

    `told` is what the portal tells of the same, in a program's words. Raises `Problem` for one that it does not tell.
    """
    return _unmask(slot.kind, desired, actual, path, slot.behaviour.secret)


def _unmask(kind: Kind, desired: Any, actual: Any, path: tuple[str | int, ...], is_secret: bool) -> Any:
    if isinstance(kind, OneOf):
        return _unmask(kind.pick(desired), desired, actual, path, is_secret)
    if isinstance(desired, Mapping):
        known = actual if isinstance(actual, Mapping) else {}
        if isinstance(kind, Object):
            shape = kind.shape
            return {
                name: unmask(shape[name], value, known.get(name), (*path, name)) if name in shape else value
                for name, value in desired.items()
            }
        item = kind.item if isinstance(kind, MapOf) else Anything()
        return {
            name: _unmask(item, value, known.get(name), (*path, name), is_secret) for name, value in desired.items()
        }
    if not is_secret or desired != MASKED:
        return desired
    if actual is None:
        raise ResourceError(
            f"{format_path(path)}: it stands for a secret that only the portal knew: say the secret itself"
        )
    return actual


def secret_texts(shape: Shape, desired: Mapping[str, Any]) -> Iterator[str]:
    """Every secret text in what was asked, so that no message repeats one that the portal might echo."""
    for name, value in desired.items():
        if name in shape:
            yield from _secret_texts(shape[name].kind, value, shape[name].behaviour.secret)


def _secret_texts(kind: Kind, value: Any, is_secret: bool) -> Iterator[str]:
    if isinstance(kind, OneOf):
        yield from _secret_texts(kind.pick(value), value, is_secret)
    elif isinstance(value, list):
        item = kind.item if isinstance(kind, ListOf) else Anything()
        for inner in value:
            yield from _secret_texts(item, inner, is_secret)
    elif isinstance(kind, Object) and isinstance(value, Mapping):
        yield from secret_texts(kind.shape, value)
    elif isinstance(value, Mapping):
        item = kind.item if isinstance(kind, MapOf) else Anything()
        for inner in value.values():
            yield from _secret_texts(item, inner, is_secret)
    elif is_secret and isinstance(value, str) and value:
        yield value
