"""Files of a program: a path, which is not compared, a hash and a size."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.schema.codec import encode
from pulumi_opendatasoft.schema.comparison import same
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.types import Object, Slot

from .programs import run

FILE = Slot("file", Object(ods.File), Behaviour())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's folder, with a file in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "air.csv").write_bytes(b"a;b\n1;2\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "orig_argv", ["python", "pulumi-language-python-exec", "--pwd", str(tmp_path), "."])
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


# ---------------------------------------------------------------- which file, and which content


def test_path_is_resolved_where_the_program_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "data")
    assert ods.File("air.csv").path == "data/air.csv"
    assert ods.File("../data/air.csv").path == "data/air.csv"
    assert ods.File(folder / "data" / "air.csv").path == "data/air.csv"


def test_link_to_a_folder_keeps_its_name(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    shared = tmp_path_factory.mktemp("shared")
    (shared / "b.csv").write_text("b\n")
    (folder / "linked").symlink_to(shared)
    assert ods.File("linked/b.csv").path == "linked/b.csv"


def test_state_never_holds_a_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "home" / "city"
    project.mkdir(parents=True)
    for place in (tmp_path / "home", tmp_path):
        (place / "b.csv").write_text("b\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "orig_argv", ["python", "--pwd", str(project)])

    assert ods.File("../b.csv").path == "../b.csv"
    assert ods.File(tmp_path / "home" / "b.csv").path == "../b.csv"
    assert ods.File(tmp_path / "b.csv").path == (tmp_path / "b.csv").as_posix()


def test_script_keeps_paths_from_the_folder_it_began_in(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.csv").write_text("b\n")
    script = "import pulumi_opendatasoft as ods, os; os.chdir('data'); print(ods.File('b.csv').path)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "data/b.csv\n"


@pytest.mark.usefixtures("outputs")
def test_path_that_is_rewritten_is_refused_at_the_second_file(folder: Path) -> None:
    def program() -> None:
        for year in (2019, 2020):
            (folder / "data" / "air.csv").write_text(f"year\n{year}\n")
            ods.Dataset(f"air-{year}", attachments={"a": ods.File("data/air.csv", filename=f"air-{year}.csv")})

    with pytest.raises(pulumi.RunError) as refused:
        run(program)
    assert str(refused.value).startswith(
        'File("data/air.csv"): the content has changed since an earlier File of this path.'
    )
    (folder / "data" / "air.csv").write_text("another run\n")

    def another() -> None:
        ods.Dataset("air", attachments={"a": ods.File("data/air.csv"), "b": ods.File("./data/air.csv")})

    run(another)


def test_two_contents_within_an_instant_are_told_apart(folder: Path) -> None:
    file = folder / "data" / "air.csv"
    before, at = ods.File(file), file.stat().st_mtime_ns
    file.write_bytes(b"a;b\n1;3\n")
    os.utime(file, ns=(at, at))
    assert ods.File(file).sha256 != before.sha256


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (None, 'ods.File needs the path of a file, such as "data/stations.csv": it is None'),
        (3, 'ods.File needs the path of a file, such as "data/stations.csv": it is 3'),
        ("", "ods.File needs the path of a file, such as \"data/stations.csv\": it is ''"),
        (b"a.csv", "ods.File needs the path of a file, such as \"data/stations.csv\": it is b'a.csv'"),
        ("a\0b", "the path of an ods.File contains the character NUL"),
        ("~/nowhere.csv", 'File("~/nowhere.csv") cannot be read: No such file or directory'),
    ],
)
def test_other_values_than_paths_are_refused(path: Any, message: str, folder: Path) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        ods.File(path)
    assert str(refused.value).startswith(message)


@pytest.mark.usefixtures("outputs")
def test_path_that_is_an_output_is_read_by_apply(folder: Path) -> None:
    def program() -> None:
        path = pulumi.Output.from_input("data/air.csv")
        ods.Dataset("air", attachments={"a": path.apply(ods.File)})

    file = run(program)[1].inputs["air"]["attachments"]["a"]
    assert (file["path"], file["size"]) == ("data/air.csv", 8)
