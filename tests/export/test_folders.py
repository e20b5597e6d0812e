"""The folder of an exported project: what the user has edited stays, and an interrupted export goes on."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.configuration import Settings
from pulumi_opendatasoft.errors import ConfigurationError, PortalError
from pulumi_opendatasoft.export.export import read_into
from pulumi_opendatasoft.export.folder import Folder
from pulumi_opendatasoft.export.found import Selection

from ..conftest import Portal
from .projects import exported
from .seeding import seed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of an earlier export."""
    path = tmp_path / "city"
    Folder(path).write({"a.py": b"a = 1\n", "b/c.py": b"c = 1\n"})
    return path


def test_equal_files_stay_as_they_are(folder: Path) -> None:
    done = Folder(folder).write({"a.py": b"a = 1\n", "b/c.py": b"c = 2\n"})
    assert (done.unchanged, done.written) == (["a.py"], ["b/c.py"])
    assert (folder / "b" / "c.py").read_bytes() == b"c = 2\n"


def test_edited_file_gets_a_new_one_beside_it(folder: Path) -> None:
    (folder / "a.py").write_text("a = 'mine'\n")
    done = Folder(folder).write({"a.py": b"a = 2\n", "b/c.py": b"c = 1\n"})
    assert done.beside == ["a.py"]
    assert (folder / "a.py").read_text() == "a = 'mine'\n"
    assert (folder / "a.py.new").read_text() == "a = 2\n"


def test_edited_file_stays_if_the_portal_has_nothing_new(folder: Path) -> None:
    (folder / "a.py").write_text("a = 'mine'\n")
    done = Folder(folder).write({"a.py": b"a = 1\n", "b/c.py": b"c = 1\n"})
    assert (done.kept, done.beside) == (["a.py"], [])
    assert not (folder / "a.py.new").exists()


def test_what_is_gone_is_removed_unless_it_was_edited(folder: Path) -> None:
    (folder / "a.py").write_text("a = 'mine'\n")
    done = Folder(folder).write({})
    assert done.removed == ["b/c.py"]
    assert [path.name for path in folder.rglob("*.py")] == ["a.py"]


def test_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="is not empty, and no export made it: choose another folder"):
        Folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "city").write_text("mine")
    with pytest.raises(ConfigurationError, match="is a file: an export needs a folder"):
        Folder(tmp_path / "city")


def test_interrupted_export_goes_on_where_it_was(portal: Portal, tmp_path: Path) -> None:
    seed(portal, 2)
    target = tmp_path / "city"
    portal.fail({"method": "GET", "path": ".*/processors/", "nth": 2, "fault": "status:500"})
    with Client(portal.url, portal.key, retries=0, concurrency=1) as client, pytest.raises(PortalError):
        read_into(client, Settings(portal.url, portal.key), Folder(target), Selection(), "city")
    recording = target / ".opendatasoft" / "reads.jsonl"
    assert stat.S_IMODE(recording.stat().st_mode) == 0o600
    first = portal.requests("GET")
    portal.fail()
    portal.forget()
    one = exported(portal, target)
    second = portal.requests("GET")
    repeated = set(first) & set(second)
    assert {call for call in repeated if "processors" not in call} == set()
    assert len(second) < len(first)
    assert one.contents == exported(portal, tmp_path / "whole").contents
    assert not recording.exists()


def test_reads_of_another_key_are_not_used_again(portal: Portal, tmp_path: Path) -> None:
    key = portal.post("/apikeys/", {"label": "other", "permissions": ["edit_dataset"]})["key"]
    with Client(portal.url, portal.key) as client:
        read_into(client, Settings(portal.url, portal.key), Folder(tmp_path / "city"), Selection(), "city")
    with Client(portal.url, key) as client:
        _, _, _, recording = read_into(
            client, Settings(portal.url, key), Folder(tmp_path / "city"), Selection(), "city"
        )
    assert recording.resumed == 0
