"""The commands of a dataset's metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import new_dataset
from .conftest import Call


@pytest.fixture
def trees(portal: Portal, request: pytest.FixtureRequest) -> Iterator[str]:
    uid = new_dataset(portal.http, request.node.originalname.replace("_", "-"))
    portal.put(f"/datasets/{uid}/metadata/default/keyword/", {"value": ["tree", "park"]})
    portal.forget()
    yield uid
    portal.delete(f"/datasets/{uid}/")


def value(portal: Portal, uid: str, field: str) -> Any:
    return portal.get(f"/datasets/{uid}/metadata/default/").get(field, {}).get("value")


def test_metadata_are_shown_and_set_back_unchanged(portal: Portal, call: Call, trees: str, tmp_path: Path) -> None:
    assert "default.keyword\ttree, park\n" in call("metadata", "show", trees).stdout
    file = tmp_path / "metadata.json"
    file.write_text(call("metadata", "show", trees, "--json").stdout)
    assert "nothing was to be changed" in call("metadata", "set", trees, str(file), "--replace").stdout
    assert portal.writes() == []


@pytest.mark.reaches("metadata show")
@pytest.mark.reaches("metadata set")
def test_fields_of_several_templates_are_set_in_one_call(portal: Portal, call: Call, trees: str) -> None:
    given = {
        "default": {"title": "Trees", "publisher": {"value": "City", "remote_value": None}},
        "internal": {"theme_id": ["abc"]},
    }
    outcome = call("metadata", "set", trees, "-", "--json", input=json.dumps(given)).json
    assert outcome["set"] == ["default.publisher", "default.title", "internal.theme_id"]
    assert outcome["removed"] == []
    assert portal.writes() == [f"PUT /datasets/{trees}/metadata/"]
    assert [value(portal, trees, name) for name in ("title", "publisher")] == ["Trees", "City"]
    assert value(portal, trees, "keyword") == ["tree", "park"]


def test_field_is_removed_only_after_a_yes(portal: Portal, call: Call, trees: str) -> None:
    given = json.dumps({"default": {"keyword": []}})
    assert "default.keyword?" in call("metadata", "set", trees, "-", input=given, code=ExitCode.DECLINED).stderr
    assert portal.writes() == []
    call("metadata", "set", trees, "-", "--yes", input=given)
    assert value(portal, trees, "keyword") is None


def test_replace_names_what_it_would_remove(portal: Portal, call: Call, trees: str) -> None:
    words = ("metadata", "set", trees, "-", "--replace")
    declined = call(*words, input='{"default": {"title": "T"}}', code=ExitCode.DECLINED)
    assert "default.keyword" in declined.stderr
    assert portal.writes() == []


@pytest.mark.parametrize("given", ['{"default": {"title": ""}}', '["title"]', '{"default": 1}', "{"])
def test_file_that_cannot_be_set_is_refused(portal: Portal, call: Call, trees: str, given: str) -> None:
    call("metadata", "set", trees, "-", "--yes", input=given, code=ExitCode.USAGE)
    assert portal.writes() == []


def test_file_that_does_not_exist_is_one_line(call: Call, trees: str) -> None:
    failed = call("metadata", "set", trees, "nowhere.json", code=ExitCode.FAILED)
    assert failed.stderr.startswith("Error: ")
    assert "nowhere.json" in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize(("told", "code"), [("not_found", ExitCode.NOT_FOUND), ("invalid", ExitCode.FAILED)])
def test_unknown_field_is_named(portal: Portal, call: Call, trees: str, told: str, code: int) -> None:
    portal.set(unknown_metadata=told)
    failed = call("metadata", "set", trees, "-", input='{"default": {"titel": "T"}}', code=code)
    portal.set(unknown_metadata="not_found")
    assert "titel" in failed.stderr
