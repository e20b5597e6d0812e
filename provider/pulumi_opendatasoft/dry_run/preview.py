"""The steps of `pulumi preview --json`, and the resources of `pulumi stack export`, as plain values."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import OpendatasoftError
from ..program.provider_string import PROVIDER_KEY, TYPE_PREFIX

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's text for a value that is not known yet."""

SECRET = "[secret]"
"""The engine's text for a secret in a preview."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which a state marks an encrypted value."""

CREATES = ("create", "create-replacement")
UPDATES = ("update",)
DELETES = ("delete", "delete-replaced")
READS = ("read", "read-replacement")

State = dict[str, Any]


class NotAPreview(OpendatasoftError):
    """A text that is neither a preview nor a state."""


@dataclass(frozen=True)
class Step:
    """One step of an `up` for a resource of ours."""

    op: str
    """The engine's name of the step: `create`, `update`, `delete`, …"""

    urn: str
    kind: str
    """The resource type: `Group`."""

    old: State
    """The inputs of the state; empty where there is none."""

    outputs: State
    """The outputs of the state; empty where there is none."""

    new: State
    """The inputs of the program; empty for a delete."""

    id: str = ""
    needs: tuple[str, ...] = ()
    """The URNs of the resources that come first."""

    sources: Mapping[str, tuple[str, ...]] | None = None
    """By property, the URNs of the resources whose outputs it uses."""

    @property
    def name(self) -> str:
        """The name of the resource in the program."""
        return self.urn.rpartition("::")[2]


def steps_in(text: str) -> list[Step]:
    """Return the steps of a preview for resources of ours, in their order; those that change nothing left out.

    Raises NotAPreview where the text is no preview, or one that failed.
    """
    preview = _object(text, "`pulumi preview --json`")
    steps = preview.get("steps")
    if not isinstance(steps, list):
        errors = [d.get("message") for d in preview.get("diagnostics") or [] if isinstance(d, Mapping)]
        reason = f" It failed: {errors[0]}" if errors and isinstance(errors[0], str) else ""
        raise NotAPreview(f"this is no output of `pulumi preview --json`: it has no steps.{reason}")
    return list(_steps(steps))


def concurrency_in(text: str) -> int | None:
    """The `opendatasoft:maxConcurrency` of a preview's stack; None where it has none. Raises NotAPreview."""
    found = (_object(text, "`pulumi preview --json`").get("config") or {}).get("opendatasoft:maxConcurrency")
    return int(found) if isinstance(found, int | str) and str(found).isdecimal() and int(found) else None


def resources_in(text: str) -> list[Step]:
    """Return the resources of a state (`pulumi stack export`), each as a step that changes nothing.

    Raises NotAPreview where the text is no state.
    """
    exported = _object(text, "`pulumi stack export`")
    deployment = exported.get("deployment")
    if not isinstance(deployment, Mapping):
        raise NotAPreview("this is no output of `pulumi stack export`: it has no deployment")
    rows = [row for row in deployment.get("resources") or [] if isinstance(row, Mapping)]
    return [_step("same", row, row) for row in rows if _kind_of(row) and not row.get("delete")]


def declared_in(text: str) -> list[Step]:
    """Return the resources that a program declares: by its preview, or by the state that its last `up` left.

    Raises NotAPreview where the text is neither.
    """
    preview = _object(text, "`pulumi preview --json` or `pulumi stack export`")
    steps = preview.get("steps")
    if not isinstance(steps, list):
        if "deployment" not in preview:
            steps_in(text)  # which raises the reason
        return [dataclasses.replace(one, new=one.old) for one in resources_in(text)]
    same = sum(isinstance(row, Mapping) and row.get("op") == "same" for row in steps)
    if (preview.get("changeSummary") or {}).get("same", 0) > same:
        raise NotAPreview("this preview leaves out what does not change: `pulumi preview --json --show-sames` has it")
    rows = [row for row in steps if isinstance(row, Mapping) and row.get("op") in ("same", *CREATES, *UPDATES)]
    rows = [row for row in rows if _kind_of(row.get("newState") or {})]
    return [_step(str(row["op"]), row.get("oldState") or {}, row["newState"]) for row in rows]


def _object(text: str, name: str) -> Mapping[str, Any]:
    # A preview may print warnings before its JSON.
    start = text.find("{")
    try:
        value = json.loads(text[start:]) if start >= 0 else None
    except ValueError:
        value = None
    if not isinstance(value, Mapping):
        raise NotAPreview(f"this is no output of {name}: it is not JSON")
    return value


def _steps(rows: list[Any]) -> Iterator[Step]:
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        old, new = row.get("oldState") or {}, row.get("newState") or {}
        if _kind_of(new or old) and row.get("op") in (*CREATES, *UPDATES, *DELETES, *READS):
            yield _step(str(row["op"]), old, new)


def _step(op: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Step:
    either = new or old
    is_gone = op in DELETES
    sources = new.get("propertyDependencies") or {}
    return Step(
        op=op,
        urn=str(either.get("urn")),
        kind=_kind_of(either),
        old=_own(old.get("inputs")),
        outputs=_own(old.get("outputs")),
        new={} if is_gone else _own(new.get("inputs")),
        id=str(either.get("id") or old.get("id") or ""),
        needs=tuple(map(str, new.get("dependencies") or ())),
        sources={name: tuple(map(str, urns or ())) for name, urns in sources.items()},
    )


def _kind_of(row: Mapping[str, Any]) -> str:
    """The resource type of a row that is ours; empty for any other."""
    kind = str(row.get("type") or "")
    return kind.removeprefix(TYPE_PREFIX) if kind.startswith(TYPE_PREFIX) else ""


def _own(values: Any) -> State:
    return {name: _without_secrets(value) for name, value in (values or {}).items() if name != PROVIDER_KEY}


def _without_secrets(value: Any) -> Any:
    """A value with `SECRET` in the place of each secret, as a preview has it."""
    if isinstance(value, Mapping):
        is_secret = SIGNATURE in value
        return SECRET if is_secret else {name: _without_secrets(inner) for name, inner in value.items()}
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value
