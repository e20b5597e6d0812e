"""Tests of harvesters: their configuration, statuses, schedules, permissions and deletion."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.automation.harvester.schemas import BODIES
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, error_detail, key_with
from .conftest import Connect, Switch
from .harvesting import FTP, datasets, harvester, new_harvester, region_files, run, wait_until_gone, wait_until_idle

REQUIRED: dict[str, Body] = {
    "datagouv": {"organization_id": "534fff75"},
    "ftp": {"host": "h", "user": "u", "password": "p"},
    "ftp_csv": {"host": "h", "user": "u", "password": "p", "metadata_file": "index.csv"},
    "ftp_with_meta_csv": {"host": "h", "user": "u", "password": "p", "metadata_file": "index.csv"},
    "junar": {"url": "https://data.example", "auth_key": "k"},
    "ods": {"domain": "region"},
    "quandl": {"database_code": "ECMCI", "api_key": "k", "number_of_datasets": 5},
}
"""The members that a harvester of each type needs; those that are left out need a `url`."""


@pytest.fixture(autouse=True)
def files(emulator: Emulator) -> Path:
    """The files of the region's server."""
    return region_files(emulator.portal.folder)


def test_a_harvester_is_created_read_changed_listed_and_deleted(api: httpx.Client) -> None:
    made = body_of(api.post("/harvesters/", json=FTP), 201)

    assert (made["uid"], made["status"], made["version"]) == ("the-region", "new", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["created_at"])
    assert (made["updated_by"], made["last_started_at"], made["last_success_at"]) == ({"username": "admin"}, None, None)
    assert harvester(api, "the-region") == made
    changed = body_of(api.put("/harvesters/the-region/", json={**FTP, "name": "Regional", "directory": "/data"}))
    assert (changed["uid"], changed["name"], changed["directory"]) == ("the-region", "Regional", "/data")
    assert harvester(api, "the-region") == changed
    assert body_of(api.get("/harvesters/"))["results"] == [changed]
    assert api.delete("/harvesters/the-region/", params={"delete_attached_datasets": False}).status_code == 204
    wait_until_gone(api, "the-region")
    assert body_of(api.get("/harvesters/"))["total_count"] == 0
    assert api.put("/harvesters/the-region/", json=FTP).status_code == 404


@pytest.mark.parametrize("kind", BODIES)
def test_every_type_keeps_its_configuration_and_hides_secrets(api: httpx.Client, kind: str) -> None:
    given = REQUIRED.get(kind, {"url": "https://data.example"})

    made = body_of(api.post("/harvesters/", json={"type": kind, "name": "Region", **given}), 201)

    hidden = {name for name in given if name in ("password", "api_key", "auth_key")}
    assert {name: made[name] for name in given} == {**given, **dict.fromkeys(hidden)}
    for name in given.keys() - hidden:
        rest = {other: value for other, value in given.items() if other != name}
        detail = error_detail(api.post("/harvesters/", json={"type": kind, "name": "Region", **rest}))
        assert detail == {name: ["This field is required"]}


def test_a_new_harvester_needs_its_secret_and_a_change_keeps_it(api: httpx.Client, emulator: Emulator) -> None:
    without = {name: value for name, value in FTP.items() if name != "password"}
    assert error_detail(api.post("/harvesters/", json=without)) == {"password": ["This field is required"]}
    uid = new_harvester(api)

    for body in (without, {**FTP, "password": None}):
        body_of(api.put(f"/harvesters/{uid}/", json=body))
        assert (emulator.portal.store.get("harvester", uid) or {})["configuration"]["password"] == "s3cret"


def test_a_secret_that_a_change_leaves_out_can_be_lost(api: httpx.Client, emulator: Emulator, switch: Switch) -> None:
    uid = new_harvester(api)
    switch(harvester_secret_left_out="cleared")

    body_of(api.put(f"/harvesters/{uid}/", json={**FTP, "password": None}))

    assert not (emulator.portal.store.get("harvester", uid) or {})["configuration"]["password"]


