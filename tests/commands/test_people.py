"""The commands of users and of API keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from .conftest import Call


def new_key(portal: Portal, *permissions: str, label: str = "ETL") -> dict[str, str]:
    made: dict[str, str] = portal.post("/apikeys/", {"label": label, "permissions": list(permissions)})
    return made


@pytest.mark.reaches("users export")
def test_users_are_exported_as_csv(call: Call, tmp_path: Path) -> None:
    lines = call("users", "export").stdout.splitlines()
    assert lines[0].startswith("username,")
    assert lines[1].startswith("admin,")
    file = tmp_path / "users.csv"
    call("users", "export", "--delimiter", ";", "--output", str(file))
    assert file.read_text().startswith("username;")
    assert call("users", "export", "--output", str(file), code=ExitCode.USAGE).stderr.count("is there already") == 1


@pytest.mark.reaches("users export")
def test_users_are_exported_as_json(call: Call) -> None:
    (admin,) = [user for user in call("users", "export", "--json").json if user["username"] == "admin"]
    assert "permissions" in admin


@pytest.mark.reaches("keys search")
def test_owner_of_a_key_is_found_and_the_key_not_repeated(portal: Portal, call: Call) -> None:
    made = new_key(portal, "edit_dataset")
    found = call("keys", "search", "--json", input=f"{made['key']}\n")
    assert found.json["uid"] == made["uid"]
    assert made["key"] not in found.stdout + call("keys", "search", input=made["key"]).stdout


def test_unknown_key_is_not_found_and_not_repeated(call: Call) -> None:
    failed = call("keys", "search", input="f" * 56, code=ExitCode.NOT_FOUND)
    assert "f" * 56 not in failed.stdout + failed.stderr
    call("keys", "search", input=" \n", code=ExitCode.USAGE)


def test_key_as_an_argument_is_refused_and_not_repeated(portal: Portal, call: Call) -> None:
    portal.forget()
    failed = call("keys", "search", "e" * 56, code=ExitCode.USAGE)
    assert "standard input" in failed.stderr
    assert "e" * 56 not in failed.stdout + failed.stderr
    assert portal.requests() == []


@pytest.mark.reaches("keys revoke")
def test_key_is_revoked_with_a_reason(portal: Portal, call: Call) -> None:
    made = new_key(portal, "edit_dataset", label="Old")
    assert '("Old")' in call("keys", "revoke", made["uid"], code=ExitCode.DECLINED).stderr
    outcome = call("keys", "revoke", made["uid"], "--reason", "it was in a log", "--yes", "--json")
    assert outcome.json["is_revoked"] is True
    assert made["key"] not in outcome.stdout
    status = portal.get(f"/apikeys/{made['uid']}/")["revocation_status"]
    assert status["revocation_reason"] == "it was in a log"
    assert "already" in call("keys", "revoke", made["uid"], "--yes").stdout


@pytest.mark.parametrize("told", ["always", "once"])
def test_own_key_is_never_revoked(portal: Portal, call: Call, told: str) -> None:
    own = next(key["uid"] for key in portal.all("/apikeys/") if key["label"] != "ETL" and not key["is_revoked"])
    portal.set(api_key_told=told)
    failed = call("keys", "revoke", own, "--yes", code=ExitCode.FAILED)
    portal.set(api_key_told="always")
    assert "the key that this command uses" in failed.stderr
    assert portal.get(f"/apikeys/{own}/")["is_revoked"] is False
