"""Makes mistakes for every resource type from its declaration, one a line, which every type checker must flag."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.schema.types import Anything

from ..declarations import resource_types

HEAD = '''"""A program in which each line marked E holds one mistake. Never run."""

import pulumi_opendatasoft as ods

'''


def program() -> str:
    """The program: a few lines for each type, each with its mark."""
    return HEAD + "".join(f"{line}\n" for cls in resource_types().values() for line in _lines(cls))


def _lines(cls: type[Resource]) -> Iterator[str]:
    name, shape = cls.__name__, cls.declaration().shape
    if any(slot.behaviour.required for slot in shape.settable):
        yield f'ods.{name}("nothing is given")  # E'
    yield f'ods.{name}.get("no id")  # E'
    yield f'one_{name} = ods.{name}.get("one", "its id")'
    yield f"one_{name}.no_such_property  # E"
    for slot in shape.settable:
        if not isinstance(slot.kind, Anything):
            yield f"one_{name}.{slot.name} = object()  # E"