def test_a_blank_key_is_returned_as_it_is(api: httpx.Client) -> None:
    body = {"type": "ods", "name": "R", "domain": "region"}
    uid = body_of(api.post("/harvesters/", json=body), 201)["uid"]

    assert harvester(api, uid)["api_key"] == ""
    assert body_of(api.put(f"/harvesters/{uid}/", json={**body, "api_key": "k"}))["api_key"] is None
    assert body_of(api.put(f"/harvesters/{uid}/", json={**body, "api_key": ""}))["api_key"] == ""


def test_examples_of_the_description_are_no_defaults(api: httpx.Client) -> None:
    made = body_of(
        api.post("/harvesters/", json={"type": "ckan", "name": "R", "url": "https://data.example/api/3"}), 201
    )

    assert made.keys().isdisjoint({"limit", "offset", "sort", "group"})
    assert (made["language"], made["query"], made["download_resources"]) == ("", "", False)


def test_unknown_types_are_refused_unless_a_setting_names_them(api: httpx.Client, switch: Switch) -> None:
    body = {"type": "dcat_ap", "name": "R", "address": "https://data.example", "access_token": "t"}
    assert error_detail(api.post("/harvesters/", json=body)) == {"type": ['"dcat_ap" is not a valid choice.']}
    switch(further_harvester_types=["dcat_ap"])

    made = body_of(api.post("/harvesters/", json=body), 201)

    assert (made["address"], made["access_token"]) == ("https://data.example", None)
    assert run(api, made["uid"])["has_error"] is True


def test_type_that_is_no_text_is_refused(api: httpx.Client) -> None:
    assert error_detail(api.post("/harvesters/", json={**FTP, "type": {"a": 1}})) == {"type": ["Not a valid string."]}


def test_type_of_a_harvester_cannot_be_changed(api: httpx.Client) -> None:
    uid = new_harvester(api)

    detail = error_detail(api.put(f"/harvesters/{uid}/", json={"type": "wfs", "name": "R", "url": "u"}))

    assert detail == {"type": ["The type of a harvester cannot be changed."]}


def test_a_taken_name_gets_another_uid_or_is_refused(api: httpx.Client, switch: Switch) -> None:
    assert [new_harvester(api) for _ in range(2)] == ["the-region", "the-region-1"]
    switch(duplicate_harvester_name="refuse")
    assert list(error_detail(api.post("/harvesters/", json=FTP))) == ["name"]


def test_a_change_keeps_what_it_omits_or_clears_it(api: httpx.Client, switch: Switch) -> None:
    uid = new_harvester(api, delete_missing_datasets=True)
    short = {name: value for name, value in FTP.items() if name != "directory"}

    assert body_of(api.put(f"/harvesters/{uid}/", json=short))["directory"] == "/open"
    switch(omitted_in_put="clear")
    cleared = body_of(api.put(f"/harvesters/{uid}/", json=short))
    assert (cleared["directory"], cleared["delete_missing_datasets"]) == ("", False)


def test_read_only_members_of_a_change_are_ignored(api: httpx.Client) -> None:
    made = harvester(api, new_harvester(api))
    counts = dict.fromkeys([name for name in made if name.endswith("_count")], 9)

    body = {**FTP, **counts, "uid": "x", "status": "idle", "has_error": True, "last_success_at": made["created_at"]}

    changed = body_of(api.put(f"/harvesters/{made['uid']}/", json=body))
    assert {name: changed[name] for name in body if name in made and name not in FTP} == {
        name: made[name] for name in body if name in made and name not in FTP
    }


def test_invalid_forced_metadata_are_refused_by_field(api: httpx.Client) -> None:
    refused = api.post("/harvesters/", json={**FTP, "forced_metas": {"default": {"language": "xx"}}})
    unknown = api.post("/harvesters/", json={**FTP, "forced_metas": {"default": {"colour": "red"}}})

    assert error_detail(refused) == {"forced_metas": {"default": {"language": ['"xx" is not a valid choice.']}}}
    assert error_detail(unknown) == {"forced_metas": {"default": {"colour": ["Unknown metadata field."]}}}


# ---------------------------------------------------------------- statuses (behaviour.md, sections 4 and 22)


