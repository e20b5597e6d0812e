"""The journal of a machine: what an entry contains, which one is believed, and where it lies."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pulumi_opendatasoft.lifecycle.intents import Begun, Intent, digest_of
from pulumi_opendatasoft.service.journal import BELIEVED, Journal, beside_pulumi

HOST = "mycity.opendatasoft.com"
URN = "urn:pulumi:dev::city::pulumi-python:dynamic/opendatasoft:User::ana"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LATER = "2026-03-04T05:06:08Z"


class Machine:
    """The journal's folder, journals of several backends in it, and the warnings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []

    def journal(self, backend: str = "file:///a") -> Journal:
        return Journal(self.folder, backend)

    def entry(self, *, backend: str = "file:///a", host: str = HOST, urn: str = URN) -> Intent:
        return self.journal(backend).entry(host, urn, self.warnings.append)

    def text(self) -> str:
        [file] = self.folder.iterdir()
        return file.name + file.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "opendatasoft" / "begun")


def test_entry_is_what_was_noted(machine: Machine) -> None:
    assert machine.entry().begun() is None
    machine.entry().begin(NOW, "a key", ["co_1"])
    assert machine.entry().begun() == Begun(NOW, digest_of("a key"), (digest_of("co_1"),))
    machine.entry().made("co_2", LATER, is_private=False)
    assert machine.entry().begun() == Begun(
        NOW, digest_of("a key"), (digest_of("co_1"),), digest_of("co_2"), LATER, "co_2"
    )
    assert machine.warnings == []


def test_private_id_is_nowhere_in_an_entry(machine: Machine) -> None:
    machine.entry().begin(NOW, 'a user with email "ana@city.org"', ["ben@city.org"])
    machine.entry().made("ana@city.org", None, is_private=True)
    assert "@" not in machine.text()
    begun = machine.entry().begun()
    assert begun is not None
    assert begun.is_of("Ana@city.org", None)


def test_folder_and_file_are_the_users_alone(machine: Machine) -> None:
    machine.entry().begin(NOW, "", [])
    [file] = machine.folder.iterdir()
    assert machine.folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("other", [{"backend": "file:///b"}, {"host": "other.example"}, {"urn": f"{URN}-2"}])
def test_entry_is_of_one_backend_portal_and_resource(machine: Machine, other: dict[str, str]) -> None:
    machine.entry().begin(NOW, "", [])
    assert machine.entry(**other).begun() is None
    machine.entry(**other).drop()
    assert machine.entry().begun() is not None


def test_call_without_a_urn_has_no_entry(machine: Machine) -> None:
    machine.entry(urn="").begin(NOW, "", [])
    assert not machine.folder.exists()


def test_object_is_noted_only_where_the_intent_is(machine: Machine) -> None:
    machine.entry().made("editors", LATER, is_private=False)
    assert machine.entry().begun() is None


def test_entry_goes_when_the_state_has_the_same_object(machine: Machine) -> None:
    machine.entry().begin(NOW, "", [])
    machine.entry().recorded("editors")
    assert machine.entry().begun() is not None, "a replacement has an old object in the state"
    machine.entry().made("editors", LATER, is_private=False)
    machine.entry().recorded("authors")
    assert machine.entry().begun() is not None
    machine.entry().recorded("editors")
    assert machine.entry().begun() is None


def test_entry_of_more_than_a_month_is_not_believed(machine: Machine) -> None:
    machine.entry().begin(NOW, "", [])
    [file] = machine.folder.iterdir()
    young = time.time() - BELIEVED + 100
    os.utime(file, (young, young))
    assert machine.entry().begun() is not None
    old = time.time() - BELIEVED - 100
    os.utime(file, (old, old))
    assert machine.entry().begun() is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"at": "yesterday"}', '{"at": 3}', "\0"])
