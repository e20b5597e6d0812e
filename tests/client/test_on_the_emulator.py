"""The client on the emulator, which responds as the service does."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.client.list_cache import ListCache
from pulumi_opendatasoft.client.polling import wait_until
from pulumi_opendatasoft.errors import (
    Busy,
    KeyRefused,
    NotAPortal,
    NotFound,
    NotPermitted,
    PortalFailed,
    Refused,
    Throttled,
    Uncertain,
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(tmp_path) as emulator:
        yield emulator


@pytest.fixture
def client(portal: Emulator) -> Iterator[Client]:
    with Client(portal.url, portal.key, backoff=0.01) as client:
        yield client


def control(portal: Emulator, what: str, body: Any) -> None:
    httpx.post(f"{portal.url}/_emulator/{what}", json=body, timeout=30).raise_for_status()


def set_fault(portal: Emulator, method: str, path: str, fault: str, nth: int | None = 1) -> None:
    control(portal, "faults", [{"method": method, "path": path, "nth": nth, "fault": fault}])


def calls(portal: Emulator) -> list[str]:
    requests = httpx.get(f"{portal.url}/_emulator/requests", timeout=30).json()
    return [f"{request['method']} {request['path'].rsplit('/v1.0', 1)[-1]}" for request in requests]


def editors(client: Client) -> Any:
    return next((group for group in client.all("/groups/") if group["title"] == "Editors"), None)


def test_group_is_created_read_updated_and_deleted(client: Client) -> None:
    made = client.post("/groups/", {"title": "Editors", "permissions": ["edit_dataset"]})
    path = f"/groups/{made['uid']}/"
    assert client.get(path) == made
    client.put(path, {"title": "Authors", "permissions": []})
    assert client.get(path)["title"] == "Authors"
    assert client.delete(path) is True
    assert client.delete(path) is False
    with pytest.raises(NotFound, match="not_found"):
        client.get(path)


def test_list_longer_than_a_page_is_read_whole(client: Client) -> None:
    for number in range(45):
        client.post("/groups/", {"title": f"Group {number}", "permissions": []})
    assert {group["title"] for group in client.all("/groups/")} == {f"Group {number}" for number in range(45)}
    assert client.get("/groups/", limit=0) == {"total_count": 45, "next": None, "previous": None, "results": []}


def test_catalogue_is_a_bare_array(client: Client) -> None:
    assert "csvfile" in {extractor["type"] for extractor in client.all("/extractors/")}


def test_wrong_key_and_missing_permission_differ(portal: Emulator, client: Client) -> None:
    with Client(portal.url, "0" * 56) as wrong, pytest.raises(KeyRefused, match="does not accept the API key"):
        wrong.get("/groups/")
    narrow = client.post("/apikeys/", {"label": "narrow", "permissions": ["explore_restricted_dataset"]})
    with Client(portal.url, narrow["key"]) as weak, pytest.raises(NotPermitted, match="may not do this"):
        weak.post("/groups/", {"title": "Editors", "permissions": []})


@pytest.mark.parametrize("body", ["error_code", "legacy", "empty"])
def test_refused_key_is_recognised_by_any_body(portal: Emulator, body: str) -> None:
    control(portal, "settings", {"refusal_body": body})
    with Client(portal.url, "0" * 56) as wrong, pytest.raises(KeyRefused):
        wrong.get("/groups/")


def test_refusal_names_the_property(client: Client) -> None:
    with pytest.raises(Refused, match="the portal refused title: ") as error:
        client.post("/groups/", {"permissions": []})
    assert [path for path, _ in error.value.problems] == ["title"]


@pytest.mark.parametrize("fault", ["reset_after_commit", "timeout_after_commit", "reset", "timeout", "status:500"])
def test_group_whose_response_is_lost_is_created_once(portal: Emulator, fault: str) -> None:
    set_fault(portal, "POST", "^/groups/$", fault)
    with Client(portal.url, portal.key, backoff=0.01, timeout=2.0) as client:
        made = client.post("/groups/", {"title": "Editors", "permissions": []}, look=lambda: editors(client))
        assert [group["uid"] for group in client.all("/groups/")] == [made["uid"]]


def test_lost_response_without_a_look_is_uncertain(portal: Emulator, client: Client) -> None:
    set_fault(portal, "POST", "^/groups/$", "reset_after_commit")
    with pytest.raises(Uncertain):
        client.post("/groups/", {"title": "Editors", "permissions": []})
    assert calls(portal).count("POST /groups/") == 1


def test_failing_portal_is_an_error_of_one_line(portal: Emulator, client: Client) -> None:
    set_fault(portal, "*", "", "status:500", nth=None)
    with pytest.raises(PortalFailed) as failed:
        client.get("/groups/")
    with pytest.raises(Uncertain) as uncertain:
        client.post("/groups/", {"title": "Editors", "permissions": []}, look=lambda: editors(client))
    for error in (failed.value, uncertain.value):
        assert "\n" not in str(error)
        assert portal.key not in str(error)


def test_used_up_quota_is_not_waited_for(portal: Emulator, client: Client) -> None:
    set_fault(portal, "GET", "^/groups/$", "status:429", nth=None)
    with pytest.raises(Throttled, match="accepts no more requests"):
        client.get("/groups/")


def test_garbage_is_not_a_portal(portal: Emulator, client: Client) -> None:
    set_fault(portal, "GET", "^/groups/$", "garbage")
    with pytest.raises(NotAPortal, match="Check the domain"):
        client.get("/groups/")


def test_dataset_is_published_and_waited_for(portal: Emulator, client: Client, tmp_path: Path) -> None:
    control(portal, "settings", {"processing_ms": 2000})
    table = tmp_path / "measures.csv"
    table.write_text("day;value\n2026-02-05;3\n")
    dataset = client.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})
    path = f"/datasets/{dataset['uid']}"
    uploaded = client.upload(
        f"{path}/resources/files/",
        table,
        filename="measures.csv",
        sha256=hashlib.sha256(table.read_bytes()).hexdigest(),
    )
    datasource = {"type": "uploaded_file", "file": {"uid": uploaded["uid"]}}
    client.post(f"{path}/resources/", {"type": "csvfile", "title": "measures", "params": {}, "datasource": datasource})
    before = client.get(f"{path}/status/")["since"]
    client.post(f"{path}/publish/")
    with pytest.raises(Busy, match="dataset status is '"):
        client.post(f"{path}/publish/")
    status, was_done = wait_until(
        lambda: client.get(f"{path}/status/"),
        lambda status: status["status"] in ("idle", "error") and bool(status["is_published"]),
        timeout=30,
    )
    assert was_done
    assert (status["status"], status["is_published"]) == ("idle", True)
    assert status["since"] >= before


def test_one_list_serves_many_reads(portal: Emulator, client: Client) -> None:
    uids = [client.post("/groups/", {"title": f"Group {number}", "permissions": []})["uid"] for number in range(30)]
    httpx.delete(f"{portal.url}/_emulator/requests", timeout=30).raise_for_status()
    listing = ListCache(client, "/groups/", max_age=60.0)
    assert [row["uid"] for row in map(listing.get, uids) if row] == uids
    assert listing.get("no_such_group") is None
    assert calls(portal) == [f"GET /groups/{uids[0]}/", "GET /groups/", "GET /groups/no_such_group/"]


def test_many_threads_create_each_group_once(portal: Emulator, client: Client) -> None:
    set_fault(portal, "POST", "^/groups/$", "reset_after_commit", nth=5)
    set_fault(portal, "POST", "^/groups/$", "status:502", nth=9)
    set_fault(portal, "GET", "^/groups/$", "reset", nth=1)

    def work(thread: int) -> None:
        for number in range(4):
            title = f"Group {thread}-{number}"

            def look(title: str = title) -> Any:
                return next((group for group in client.all("/groups/") if group["title"] == title), None)

            client.post("/groups/", {"title": title, "permissions": []}, look=look)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = sorted(f"Group {thread}-{number}" for thread in range(8) for number in range(4))
    assert sorted(group["title"] for group in client.all("/groups/")) == wanted
