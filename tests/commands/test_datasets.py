"""The commands publish, unpublish, abort, status and copy: each is called, and its effect read by another call."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import add_csv, new_dataset, publish, status_of, wait_for_status, wait_until_settled
from .conftest import Call


@pytest.fixture
def air(portal: Portal, request: pytest.FixtureRequest) -> Iterator[str]:
    """A dataset with two records, which is not public."""
    uid = new_dataset(portal.http, request.node.name.replace("_", "-"))
    add_csv(portal.http, uid)
    portal.forget()
    yield uid
    portal.set(processing_ms=0)
    wait_until_settled(portal.http, uid)
    portal.delete(f"/datasets/{uid}/")


def is_public(portal: Portal, uid: str) -> bool:
    return bool(status_of(portal.http, uid)["is_published"])


@pytest.mark.reaches("publish", "POST /datasets/{dataset_uid}/publish/")
def test_publish_waits_until_it_is_public(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=300)
    outcome = call("publish", air)
    assert is_public(portal, air)
    assert outcome.stdout.startswith("published test-publish-waits")
    assert outcome.stderr.startswith("Publishing test-publish-waits")


def test_publish_without_waiting_returns_at_once(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=60_000)
    assert call("publish", air, "--no-wait", "--json").json["status"] == "processing"
    assert not is_public(portal, air)
    assert call("abort", air, "--json").json["aborted"] is True


def test_publish_that_takes_too_long_has_a_code(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=60_000)
    failed = call("publish", air, "--timeout", "0.3", "--json", code=ExitCode.NOT_NOW).json
    assert "still being processed" in failed["error"]["message"]
    assert failed["result"]["uid"] == air
    call("abort", air)


@pytest.mark.reaches("publish", "POST /datasets/{dataset_uid}/publish_metadata/")
def test_publish_of_metadata_processes_nothing(portal: Portal, call: Call, air: str) -> None:
    publish(portal.http, air)
    portal.put(f"/datasets/{air}/metadata/default/title/", {"value": "Wind"})
    portal.forget()
    call("publish", air, "--metadata-only")
    assert not [request for request in portal.writes() if request.endswith("/publish/")]
    name = portal.get(f"/datasets/{air}/")["dataset_id"]
    shown = httpx.get(f"{portal.url}/api/explore/v2.1/catalog/datasets/{name}", timeout=30).json()
    assert shown["metas"]["default"]["title"] == "Wind"


def test_publish_of_metadata_alone_needs_a_public_one(call: Call, air: str) -> None:
    assert "leave --metadata-only out" in call("publish", air, "--metadata-only", code=ExitCode.FAILED).stderr


def test_publish_that_fails_shows_the_reason_of_the_portal(portal: Portal, call: Call, air: str) -> None:
    portal.post(f"/datasets/{air}/processors/", {"type": "string_replace", "label": "broken"})
    failed = call("publish", air, code=ExitCode.ENDED_BADLY)
    assert "processing failed: " in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("Error: test-publish-that-fails")
    assert call("status", air, "--watch", code=ExitCode.ENDED_BADLY).stderr.count(" ended in error: ") == 1


@pytest.mark.reaches("unpublish")
def test_unpublish_waits_until_it_is_not_public(portal: Portal, call: Call, air: str) -> None:
    publish(portal.http, air)
    assert call("unpublish", air, "--yes", "--json").json["status"] == "idle"
    assert not is_public(portal, air)


def test_unpublish_without_a_yes_does_nothing(portal: Portal, call: Call, air: str) -> None:
    publish(portal.http, air)
    portal.forget()
    declined = call("unpublish", air, code=ExitCode.DECLINED)
    assert portal.writes() == []
    assert "add --yes" in declined.stderr
    assert f"({air})" in declined.stderr


def test_unpublish_of_a_draft_says_so(portal: Portal, call: Call, air: str) -> None:
    assert call("unpublish", air).stdout.endswith("is not public\n")
    assert portal.writes() == []


@pytest.mark.reaches("abort")
def test_abort_stops_the_processing(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=60_000)
    portal.post(f"/datasets/{air}/publish/")
    wait_for_status(portal.http, air, "processing")
    assert call("abort", air).stdout.startswith("stopped the processing of")
    assert status_of(portal.http, air)["status"] == "idle"


def test_abort_of_an_idle_dataset_says_so(portal: Portal, call: Call, air: str) -> None:
    assert call("abort", air).stdout.endswith("is not being processed\n")
    assert portal.writes() == []


@pytest.mark.reaches("status")
def test_status_is_a_line_for_each_member(call: Call, air: str) -> None:
    lines = call("status", air).stdout.splitlines()
    assert [line.partition("\t")[0] for line in lines] == ["status", "since", "published", "message"]
    assert lines[0] == "status\tidle"


def test_status_is_watched_until_nothing_is_under_way(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=400)
    portal.post(f"/datasets/{air}/publish/")
    assert call("status", air, "--watch", "--json").json["is_published"] is True


def test_status_that_is_watched_too_long_has_a_code(portal: Portal, call: Call, air: str) -> None:
    portal.set(processing_ms=60_000)
    portal.post(f"/datasets/{air}/publish/")
    call("status", air, "--watch", "--timeout", "0.2", code=ExitCode.NOT_NOW)
    call("abort", air)


@pytest.mark.reaches("copy")
def test_copy_is_a_draft_that_is_named(portal: Portal, call: Call, air: str) -> None:
    assert call("copy", air, "--json").json["dataset_id"].endswith("-copy")
    outcome = call("copy", air)
    (made,) = [
        one for one in portal.all("/datasets/") if one["dataset_id"] == "test-copy-is-a-draft-that-is-named-copy-1"
    ]
    assert f"({made['uid']})" in outcome.stdout
    assert "adopt=True" in outcome.stderr
    assert made["is_published"] is not True
    assert len(portal.all(f"/datasets/{made['uid']}/resources/")) == 1
    portal.delete(f"/datasets/{made['uid']}/")


def test_copy_whose_response_was_lost_is_uncertain(portal: Portal, call: Call, air: str) -> None:
    before = len(portal.all("/datasets/"))
    portal.fail({"method": "POST", "path": "/copy/$", "fault": "reset_after_commit"})
    call("copy", air, code=ExitCode.UNCERTAIN)
    portal.fail()
    assert len(portal.all("/datasets/")) == before + 1
