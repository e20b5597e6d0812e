"""The lines that a person reads about a mistake on the way to an export."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pulumi_opendatasoft.commands.group import opendatasoft

from ..conftest import Portal

KEY = "0" * 56


def errors(portal: Portal, *words: str, **environment: str | None) -> tuple[int, list[str]]:
    """The exit code and the lines of an error of the command `export`."""
    variables = {"OPENDATASOFT_DOMAIN": portal.url, "OPENDATASOFT_API_KEY": portal.key, **environment}
    done = CliRunner(env=variables).invoke(opendatasoft, ["export", *words], catch_exceptions=False)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Reading the portal")]
    return done.exit_code, lines


@pytest.fixture(autouse=True)
def _pulumi_is_found(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export looks for `pulumi` first, and these tests end before it would run it."""
    command = tmp_path_factory.mktemp("bin") / "pulumi"
    command.write_text("#!/bin/sh\nexit 1\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))


def test_wrong_key_has_one_line(city: Portal, tmp_path: Path) -> None:
    code, lines = errors(city, str(tmp_path / "city"), OPENDATASOFT_API_KEY=KEY)
    assert (code, len(lines)) == (5, 1)
    assert "API key" in lines[0]


def test_no_network_has_one_line(city: Portal, tmp_path: Path) -> None:
    code, lines = errors(city, str(tmp_path / "city"), OPENDATASOFT_DOMAIN="http://127.0.0.1:9")
    assert (code, len(lines)) == (6, 1)
    assert "the connection was refused" in lines[0]


def test_no_portal_has_one_line(city: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, lines = errors(city, "city", OPENDATASOFT_API_KEY=None, OPENDATASOFT_DOMAIN=None)
    assert (code, len(lines)) == (2, 1)
    assert "OPENDATASOFT_DOMAIN" in lines[0]


def test_folder_that_is_not_empty_has_one_line(city: Portal, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    code, lines = errors(city, str(tmp_path))
    assert (code, len(lines)) == (2, 1)
    assert "is not empty, and no export made it: choose another folder" in lines[0]


def test_missing_pulumi_has_one_line(city: Portal, tmp_path: Path) -> None:
    code, lines = errors(city, str(tmp_path / "city"), PATH=str(tmp_path))
    assert (code, len(lines)) == (2, 1)
    assert "there is no `pulumi` on this machine: install it" in lines[0]
    assert not (tmp_path / "city").exists()


def test_unknown_type_has_one_line(city: Portal, tmp_path: Path) -> None:
    code, lines = errors(city, str(tmp_path / "city"), "--only", "Datasets")
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("Error: --only Datasets: the types are Connection, ")
