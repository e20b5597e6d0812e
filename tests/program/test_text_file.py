"""Texts in files of a program: a path, which is not compared, and the hash of the text."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.errors import ResourceError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's folder, with a text in it."""
    (tmp_path / "home.html").write_text("<p>Été</p>\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "orig_argv", ["python", "pulumi-language-python-exec", "--pwd", str(tmp_path), "."])
    return tmp_path


def test_text_file_is_a_path_and_the_hash_of_the_text(folder: Path) -> None:
    text = ods.TextFile(Path("home.html"))

    assert text == {"path": "home.html", "sha256": hashlib.sha256("<p>Été</p>\n".encode()).hexdigest()}
    assert ods.TextFile.read(text, folder) == "<p>Été</p>\n"


@pytest.mark.parametrize("content", [b"<p>\xc3\x89t\xc3\xa9</p>\r\n", b"\xef\xbb\xbf<p>\xc3\x89t\xc3\xa9</p>\n"])
def test_line_breaks_and_byte_order_mark_do_not_count(folder: Path, content: bytes) -> None:
    (folder / "windows.html").write_bytes(content)

    assert ods.TextFile("windows.html").sha256 == ods.TextFile("home.html").sha256
    assert ods.TextFile.read(ods.TextFile("windows.html"), folder) == "<p>Été</p>\n"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.html", r'^TextFile\("nowhere.html"\) cannot be read: No such file or directory \(looked for in /'),
        ("latin.html", r'^TextFile\("latin.html"\) is not UTF-8 text: the byte at 3 is part of no character'),
        ("", r"^ods.TextFile needs the path of a file"),
        ("~/home.html", r"write Path\(…\)\.expanduser\(\)"),
    ],
)
def test_file_without_a_text_is_refused(folder: Path, path: str, message: str) -> None:
    (folder / "latin.html").write_bytes("<p>é".encode("latin-1"))

    with pytest.raises(pulumi.RunError, match=message):
        ods.TextFile(path)


def test_output_as_a_path_is_refused_with_the_remedy(folder: Path, outputs: None) -> None:
    with pytest.raises(pulumi.RunError, match=r"path\.apply\(ods\.TextFile\)"):
        ods.TextFile(pulumi.Output.from_input("home.html"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.write_text("other"), r"home\.html changed since the program was run"),
        (lambda file: file.unlink(), r"home\.html can no longer be read"),
    ],
)
def test_text_that_is_no_longer_there_is_refused(folder: Path, change: Callable[[Path], object], message: str) -> None:
    text = ods.TextFile("home.html")
    change(folder / "home.html")

    with pytest.raises(ResourceError, match=message):
        ods.TextFile.read(text, folder)


def test_text_of_the_portal_has_a_hash_and_no_path(folder: Path) -> None:
    assert ods.TextFile.of("<p>Été</p>\n") == {"sha256": ods.TextFile("home.html").sha256}
