"""The commands of versions and of feedback."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import new_dataset
from .conftest import Call


@pytest.fixture(scope="module")
def parks(portal: Portal) -> str:
    """A dataset with three versions."""
    uid = new_dataset(portal.http, "parks")
    for title in ("Parks of the city", "Green parks"):
        portal.put(f"/datasets/{uid}/metadata/default/title/", {"value": title})
    return uid


def versions(portal: Portal, uid: str) -> list[dict[str, Any]]:
    return portal.all(f"/datasets/{uid}/versions/")


def feedback(portal: Portal, uid: str, comment: str, record: str = "one") -> str:
    body = {"dataset_uid": uid, "record_id": record, "comment": comment}
    made: str = portal.control.post("/feedbacks", json=body).raise_for_status().json()["uid"]
    return made


@pytest.mark.reaches("versions list")
def test_versions_are_listed_the_newest_first(portal: Portal, call: Call, parks: str) -> None:
    listed = call("versions", "list", "parks", "--json").json
    assert [one["uid"] for one in listed] == [one["uid"] for one in versions(portal, parks)]
    header, first, *_ = call("versions", "list", "parks").stdout.splitlines()
    assert header == "version\tcreated at\tby\tchanged\tcan be restored"
    assert first.split("\t")[0] == listed[0]["uid"]
    assert first.split("\t")[2:] == ["admin", "metadata", "yes"]


@pytest.mark.reaches("versions show")
def test_version_is_shown(portal: Portal, call: Call, parks: str) -> None:
    uid = versions(portal, parks)[0]["uid"]
    assert call("versions", "show", "parks", uid).stdout.startswith(f"version\t{uid}\ncreated at\t2")
    assert call("versions", "show", "parks", uid, "--json").json["created_by"] == {"username": "admin"}


@pytest.mark.reaches("versions restore")
def test_version_is_restored(portal: Portal, call: Call, parks: str) -> None:
    earlier = versions(portal, parks)[1]["uid"]
    assert call("versions", "restore", "parks", earlier, "--yes", "--json").json["version"] == earlier
    assert portal.get(f"/datasets/{parks}/metadata/default/title/")["value"] == "Parks of the city"


def test_restore_without_a_yes_names_both(portal: Portal, call: Call, parks: str) -> None:
    uid = versions(portal, parks)[0]["uid"]
    portal.forget()
    declined = call("versions", "restore", "parks", uid, code=ExitCode.DECLINED).stderr
    assert f"Restore parks ({parks})" in declined
    assert uid in declined
    assert portal.writes() == []


def test_restore_of_an_unknown_version_is_refused(call: Call, parks: str) -> None:
    call("versions", "restore", "parks", "ch_000000", "--yes", code=ExitCode.NOT_FOUND)


@pytest.mark.reaches("feedback list")
def test_feedback_is_listed_open_archived_and_by_record(portal: Portal, call: Call, parks: str) -> None:
    first, second = feedback(portal, parks, "A bench broke"), feedback(portal, parks, "\x1b[31mTree", record="two")
    portal.post(f"/datasets/{parks}/feedbacks/{first}/archive/")
    assert [one["uid"] for one in call("feedback", "list", "parks", "--json").json] == [second]
    assert [one["uid"] for one in call("feedback", "list", "parks", "--archived", "--json").json] == [first]
    assert call("feedback", "list", "parks", "--record", "none").stderr == f"parks ({parks}) has no open feedback\n"
    assert "\x1b" not in call("feedback", "list", "parks", "--sort", "created_at").stdout


@pytest.mark.reaches("feedback show")
def test_feedback_is_shown(portal: Portal, call: Call, parks: str) -> None:
    uid = feedback(portal, parks, "No lamp")
    assert "comment\tNo lamp\n" in call("feedback", "show", "parks", uid).stdout
    assert call("feedback", "show", "parks", uid, "--json").json["comment"] == "No lamp"


@pytest.mark.reaches("feedback archive")
def test_feedback_is_archived(portal: Portal, call: Call, parks: str) -> None:
    uid = feedback(portal, parks, "No light")
    call("feedback", "archive", "parks", uid, code=ExitCode.DECLINED)
    assert call("feedback", "archive", "parks", uid, "--yes", "--json").json["is_archived"] is True
    assert portal.get(f"/datasets/{parks}/feedbacks/{uid}/")["is_archived"] is True
