"""Checks requests and responses against the official description, and reports what violates it as differences.

A request must have no read-only property and a response no write-only one; neither may have a property that the
description does not name. Everything else is JSON Schema, draft 2020-12, which a library validates.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from .differences import Difference
from .official import official_description
from .shapes import Description, Operation, Shape, any_of

_COMPONENTS = "#/components/schemas/"
_BASE = "_without_alternatives"
"""Ends the name of a schema with a discriminator that its alternatives extend."""


class Validation:
    """The official description, ready to check calls."""

    def __init__(self) -> None:
        self._document = official_description()
        self._description = Description(self._document)
        self._operations = self._description.operations()
        names = sorted(self._operations, key=lambda name: name.count("{"))
        self._patterns = {name: re.compile(re.sub(r"\{\w+\}", "[^/]+", name)) for name in names}
        self._schemas = {hidden: self._for_library(hidden) for hidden in ("readOnly", "writeOnly")}
        self._validator = functools.cache(self._new_validator)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a call; the path is that below the root of the API."""
        call = f"{method} {path if path.endswith('/') else path + '/'}"
        return next((self._operations[name] for name, found in self._patterns.items() if found.fullmatch(call)), None)

    def of_query(self, operation: Operation, names: Sequence[str]) -> Iterator[Difference]:
        """The mistakes in the names of the parameters of a query."""
        for name in names:
            if name not in operation.query.members:
                yield Difference(operation.name, "query", name, "additional")

    def of_request(self, operation: Operation, body: Any) -> Iterator[Difference]:
        """The mistakes in the JSON of a request."""
        declared = self._declared(operation.name).get("requestBody", {})
        if declared or not operation.request.is_open:
            yield from self._of(operation, "request", operation.request, "readOnly", self._json_schema(declared), body)

    def of_response(self, operation: Operation, status: int, body: Any) -> Iterator[Difference]:
        """The mistakes in the status and the JSON of a response; None for a response without any."""
        responses = self._declared(operation.name)["responses"]
        declared = responses.get(str(status), responses.get("default"))
        if status < 400 and str(status) not in responses:
            yield Difference(operation.name, "status", str(status), "additional")
            declared = next(response for word, response in responses.items() if word.startswith("2"))
        if declared is None or body is None:
            return
        schema = self._json_schema(declared)
        if schema is not None and status < 400:
            yield from self._of(operation, "response", operation.response, "writeOnly", schema, body)
        elif schema is not None:
            shape = any_of([self._description.shape(schema, "writeOnly")])
            yield from self._of(operation, "error", shape, "writeOnly", schema, body)

    def _of(
        self, operation: Operation, aspect: str, shape: Shape, hidden: str, schema: Any, body: Any
    ) -> Iterator[Difference]:
        found = set(_undeclared(shape, body, ""))
        if schema is not None:
            for error in self._validator(hidden, json.dumps(schema)).iter_errors(body):
                found.add(_violation(error, shape, body))
        for place, kind in sorted(found):
            yield Difference(operation.name, aspect, place, kind)

    def _declared(self, name: str) -> Any:
        method, path = name.split()
        return self._document["paths"][path][method.lower()]

    def _json_schema(self, declared: Mapping[str, Any]) -> Any:
        content = self._description.resolved(declared).get("content", {})
        return content.get("application/json", {}).get("schema")

    def _new_validator(self, hidden: str, schema: str) -> jsonschema_rs.Draft202012Validator:
        whole = {**_adapted(json.loads(schema), hidden), "components": {"schemas": self._schemas[hidden]}}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    def _for_library(self, hidden: str) -> dict[str, Any]:
        """All schemas as JSON Schema knows them: with conditions for discriminators."""
        found = {}
        for name, schema in self._document["components"]["schemas"].items():
            found[name] = _adapted(schema, hidden)
            if "discriminator" in schema:
                found[name + _BASE] = dict(found[name])
                words = schema["discriminator"]["mapping"].items()
                found[name]["allOf"] = [_when(schema["discriminator"]["propertyName"], *word) for word in words]
        for name, schema in found.items():
            for part in schema.get("allOf", ()):
                target = str(part.get("$ref", "")).removeprefix(_COMPONENTS)
                if target + _BASE in found and name != target:
                    part["$ref"] = _COMPONENTS + target + _BASE
        return found


