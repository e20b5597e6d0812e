"""Refuses, where the program runs, what Pulumi's engine could not carry to the provider unchanged."""

from __future__ import annotations

import datetime
import decimal
import enum
import functools
import inspect
import os
from collections.abc import Mapping, Set
from typing import Any, Final

import pulumi
from pulumi.runtime import rpc

from ..schema import carried
from ..schema.traversal import Path

Refusal = pulumi.RunError
"""Raised to end a program that cannot work: the engine prints the message, without a traceback."""

_RESERVED: Final = frozenset({rpc.UNKNOWN, "4dabf18193072939515e22adb298388d"})
"""Texts by which Pulumi marks unknown values and secrets on the wire."""

_REMEDIES: Final[tuple[tuple[type, str], ...]] = (
    (bytes, "give text, such as value.decode()"),
    (bytearray, "give text, such as value.decode()"),
    (datetime.date, "give text, such as value.isoformat()"),
    (datetime.time, "give text, such as value.isoformat()"),
    (decimal.Decimal, "give float(value), or str(value) where every digit counts"),
    (os.PathLike, 'give text, such as str(value), or ods.File("…") for the content of a file'),
    (pulumi.Asset, 'give ods.File("…") instead'),
    (pulumi.Archive, 'give ods.File("…") instead'),
    (Set, "give a list, such as sorted(value)"),
)


def sendable(value: Any, who: str, path: Path) -> Any:
    """An input, if it can be carried unchanged; Outputs in it check themselves as soon as they are known.

    Args:
        value: what the program gave for a property.
        who: the resource, for messages: `Dataset "air"`.
        path: the path of the value.

    Raises:
        pulumi.RunError: something in it cannot be carried; the message contains its path and the remedy.
    """
    if isinstance(value, pulumi.Output):
        return value.apply(functools.partial(sendable, who=who, path=path))
    if inspect.isawaitable(value):
        return pulumi.Output.from_input(value).apply(functools.partial(sendable, who=who, path=path))
    if isinstance(value, enum.Enum):
        value = value.value
    found = _reason(value) if len(path) <= carried.DEEPEST else carried.TOO_DEEP
    if found:
        raise Refusal(f"{who}: {carried.shortened(path)}: {found}")
    if isinstance(value, Mapping):
        for key in value:
            wrong = _key_reason(key)
            if wrong:
                raise Refusal(f"{who}: {carried.shortened(path)}: {wrong}")
        parts = {key: sendable(value[key], who, (*path, key)) for key in value}
        return parts if any(parts[key] is not value[key] for key in parts) else value
    if isinstance(value, list | tuple):
        items = [sendable(item, who, (*path, number)) for number, item in enumerate(value)]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def checked_name(kind: str, name: Any) -> None:
    """Raise `pulumi.RunError` for a resource's name that is no text, or contains an Output."""
    if not isinstance(name, str):
        raise Refusal(f"{kind}: the first argument is the resource's name, which is text: it is {_article(name)}")
    found = carried.reason(name)
    if found == carried.NOT_KNOWN:
        raise Refusal(
            f"the name of a {kind} contains an Output, whose value is not known yet: a resource's name is text that "
            "the program knows; give the Output to a property, such as title"
        )
    if found:
        raise Refusal(f"the name of a {kind} {found}")


def _reason(value: Any) -> str | None:
    if isinstance(value, str):
        return "is a text that Pulumi itself uses as a mark: change it" if value in _RESERVED else carried.reason(value)
    if value is None or isinstance(value, bool | int | float):
        return carried.reason(value)
    if isinstance(value, Mapping | list | tuple) or type(value).__module__ == "pulumi.output":
        return None
    if isinstance(value, pulumi.Resource):
        return f"is a whole resource ({type(value).__name__}): give one of its properties, such as {_id_of(value)}"
    remedy = next(
        (text for kind, text in _REMEDIES if isinstance(value, kind)), "give text, a number, a list or a dict"
    )
    return f"is {_article(value)}, which cannot be sent: {remedy}"


def _key_reason(key: Any) -> str | None:
    if isinstance(key, pulumi.Output):
        return f"has an Output as a key: {carried.KEYS}"
    return "has a key that Pulumi itself uses as a mark" if key in _RESERVED else carried.key_reason(key)


def _id_of(resource: pulumi.Resource) -> str:
    shape = getattr(type(resource), "declaration", lambda: None)()
    return f".{shape.shape.id_name}" if shape is not None and shape.shape.id_name else ".id"


def _article(value: Any) -> str:
    name = type(value).__name__
    if name.endswith("s"):
        return name
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
