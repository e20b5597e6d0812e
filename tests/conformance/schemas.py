"""The properties that a client can send according to an OpenAPI description, as paths like those of our declarations.

In `datasource[http].headers[].name` the brackets hold the value of the discriminator, or the name of the schema where
alternatives have no discriminator; `[]` stands for the items of a list, `*` for any name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

METHODS = ("post", "put")


class Bodies:
    """The writable properties of every body of a description."""

    def __init__(self, document: Schema) -> None:
        self._document = document

    def writable(self, *places: str) -> Iterator[tuple[str, str]]:
        """Operation (`PUT /groups/{group_uid}/`) and path of each writable property of the endpoints below `places`."""
        for place, operations in self._document["paths"].items():
            for method in METHODS:
                if place.startswith(places) and "requestBody" in operations.get(method, {}):
                    for content in operations[method]["requestBody"]["content"].values():
                        paths = dict.fromkeys(self._inside(content["schema"], ""))
                        yield from ((f"{method.upper()} {place}", path) for path in paths)

    def _inside(self, schema: Schema, at: str, tag: str = "") -> Iterator[str]:
        """The leaves of one schema; `tag` is the discriminator that chose it among alternatives."""
        if "$ref" in schema:
            yield from self._inside(self._target(schema["$ref"]), at, tag)
        discriminator = schema.get("discriminator")
        if discriminator and not tag:
            tag = discriminator["propertyName"]
            for word, reference in discriminator["mapping"].items():
                yield from self._inside(self._target(reference), f"{at}[{word}]", tag)
            return
        for part in schema.get("allOf", ()):
            # A schema that extends a union is one of its alternatives.
            yield from self._inside(part, at, tag or self._tag(part))
        for alternative in schema.get("oneOf", ()):
            name = alternative.get("$ref", "").rpartition("/")[2]
            several = len([a for a in schema["oneOf"] if a.get("type") != "null"]) > 1
            yield from self._inside(alternative, f"{at}[{name}]" if name and several else at)
        if "items" in schema:
            yield from self._item(schema["items"], at)
        for name, member in self._members(schema):
            if name != tag:
                yield from self._member(member, f"{at}.{name}" if at else name)

    def _item(self, item: Schema, at: str) -> Iterator[str]:
        """The leaves of an item; a list of plain values is a leaf itself."""
        inner = list(self._inside(item, f"{at}[]" if at else ""))
        yield from inner or [at]

    def _member(self, member: Schema, at: str) -> Iterator[str]:
        if self._is_read_only(member):
            return
        inner = list(self._inside(member, at))
        yield from inner or [at]

    def _members(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        yield from schema.get("properties", {}).items()
        # `true` and `false` declare no property that could be written by name.
        if isinstance(schema.get("additionalProperties"), Mapping):
            yield "*", schema["additionalProperties"]

    def _is_read_only(self, schema: Schema) -> bool:
        if schema.get("readOnly"):
            return True
        return "$ref" in schema and self._is_read_only(self._target(schema["$ref"]))

    def _tag(self, part: Schema) -> str:
        whole = self._target(part["$ref"]) if "$ref" in part else part
        return str(whole.get("discriminator", {}).get("propertyName", ""))

    def _target(self, reference: str) -> Schema:
        target: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        found: Schema = target
        return found
