"""The reference pages, made from the declarations: `python -m tools.reference` writes docs/reference/.

Each resource type gets a page with the example of docs/reference/examples/TYPE.py. All values share one page. The pages
of `tools.functions_pages` are written beside them.
"""

import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi_opendatasoft
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.program.value import Value, docstrings, read_shape
from pulumi_opendatasoft.schema.property import NAME, Behaviour
from pulumi_opendatasoft.schema.types import Anything, Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot

from . import functions_pages

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
EXAMPLES = FOLDER / "examples"

_MADE = "<!-- Made by `make docs` from the docstrings of the declarations. Do not edit. -->\n\n"

_INDEX = """# Reference

Each resource type has a page with an example. The texts are the docstrings of the classes, which editors show as well.

How to read an entry:

- An input that is *required* must be given. One with a *default* has that value when it is left out. Any other input
  of a resource that is left out is **not managed**: it is never read and never changed. The same holds for metadata
  fields and for entries of `params`. A member of another value that is left out is sent as empty.
- *replaces*: when this input changes, the object is deleted and created again.
- *secret*: encrypted in the state, and masked in messages.
- An output is set by the portal and can be read by the program: `dataset.uid`.
- Where known values are listed, they are suggestions. The portal may accept others.
"""

_EVERY_RESOURCE = """
## Every resource

Beside its name and Pulumi's `opts`, each resource type has the following inputs and outputs, and a static method
`get(name, id, portal=…)`, which reads an object that the program does not manage. The id is the `uid` of a dataset
(`da_…`), a connection (`co_…`) or a group, or the e-mail address of a user.

### Common inputs

"""

_VALUES = """# Values

Values are the objects inside the properties of resources. All their arguments are keyword arguments, except for `File`.
"""


class MissingExampleError(Exception):
    """A resource type has no example; the message contains the path of the file to write."""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name. Raises MissingExampleError, also that of the functions' pages."""
    exported = [getattr(pulumi_opendatasoft, name) for name in pulumi_opendatasoft.__all__]
    classes = sorted((thing for thing in exported if isinstance(thing, type)), key=lambda cls: cls.__name__.lower())
    resources = [cls for cls in classes if issubclass(cls, Resource)]
    values = [cls for cls in classes if issubclass(cls, Value)]
    return {
        "README.md": "".join(_index(resources, values)),
        "values.md": "".join(_values(values, resources)),
        **{f"{cls.__name__}.md": "".join(_resource(cls)) for cls in resources},
        **functions_pages.pages(),
    }


def _index(resources: list[type[Resource]], values: list[type[Value]]) -> Iterator[str]:
    common, texts = read_shape(Resource, [Resource]), docstrings(Resource)
    yield _MADE + _INDEX + "\n## Resource types\n\n"
    yield from (f"- [`{cls.__name__}`]({cls.__name__}.md): {_first_line(cls)}\n" for cls in resources)
    yield _EVERY_RESOURCE
    yield from _members(common, texts, computed=False)
    yield "\n### Common outputs\n\n"
    yield from _members(common, texts, computed=True)
    yield "\n## Functions\n\n"
    yield "- [Functions](functions.md) read a portal; [their results](results.md) have classes of their own.\n"
    yield "- [Operations](operations.md): what reaches each of the 181 operations of the API.\n"
    yield "\n## Values\n\n"
    yield from (f"- {_link(cls)}: {_first_line(cls)}\n" for cls in values)


def _resource(cls: type[Resource]) -> Iterator[str]:
    inherited = read_shape(Resource, [Resource])
    own = Shape(cls.__name__, {slot.name: slot for slot in cls.declaration().shape if slot.name not in inherited})
    texts = _documented(cls)
    yield f"{_MADE}# {cls.__name__}\n\n{inspect.getdoc(cls)}\n\n## Example\n\n```python\n{_example(cls)}```\n"
    yield "\n## Inputs\n\n"
    yield from _members(own, texts, computed=False)
    yield "\nSee also [the inputs of every resource](README.md#common-inputs).\n\n## Outputs\n\n"
    yield from _members(own, texts, computed=True)
    yield "\nSee also [the outputs of every resource](README.md#common-outputs).\n"


def _values(values: list[type[Value]], resources: list[type[Resource]]) -> Iterator[str]:
    users = {cls: sorted(r.__name__ for r in resources if cls in _reachable(r.declaration().shape)) for cls in values}
    yield _MADE + _VALUES
    for value in values:
        used_by = ", ".join(f"[{name}]({name}.md)" for name in users[value])
        yield f"\n## {value.__name__}\n\n{inspect.getdoc(value)}\n\n" + (f"Part of: {used_by}.\n\n" if used_by else "")
        if value.__init__ is Value.__init__:
            yield from _members(value.shape(), docstrings(value), computed=False)
        else:
            yield f"`{value.__name__}{_signature(value)}`\n"