def test_start_passes_through_queued_and_processing_to_idle(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=1000)
    uid = new_harvester(api)
    started = body_of(api.post(f"/harvesters/{uid}/start/"))

    assert started["status"] == "queued"
    assert started["last_started_at"] is not None
    seen = set()
    while "idle" not in seen:
        seen.add(harvester(api, uid)["status"])
        time.sleep(0.02)
    assert seen - {"queued"} == {"processing", "idle"}
    done = wait_until_idle(api, uid)
    assert (done["last_started_at"], done["has_error"]) == (started["last_started_at"], False)
    assert done["last_success_at"] is not None


def test_a_second_start_is_an_invalid_transition(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=60_000)
    uid = new_harvester(api)
    body_of(api.post(f"/harvesters/{uid}/start/"))
    while harvester(api, uid)["status"] != "processing":
        time.sleep(0.02)

    refused = body_of(api.post(f"/harvesters/{uid}/start/"), 400)

    assert refused["error_code"] == "invalid_harvester_status"
    assert refused["message"] == "Invalid transition from processing to processing"
    body_of(api.post(f"/harvesters/{uid}/abort/"))
    wait_until_idle(api, uid)


def test_a_run_is_aborted_and_can_be_started_again(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=60_000)
    uid = new_harvester(api)
    assert body_of(api.post(f"/harvesters/{uid}/abort/"), 400)["error_code"] == "invalid_harvester_status"
    body_of(api.post(f"/harvesters/{uid}/start/"))

    assert body_of(api.post(f"/harvesters/{uid}/abort/"))["status"] == "aborting"

    aborted = wait_until_idle(api, uid)
    assert (aborted["has_error"], aborted["last_success_at"], datasets(api)) == (False, None, {})
    switch(processing_ms=0)
    assert run(api, uid)["harvested_datasets_count"] == 2


def test_acknowledged_start_may_show_later(api: httpx.Client, switch: Switch) -> None:
    switch(queued_after_ms=1000)
    uid = new_harvester(api)

    started = body_of(api.post(f"/harvesters/{uid}/start/"))

    assert (started["status"], started["last_started_at"]) == ("new", None)
    assert api.post(f"/harvesters/{uid}/start/").status_code == 400
    assert wait_until_idle(api, uid)["last_started_at"] is not None


def test_busy_harvester_is_neither_deleted_nor_changed(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=60_000, write_while_busy="refuse")
    uid = new_harvester(api)
    body_of(api.post(f"/harvesters/{uid}/start/"))

    deleted = api.delete(f"/harvesters/{uid}/", params={"delete_attached_datasets": True})
    changed = api.put(f"/harvesters/{uid}/", json=FTP)

    assert body_of(deleted, 400)["error_code"] == body_of(changed, 400)["error_code"] == "invalid_harvester_status"
    body_of(api.post(f"/harvesters/{uid}/abort/"))
    wait_until_idle(api, uid)


def test_interrupted_run_goes_on_after_a_restart(tmp_path: Path) -> None:
    region_files(tmp_path)
    with Emulator(tmp_path) as first, client(first) as api:
        httpx.post(f"{first.url}/_emulator/settings", json={"processing_ms": 60_000}, timeout=30).raise_for_status()
        uid = new_harvester(api)
        body_of(api.post(f"/harvesters/{uid}/start/"))
    with Emulator(tmp_path) as second, client(second) as api:
        httpx.post(f"{second.url}/_emulator/settings", json={"processing_ms": 0}, timeout=30).raise_for_status()
        assert wait_until_idle(api, uid)["harvested_datasets_count"] == 2


def client(emulator: Emulator) -> httpx.Client:
    """The administrator's client of a portal."""
    headers = {"Authorization": f"apikey {emulator.key}"}
    return httpx.Client(base_url=f"{emulator.url}/api/automation/v1.0", headers=headers, timeout=30)


# ---------------------------------------------------------------- deletion (behaviour.md, section 22)


def test_deletion_needs_the_choice_about_the_datasets(api: httpx.Client) -> None:
    uid = new_harvester(api)

    assert error_detail(api.delete(f"/harvesters/{uid}/")) == {"delete_attached_datasets": ["This field is required"]}


