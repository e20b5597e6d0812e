"""The commands metadata show and set: the metadata of a dataset, printed, changed in a file, and written as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import new_dataset
from .conftest import Call


@pytest.fixture
def air(portal: Portal, request: pytest.FixtureRequest) -> Iterator[str]:
    """A dataset with a title."""
    uid = new_dataset(portal.http, request.node.name.partition("[")[0].replace("_", "-"))
    portal.forget()
    yield uid
    portal.delete(f"/datasets/{uid}/")


@pytest.mark.reaches("metadata show")
@pytest.mark.reaches("metadata set")
def test_metadata_are_printed_changed_and_set(portal: Portal, call: Call, air: str, tmp_path: Path) -> None:
    shown = json.loads(call("metadata", "show", air).stdout)
    assert shown == portal.get(f"/datasets/{air}/metadata/")
    shown["default"] |= {"title": {"value": "Wind"}, "keyword": {"value": ["wind"], "remote_value": None}}
    file = tmp_path / "metadata.json"
    file.write_text(json.dumps(shown))

    done = call("metadata", "set", air, str(file), "--yes")

    assert "metadata values now; they are not published yet" in done.stdout
    default = portal.get(f"/datasets/{air}/metadata/default/")
    assert (default["title"]["value"], default["keyword"]["value"]) == ("Wind", ["wind"])


def test_metadata_are_not_set_without_an_answer(portal: Portal, call: Call, air: str) -> None:
    refused = call("metadata", "set", air, "-", input="{}", code=ExitCode.DECLINED)

    assert "Replace the metadata of" in refused.stderr
    assert portal.writes() == []


def test_file_that_is_missing_is_refused(call: Call, air: str) -> None:
    refused = call("metadata", "set", air, "none.json", "--yes", code=ExitCode.USAGE)

    assert "none.json" in refused.stderr


@pytest.mark.parametrize("text", ["no JSON", "[1]", '{"default": {"title": "Air"}}'])
def test_file_without_metadata_is_refused(call: Call, air: str, text: str) -> None:
    refused = call("metadata", "set", air, "-", "--yes", input=text, code=ExitCode.USAGE)

    assert "does not contain metadata as `metadata show` prints them" in refused.stderr
