"""The file for `pulumi import --file`: every object with its inputs and outputs, so that nothing is read or written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..program.provider_string import PROVIDER_KEY, TYPE_PREFIX, provider_string
from ..schema.types import Kind, ListOf, MapOf, Object, OneOf, Shape
from .found import Found

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""By these two the engine knows a secret in JSON."""


def import_file(found: Sequence[Found]) -> str:
    """The content of the file. It contains secrets in clear, as far as the portal returns them."""
    entries = [{"type": TYPE_PREFIX + one.kind, "name": one.name, "id": one.id, **properties(one)} for one in found]
    return json.dumps({"nameTable": {}, "resources": entries}, indent=1, ensure_ascii=False) + "\n"


def properties(found: Found) -> dict[str, dict[str, Any]]:
    """The inputs and outputs of an object as the engine stores them, with the marks of secrets."""
    shape = found.lifecycle.shape
    provider = {PROVIDER_KEY: provider_string(found.kind)}
    outputs = _marked(shape, found.outputs)
    for slot in shape.computed:
        if slot.behaviour.secret and slot.name in outputs:
            outputs[slot.name] = secret(outputs[slot.name])
    return {"inputs": provider | _marked(shape, found.inputs), "outputs": provider | outputs}


def _marked(shape: Shape, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _inside(shape[name].kind, value, shape[name].behaviour.secret and not shape[name].behaviour.computed)
        if name in shape
        else value
        for name, value in values.items()
    }


def _inside(kind: Kind, value: Any, is_secret: bool) -> Any:
    if isinstance(kind, OneOf):
        kind = kind.pick(value)
    if is_secret:
        # The entries of a mapping are secret each by itself; see `program.descriptors.as_secret`.
        return {n: secret(v) for n, v in value.items()} if isinstance(value, Mapping) else secret(value)
    if isinstance(kind, Object) and isinstance(value, Mapping):
        return _marked(kind.shape, value)
    if isinstance(kind, MapOf) and isinstance(value, Mapping):
        return {name: _inside(kind.item, one, False) for name, one in value.items()}
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_inside(kind.item, one, False) for one in value]
    return value


def secret(value: Any) -> dict[str, str]:
    """A value that the engine encrypts."""
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value, ensure_ascii=False)}
