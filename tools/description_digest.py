"""Makes a digest of an OpenAPI description: its facts without its prose.

`python -m tools.description_digest ../shared/automation-api/openapi-1.0.json` writes the digest that the conformance
tests read, tests/conformance/automation-api-1.0.json. It is a description of the same structure, so that whatever reads
the one reads the other: paths, methods, parameters, bodies, statuses and schemas, without descriptions, summaries,
titles, examples, tags and addresses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DIGEST = Path(__file__).resolve().parents[1] / "tests" / "conformance" / "automation-api-1.0.json"

WIDTH = 120
"""The longest line of the digest; what is longer is spread over several."""

KEPT: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "value",
        "info": "info",
        "security": "value",
        "paths": "{path}",
        "components": "components",
    },
    "info": {"version": "value"},
    "components": {
        "parameters": "{parameter}",
        "responses": "{response}",
        "schemas": "{schema}",
        "securitySchemes": "{login}",
    },
    "login": dict.fromkeys(("type", "name", "in"), "value"),
    "path": {
        "parameters": "[parameter]",
        **dict.fromkeys(("get", "post", "put", "patch", "delete"), "operation"),
    },
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "deprecated": "value",
        "security": "value",
    },
    "parameter": {"schema": "schema", **dict.fromkeys(("$ref", "name", "in", "required", "deprecated"), "value")},
    "body": {"$ref": "value", "required": "value", "content": "{content}"},
    "response": {"$ref": "value", "headers": "{parameter}", "content": "{content}"},
    "content": {"schema": "schema"},
    "schema": {
        **dict.fromkeys(("$ref", "type", "format", "enum", "const", "default", "required"), "value"),
        **dict.fromkeys(("readOnly", "writeOnly", "nullable", "deprecated", "discriminator"), "value"),
        **dict.fromkeys(("minimum", "maximum", "minLength", "maxLength", "pattern"), "value"),
        **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "value"),
        "properties": "{schema}",
        "additionalProperties": "schema",
        "items": "schema",
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), "[schema]"),
    },
}
"""The words that are kept of each kind of node, and the kind of what stands there.

`value` is taken as it is, `[kind]` is a list of nodes, `{kind}` a mapping from names to nodes.
"""

LEFT_OUT = {
    *("description", "summary", "title", "example", "examples", "externalDocs"),
    *("tags", "x-tags", "x-tagGroups", "x-additionalPropertiesName", "operationId"),
    *("contact", "license", "termsOfService", "servers"),
}
"""The words that are dropped wherever a node has them. (As names, of properties for instance, they are kept.)"""

UNORDERED = {"enum", "required", "type"}
"""The lists whose order has no meaning: they are sorted."""


def digest_of(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digest of a description; ValueError where it has a word that is neither kept nor left out."""
    digest: dict[str, Any] = _node("document", description, "the description")
    return digest


def text_of(value: Any, room: int = WIDTH, indent: str = "") -> str:
    """Return JSON in which a list or mapping stands on one line if it fits into `room` characters."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= room or not value or not isinstance(value, dict | list):
        return line
    inner = indent + " "
    if isinstance(value, dict):
        heads, brackets, parts = [f"{json.dumps(name)}: " for name in value], "{}", list(value.values())
    else:
        heads, brackets, parts = [""] * len(value), "[]", value
    # A comma may follow.
    rows = [
        inner + head + text_of(part, WIDTH - len(inner + head) - 1, inner)
        for head, part in zip(heads, parts, strict=True)
    ]
    return f"{brackets[0]}\n" + ",\n".join(rows) + f"\n{indent}{brackets[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the digest of the named description."""
    parser = argparse.ArgumentParser(prog="python -m tools.description_digest", description=__doc__)
    parser.add_argument("description", type=Path, help="the OpenAPI description, a JSON file")
    parser.add_argument("digest", type=Path, nargs="?", default=DIGEST, help="the file to write (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    made = digest_of(json.loads(chosen.description.read_text(encoding="utf-8")))
    chosen.digest.write_text(text_of(made) + "\n", encoding="utf-8")
    print(f"Written: {chosen.digest}")
    return 0


def _node(kind: str, node: Any, place: str) -> Any:
    """Return the kept words of a node, sorted."""
    if not isinstance(node, Mapping):  # a schema may be `true` or `false`
        return node
    unknown = node.keys() - KEPT[kind].keys() - LEFT_OUT
    if unknown:
        raise ValueError(f"{place}: {sorted(unknown)} is neither kept nor left out: see tools/description_digest.py")
    return dict(_words(kind, node, place))


def _words(kind: str, node: Mapping[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    for word in sorted(node.keys() & KEPT[kind].keys()):
        yield word, _part(KEPT[kind][word], word, node[word], f"{place}, {word}")


def _part(kind: str, word: str, part: Any, place: str) -> Any:
    match kind[0], kind.strip("{}[]"):
        case "{", inner:
            return {name: _node(inner, part[name], f"{place}, {name}") for name in sorted(part)}
        case "[", inner:
            return [_node(inner, one, place) for one in part]
        case _, "value":
            return sorted(part, key=json.dumps) if word in UNORDERED and isinstance(part, list) else _sorted(part)
        case _:
            return _node(kind, part, place)


def _sorted(value: Any) -> Any:
    """Return a value with the names of its mappings sorted."""
    if isinstance(value, Mapping):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