def test_entry_that_cannot_be_read_is_none(machine: Machine, content: str) -> None:
    machine.entry().begin(NOW, "", [])
    [file] = machine.folder.iterdir()
    file.write_text(content)
    assert machine.entry().begun() is None


def test_objects_of_other_entries_of_the_same_portal(machine: Machine) -> None:
    other_entries = (
        ({"urn": URN.replace("::ana", "::ben")}, "one"),
        ({"urn": URN.replace("pulumi-python:", "city:Component$pulumi-python:")}, "two"),
        ({"backend": "file:///b"}, "three"),
        ({"host": "other.example"}, "of another portal"),
        ({"urn": URN.replace("User", "Group")}, "of another type"),
    )
    for other, id in other_entries:
        machine.entry(**other).begin(NOW, "", [])
        machine.entry(**other).made(id, None, is_private=False)
    machine.entry().begin(NOW, "", [])
    machine.entry().made("own", None, is_private=False)
    assert set(machine.entry().others()) == set(map(digest_of, ("one", "two", "three")))


def test_folder_that_cannot_be_written_warns_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    machine = Machine(tmp_path / "file" / "begun")
    journal = machine.journal()
    for urn in ("a", "b"):
        entry = journal.entry(HOST, urn, machine.warnings.append)
        entry.begin(NOW, "", [])
        entry.made("editors", LATER, is_private=False)
        assert entry.begun() is None
        assert entry.others() == set()
        entry.recorded("editors")
        entry.drop()
    [warning] = machine.warnings
    assert warning.startswith(f"{machine.folder} cannot be written (Not a directory): if this `up` is killed")


def test_no_half_written_file_is_left(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    machine.entry().begin(NOW, "", [])
    assert list(machine.folder.iterdir()) == []
    assert "No space left on device" in machine.warnings[0]


# ---------------------------------------------------------------- where it lies, and for which backend


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return folder


def _backend() -> str:
    """The backend, by the entry that it names."""
    journal = beside_pulumi()
    journal.entry(HOST, URN, print).begin(NOW, "", [])
    [file] = (Path(os.environ["PULUMI_HOME"]) / "opendatasoft" / "begun").iterdir()
    name = file.name
    file.unlink()
    return name


def test_backends_are_told_apart(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [_backend()]
    login = project.parent / "home" / "credentials.json"
    login.write_text(json.dumps({"current": "https://api.pulumi.com"}))
    found.append(_backend())
    for text in (
        "name: city\nruntime: python\nbackend:\n  url: s3://a\n",
        "name: city\nbackend: {url: 's3://b'}\nruntime: python\n",
        'backend:  # of the team\n  # this one\n  url: "s3://c"\nname: city\n',
    ):
        (project / "Pulumi.yaml").write_text(text)
        found.append(_backend())
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://d")
    found.append(_backend())
    assert len(set(found)) == len(found)
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://c")
    assert _backend() == found[4]


def test_project_without_a_backend_is_that_of_the_login(project: Path) -> None:
    (project.parent / "home" / "credentials.json").write_text(json.dumps({"current": "s3://a"}))
    by_login = _backend()
    (project / "Pulumi.yaml").write_text("name: city\nruntime: python\ndescription: |\n  url: s3://b\n")
    assert _backend() == by_login


def test_relative_file_backend_is_of_its_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for place in ("one", "two"):
        (project / place).mkdir()
        monkeypatch.chdir(project / place)
        for backend in ("file://./state", "file:///state", "file://~"):
            monkeypatch.setenv("PULUMI_BACKEND_URL", backend)
            found.append(_backend())
    assert found[0] != found[3]
    assert found[1:3] == found[4:6]


def test_machine_without_a_home_is_a_warning(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setattr(Path, "home", classmethod(unknown))
    project.rmdir()
    warnings: list[str] = []
    beside_pulumi().entry(HOST, URN, warnings.append).begin(NOW, "", [])
    [warning] = warnings
    assert warning.endswith("Make the folder writable, or set PULUMI_HOME")