@functools.cache
def official_validation() -> Validation:
    """The checks of this process."""
    return Validation()


def _when(name: str, word: str, reference: str) -> dict[str, Any]:
    return {"if": {"properties": {name: {"const": word}}, "required": [name]}, "then": {"$ref": reference}}


def _adapted(node: Any, hidden: str) -> Any:
    """A schema for one direction: its hidden properties are required of nobody and are checked elsewhere."""
    if isinstance(node, list):
        return [_adapted(inner, hidden) for inner in node]
    if not isinstance(node, dict):
        return node
    found = {name: _adapted(inner, hidden) for name, inner in node.items() if name != "discriminator"}
    if isinstance(node.get("type"), list):
        found["type"] = [word or "null" for word in node["type"]]
    if "oneOf" in found:
        # Alternatives that differ in a hidden property alone are not told apart.
        found["anyOf"] = found.pop("oneOf")
    properties = node.get("properties")
    if isinstance(properties, dict):
        unseen = {name for name, member in properties.items() if _is_hidden(member, hidden)}
        found["properties"] = {name: {} if name in unseen else found["properties"][name] for name in properties}
        if isinstance(node.get("required"), list):
            found["required"] = [name for name in node["required"] if name not in unseen]
    return found


def _is_hidden(member: Any, hidden: str) -> bool:
    while isinstance(member, dict) and not member.get(hidden) and "$ref" in member:
        member = official_description()["components"]["schemas"][member["$ref"].removeprefix(_COMPONENTS)]
    return isinstance(member, dict) and bool(member.get(hidden))


def _undeclared(shape: Shape, value: Any, at: str) -> Iterator[tuple[str, str]]:
    """The properties of a value that a shape does not have."""
    if shape.is_open:
        return
    shape, at = _chosen(shape, value, at)
    if isinstance(value, list):
        for item in value:
            yield from _undeclared(shape.members.get("[]", Shape()), item, f"{at}[]")
    elif isinstance(value, dict):
        for name, inner in value.items():
            place = _joined(at, name if name in shape.members else "*")
            member = shape.members.get(name, shape.members.get("*"))
            if member is not None:
                yield from _undeclared(member, inner, place)
            elif shape.members:
                yield _joined(at, name), "additional"


def _violation(error: jsonschema_rs.ValidationError, shape: Shape, body: Any) -> tuple[str, str]:
    """Place and kind of an error of the library."""
    place, value, at = shape, body, ""
    for step in error.instance_path:
        place, at = _chosen(place, value, at)
        value = value[step]
        name = "[]" if isinstance(step, int) else step if step in place.members else "*"
        at = _joined(at, str(name))
        place = place.members.get(str(name), Shape())
    place, at = _chosen(place, value, at) if isinstance(value, dict) else (place, at)
    keyword = error.kind.name
    if keyword == "required":
        return _joined(at, error.kind.as_dict()["property"]), "optional"
    if value is None:
        return at, "nullable"
    if keyword in ("enum", "const"):
        return at, "values"
    return at, "type" if keyword in ("type", "anyOf") else "form"


def _chosen(shape: Shape, value: Any, at: str) -> tuple[Shape, str]:
    """The alternative that a value's word chooses, and its place."""
    if not shape.has_alternatives or not isinstance(value, dict):
        return shape, at
    word = f"[{value.get('type')}]"
    return (shape.members[word], at + word) if word in shape.members else (Shape(), at)


def _joined(at: str, name: str) -> str:
    return f"{at}{name}" if name.startswith("[") or not at else f"{at}.{name}"
