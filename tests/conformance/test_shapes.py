"""The reduction of descriptions to shapes, and the differences between two of them."""

from __future__ import annotations

from typing import Any

from .differences import differences
from .shapes import Description

KINDS = {
    "discriminator": {"propertyName": "type", "mapping": {"a": "#/components/schemas/a"}},
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "url": {"type": "string"}},
}
A = {"allOf": [{"$ref": "#/components/schemas/kinds"}, {"type": "object", "properties": {"only": {"type": "string"}}}]}


def described(request: Any, response: Any = None, **schemas: Any) -> Description:
    """A description with one operation."""
    content = {"application/json": {"schema": request}}
    answer = {"application/json": {"schema": response or {}}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"content": answer}}}
    return Description({"paths": {"/things/": {"post": operation}}, "components": {"schemas": schemas}})


def an_object(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required or [], "properties": properties}


def between(official: Description, emulated: Description) -> list[tuple[str, str, str]]:
    """The differences of two descriptions, without the operation."""
    found = differences(official.operations(), emulated.operations())
    return [(difference.aspect, difference.place, difference.kind) for difference in found]


TEXT = {"type": "string"}


def test_missing_and_additional_properties_differ() -> None:
    official = described(an_object(title=TEXT, tags={"type": "array", "items": an_object(word=TEXT)}))
    emulated = described(an_object(name=TEXT, tags={"type": "array", "items": an_object()}))

    assert between(official, emulated) == [
        ("request", "name", "additional"),
        ("request", "tags[].word", "absent"),
        ("request", "title", "absent"),
    ]


def test_required_nullable_and_values_differ() -> None:
    unit = {"type": "string", "enum": ["day", "hour"]}
    official = described(an_object(["title"], title=TEXT, unit=unit, size={"type": ["integer", "null"]}))
    emulated = described(
        an_object(["unit"], title={"anyOf": [TEXT, {"type": "null"}]}, unit=TEXT, size={"type": "integer"})
    )

    assert between(official, emulated) == [
        ("request", "size", "not_nullable"),
        ("request", "title", "optional"),
        ("request", "title", "nullable"),
        ("request", "unit", "required"),
        ("request", "unit", "values"),
    ]


def test_response_may_be_more_precise_than_its_description() -> None:
    official = described({}, an_object(title={"type": ["string", "null"]}))

    assert between(official, described({}, an_object(["title"], title=TEXT))) == []


def test_read_only_property_is_none_of_a_request() -> None:
    thing = an_object(["uid"], uid={"type": "string", "readOnly": True}, secret={"type": "string", "writeOnly": True})

    official = described(thing, thing)

    assert between(official, described(an_object(secret=TEXT), an_object(["uid"], uid=TEXT))) == []
    assert ("request", "uid", "additional") in between(official, described(an_object(uid=TEXT, secret=TEXT), thing))


def test_refined_property_stays_read_only() -> None:
    value = an_object(value={}, remote={"readOnly": True})
    refined = {"$ref": "#/components/schemas/value", **an_object(value=TEXT, remote=TEXT)}

    assert between(described(refined, value=value), described(an_object(value=TEXT))) == []


def test_alternatives_are_found_with_and_without_discriminator() -> None:
    word = {"type": "string", "const": "a"}
    official = described({"$ref": "#/components/schemas/kinds"}, kinds=KINDS, a=A)
    emulated = described({"oneOf": [an_object(["type"], type=word, url=TEXT), {"type": "object"}]})

    assert between(official, emulated) == [("request", "[*]", "additional"), ("request", "[a].only", "absent")]


def test_one_schema_for_all_alternatives_is_compared_by_names() -> None:
    official = described({"$ref": "#/components/schemas/kinds"}, kinds=KINDS, a=A)
    emulated = described(an_object(type=TEXT, url={"type": ["string", "null"]}, more=TEXT))

    assert between(official, emulated) == [("request", "more", "additional"), ("request", "only", "absent")]
