"""Files of a program: a path, which is not compared, a hash and a size."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.schema.codec import encode
from pulumi_opendatasoft.schema.comparison import same
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.types import Object, Slot

FILE = Slot("file", Object(ods.File), Behaviour())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's folder, with a file in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "air.csv").write_bytes(b"a;b\n1;2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_a_path_a_name_a_hash_and_a_size(folder: Path) -> None:
    assert ods.File("data/air.csv") == {
        "path": "data/air.csv",
        "filename": "air.csv",
        "sha256": hashlib.sha256(b"a;b\n1;2\n").hexdigest(),
        "size": 8,
    }


def test_the_portal_may_call_it_otherwise(folder: Path) -> None:
    file = ods.File(Path("data") / "air.csv", filename="Air.csv")
    assert (file.path, file.filename) == ("data/air.csv", "Air.csv")


def test_the_same_file_in_another_place_is_the_same(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "air.csv").write_bytes(b"a;b\n1;2\n")
    one, other = ods.File("data/air.csv"), ods.File("elsewhere/air.csv")
    assert one != other
    assert same(FILE, one, other)
    assert "path" not in encode(FILE, dict(one))


def test_other_bytes_or_another_name_are_another_file(folder: Path) -> None:
    prior = ods.File("data/air.csv")
    (folder / "data" / "air.csv").write_bytes(b"a;b\n1;3\n")
    assert not same(FILE, prior, ods.File("data/air.csv"))
    (folder / "data" / "air.csv").write_bytes(b"a;b\n1;2\n")
    assert same(FILE, prior, ods.File("data/air.csv"))
    assert not same(FILE, prior, ods.File("data/air.csv", filename="other.csv"))


def test_a_missing_file_is_reported_with_its_folder(folder: Path) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        ods.File("data/water.csv")
    assert str(refused.value) == (
        f'File("data/water.csv") cannot be read: No such file or directory (looked for in {folder.as_posix()})'
    )


def test_a_folder_is_no_file(folder: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r'^File\("data"\) cannot be read: Is a directory'):
        ods.File("data")


def test_equal_paths_in_two_folders_are_two_files(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    prior = ods.File("data/air.csv")
    other = tmp_path_factory.mktemp("other") / "data"
    other.mkdir()
    (other / "air.csv").write_bytes(b"a;b\n9;9\n")
    monkeypatch.chdir(other.parent)
    assert ods.File("data/air.csv").sha256 != prior.sha256
