"""Tests of the versions of a dataset, and of feedback."""

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, new_dataset, new_group, publish
from .conftest import Switch

RULE = {"type": "delete", "label": "", "field": "size"}


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


def versions(api: httpx.Client, dataset: str) -> list[Body]:
    found: list[Body] = body_of(api.get(f"/datasets/{dataset}/versions/", params={"limit": 1000}))["results"]
    return found


def restore(api: httpx.Client, dataset: str, version: Body) -> Body:
    return body_of(api.post(f"/datasets/{dataset}/versions/{version['uid']}/restore/"))


def test_every_change_makes_a_version(api: httpx.Client, dataset: str) -> None:
    add_csv(api, dataset)
    body_of(api.put(f"/datasets/{dataset}/metadata/default/title/", json={"value": "Wind"}))

    found = versions(api, dataset)

    assert [one["sections"] for one in found] == [["metadata"], ["data"], [], []]
    assert {key: found[0][key] for key in ("created_by", "can_restore")} == {
        "created_by": {"username": "admin"},
        "can_restore": True,
    }
    assert found[0]["uid"].startswith("ch_")
    assert body_of(api.get(f"/datasets/{dataset}/versions/{found[0]['uid']}/")) == found[0]
    assert api.get(f"/datasets/{dataset}/versions/ch_000000/").status_code == 404


def test_a_change_that_is_refused_makes_none(api: httpx.Client, dataset: str) -> None:
    assert api.put(f"/datasets/{dataset}/fields/pr_000000/", json=RULE).status_code == 404

    assert len(versions(api, dataset)) == 1


def test_twenty_versions_are_kept(api: httpx.Client, dataset: str) -> None:
    for _ in range(25):
        body_of(api.post(f"/datasets/{dataset}/fields/", json=RULE), 201)

    assert body_of(api.get(f"/datasets/{dataset}/versions/"))["total_count"] == 20


def test_a_version_is_restored_in_all_its_parts(api: httpx.Client, dataset: str) -> None:
    add_csv(api, dataset)
    fields = f"/datasets/{dataset}/fields/"
    uids = [body_of(api.post(fields, json={**RULE, "label": label}), 201)["uid"] for label in "abc"]
    before = {
        part: body_of(api.get(f"/datasets/{dataset}/{part}")) for part in ("", "fields/", "resources/", "metadata/")
    }
    version = versions(api, dataset)[0]

    assert api.delete(f"{fields}{uids[1]}/").status_code == 204
    body_of(api.put(f"{fields}{uids[0]}/", json={**RULE, "label": "changed"}))
    body_of(api.post(fields, json={**RULE, "label": "new"}), 201)
    body_of(api.put(f"/datasets/{dataset}/metadata/default/title/", json={"value": "Wind"}))
    resource = before["resources/"]["results"][0]["uid"]
    assert api.delete(f"/datasets/{dataset}/resources/{resource}/").status_code == 204
    latest = versions(api, dataset)[0]

    restored = restore(api, dataset, version)

    assert restored["metadata"] == before["metadata/"]
    for part in ("fields/", "resources/", "metadata/"):
        assert body_of(api.get(f"/datasets/{dataset}/{part}")) == before[part]
    again = restore(api, dataset, latest)
    assert again["metadata"]["default"]["title"] == {"value": "Wind"}
    assert [one["label"] for one in body_of(api.get(fields))["results"]] == ["changed", "c", "new"]
    assert body_of(api.get(f"/datasets/{dataset}/resources/"))["total_count"] == 0


def test_access_rules_and_schedules_are_not_restored(api: httpx.Client, dataset: str) -> None:
    version = versions(api, dataset)[0]
    group = new_group(api, "Editors")["uid"]
    body_of(api.post(f"/datasets/{dataset}/security/groups/", json={"group": {"uid": group}}), 201)
    body_of(api.post(f"/datasets/{dataset}/schedules/", json={"cron_schedule": "0 6 * * *"}), 201)
    body_of(api.put(f"/datasets/{dataset}/", json={"is_restricted": True, "dataset_id": "wind"}))

    restored = restore(api, dataset, version)

    assert (restored["is_restricted"], restored["dataset_id"]) == (True, "wind")
    assert body_of(api.get(f"/datasets/{dataset}/security/groups/"))["total_count"] == 1
    assert body_of(api.get(f"/datasets/{dataset}/schedules/"))["total_count"] == 1


