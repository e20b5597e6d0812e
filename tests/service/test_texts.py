"""The texts that this machine keeps by their hashes."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from pulumi_opendatasoft.service.texts import KEPT_FOR, KeptTexts, texts_beside_pulumi


def hash_of(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_kept_text_is_found_by_another_process(tmp_path: Path) -> None:
    KeptTexts(tmp_path / "texts").keep(hash_of("été"), "été")

    assert KeptTexts(tmp_path / "texts").find(hash_of("été")) == "été"
    assert KeptTexts(tmp_path / "texts").find(hash_of("other")) is None
    assert (tmp_path / "texts").stat().st_mode & 0o077 == 0


def test_text_that_is_no_valid_unicode_is_kept(tmp_path: Path) -> None:
    KeptTexts(tmp_path).keep(hash_of("x"), "half a pair: \ud800")

    assert KeptTexts(tmp_path).find(hash_of("x")) == "half a pair: \ud800"


def test_first_text_of_a_hash_is_kept(tmp_path: Path) -> None:
    """The portal may return a text in another form than the one that was sent."""
    KeptTexts(tmp_path).keep(hash_of("sent"), "sent")
    KeptTexts(tmp_path).keep(hash_of("sent"), "returned")

    assert KeptTexts(tmp_path).find(hash_of("sent")) == "sent"


def test_text_that_nothing_uses_is_deleted(tmp_path: Path) -> None:
    texts = KeptTexts(tmp_path)
    for text in ("old", "used"):
        texts.keep(hash_of(text), text)
        os.utime(tmp_path / hash_of(text), (0, time.time() - KEPT_FOR - 60))
    KeptTexts(tmp_path).find(hash_of("used"))

    KeptTexts(tmp_path).keep(hash_of("new"), "new")

    assert {file.name for file in tmp_path.iterdir()} == {hash_of("used"), hash_of("new")}


@pytest.mark.parametrize("hash", ["", "../../secret", "x" * 64])
def test_what_is_no_hash_names_no_file(tmp_path: Path, hash: str) -> None:
    (tmp_path / "secret").write_text("s")

    texts = KeptTexts(tmp_path / "a" / "b")
    texts.keep(hash, "text")

    assert texts.find(hash) == "text"
    assert not (tmp_path / "a").exists()
    assert KeptTexts(tmp_path / "a" / "b").find(hash) is None


def test_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    texts = KeptTexts(tmp_path / "file" / "texts")

    texts.keep(hash_of("text"), "text")

    assert texts.find(hash_of("text")) == "text"


def test_texts_lie_beside_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))

    texts_beside_pulumi().keep(hash_of("text"), "text")

    assert (tmp_path / "opendatasoft" / "texts" / hash_of("text")).read_text() == "text"
