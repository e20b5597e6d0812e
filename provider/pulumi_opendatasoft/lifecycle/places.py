"""The places of a program that messages name: which member of a list or mapping a failed call was to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import PortalError, Refused, ResourceError
from ..schema.canonical import canonical_slot, equal
from ..schema.types import ListOf, Shape, Slot
from .context import Context
from .results import State


@contextmanager
def writing(place: str) -> Iterator[None]:
    """Let a failure of a call inside name this place, such as `fields[7] (f7)`, unless it names a nearer one."""
    try:
        yield
    except (PortalError, ResourceError) as error:
        error.place = error.place or place
        raise


def place_in(context: Context, slot: Slot, item: Any, label: str) -> str:
    """A member of a list whose order does not matter, by its position in the program: `group_access[0] (editors)`.

    Args:
        context: the call of the engine.
        slot: the property of the resource.
        item: the member, in its canonical form.
        label: what people know the member by.
    """
    number = _position(context.in_order.get(slot.name), slot, item)
    return f"{slot.name} ({label})" if number is None else f"{slot.name}[{number}] ({label})"


@contextmanager
def in_program_order(context: Context, shape: Shape, desired: State) -> Iterator[None]:
    """Let a refusal of a whole object count the members of its lists as the program does, which may order them."""
    try:
        yield
    except Refused as error:
        if isinstance(error.detail, Mapping):
            error.detail = {name: _recounted(context, shape, desired, name, of) for name, of in error.detail.items()}
        raise


def _recounted(context: Context, shape: Shape, desired: State, name: str, problems: Any) -> Any:
    items = desired.get(name)
    if name not in shape or not isinstance(items, list) or not isinstance(problems, Mapping):
        return problems
    recounted: dict[str, Any] = {}
    for key, inner in problems.items():
        index = int(key) if str(key).isdigit() and int(key) < len(items) else None
        number = None if index is None else _position(context.in_order.get(name), shape[name], items[index])
        recounted[str(key if number is None else number)] = inner
    return recounted


def _position(in_order: Any, slot: Slot, item: Any) -> int | None:
    if not isinstance(in_order, list) or not isinstance(slot.kind, ListOf):
        return None
    kind = Slot("", slot.kind.item, slot.behaviour)
    return next((n for n, given in enumerate(in_order) if equal(canonical_slot(kind, given), item)), None)
