"""The committed digest of the official description: that it is whole, consistent, and without prose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.description_digest import DIGEST, digest_of, main, text_of

from .official import official_description

ORIGINAL = DIGEST.parents[2].parent / "shared" / "automation-api" / "openapi-1.0.json"
"""The official description, on machines that have it: beside the checkout, and no part of the project."""

SMALL = {
    "openapi": "3.1.0",
    "info": {"title": "An API", "version": "1.0", "contact": {"email": "someone@example.com"}},
    "servers": [{"url": "https://example.com"}],
    "paths": {
        "/things/": {
            "post": {
                "summary": "Make a thing",
                "operationId": "make",
                "tags": ["Things"],
                "requestBody": {"content": {"text/csv": {"example": {"title": "A"}, "schema": {"type": "object"}}}},
                "responses": {"201": {"description": "The thing", "content": {"text/csv": {"example": "a;b"}}}},
            }
        }
    },
    "components": {
        "schemas": {
            "thing": {
                "description": "A thing",
                "type": "object",
                "required": ["title", "description"],
                "properties": {
                    "title": {"title": "Title", "type": "string", "example": "A", "minLength": 1},
                    "description": {"type": ["string", "null"], "description": "Some words", "default": None},
                    "example": {"readOnly": True, "$ref": "#/components/schemas/thing"},
                },
                "additionalProperties": False,
            }
        }
    },
}

SMALL_DIGEST = {
    "components": {
        "schemas": {
            "thing": {
                "additionalProperties": False,
                "properties": {
                    "description": {"default": None, "type": ["null", "string"]},
                    "example": {"$ref": "#/components/schemas/thing", "readOnly": True},
                    "title": {"minLength": 1, "type": "string"},
                },
                "required": ["description", "title"],
                "type": "object",
            }
        }
    },
    "info": {"version": "1.0"},
    "openapi": "3.1.0",
    "paths": {
        "/things/": {
            "post": {
                "requestBody": {"content": {"text/csv": {"schema": {"type": "object"}}}},
                "responses": {"201": {"content": {"text/csv": {}}}},
            }
        }
    },
}


def references(node: Any) -> Iterator[str]:
    """Every reference in a description."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        yield from node.get("discriminator", {}).get("mapping", {}).values()
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(inner)


def resolves(reference: str) -> bool:
    """Whether the digest has the target of a reference."""
    target: Any = official_description()
    for part in reference.removeprefix("#/").split("/"):
        target = target.get(part) if isinstance(target, dict) else None
    return isinstance(target, dict)


def is_committed(digest: str) -> bool:
    """Whether a text is the committed digest; a plain answer, since comparing the lines of both takes minutes."""
    return digest == DIGEST.read_text(encoding="utf-8")


def digest_in(file: Path) -> str:
    """The text of the digest of a description in a file."""
    return text_of(digest_of(json.loads(file.read_text(encoding="utf-8")))) + "\n"


def test_committed_digest_is_what_the_script_makes() -> None:
    """Without the original beside the checkout, the digest is compared with its own digest."""
    source = ORIGINAL if ORIGINAL.is_file() else DIGEST

    assert is_committed(digest_in(source)), f"make it again: python -m tools.description_digest {ORIGINAL}"


def test_digest_has_no_prose_and_sorted_names() -> None:
    assert is_committed(digest_in(DIGEST))


def test_every_reference_of_the_digest_resolves() -> None:
    found = set(references(official_description()))

    assert len(found) > 100
    assert {reference for reference in found if not resolves(reference)} == set()


def test_digest_has_every_operation_and_schema() -> None:
    description = official_description()
    operations = [operation for methods in description["paths"].values() for operation in methods.values()]

    assert (len(description["paths"]), len(operations), len(description["components"]["schemas"])) == (105, 181, 115)
    assert [operation for operation in operations if not operation["responses"]] == []


def test_prose_is_left_out_and_facts_are_kept() -> None:
    made = digest_of(SMALL)

    assert text_of(made) == text_of(SMALL_DIGEST)


def test_digest_does_not_depend_on_the_order_of_names() -> None:
    def reversed_names(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: reversed_names(node[name]) for name in reversed(node)}
        return node

    assert text_of(digest_of(reversed_names(SMALL))) == text_of(SMALL_DIGEST)


def test_unknown_word_in_a_description_is_refused() -> None:
    description = {"paths": {"/things/": {"get": {"responses": {}, "x-beta": True}}}}

    with pytest.raises(ValueError, match=r"paths, /things/, get: \['x-beta'\] is neither kept nor left out"):
        digest_of(description)


def test_lines_of_the_digest_have_at_most_120_characters() -> None:
    assert max(len(line) for line in DIGEST.read_text(encoding="utf-8").splitlines()) <= 120


def test_script_writes_the_digest_of_the_named_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "openapi.json", tmp_path / "digest.json"
    source.write_text(json.dumps(SMALL))

    assert main([str(source), str(target)]) == 0

    assert target.read_text() == text_of(SMALL_DIGEST) + "\n"
    assert capsys.readouterr().out == f"Written: {target}\n"
