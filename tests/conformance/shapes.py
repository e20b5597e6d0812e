"""An OpenAPI description reduced to facts to compare: each operation's parameters, statuses and properties."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Schema = Mapping[str, Any]

_UNIONS = ("oneOf", "anyOf")
_INSIDE = {"$ref", "allOf", "oneOf", "anyOf", "discriminator", "properties", "additionalProperties"}
"""The words that declare what is in an object; without any of them, everything may be."""
_TAG = "type"
"""The property whose word chooses an alternative, everywhere in this API."""

METHODS = ("get", "post", "put", "delete", "patch")


@dataclass(frozen=True)
class Shape:
    """The values that a schema accepts: null, one of some values, and members.

    A member is the name of a property, `[]` for the items of a list, `*` for a property of any name, or `[word]` for
    the alternative that a discriminator's word chooses. `nullable`, `values` and `types` are None where they are
    left open; null is none of the types.
    """

    nullable: bool | None = None
    values: frozenset[str] | None = None
    members: Mapping[str, Shape] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    types: frozenset[str] | None = None

    @property
    def has_alternatives(self) -> bool:
        """Whether a word chooses among its members."""
        return bool(_words_of(self))

    @property
    def is_open(self) -> bool:
        """Whether every value is valid."""
        return self == _OPEN

    @property
    def takes_null(self) -> bool:
        """Whether null is a valid value."""
        return self.nullable is not False


@dataclass(frozen=True)
class Operation:
    """One operation: the shapes of its query, path, successful statuses, request bodies and response bodies."""

    name: str
    query: Shape
    path: Shape
    status: Shape
    request: Shape
    response: Shape


ASPECTS = ("query", "path", "status", "request", "response")


def all_of(shapes: Iterable[Shape]) -> Shape:
    """The shape of a value that has all of these shapes."""
    return functools.reduce(_both, shapes, Shape())


def any_of(shapes: Iterable[Shape]) -> Shape:
    """The shape of a value that has one of these shapes. Null alone adds no more than that it is taken."""
    alternatives = list(shapes)
    full = [shape for shape in alternatives if shape != _NULL]
    if not full:
        return _NULL if alternatives else Shape()
    values = [shape.values for shape in full]
    types = [shape.types for shape in full]
    names = dict.fromkeys(name for shape in full for name in shape.members)
    nullable = [shape.nullable for shape in alternatives]
    with_members = [shape.required for shape in full if shape.members] or [frozenset()]
    return Shape(
        nullable=True if True in nullable else None if None in nullable else False,
        values=None if None in values else frozenset().union(*(v for v in values if v is not None)),
        members={name: any_of(s.members[name] for s in full if name in s.members) for name in names},
        required=frozenset.intersection(*with_members),
        types=None if None in types else frozenset().union(*(t for t in types if t is not None)),
    )


def _both(one: Shape, other: Shape) -> Shape:
    nullable = [shape.nullable for shape in (one, other) if shape.nullable is not None]
    values = [shape.values for shape in (one, other) if shape.values is not None]
    types = [shape.types for shape in (one, other) if shape.types is not None]
    members = dict(one.members)
    for name, shape in other.members.items():
        members[name] = _both(members[name], shape) if name in members else shape
    return Shape(
        nullable=all(nullable) if nullable else None,
        values=frozenset.intersection(*values) if values else None,
        members=members,
        required=one.required | other.required,
        types=frozenset.intersection(*types) if types else None,
    )


def _without(shape: Shape, names: set[str]) -> Shape:
    members = {name: member for name, member in shape.members.items() if name not in names}
    return replace(shape, members=members, required=shape.required - names)


def _words_of(shape: Shape) -> list[str]:
    return [name for name in shape.members if name.startswith("[") and name != "[]"]


def _in_alternatives(shape: Shape) -> Shape:
    """A shape whose alternatives have all that is declared beside them."""
    words = _words_of(shape)
    if not words:
        return shape
    beside = _without(shape, set(words))
    members = {word: _both(beside, shape.members[word]) for word in words}
    return replace(shape, members=members, required=frozenset())


def merged(shape: Shape) -> Shape:
    """A shape whose alternatives by word are one, at every depth."""
    words = _words_of(shape)
    if words:
        shape = _both(_without(shape, set(words)), any_of(shape.members[word] for word in words))
    return replace(shape, members={name: merged(member) for name, member in shape.members.items()})


_OPEN = Shape()
_NULL = Shape(nullable=True, values=frozenset())


class Description:
    """A whole description."""

    def __init__(self, document: Schema) -> None:
        self._document = document

    def operations(self) -> dict[str, Operation]:
        """Every operation, by its name: `GET /groups/{group_uid}/`."""
        found = {}
        for path, methods in self._document["paths"].items():
            for method in METHODS:
                if method in methods:
                    name = f"{method.upper()} {path}"
                    found[name] = self._operation(name, methods[method], methods.get("parameters", []))
        return found

    def _operation(self, name: str, operation: Schema, shared: list[Schema]) -> Operation:
        parameters = [self.resolved(parameter) for parameter in [*shared, *operation.get("parameters", [])]]
        responses = {
            status: self.resolved(response)
            for status, response in operation["responses"].items()
            if status.startswith("2")
        }
        body = self.resolved(operation.get("requestBody", {}))
        return Operation(
            name=name,
            query=self._parameters(parameters, "query"),
            path=self._parameters(parameters, "path"),
            status=Shape(members=dict.fromkeys(responses, Shape())),
            request=self._content(body, "readOnly"),
            response=any_of(self._content(response, "writeOnly") for response in responses.values()),
        )

    def shape(self, schema: Schema, hidden: Literal["readOnly", "writeOnly"]) -> Shape:
        """The shape of a schema of this description, without its hidden properties."""
        return self._shape(schema, hidden, ())

    def _parameters(self, parameters: list[Schema], place: str) -> Shape:
        inside = [parameter for parameter in parameters if parameter["in"] == place]
        return Shape(
            members={p["name"]: self._shape(p.get("schema", {}), "", ()) for p in inside},
            required=frozenset(p["name"] for p in inside if p.get("required")),
        )

    def _content(self, body: Schema, hidden: Literal["readOnly", "writeOnly"]) -> Shape:
        schemas = [content["schema"] for content in body.get("content", {}).values() if "schema" in content]
        return any_of(self._shape(schema, hidden, ()) for schema in schemas)

    def resolved(self, node: Schema) -> Schema:
        """A node, or the target of its reference with what stands beside the reference."""
        while "$ref" in node:
            node = {**self.target(node["$ref"]), **{name: node[name] for name in node if name != "$ref"}}
        return node

    def target(self, reference: str) -> Schema:
        """The target of a reference."""
        target: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        found: Schema = target
        return found

    def _shape(self, schema: Schema, hidden: str, inside: tuple[str, ...], chosen: bool = False) -> Shape:
        """The shape of a schema.

        Args:
            schema: the schema.
            hidden: the word of the properties that are left out.
            inside: the references that led here, none of which is followed again.
            chosen: whether a discriminator chose this schema, so that the one of its base is not followed.
        """
        reference = schema.get("$ref")
        parts = [self._own(schema, hidden, inside)]
        if reference and reference not in inside:
            parts.append(self._shape(self.target(reference), hidden, (*inside, reference), chosen))
        # A schema that extends a union is one of its alternatives.
        parts += [self._shape(part, hidden, inside, self._is_union(part)) for part in schema.get("allOf", ())]
        words = {} if chosen else self._words(schema)
        if words:
            parts.append(Shape(members={f"[{w}]": self._chosen(part, w, hidden, inside) for w, part in words.items()}))
        else:
            alternatives = [alternative for word in _UNIONS for alternative in schema.get(word, ())]
            if alternatives:
                parts.append(any_of(self._shape(part, hidden, inside) for part in alternatives))
        refined = [*schema.get("allOf", ()), *([{"$ref": reference}] if reference else [])]
        unseen = {name for part in refined for name in self._hidden(part, hidden)}
        return _in_alternatives(_without(all_of(parts), unseen))

    def _words(self, schema: Schema) -> dict[str, Schema]:
        """The alternatives of a union by the word that chooses each; `*` is the one that takes every other word.

        A description of the emulator has no discriminator where other words are possible: there the words are found in
        the alternatives.
        """
        if "discriminator" in schema:
            return {word: {"$ref": reference} for word, reference in schema["discriminator"]["mapping"].items()}
        found: dict[str, Schema] = {}
        alternatives = [part for word in _UNIONS for part in schema.get(word, ()) if part.get("type") != "null"]
        for alternative in alternatives:
            word = self.resolved(alternative).get("properties", {}).get(_TAG, {}).get("const", "*")
            found[word] = alternative
        return found if found.keys() - {"*"} and len(found) == len(alternatives) else {}

    def _chosen(self, part: Schema, word: str, hidden: str, inside: tuple[str, ...]) -> Shape:
        if part.get("$ref") in inside:
            return Shape()
        shape = self._shape(part, hidden, inside, chosen=True)
        if word == "*":
            return shape
        return _both(shape, Shape(False, None, {_TAG: Shape(False, frozenset({json.dumps(word)}))}, frozenset({_TAG})))

    def _hidden(self, part: Schema, hidden: str) -> Iterator[str]:
        """The properties that one part of a whole hides: where another part refines one, it does not repeat that."""
        whole = self.resolved(part)
        for name, member in whole.get("properties", {}).items():
            if self.resolved(member).get(hidden):
                yield name
        for inner in whole.get("allOf", ()):
            yield from self._hidden(inner, hidden)

    def _is_union(self, part: Schema) -> bool:
        return "discriminator" in self.resolved(part)

    def _own(self, schema: Schema, hidden: str, inside: tuple[str, ...]) -> Shape:
        """The declarations of a schema itself, beside its references and branches."""
        types = schema.get("type")
        types = types if isinstance(types, list) else [types] if types else []
        if types == ["null"]:
            return _NULL
        values = schema.get("enum", [schema["const"]] if "const" in schema else None)
        nullable = None
        if types:
            # One list of types in the official description has a bare null for "null".
            nullable = "null" in types or None in types
        elif values is not None:
            nullable = None in values
        elif "properties" in schema or "items" in schema:
            nullable = False
        members = {
            name: self._shape(member, hidden, inside)
            for name, member in schema.get("properties", {}).items()
            if not self.resolved(member).get(hidden)
        }
        required = frozenset(name for name in schema.get("required", ()) if name in members)
        if isinstance(schema.get("items"), Mapping):
            members["[]"] = self._shape(schema["items"], hidden, inside)
        elif "array" in types:
            members["[]"] = Shape()
        others = schema.get("additionalProperties")
        if others or isinstance(others, Mapping):
            members["*"] = self._shape(others if isinstance(others, Mapping) else {}, hidden, inside)
        if "object" in types and not schema.keys() & _INSIDE:
            members["*"] = Shape()
        return Shape(
            nullable=nullable,
            values=None if values is None else frozenset(json.dumps(value) for value in values if value is not None),
            members=members,
            required=required,
            types=frozenset(str(word) for word in types if word not in ("null", None)) or None,
        )