def test_access_rules_and_schedules_make_no_version(api: httpx.Client, dataset: str) -> None:
    body_of(api.post(f"/datasets/{dataset}/fields/", json=RULE), 201)
    before = versions(api, dataset)
    group = new_group(api, "Editors")["uid"]
    rules, schedules = f"/datasets/{dataset}/security/groups/", f"/datasets/{dataset}/schedules/"

    body_of(api.post(rules, json={"group": {"uid": group}}), 201)
    body_of(api.put(f"{rules}{group}/", json={"permissions": ["edit_dataset"]}))
    assert api.delete(f"{rules}{group}/").status_code == 204
    hours = [f"0 {hour} * * *" for hour in range(20)]
    uid, *_ = [body_of(api.post(schedules, json={"cron_schedule": cron}), 201)["uid"] for cron in hours]
    body_of(api.put(f"{schedules}{uid}/", json={"cron_schedule": "0 0 * * *"}))
    assert api.delete(f"{schedules}{uid}/").status_code == 204

    assert versions(api, dataset) == before
    body_of(api.put(f"/datasets/{dataset}/"))
    assert len(versions(api, dataset)) == len(before) + 1


def test_restored_version_keeps_the_current_push_key(api: httpx.Client, dataset: str) -> None:
    path = f"/datasets/{dataset}/resources/"
    uid = body_of(api.post(path, json={"type": "realtime", "title": "Sensor"}), 201)["uid"]
    version = versions(api, dataset)[0]
    renewed = body_of(api.post(f"{path}{uid}/renew_api_key/"))["url"]
    body_of(api.post(f"{path}{uid}/disable/"))
    body_of(api.put(f"{path}{uid}/", json={"type": "realtime", "title": "Other"}))

    restore(api, dataset, version)
    restored = body_of(api.get(f"{path}{uid}/"))
    assert (restored["title"], restored["url"]) == ("Sensor", renewed)
    assert httpx.post(renewed, json={"pm10": 12}, timeout=30).status_code == 403
    body_of(api.post(f"{path}{uid}/enable/"))
    version = versions(api, dataset)[0]
    assert api.delete(f"{path}{uid}/").status_code == 204

    restore(api, dataset, version)
    assert body_of(api.get(f"{path}{uid}/"))["url"] != renewed
    assert httpx.post(renewed, json={"pm10": 12}, timeout=30).status_code == 401


def test_restored_version_restores_the_followed_dataset(
    emulator: Emulator, api: httpx.Client, switch: Switch, dataset: str
) -> None:
    publish(api, dataset)
    switch(federated_domains={"city": emulator.url})
    copy = new_dataset(api, "copy")
    unlinked = versions(api, copy)[0]
    datasource = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}
    body_of(
        api.post(f"/datasets/{copy}/resources/", json={"type": "federated", "title": "x", "datasource": datasource}),
        201,
    )
    linked = versions(api, copy)[0]

    before = restore(api, copy, unlinked)
    assert (before["asset_type"], before["metadata"]["default"]["title"]) == ("dataset", {"value": "Copy"})
    after = restore(api, copy, linked)
    assert after["asset_type"] == "federated_dataset"
    assert after["metadata"]["default"]["title"] == {
        "value": "Air",
        "remote_value": "Air",
        "override_remote_value": False,
    }


def test_feedback_is_read_and_archived(api: httpx.Client, control: httpx.Client, dataset: str) -> None:
    uids = []
    for record in ("one", "two"):
        feedback = {"dataset_uid": dataset, "record_id": record, "comment": f"About {record}"}
        uids.append(control.post("/feedbacks", json=feedback).raise_for_status().json()["uid"])
    path = f"/datasets/{dataset}/feedbacks/"

    def listed(**query: str) -> list[str]:
        return [one["uid"] for one in body_of(api.get(path, params=query))["results"]]

    assert listed(sort="created_at") == uids
    assert listed() == uids[::-1]
    assert listed(record_id="two") == [uids[1]]
    assert body_of(api.post(f"{path}{uids[0]}/archive/"))["is_archived"] is True
    assert (listed(), listed(is_archived="true")) == ([uids[1]], [uids[0]])
    assert body_of(api.get(f"{path}{uids[0]}/"))["comment"] == "About one"
    assert api.get(f"{path}df_000000/").status_code == 404
