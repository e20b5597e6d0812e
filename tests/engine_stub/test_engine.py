"""The stub beside the real engine: one scenario on both, with equal steps and equal states."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import Stack
from .engine import Engine
from .state import Outcome, name_of

FIRST = """
editors = ods.Group("editors", title="Editors", permissions=["edit_dataset", "create_dataset"])
server = ods.HTTPConnection(
    "server",
    url="http://127.0.0.1:9",
    headers={"x-token": "a token"},
    auth=ods.BasicAuth(username="portal", password=pulumi.Output.secret("a password")),
)
ana = ods.User("ana", email="ana@example.com", groups=[editors.id])
ods.Dataset(
    "air",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", keyword=["wind", "air"])),
    sources={
        "measures": ods.Source(
            type="csvfile", datasource=ods.HTTPDatasource(connection=server.id, relative_url="/m.csv")
        )
    },
    fields=[ods.RenameField(from_name="a", to_name="b", field_label="B")],
    group_access=[ods.DatasetGroupAccess(group=editors.id, permissions=["edit_dataset"])],
    opts=pulumi.ResourceOptions(depends_on=[ana]),
)
"""
"""All four types, and references among them. The dataset comes last, for nothing is begun after it failed."""

SECOND = (
    FIRST.replace('title="Editors"', 'title="Writers"')
    .replace("ana@", "ana.b@")
    .replace('permissions=["edit_dataset"])]', 'permissions=["publish_dataset", "edit_dataset"])]')
    .replace('    fields=[ods.RenameField(from_name="a", to_name="b", field_label="B")],\n', "")
)
"""A changed property, a replacement, a change within a section, a section let go of."""

IGNORING = """
ods.Group(
    "editors", title="Editors", description=DESCRIPTION, permissions=PERMISSIONS,
    opts=pulumi.ResourceOptions(ignore_changes=["permissions"]),
)
ods.HTTPConnection(
    "server", url="http://127.0.0.1:9/" + DESCRIPTION, headers={"x-token": DESCRIPTION},
    opts=pulumi.ResourceOptions(ignore_changes=["headers"]),
)
ods.Dataset(
    "air",
    metadata=ods.Metadata(default=ods.DefaultMetadata(title=DESCRIPTION, publisher=DESCRIPTION)),
    fields=[ods.TypeField(field=DESCRIPTION, type_param="text" if DESCRIPTION == "first" else "date")],
    opts=pulumi.ResourceOptions(ignore_changes=["metadata.default.publisher", "fields[0].type_param"]),
)
"""
"""Changes that are ignored at any depth, beside others that are not."""

RENAMED = """
ods.Group("writers", title="Editors")
ods.User("ben", email="ben@example.com")
"""
"""A group under another name, for which the object is taken; and something that has nothing to do with it."""

KEY_AND_GROUP = """
key = ods.ApiKey("key", label="ci", permissions=["edit_dataset"], rotate="{0}")
ods.Group("writers", title="{0}", opts=pulumi.ResourceOptions(depends_on=[key]))
"""
"""A key that is replaced, and a group that is updated after it."""

WRONG = SECOND.replace('title="Writers"', "title=7")
"""A mistake that the check finds."""


OURS = "dynamic/opendatasoft:"

STEPS = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
}
"""The engine's steps that the stub knows; those of a replacement count as one."""


class Real:
    """The real engine's commands, with results in the form of the stub's."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def up(self, text: str, *, ok: bool = True, continue_on_error: bool = False) -> Outcome:
        """What an `up` did."""
        self._stack.program(text)
        more = ["--continue-on-error"] if continue_on_error else []
        return _outcome(self._stack.up("--json", "--parallel", "1", *more, ok=ok).out)

    def refresh(self) -> Outcome:
        """What a refresh found."""
        return _outcome(self._stack.refresh("--json").out)

    def destroy(self) -> Outcome:
        """What was deleted."""
        return _outcome(self._stack.destroy("--json", "--parallel", "1").out)

    def state(self) -> dict[str, Any]:
        """The state, without the envelopes of secrets."""
        exported = json.loads(self._stack.run("stack", "export", "--show-secrets").out)["deployment"]
        return {
            r["urn"]: [r["id"], _opened(r["inputs"]), _opened(r["outputs"]), r.get("initErrors", [])]
            for r in exported.get("resources", [])
            if OURS in r["type"]
        }


class Stub:
    """The stub's commands on the text of a program."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.refresh, self.destroy = engine.refresh, engine.destroy

    def up(self, text: str, *, ok: bool = True, continue_on_error: bool = False) -> Outcome:
        """What an `up` did."""
        program = functools.partial(exec, text, {"ods": ods, "pulumi": pulumi})
        return self._engine.up(program, ok=ok, continue_on_error=continue_on_error)

    def state(self) -> dict[str, Any]:
        """The state in the shape of an export."""
        return {r.urn: [r.id, r.inputs, r.outputs, list(r.unfinished)] for r in self._engine.resources.values()}


