"""Secrets in inputs, states and responses: which texts they are, how they are masked, and how a mask is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ResourceError
from .canonical import equal
from .failure import Failure, format_path
from .traversal import Position, iter_leaves, zip_values
from .types import Shape, Slot

MASKED = "another value on the portal"
"""Stands for a secret that the program does not know, in the state and, as `KEPT`, in a program.

The portal returned it in clear, or (in a program) never returns it: then a write of its object is refused.
"""


def redact(shape: Shape, actual: Mapping[str, Any], desired: Mapping[str, Any]) -> dict[str, Any]:
    """The actual values with each secret masked that the program does not know.

    The engine encrypts a path of the state only if the program's value there is secret: a secret that was added on
    the portal would be stored in plain text.
    """
    members: dict[str, Any] = zip_values(shape, actual, desired, _redacted)
    return members


def _redacted(at: Position, actual: Any, desired: Any) -> Any:
    is_foreign = at.behaviour.secret and not at.behaviour.computed and not equal(actual, desired)
    return MASKED if is_foreign else actual


def unmask(slot: Slot, desired: Any, actual: Any, path: tuple[str | int, ...]) -> Any:
    """A desired value with each mask replaced by the actual secret, since a mask must never be written.

    Args:
        slot: The property.
        desired: Its desired value.
        actual: Its actual value, decoded.
        path: Where it is, for the error.

    Raises:
        ResourceError: The portal does not return the secret that a mask stands for.
    """
    return zip_values(slot, desired, actual, _unmasked, path=path)


def _unmasked(at: Position, desired: Any, actual: Any) -> Any:
    if not at.behaviour.secret or desired != MASKED:
        return desired
    if actual is None:
        raise ResourceError(
            f"{format_path(at.path)}: this text stands for a secret that only the portal knew: give the secret itself"
        )
    return actual


def masked(shape: Shape, desired: Mapping[str, Any]) -> list[Failure]:
    """A failure for each mask in the desired values of a new object, of which no portal knows a secret."""
    reason = "ods.KEPT stands for a secret that only the portal knows, and this object is new: give the secret itself"
    return [
        Failure(format_path(at.path), reason)
        for at, value in iter_leaves(shape, desired)
        if at.behaviour.secret and value == MASKED
    ]


def secret_texts(shape: Shape, desired: Mapping[str, Any]) -> Iterator[str]:
    """Every secret text among the desired values, so that no message repeats one that the portal echoes."""
    for at, value in iter_leaves(shape, desired):
        if at.behaviour.secret:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)
    elif isinstance(value, str) and value:
        yield value
