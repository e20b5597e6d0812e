"""The portal in the hands of others: calls in the order and the manner in which public clients make them."""

import time
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import add_csv, new_dataset, new_group, new_user, publish
from .calls import body_of as told
from .conftest import Connect


def wait_until_idle(client: httpx.Client, uid: str) -> None:
    """The loop that every one of them has."""
    for _ in range(1000):
        if client.get(f"/datasets/{uid}/status").raise_for_status().json()["status"] == "idle":
            return
        time.sleep(0.02)
    pytest.fail(f"{uid} was never idle")


def test_a_job_publishes_what_it_has_the_dataset_id_of(api: httpx.Client) -> None:
    add_csv(api, new_dataset(api, "100522"))

    uid = api.get("/datasets", params={"dataset_id": "100522"}).json()["results"][0]["uid"]
    answer = api.post(f"/datasets/{uid}/publish")
    wait_until_idle(api, uid)

    assert (answer.status_code, answer.json()) == (200, {"detail": "ok"})
    assert api.get(f"/datasets/{uid}").json()["is_published"] is True


def test_a_job_that_publishes_too_early_tries_again(api: httpx.Client, control: httpx.Client) -> None:
    control.post("/settings", json={"processing_ms": 2000}).raise_for_status()
    uid = new_dataset(api)
    api.post(f"/datasets/{uid}/publish")

    tries = 0
    while (answer := api.post(f"/datasets/{uid}/publish")).status_code != 200:
        assert answer.json()["error_code"] == "invalid_dataset_status"
        assert "'idle, error, limit_reached'" in answer.json()["message"]
        tries += 1
        time.sleep(0.05)

    assert tries > 0


def test_a_wrapper_sets_one_field_and_publishes_without_waiting(api: httpx.Client) -> None:
    uid = new_dataset(api, "it-secret", is_restricted=True)
    wait_until_idle(api, uid)

    for path, value in (
        ("internal/license_id", "cc_by"),
        ("default/license", "CC BY 4.0"),
        ("default/keyword", ["air", "city"]),
        ("default/modified", "2024-05-01T12:00:00Z"),
    ):
        answer = api.put(f"/datasets/{uid}/metadata/{path}", json={"value": value})
        assert (answer.status_code, answer.json()) == (200, {"value": value})
    assert api.post(f"/datasets/{uid}/publish").status_code == 200
    assert api.get(f"/datasets/{uid}/metadata").json()["default"]["license"] == {"value": "CC BY 4.0"}
    wait_until_idle(api, uid)
    assert api.delete(f"/datasets/{uid}").status_code == 204
    assert api.get(f"/datasets/{uid}").status_code == 404


def test_a_script_reads_a_template_changes_it_and_writes_it_back(api: httpx.Client) -> None:
    uid = new_dataset(api)

    template = api.get(f"/datasets/{uid}/metadata/default").json()
    template["publisher"] = {"value": "City"}
    answer = api.put(f"/datasets/{uid}/metadata/default", json=template)

    assert (answer.status_code, answer.json()) == (200, template)


def test_a_package_sends_its_own_words_along(api: httpx.Client) -> None:
    uid = new_dataset(api)
    body = {"dataset_uid": uid, "dataset_id": "renamed", "is_restricted": False}

    assert api.put(f"/datasets/{uid}", json=body).json()["dataset_id"] == "renamed"


def test_a_package_takes_the_last_resource_for_the_newest(api: httpx.Client) -> None:
    uid = new_dataset(api)
    first = add_csv(api, uid)

    path = f"/datasets/{uid}/resources"
    file = api.post(f"{path}/files", files={"file": ("new.csv", b"a;b\n1;2\n")}).json()["uid"]
    source = {"type": "csvfile", "title": "new.csv", "datasource": {"type": "uploaded_file", "file": {"uid": file}}}
    assert api.put(f"{path}/{first}", json=source).status_code == 200
    second = api.post(path, json=source).json()["uid"]

    assert api.get(path).json()["results"][-1]["uid"] == second


def test_a_form_restricts_a_dataset(api: httpx.Client) -> None:
    uid = new_dataset(api)

    assert api.put(f"/datasets/{uid}/", data={"is_restricted": True}).json()["is_restricted"] is True


def test_a_job_labels_its_own_rules_and_finds_them_again(api: httpx.Client) -> None:
    uid = new_dataset(api)
    rules: list[dict[str, object]] = [
        {"type": "rename", "from_name": "a", "to_name": "a", "field_label": "The A"},
        {"type": "description", "field": "a", "description": "About A."},
        {"type": "annotate", "field": "a", "annotation": "decimals", "args": [2]},
    ]
    for rule in rules:
        api.post(f"/datasets/{uid}/fields/", json={"label": "[job] a", **rule}).raise_for_status()

    mine = [
        rule
        for rule in api.get(f"/datasets/{uid}/fields/", params={"limit": 1000}).json()["results"]
        if rule["label"].startswith("[job]")
    ]
    for rule in mine:
        assert api.put(f"/datasets/{uid}/fields/{rule['uid']}", json=rule).json() == rule

    assert [rule["type"] for rule in mine] == ["rename", "description", "annotate"]


def test_an_inventory_follows_the_links(api: httpx.Client) -> None:
    for number in range(45):
        new_dataset(api, f"set-{number:02}")

    address: str | None = f"{api.base_url}datasets"
    found: list[str] = []
    while address:
        page = httpx.get(address, headers=api.headers, verify=False, timeout=30).json()
        found += [dataset["dataset_id"] for dataset in page["results"]]
        address = page["next"]

    assert found == [f"set-{number:02}" for number in range(45)]


def test_a_ministry_manages_groups_by_forms_and_counts_users(api: httpx.Client) -> None:
    new_user(api, "louise@example.org")
    uid = new_group(api, "Editors")["uid"]

    changed = api.put(f"/groups/{uid}/", data={"title": "Editors", "permissions": ["edit_dataset", "edit_page"]})
    users = api.get("/users/", params={"limit": 0}).json()["total_count"]

    assert changed.json()["permissions"] == ["edit_dataset", "edit_page"]
    assert users == 2


def test_a_migration_finds_a_connection_by_what_it_is(api: httpx.Client) -> None:
    login = {"type": "basic_auth", "username": "portal", "password": "s3cret"}
    body = {"type": "http", "url": "https://example.org", "auth": login}
    uid = told(api.post("/datasource_connections/", json=body), 201)["uid"]

    def key(connection: dict[str, Any]) -> tuple[str, str, str]:
        return connection["type"], connection["url"], connection["auth"]["username"]

    page = api.get("/datasource_connections/", params={"limit": 1000}).json()
    assert {key(connection): connection["uid"] for connection in page["results"]}[key(body)] == uid


def test_a_visitor_of_the_explore_api_learns_the_uid(emulator: Emulator, api: httpx.Client) -> None:
    uid = new_dataset(api)
    add_csv(api, uid)
    publish(api, uid)

    address = f"{emulator.url}/api/explore/v2.1/catalog/datasets/air"
    assert httpx.get(address, verify=False, timeout=30).json()["dataset_uid"] == uid


def test_answer_to_an_action_is_not_cached(api: httpx.Client, connect: Connect) -> None:
    uid = new_dataset(api)
    other = connect(api.headers["Authorization"].split()[1])

    api.put(f"/datasets/{uid}/metadata/default/title/", json={"value": "Wind"}).raise_for_status()

    assert other.get(f"/datasets/{uid}/").json()["metadata"]["default"]["title"] == {"value": "Wind"}