def test_deletion_is_asynchronous(api: httpx.Client, switch: Switch) -> None:
    uid = new_harvester(api)
    switch(processing_ms=1000)

    assert api.delete(f"/harvesters/{uid}/", params={"delete_attached_datasets": False}).status_code == 204

    assert harvester(api, uid)["status"] == "deleting"
    assert api.delete(f"/harvesters/{uid}/", params={"delete_attached_datasets": False}).status_code == 204
    wait_until_gone(api, uid)


@pytest.mark.parametrize("with_datasets", [True, False])
def test_datasets_are_deleted_with_the_harvester_or_detached(api: httpx.Client, with_datasets: bool) -> None:
    uid = new_harvester(api)
    run(api, uid)

    api.delete(f"/harvesters/{uid}/", params={"delete_attached_datasets": with_datasets})
    wait_until_gone(api, uid)

    left = datasets(api)
    assert len(left) == (0 if with_datasets else 2)
    if left:
        assert left["Schools"]["metadata"]["default"]["publisher"] == {"value": "The region"}, "follows no remote one"


# ---------------------------------------------------------------- schedules (behaviour.md, section 14)

CRON = {"cron_schedule": "0 4 * * *", "timezone": "Europe/Berlin"}


def test_schedule_is_created_read_changed_and_deleted(api: httpx.Client) -> None:
    path = f"/harvesters/{new_harvester(api)}/schedules/"
    made = body_of(api.post(path, json=CRON), 201)

    assert re.fullmatch("sc_[a-z0-9]{6}", made["uid"])
    assert body_of(api.get(f"{path}{made['uid']}/")) == made
    changed = body_of(api.put(f"{path}{made['uid']}/", json={**CRON, "timezone": "Europe/Paris"}))
    assert changed == {**made, "timezone": "Europe/Paris"}
    assert body_of(api.get(path))["results"] == [changed]
    assert api.delete(f"{path}{made['uid']}/").status_code == 204
    assert api.delete(f"{path}{made['uid']}/").status_code == 404


def test_a_harvester_has_only_one_schedule(api: httpx.Client) -> None:
    path = f"/harvesters/{new_harvester(api)}/schedules/"
    body_of(api.post(path, json=CRON), 201)

    detail = error_detail(api.post(path, json=CRON))

    assert detail == {"non_field_errors": ["A harvester can only have one schedule."]}


def test_invalid_schedules_are_refused(api: httpx.Client) -> None:
    path = f"/harvesters/{new_harvester(api)}/schedules/"

    assert list(error_detail(api.post(path, json={**CRON, "cron_schedule": "hourly"}))) == ["cron_schedule"]
    assert error_detail(api.post(path, json={**CRON, "timezone": "Nowhere/x"})) == {
        "timezone": ['"Nowhere/x" is not a valid choice.']
    }
    assert list(error_detail(api.post(path, json={"cron_schedule": "0 4 * * *"}))) == ["timezone"]


# ---------------------------------------------------------------- permissions (behaviour.md, section 23)


@pytest.mark.parametrize("missing", ["create_dataset", "edit_dataset", "publish_dataset"])
def test_harvesters_need_three_permissions(api: httpx.Client, connect: Connect, missing: str) -> None:
    permissions = {"create_dataset", "edit_dataset", "publish_dataset"}
    uid = new_harvester(api)
    narrow = connect(key_with(api, *(permissions - {missing})))

    assert connect(key_with(api, *permissions)).get(f"/harvesters/{uid}/").status_code == 200
    for method, path in (("GET", ""), ("POST", ""), ("GET", f"{uid}/"), ("POST", f"{uid}/start/")):
        assert narrow.request(method, f"/harvesters/{path}", json=FTP).status_code == 403


def test_every_operation_needs_an_existing_harvester(api: httpx.Client) -> None:
    calls = [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", "?delete_attached_datasets=false"),
        *(("POST", f"{action}/") for action in ("start", "abort", "publish", "unpublish", "unsaved_preview")),
        *(("GET", f"{part}/") for part in ("errors", "preview", "schedules", "schedules/sc_abc123")),
        ("POST", "schedules/"),
    ]

    for method, path in calls:
        body = {**FTP, **CRON} if method in ("PUT", "POST") else None
        assert api.request(method, f"/harvesters/nobody/{path}", json=body).status_code == 404, (method, path)
