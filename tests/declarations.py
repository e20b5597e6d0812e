"""Every resource type and value of the package, and a sample of whatever a declaration describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi_opendatasoft
from pulumi_opendatasoft.program.resource import REGISTRY, Resource
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.property import NAME
from pulumi_opendatasoft.schema.types import Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape

PACKAGE = pulumi_opendatasoft.__name__


def resource_types() -> dict[str, type[Resource]]:
    """The package's resource types by name; tests declare some of their own."""
    return {name: cls for name, cls in sorted(REGISTRY.items()) if cls.__module__.startswith(PACKAGE)}


def values() -> dict[str, type[Value]]:
    """The package's declared values by name."""
    return {cls.__name__: cls for cls in _below(Value) if cls.__module__.startswith(PACKAGE)}


def _below(cls: type[Value]) -> Iterator[type[Value]]:
    for inner in cls.__subclasses__():
        yield inner
        yield from _below(inner)


def sample(shape: Shape) -> dict[str, Any]:
    """Something that a program may ask: every property given, every value whole."""
    given = {slot.name: _sample(slot.kind, slot.name) for slot in shape.settable}
    return {name: "sample" if shape[name].behaviour.default is NAME else value for name, value in given.items()}


def _sample(kind: Kind, name: str) -> Any:
    match kind:
        case Scalar(choices=(first, *_)):
            return first
        case Scalar():
            by_type: Mapping[type, Any] = {str: f"a {name}", int: 3, float: 0.5, bool: True}
            return by_type[kind.types[-1]]
        case Anything():
            return {"any": ["thing"]}
        case ListOf():
            return [_sample(kind.item, name)]
        case MapOf():
            return {"a key": _sample(kind.item, name)}
        case Object():
            return sample(kind.shape)
        case OneOf():
            return _sample(next(iter(kind.tagged.values()), None) or kind.open or kind.plain or Anything(), name)
