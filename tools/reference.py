"""Knows how the reference page is made of the declarations: `python -m tools.reference` writes docs/reference.md."""

import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pulumi_opendatasoft
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.program.value import Value, docstrings, read_shape
from pulumi_opendatasoft.schema.property import NAME, Behaviour
from pulumi_opendatasoft.schema.types import Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"

_HEAD = """# Reference

Made by `make docs` from the docstrings of the declarations; the same text is shown by editors.

What is *required* must be given; of the rest, what is left out is not managed unless it says otherwise. What only the
portal sets is *read*. What *replaces* makes the object anew when it changes. What is *secret* is encrypted in the
state.
"""

_EVERY = """
## Every resource

Beside its name and Pulumi's `opts`, each resource type takes and tells the following. Each has a static
`get(name, id, portal=…)`, which reads an object that the program does not manage. The id is what the portal gave it:
the `uid` of a dataset (`da_…`), a connection (`co_…`) or a group, the e-mail address of a user.
"""


def page() -> str:
    """Return the whole page."""
    exported = [getattr(pulumi_opendatasoft, name) for name in pulumi_opendatasoft.__all__]
    resources = [thing for thing in exported if isinstance(thing, type) and issubclass(thing, Resource)]
    values = [thing for thing in exported if isinstance(thing, type) and issubclass(thing, Value)]
    parts = [_HEAD, "\n## Resources\n\n", *_list_of(resources), "\n## Values\n\n", *_list_of(values), _EVERY, "\n"]
    common = read_shape(Resource, [Resource])
    parts += _members(common, docstrings(Resource))
    for resource in resources:
        shape = resource.declaration().shape
        own = Shape(shape.name, {slot.name: slot for slot in shape if slot.name not in common})
        parts += [f"\n## {resource.__name__}\n\n{inspect.getdoc(resource)}\n\n"]
        parts += _members(own, _documented(resource))
    for value in values:
        parts += [f"\n## {value.__name__}\n\n{inspect.getdoc(value)}\n\n"]
        if value.__init__ is Value.__init__:
            parts += _members(value.shape(), docstrings(value))
        else:
            parts += [f"`{value.__name__}{_signature(value)}`\n"]
    return "".join(parts)


def _list_of(classes: Sequence[type]) -> Iterator[str]:
    for cls in classes:
        yield f"- [{cls.__name__}](#{cls.__name__.lower()}): {(inspect.getdoc(cls) or '').splitlines()[0]}\n"


def _documented(resource: type[Resource]) -> dict[str, str]:
    """The docstrings of a resource's properties, also of those that it has from what several nouns share."""
    owners = [cls for cls in reversed(resource.__mro__) if issubclass(cls, Resource) and cls is not Resource]
    return {name: text for owner in owners for name, text in docstrings(owner).items()}


def _members(shape: Shape, docs: dict[str, str]) -> Iterator[str]:
    told = [slot for slot in shape if not _is_tag(slot)]
    for slot in sorted(told, key=lambda slot: (slot.behaviour.computed, not slot.behaviour.required)):
        said = ", ".join(filter(None, [_type(slot.kind), *_words(slot.behaviour)]))
        text = docs.get(slot.name, "").replace("\n\n", "\n").replace("\n", "\n  ")
        yield f"- **`{slot.name}`** ({said}): {text}\n"


def _is_tag(slot: Slot) -> bool:
    """Whether a member only says which kind of value it is in: nobody gives it."""
    return slot.name == "type" and isinstance(slot.kind, Scalar) and len(slot.kind.choices) == 1


def _words(behaviour: Behaviour) -> Iterator[str]:
    if behaviour.computed:
        yield "read"
    elif behaviour.required:
        yield "required"
    elif behaviour.default is NAME:
        yield "left out: the resource's name"
    elif behaviour.default not in (None, [], ""):
        yield f"left out: `{behaviour.default!r}`"
    if behaviour.immutable:
        yield "replaces"
    if behaviour.secret:
        yield "secret"


def _type(kind: Kind) -> str:
    match kind:
        case Scalar(choices=(_, *_)):
            return " or ".join(f'`"{choice}"`' for choice in kind.choices)
        case Scalar(known=(_, *_)):
            words = ", ".join(f'`"{word}"`' for word in kind.known)
            return f"{_types(kind)}, known are {words}"
        case Scalar():
            return _types(kind)
        case Anything():
            return "any JSON"
        case ListOf():
            return f"list of {_type(kind.item)}"
        case MapOf():
            return f"mapping to {_type(kind.item)}"
        case Object():
            return f"[{kind.cls.__name__}](#{kind.cls.__name__.lower()})"
        case OneOf():
            inner = [*kind.tagged.values(), kind.open, kind.plain, kind.listed]
            return " or ".join(dict.fromkeys(_type(one) for one in inner if one is not None))


def _types(kind: Scalar) -> str:
    return " or ".join(f"`{kind_of.__name__}`" for kind_of in kind.types)


def _signature(value: type[Value]) -> str:
    parameters = list(inspect.signature(value.__init__).parameters.values())[1:]
    return str(inspect.Signature(parameters)).replace("'", "")


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
    print(f"Written: {PAGE.relative_to(PAGE.parents[1])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