def _outcome(events: str) -> Outcome:
    """Return the steps and the differing paths that the engine's own events contain."""
    outcome = Outcome()
    for event in map(json.loads, events.splitlines()):
        done = (event.get("resourcePreEvent") or event.get("resOutputsEvent") or {}).get("metadata")
        if done is None or OURS not in done["type"] or done["op"] not in STEPS:
            continue
        name = name_of(done["urn"])
        outcome.steps[name] = STEPS[done["op"]]
        if done["detailedDiff"]:
            outcome.changed[name] = sorted(done["detailedDiff"])
    return outcome


def _opened(value: Any) -> Any:
    """Return a value with the contents of its secrets, which an export holds as JSON in JSON."""
    if isinstance(value, Mapping):
        return json.loads(value["plaintext"]) if "plaintext" in value else {n: _opened(v) for n, v in value.items()}
    return [_opened(v) for v in value] if isinstance(value, list) else value


def _anonymous(state: Mapping[str, Any]) -> Any:
    """Return a state without the uids, traces and times, which differ from run to run."""
    text = json.dumps(state, sort_keys=True, indent=1)
    text = re.sub(r"\b(da|co|re|pr)_[a-z0-9]{6}\b", r"\1_", text)
    text = re.sub(r"trace [0-9a-f-]{36}", "trace", text)
    return json.loads(re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "then", text))


def scenario(engine: Real | Stub, portal: Portal) -> list[Any]:
    """A lifecycle with every kind of step; returns the results of its commands, and states on the way."""
    portal.post("/groups/", {"title": "Readers", "permissions": []})
    found: list[Any] = []

    def add(outcome: Outcome) -> None:
        found.append((outcome.steps, outcome.changed))

    portal.fail({"method": "POST", "path": "/fields/", "fault": "status:500"})
    add(engine.up(FIRST, ok=False))
    found.append(_anonymous(engine.state()))
    portal.fail()
    add(engine.up(FIRST))
    add(engine.up(SECOND))
    portal.put("/groups/editors/", {"title": "Somebody else's", "permissions": ["edit_page"]})
    portal.delete("/users/ana.b/")
    add(engine.refresh())
    found.append(_anonymous(engine.state()))
    add(engine.up(SECOND))
    engine.up(WRONG, ok=False)
    found.append(_anonymous(engine.state()))
    add(engine.destroy())
    found.append(engine.state())
    portal.delete("/groups/readers/")
    return found


def ignored_changes(engine: Real | Stub, portal: Portal) -> list[Any]:
    """Changes that are ignored, of the program and of the portal; and an `up` that goes on after errors."""
    found: list[Any] = []

    def add(outcome: Outcome) -> None:
        found.append((outcome.steps, outcome.changed, _anonymous(engine.state())))

    before, after = (
        IGNORING.replace("DESCRIPTION", repr(word)).replace("PERMISSIONS", repr(permissions))
        for word, permissions in (("first", ["edit_page"]), ("second", ["edit_theme"]))
    )
    add(engine.up(before))
    add(engine.up(after))
    portal.put("/groups/editors/", {"title": "Theirs", "permissions": ["create_page"]})
    add(engine.refresh())
    add(engine.up(after))
    portal.put("/groups/editors/", {**portal.get("/groups/editors/"), "permissions": ["edit_dataset"]})
    add(engine.refresh())
    add(engine.up(RENAMED, ok=False, continue_on_error=True))
    add(engine.destroy())
    found.append([group["uid"] for group in portal.all("/groups/")])
    for left in found[-1]:
        portal.delete(f"/groups/{left}/")
    return found


def replacements_in_failed_updates(engine: Real | Stub, portal: Portal) -> list[Any]:
    """A replaced key is revoked by the next `up` or by a destroy, when a resource after it could not be updated."""
    found: list[Any] = []
    others = [key["uid"] for key in portal.all("/apikeys/")]

    def keys() -> list[bool]:
        return [key["is_revoked"] for key in portal.all("/apikeys/") if key["uid"] not in others]

    engine.up(KEY_AND_GROUP.format("first"))
    for rotation, end in (("second", engine.up), ("third", None)):
        portal.fail({"method": "PUT", "path": "/groups/", "fault": "status:500"})
        found += [engine.up(KEY_AND_GROUP.format(rotation), ok=False).steps, keys()]
        portal.fail()
        outcome = end(KEY_AND_GROUP.format(rotation)) if end else engine.destroy()
        found += [outcome.steps, keys(), list(engine.state())]
    return found


@pytest.mark.parametrize(
    "steps", [scenario, ignored_changes, replacements_in_failed_updates], ids=lambda steps: steps.__name__
)
def test_the_stub_does_what_the_real_engine_does(
    steps: Callable[[Real | Stub, Portal], list[Any]], stack: Stack, portal: Portal, engine: Engine
) -> None:
    real = steps(Real(stack), portal)
    assert steps(Stub(engine), portal) == real


def test_the_scenario_has_every_kind_of_step(engine: Engine, portal: Portal) -> None:
    commands = [step for step in scenario(Stub(engine), portal) if isinstance(step, tuple)]
    assert {kind for steps, _ in commands for kind in steps.values()} == {"create", "update", "replace", "delete"}
