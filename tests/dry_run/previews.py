"""Previews in the engine's JSON, of programs on the stub of the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..engine_stub.engine import Engine
from ..engine_stub.program import run
from ..engine_stub.state import Registration, Resource


def preview_of(engine: Engine, program: Callable[[], Any]) -> str:
    """Return what `pulumi preview --json` prints of a program, as far as we read it."""
    olds = dict(engine.resources)
    steps = engine.preview(program).steps
    rows: list[dict[str, Any]] = []
    declared: dict[str, Registration] = {}

    def step(one: Registration) -> tuple[str, Mapping[str, Any]]:
        declared[one.urn] = one
        return (olds[one.urn].id if one.urn in olds else ""), one.inputs

    run(program, step, project=engine.project, stack=engine.stack, preview=True, folder=engine.folder)
    for one in declared.values():
        op = steps.get(one.name, "same")
        old = _old_state(olds[one.urn]) if one.urn in olds else None
        for each in ("create-replacement", "replace", "delete-replaced") if op == "replace" else (op,):
            rows.append({"op": each, "urn": one.urn, "newState": _new_state(one)} | ({"oldState": old} if old else {}))
    for urn in reversed([urn for urn in olds if urn not in declared]):
        rows.append({"op": "delete", "urn": urn, "oldState": _old_state(olds[urn])})
    return json.dumps({"steps": rows, "changeSummary": {}})


def export_of(engine: Engine) -> str:
    """Return what `pulumi stack export` prints of the stub's state, as far as we read it."""
    rows = [_old_state(one) for one in engine.resources.values()]
    return json.dumps({"version": 3, "deployment": {"resources": rows}})


def _old_state(one: Resource) -> dict[str, Any]:
    return _row(one.urn, one.inputs, one.dependencies) | {"id": one.id, "outputs": one.outputs}


def _new_state(one: Registration) -> dict[str, Any]:
    return _row(one.urn, one.inputs, one.dependencies)


def _row(urn: str, inputs: Mapping[str, Any], needs: Sequence[str]) -> dict[str, Any]:
    return {
        "urn": urn,
        "type": urn.split("::")[2],
        "inputs": inputs,
        "dependencies": list(needs),
        "propertyDependencies": {name: list(needs) for name in inputs},
    }
