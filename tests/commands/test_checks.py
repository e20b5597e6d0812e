"""The commands that look and change nothing: doctor, plan-cost, unmanaged, compare."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ..client.scripted import refusing_port
from ..conftest import Portal
from .conftest import Call

TYPE = "pulumi-python:dynamic/opendatasoft:"
PULUMI = """#!{python}
import json, pathlib, sys
words = [word for word in sys.argv[1:] if not word.startswith("--")]
stack = sys.argv[sys.argv.index("--stack") + 1] if "--stack" in sys.argv else "dev"
file = pathlib.Path({answers!r}) / ("-".join(word for word in words if word != stack) + "." + stack)
if not file.exists():
    file = file.with_suffix("")
if not file.exists():
    sys.exit("error: no stack named '" + stack + "' found")
print(file.read_text())
"""

ELSEWHERE = {"OPENDATASOFT_DOMAIN": None, "OPENDATASOFT_API_KEY": None}


class Project:
    """A folder of a Pulumi project, and what `pulumi` prints in it."""

    def __init__(self, folder: Path, answers: Path) -> None:
        self.folder, self._answers = folder, answers

    def prints(self, words: str, value: Any, stack: str = "") -> None:
        """Let `pulumi WORDS` print a value, for one stack or for all."""
        (self._answers / (words.replace(" ", "-") + (f".{stack}" if stack else ""))).write_text(json.dumps(value))


@pytest.fixture(autouse=True)
def no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is in no project."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portal: Portal) -> Project:
    """A project whose stacks `dev` and `two` have the portal of the tests."""
    answers, folder, program = tmp_path / "answers", tmp_path / "project", tmp_path / "bin" / "pulumi"
    for one in (answers, folder, program.parent):
        one.mkdir()
    program.write_text(PULUMI.format(python=sys.executable, answers=str(answers)))
    program.chmod(0o755)
    (folder / "Pulumi.yaml").write_text("name: city\nruntime: python\n")
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.chdir(folder)
    made = Project(folder, answers)
    portals = {"public": {"domain": portal.url, "apiKey": portal.key}}
    config = {
        "opendatasoft:domain": {"value": portal.url},
        "opendatasoft:apiKey": {"value": portal.key, "secret": True},
        "opendatasoft:portals": {"value": json.dumps(portals), "objectValue": portals, "secret": True},
    }
    made.prints("config", config)
    made.prints("stack ls", [{"name": "dev"}, {"name": "two"}])
    made.prints("stack export", {"deployment": {"resources": []}})
    return made


def group(portal: Portal, name: str, title: str, *, id: str = "", **inputs: Any) -> dict[str, Any]:
    """A group as a state or a preview has it; without an id it is to be created."""
    row: dict[str, Any] = {"urn": f"urn:pulumi:dev::city::{TYPE}Group::{name}", "type": f"{TYPE}Group"}
    row |= {"inputs": {"title": title, **inputs}}
    return row | ({"id": id, "outputs": {"domain": portal.host, "uid": id, "title": title, **inputs}} if id else {})


# ---------------------------------------------------------------- doctor


def test_doctor_prints_a_line_for_each_check(call: Call) -> None:
    lines = call("doctor").stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        f"{name}:" for name in ("domain", "proxy", "connection", "API", "clock", "key", "permissions", "program")
    ]
    assert lines[-1].startswith("unknown  program: this folder is in no Pulumi project")


def test_doctor_finds_what_the_state_of_the_stack_needs(call: Call, portal: Portal, project: Project) -> None:
    state = {"deployment": {"resources": [group(portal, "a", "A", id="a")]}}
    project.prints("stack export", state)
    key = portal.post("/apikeys/", {"label": "narrow", "permissions": ["edit_dataset"]})["key"]

    outcome = call("doctor", "--json", code=5, OPENDATASOFT_API_KEY=key)

    assert outcome.json["ok"] is False
    assert outcome.json["checks"][-1] == {
        "name": "program",
        "status": "problem",
        "finding": "by the state of the stack, the key lacks edit_domain (for groups)",
        "remedy": outcome.json["checks"][-1]["remedy"],
    }
    assert key not in outcome.stdout
    assert call("doctor").stdout.splitlines()[-1].startswith("ok       program: by the state of the stack it needs")


def test_doctor_finds_what_a_preview_needs(call: Call, portal: Portal, tmp_path: Path) -> None:
    preview = json.dumps({"steps": [{"op": "create", "newState": group(portal, "a", "A")}]})
    assert "by the preview it needs edit_domain, which" in call("doctor", "--preview", "-", input=preview).stdout
    outcome = call("doctor", "--preview", "-", input="nothing")
    assert "unknown  program: this is no output of `pulumi preview --json`" in outcome.stdout


@pytest.mark.parametrize(
    ("environment", "code", "line"),
    [
        ({"OPENDATASOFT_API_KEY": "wrong"}, 5, "problem  key: the portal does not accept it"),
        ({"OPENDATASOFT_API_KEY": ""}, 2, "problem  domain: no API key for"),
        ({"OPENDATASOFT_DOMAIN": ""}, 2, "problem  domain: no portal is configured"),
        ({"OPENDATASOFT_DOMAIN": "http://city.example"}, 2, "over plain http anybody on the way can read the API key"),
        ({"OPENDATASOFT_DOMAIN": "city of dreams"}, 2, '"city of dreams" is not a domain'),
        ({"OPENDATASOFT_DOMAIN": "portal.invalid"}, 6, "its name is not known"),
        ({"OPENDATASOFT_API_KEY": "two words"}, 2, "problem  key: the API key for"),
    ],
    ids=lambda value: "-" if isinstance(value, dict) else str(value)[:40],
)
def test_mistakes_of_the_first_hour(call: Call, environment: dict[str, str], code: int, line: str) -> None:
    outcome = call("doctor", code=code, **environment)
    problems = [text for text in outcome.stdout.splitlines() if text.startswith("problem")]
    assert len(problems) == 1
    assert line in problems[0]
    assert "Traceback" not in outcome.stdout + outcome.stderr


def test_portal_that_refuses_connections_is_one_problem(call: Call) -> None:
    with refusing_port() as port:
        outcome = call("doctor", code=6, OPENDATASOFT_DOMAIN=f"127.0.0.1:{port}")
    problems = [text for text in outcome.stdout.splitlines() if text.startswith("problem")]
    assert [text.startswith("problem  connection: 127.0.0.1") for text in problems] == [True]


# ---------------------------------------------------------------- plan-cost


def preview_of_groups(portal: Portal) -> dict[str, Any]:
    old = group(portal, "b", "B", id="b")
    changed = {**group(portal, "b", "B2"), "id": "b"}
    return {
        "steps": [
            {"op": "create", "newState": group(portal, "a", "A")},
            {"op": "update", "oldState": old, "newState": changed},
            {"op": "delete", "oldState": group(portal, "c", "C", id="c")},
            {"op": "same", "oldState": old, "newState": old},
        ]
    }


def test_plan_cost_counts_by_resource_and_in_all(call: Call, portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(preview_of_groups(portal)))
    portal.forget()

    outcome = call("plan-cost", str(file), "--quota", "600")

    assert outcome.stdout.splitlines()[1:] == [
        "create\tGroup a\t2\t1\t0\t0\t0",
        "update\tGroup b\t1\t1\t0\t0\t0",
        "delete\tGroup c\t0\t1\t0\t0\t0",
        "6 calls: 3 reads, 3 writes, 0 uploads. At 0.3 s a call and 8 at once some 1 s",
        "1.0 % of a quota of 600 calls a day",
    ]
    assert portal.requests() == []


def test_plan_cost_fails_above_a_bound(call: Call, portal: Portal) -> None:
    text = json.dumps(preview_of_groups(portal))
    assert call("plan-cost", "-", "--most", "6", "--json", input=text).json["calls"] == 6
    configured = json.dumps({**json.loads(text), "config": {"opendatasoft:maxConcurrency": "2"}})
    assert "At 0.3 s a call and 2 at once" in call("plan-cost", "-", input=configured).stdout
    assert "more than 5 calls" in call("plan-cost", "-", "--most", "5", input=text, code=3).stderr


def test_plan_cost_refuses_other_files(call: Call, tmp_path: Path) -> None:
    assert "it has no steps" in call("plan-cost", "-", input="{}", code=2).stderr
    assert "No such file" in call("plan-cost", str(tmp_path / "none"), code=1).stderr


# ---------------------------------------------------------------- unmanaged


def test_unmanaged_reads_all_stacks_of_the_folder(call: Call, portal: Portal, project: Project) -> None:
    ids = {title: portal.post("/groups/", {"title": title})["uid"] for title in ("Kept", "Second", "By hand")}
    for stack, title in (("dev", "Kept"), ("two", "Second")):
        state = {"deployment": {"resources": [group(portal, "x", title, id=ids[title])]}}
        project.prints("stack export", state, stack)

    outcome = call("unmanaged", "--only", "groups", code=3, **ELSEWHERE)
    one_stack = call("unmanaged", "--only", "groups", "--stack", "dev", "--json", code=3, **ELSEWHERE).json

    assert f"groups\tBy hand\tBy hand\t{ids['By hand']}" in outcome.stdout
    assert "Kept" not in outcome.stdout
    assert "Second" not in outcome.stdout
    assert {"Second", "By hand"} <= {one["key"] for one in one_stack["unmanaged"]}
    assert call("unmanaged", "--only", "groups", "--ignore", "*", **ELSEWHERE).stdout == ""


def test_unmanaged_reads_files_and_says_what_it_may_not_see(call: Call, portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"deployment": {"resources": []}}))
    key = portal.post("/apikeys/", {"label": "narrow", "permissions": []})["key"]
    outcome = call("unmanaged", str(file), "--only", "users", code=5, OPENDATASOFT_API_KEY=key)
    assert "users were not seen" in outcome.stderr
    file.write_text("{}")
    assert "it has no deployment" in call("unmanaged", str(file), code=2).stderr


def test_unmanaged_needs_a_state(call: Call) -> None:
    assert "this folder is in no Pulumi project" in call("unmanaged", code=2).stderr


# ---------------------------------------------------------------- compare


def test_compare_finds_stack_portal_and_file(call: Call, portal: Portal, project: Project) -> None:
    title = "Compared"
    uid = portal.post("/groups/", {"title": title, "description": "by hand"})["uid"]
    row = group(portal, "compared", title, id=uid, description="by the program")
    project.prints("stack export", {"deployment": {"resources": [row]}})
    project.prints("preview", {"steps": [{"op": "same", "oldState": row, "newState": row}]})
    state = project.folder / "state.json"
    state.write_text(json.dumps({"deployment": {"resources": [row]}}))
    portal.forget()

    same = call("compare", "--from", "dev", "--to", "public", "--only", "groups", **ELSEWHERE)
    drift = call("compare", "--from", ".", "--to", "public", code=3, **ELSEWHERE)
    from_file = call("compare", "--from", str(state), "--json", code=3)

    assert "dev and public: 0 differ" in same.stderr
    assert drift.stdout == f'groups {title}\n  description: "by the program" -> "by hand"\n'
    assert from_file.json["differences"] == [
        {
            "what": "differs",
            "kind": "groups",
            "key": title,
            "path": "description",
            "from": "by the program",
            "to": "by hand",
        }
    ]
    assert portal.writes() == []


def test_compare_explains_a_side_that_is_none(call: Call, project: Project, tmp_path: Path) -> None:
    error = call("compare", "--to", "prod", code=2, **ELSEWHERE).stderr
    assert '"prod" is neither a stack of this project (dev, two) nor a folder, and as a portal: portal="prod"' in error
    assert "give --from, --to, or both" in call("compare", code=2).stderr
