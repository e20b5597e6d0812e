"""An OpenAPI description reduced to what can be compared: operations, parameters, statuses, properties."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

_METHODS = ("get", "post", "put", "delete", "patch")


@dataclass(frozen=True)
class Operation:
    """One operation: its name, query parameters, successful statuses, and the properties of requests and responses.

    A property is a path such as `results.metadata.default.title.value`; items of lists add nothing to it.
    """

    name: str
    query: frozenset[str]
    statuses: frozenset[str]
    request: frozenset[str]
    response: frozenset[str]


class Description:
    """A whole description."""

    def __init__(self, document: Schema) -> None:
        self._document = document

    def operations(self) -> dict[str, Operation]:
        """Every operation, by its name: `GET /groups/{group_uid}/`."""
        found = {}
        for path, methods in self._document["paths"].items():
            for method in set(methods) & set(_METHODS):
                name = f"{method.upper()} {path}"
                found[name] = self._operation(name, methods[method])
        return found

    def _operation(self, name: str, operation: Schema) -> Operation:
        parameters = [self._resolved(parameter) for parameter in operation.get("parameters", [])]
        responses = {
            status: self._resolved(response)
            for status, response in operation["responses"].items()
            if status.startswith("2")
        }
        return Operation(
            name=name,
            query=frozenset(parameter["name"] for parameter in parameters if parameter["in"] == "query"),
            statuses=frozenset(responses),
            request=self._content(self._resolved(operation.get("requestBody", {})), "readOnly"),
            response=frozenset().union(*(self._content(response, "writeOnly") for response in responses.values())),
        )

    def _content(self, body: Schema, hidden: str) -> frozenset[str]:
        schemas = [content["schema"] for content in body.get("content", {}).values() if "schema" in content]
        return frozenset(path for schema in schemas for path in self._paths(schema, hidden, ()))

    def _resolved(self, node: Schema) -> Schema:
        while "$ref" in node:
            node = {**self._target(node["$ref"]), **{name: node[name] for name in node if name != "$ref"}}
        return node

    def _target(self, reference: str) -> Schema:
        target: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        found: Schema = target
        return found

    def _paths(self, schema: Schema, hidden: str, inside: tuple[str, ...]) -> Iterator[str]:
        """The paths below a schema; `inside` holds the references that led here, none of which is followed again."""
        reference = schema.get("$ref")
        if reference in inside:
            return
        if reference:
            yield from self._paths(self._target(reference), hidden, (*inside, reference))
        for branch in self._branches(schema):
            yield from self._paths(branch, hidden, inside)
        if isinstance(schema.get("items"), dict):
            yield from self._paths(schema["items"], hidden, inside)
        members = dict(schema.get("properties", {}))
        if schema.get("additionalProperties") and isinstance(schema["additionalProperties"], dict):
            members["*"] = schema["additionalProperties"]
        for name, member in members.items():
            if self._resolved(member).get(hidden):
                continue
            yield name
            for path in self._paths(member, hidden, inside):
                yield f"{name}.{path}"

    def _branches(self, schema: Schema) -> Iterator[Schema]:
        for word in ("allOf", "anyOf", "oneOf"):
            yield from schema.get(word, [])
        for target in schema.get("discriminator", {}).get("mapping", {}).values():
            yield {"$ref": target}