def _example(cls: type[Resource]) -> str:
    path = EXAMPLES / f"{cls.__name__}.py"
    if not path.exists():
        raise MissingExampleError(
            f"{cls.__name__} has no example. Write docs/reference/examples/{cls.__name__}.py: a small program that "
            f"creates one and comes up on the emulator; then run `make docs`."
        )
    return path.read_text()


def _first_line(cls: type) -> str:
    return (inspect.getdoc(cls) or "").splitlines()[0]


def _documented(resource: type[Resource]) -> Mapping[str, str]:
    """Return the docstrings of a resource's properties, including those of its abstract base classes."""
    owners = [cls for cls in reversed(resource.__mro__) if issubclass(cls, Resource) and cls is not Resource]
    return {name: text for owner in owners for name, text in docstrings(owner).items()}


def _members(shape: Shape, texts: Mapping[str, str], *, computed: bool) -> Iterator[str]:
    """Yield an entry for each property, the required ones first."""
    listed = [slot for slot in shape if slot.behaviour.computed == computed and not _is_tag(slot)]
    for slot in sorted(listed, key=lambda slot: not slot.behaviour.required):
        marks = ", ".join([_type(slot.kind), *_marks(slot.behaviour)])
        text = texts.get(slot.name, "").replace("\n\n", "\n").replace("\n", "\n  ")
        known = ", ".join(f'`"{word}"`' for word in _known(slot.kind))
        yield f"- **`{slot.name}`** ({marks}): {text}{f' Known values: {known}.' if known else ''}\n"


def _is_tag(slot: Slot) -> bool:
    """Whether a member only distinguishes the values of a union, and is never given."""
    return slot.name == "type" and isinstance(slot.kind, Scalar) and len(slot.kind.choices) == 1


def _marks(behaviour: Behaviour) -> Iterator[str]:
    if not behaviour.computed:
        if behaviour.required:
            yield "*required*"
        elif behaviour.default is NAME:
            yield "*default* the resource's name"
        elif behaviour.default not in (None, [], ""):
            yield f"*default* `{behaviour.default!r}`"
    if behaviour.immutable:
        yield "*replaces*"
    if behaviour.secret:
        yield "*secret*"


def _type(kind: Kind) -> str:
    match kind:
        case Scalar(choices=(_, *_)):
            return " or ".join(f'`"{choice}"`' for choice in kind.choices)
        case Scalar():
            return _types(kind)
        case Anything():
            return "any JSON value"
        case ListOf():
            return f"list of {_type(kind.item)}"
        case MapOf():
            return f"mapping of `str` to {_type(kind.item)}"
        case Object():
            return _link(kind.cls)
        case OneOf():
            return " or ".join(dict.fromkeys(_type(one) for one in _alternatives(kind)))


def _known(kind: Kind) -> tuple[object, ...]:
    """Return the values that are suggested for a property, or for the members of a list."""
    return _known(kind.item) if isinstance(kind, ListOf) else tuple(getattr(kind, "known", ()))


def _alternatives(kind: OneOf) -> list[Kind]:
    return [one for one in (*kind.tagged.values(), kind.open, kind.plain, kind.listed) if one is not None]


def _reachable(kind: Kind | Shape) -> set[type]:
    """Return the values that a property of this kind may contain, at any depth."""
    match kind:
        case Shape():
            return {cls for slot in kind for cls in _reachable(slot.kind)}
        case Object():
            return {kind.cls} | _reachable(kind.shape)
        case ListOf() | MapOf():
            return _reachable(kind.item)
        case OneOf():
            return {cls for one in _alternatives(kind) for cls in _reachable(one)}
    return set()


def _link(value: type) -> str:
    return f"[`{value.__name__}`](values.md#{value.__name__.lower()})"


def _types(kind: Scalar) -> str:
    return " or ".join(f"`{kind_of.__name__}`" for kind_of in kind.types)


def _signature(value: type[Value]) -> str:
    parameters = list(inspect.signature(value.__init__).parameters.values())[1:]
    return str(inspect.Signature(parameters)).replace("'", "")


def main() -> int:
    """Write every page, and delete pages of types that no longer exist; return the exit code."""
    try:
        made = pages()
    except (MissingExampleError, functions_pages.MissingExampleError) as reason:
        print(reason, file=sys.stderr)
        return 1
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)
    print(f"Written: {len(made)} pages in {FOLDER.relative_to(FOLDER.parents[1])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
