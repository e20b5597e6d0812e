"""Declared values: the objects inside a resource's properties, and how class bodies are read as declarations."""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import itertools
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, dataclass_transform

from ..schema.canonical import typed
from ..schema.property import REQUIRED, Behaviour
from ..schema.traversal import Position, map_value
from ..schema.types import Declared, Kind, ListOf, MapOf, Object, Shape, Slot, slot_of
from .descriptors import BareSlot, ListMember, MapMember, Member, MemberSlot, member


def install(cls: type, containers: tuple[type[BareSlot[Any]], ...]) -> dict[str, Any]:
    """Give each slot of a class body the descriptor that its annotation names; return the annotations."""
    annotations = dict(inspect.get_annotations(cls))
    for name, slot in list(vars(cls).items()):
        if type(slot) is not BareSlot:
            continue
        container_name = str(annotations.get(name, "")).partition("[")[0].rpartition(".")[2]
        container = next((c for c in containers if c.__name__ == container_name), None)
        if container is None:
            raise TypeError(f"{cls.__name__}.{name} needs one of {', '.join(c.__name__ for c in containers)}")
        setattr(cls, name, container(slot.behaviour, name))
    return annotations


def read_shape(cls: type, owners: Sequence[type]) -> Shape:
    """The shape that the class bodies of `owners` (a class and its declared bases) make together."""
    slots = {}
    for owner in owners:
        hints: dict[str, Any] = owner.__dict__["_hints"]
        for name, slot in vars(owner).items():
            if isinstance(slot, BareSlot):
                slots[name] = slot_of(owner, name, hints[name], slot.behaviour)
    return Shape(cls.__name__, slots, getattr(cls, "_others", ""))


def docstrings(cls: type) -> dict[str, str]:
    """The string under each annotated line of a class body, by name: the documentation of the properties."""
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    docs: dict[str, str] = {}
    for line, after in itertools.pairwise(body.body if isinstance(body, ast.ClassDef) else []):
        if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            docs[line.target.id] = inspect.cleandoc(str(after.value.value))
    return docs


@dataclass_transform(kw_only_default=True, field_specifiers=(member,))
class _DeclaredValue(dict[str, Any], Declared):
    pass


class Value(_DeclaredValue):
    """An object inside a property, for example an authentication scheme.

    It is a dict with the API's names, so that the engine takes it as it is; members that were not given are not in it.
    """

    _hints: ClassVar[dict[str, Any]]
    _others: ClassVar[str] = ""
    """Where that belongs which has no member here, for the message about an unknown one."""

    def __init_subclass__(cls) -> None:
        cls._hints = install(cls, (Member, ListMember, MapMember))

    def __init__(self, **given: Any) -> None:
        super().__init__()
        slots = {k: v for k, v in vars(type(self)).items() if isinstance(v, MemberSlot)}
        refuse_unknown_arguments(type(self).__name__, given, list(slots), self._others)
        for name, slot in slots.items():
            # Only the tag of a union gets its default: the other defaults are the API's, and no state needs them.
            value = given.get(name, slot.behaviour.default if name == "type" else None)
            if slot.behaviour.required and (value is None or value is REQUIRED):
                raise TypeError(f"{type(self).__name__} needs {name!r}")
            slot.__set__(self, value)

    @classmethod
    def shape(cls) -> Shape:
        """The members of the value."""
        return _shape_of(cls)


@functools.cache
def _shape_of(cls: type[Value]) -> Shape:
    return read_shape(cls, [cls])


def refuse_unknown_arguments(owner: str, given: Iterable[str], known: Sequence[str], others: str = "") -> None:
    """Raise `TypeError` for an argument that does not exist.

    Args:
        owner: the class or resource, for the message.
        given: the names of the arguments.
        known: the names of those that exist; the message has the closest one, or all.
        others: where that belongs which has no argument.
    """
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]!r}?" if close else others or f"it has {', '.join(known)}"
            raise TypeError(f"{owner} has no {name!r}: {hint}")


def revive(kind: Kind, raw: Any) -> Any:
    """A value from the engine as instances of the declared classes, so that an Output has the type that it declares."""
    return map_value(Slot("", kind, Behaviour(None)), raw, _revived_leaf, finish=_instance)


def _revived_leaf(at: Position, raw: Any) -> Any:
    if not raw and isinstance(at.kind, ListOf | MapOf):
        return [] if isinstance(at.kind, ListOf) else {}
    return typed(raw)


def _instance(at: Position, members: Any) -> Any:
    if not isinstance(at.kind, Object):
        return members
    value = at.kind.cls.__new__(at.kind.cls)
    assert isinstance(value, dict)
    value.update({name: inner if name in at.kind.shape else typed(inner) for name, inner in members.items()})
    return value
