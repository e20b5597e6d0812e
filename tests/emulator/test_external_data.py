"""Tests of external data: pushed, from stand-ins for remote hosts, from another portal."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, new_dataset, publish, wait_until_settled
from .conftest import Switch

EXPLORE = "/api/explore/v2.1/catalog/datasets"


def records(portal: Emulator, dataset_id: str = "air") -> list[Body]:
    found: list[Body] = body_of(httpx.get(f"{portal.url}{EXPLORE}/{dataset_id}/records", verify=False, timeout=30))[
        "results"
    ]
    return found


def wait_for_records(portal: Emulator, expected: list[Body]) -> None:
    """Wait until the Explore API returns these records."""
    found = records(portal)
    for _ in range(1000):
        if found == expected:
            return
        found = records(portal)
    pytest.fail(f"the public sees {found}")


def push(url: str, content: Any) -> httpx.Response:
    return httpx.post(url, json=content, verify=False, timeout=30)


def test_pushed_records_are_public_and_the_status_stays(emulator: Emulator, api: httpx.Client, sensor: Body) -> None:
    before = body_of(api.get(f"/datasets/{sensor['dataset']}/status/"))

    assert body_of(push(sensor["url"], {"pm10": 12})) == {"status": "OK"}
    assert body_of(push(sensor["url"], [{"pm10": 13}, {"pm10": 14}])) == {"status": "OK"}

    wait_for_records(emulator, [{"pm10": 12}, {"pm10": 13}, {"pm10": 14}])
    assert body_of(api.get(f"/datasets/{sensor['dataset']}/status/")) == before


def test_pushed_records_survive_publish_and_resource_change(
    emulator: Emulator, api: httpx.Client, sensor: Body
) -> None:
    push(sensor["url"], {"pm10": 12})
    body_of(api.put(sensor["path"], json={"type": "realtime", "title": "Other"}))

    publish(api, sensor["dataset"])

    assert records(emulator) == [{"pm10": 12}]


def test_records_pushed_before_a_publish_are_kept_for_it(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    body = {"type": "realtime", "title": "Sensor"}
    url = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["url"]

    assert body_of(push(url, {"pm10": 12})) == {"status": "OK"}
    publish(api, dataset)

    assert records(emulator) == [{"pm10": 12}]


@pytest.mark.parametrize("backup", [False, True])
def test_unpublish_deletes_pushed_records_or_backs_them_up(
    emulator: Emulator, api: httpx.Client, sensor: Body, switch: Switch, backup: bool
) -> None:
    switch(realtime_backup=backup)
    push(sensor["url"], {"pm10": 12})
    wait_for_records(emulator, [{"pm10": 12}])

    body_of(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    wait_until_settled(api, sensor["dataset"])
    publish(api, sensor["dataset"])
    assert records(emulator) == []

    body_of(api.post(f"{sensor['path']}/recover/"))
    push(sensor["url"], {"pm10": 13})
    wait_for_records(emulator, [{"pm10": 12}, {"pm10": 13}] if backup else [{"pm10": 13}])


def test_backup_can_be_deleted(emulator: Emulator, api: httpx.Client, sensor: Body, switch: Switch) -> None:
    switch(realtime_backup=True)
    push(sensor["url"], {"pm10": 12})
    body_of(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    wait_until_settled(api, sensor["dataset"])
    publish(api, sensor["dataset"])

    body_of(api.post(f"{sensor['path']}/delete_recover_data/"))
    body_of(api.post(f"{sensor['path']}/recover/"))
    push(sensor["url"], {"pm10": 13})

    wait_for_records(emulator, [{"pm10": 13}])


@pytest.mark.parametrize("action", ["recover", "delete_recover_data"])
def test_only_a_published_dataset_can_recover(api: httpx.Client, sensor: Body, action: str) -> None:
    body_of(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    wait_until_settled(api, sensor["dataset"])

    assert body_of(api.post(f"{sensor['path']}/{action}/"), 400)["error_code"] == "invalid_dataset_status"


def test_a_disabled_resource_takes_nothing(api: httpx.Client, sensor: Body) -> None:
    assert body_of(api.post(f"{sensor['path']}/disable/"))["uid"] == sensor["uid"]
    assert push(sensor["url"], {"pm10": 12}).status_code == 403
    body_of(api.post(f"{sensor['path']}/enable/"))
    assert push(sensor["url"], {"pm10": 12}).status_code == 200


def test_a_renewed_key_voids_the_old_one(api: httpx.Client, sensor: Body) -> None:
    renewed = body_of(api.post(f"{sensor['path']}/renew_api_key/"))

    assert push(sensor["url"], {"pm10": 12}).status_code == 401
    assert push(renewed["url"], {"pm10": 12}).status_code == 200
    assert body_of(api.get(f"{sensor['path']}/"))["url"] == renewed["url"]


@pytest.mark.parametrize("content", ["text", 5, [1], None])
def test_push_of_anything_but_records_is_refused(sensor: Body, content: object) -> None:
    assert push(sensor["url"], content).status_code == 400


def test_only_a_realtime_resource_has_realtime_actions(api: httpx.Client) -> None:
    dataset = new_dataset(api)
    path = f"/datasets/{dataset}/resources/{add_csv(api, dataset)}"

    for action in ("enable", "disable", "renew_api_key", "recover", "delete_recover_data"):
        assert api.post(f"{path}/{action}/").status_code == 400
    assert api.post(f"{path}/clean_cache/").status_code == 204
    assert api.post(f"/datasets/{dataset}/resources/re_000000/enable/").status_code == 404


def source(api: httpx.Client, dataset: str, datasource: Body) -> str:
    body = {"type": "csvfile", "title": "Far away", "datasource": datasource}
    uid: str = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["uid"]
    return uid


REMOTE = [
    (
        {"type": "ftp", "relative_url": "/b.csv", "connection": {"type": "ftp", "url": "ftp://example.org/a"}},
        "ftp/example.org/a/b.csv",
    ),
    (
        {
            "type": "amazon_s3",
            "url": "https://bucket.s3.amazonaws.com/a%20b.csv",
            "connection": {
                "type": "amazon_s3",
                "auth": {
                    "type": "aws_signature_v4",
                    "access_key_id": "a",
                    "secret_access_key": "b",
                    "region": "eu-west-1",
                },
            },
        },
        "amazon_s3/bucket.s3.amazonaws.com/a b.csv",
    ),
    (
        {
            "type": "azure_blob_storage",
            "connection": {
                "type": "azure_blob_storage",
                "url": "https://city.blob.core.windows.net/a.csv",
                "auth": {"type": "shared_key", "account_name": "city", "shared_key": "b"},
            },
        },
        "azure_blob_storage/city.blob.core.windows.net/a.csv",
    ),
    (
        {
            "type": "sharepoint",
            "drive_id": "drive",
            "file_id": "file",
            "connection": {
                "type": "sharepoint",
                "auth": {"type": "oidc", "nonce": "n", "code": "c", "grant_type": "authorization_code"},
            },
        },
        "sharepoint/drive/file",
    ),
    (
        {
            "type": "google_drive",
            "file_id": "file",
            "connection": {
                "type": "google_drive",
                "auth": {"type": "oidc", "nonce": "n", "code": "c", "grant_type": "authorization_code"},
            },
        },
        "google_drive/file",
    ),
]


@pytest.mark.parametrize(("datasource", "file_path"), REMOTE, ids=[path for _, path in REMOTE])
def test_folder_stands_in_for_a_remote_host(
    api: httpx.Client, tmp_path: Path, datasource: Body, file_path: str
) -> None:
    file = tmp_path / "remote" / file_path
    with Emulator(tmp_path) as portal:
        headers = {"Authorization": f"apikey {portal.key}"}
        base = f"{portal.url}/api/automation/v1.0"
        with httpx.Client(base_url=base, headers=headers, verify=False, timeout=30) as own:
            dataset = new_dataset(own)
            source(own, dataset, datasource)

            missing = publish(own, dataset)
            file.parent.mkdir(parents=True)
            file.write_text("city\nBasel\n")
            found = publish(own, dataset)

        assert missing["status"] == "error"
        assert missing["message"] == f'Source "Far away": there is no file {file}, which stands for it'
        assert found["status"] == "idle"
        assert records(portal) == [{"city": "Basel"}]


def test_path_outside_the_stand_in_folder_is_refused(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    connection = {"type": "ftp", "url": "ftp://example.org"}
    source(api, dataset, {"type": "ftp", "relative_url": "/../../../api-key", "connection": connection})

    status = publish(api, dataset)

    assert (status["status"], "which stands for it" in status["message"]) == ("error", True)


def test_federated_dataset_is_read_from_its_portal(emulator: Emulator, api: httpx.Client, tmp_path: Path) -> None:
    add_csv(api, dataset := new_dataset(api))
    publish(api, dataset)
    datasource = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}
    body = {"type": "federated", "title": "x", "datasource": {**datasource, "impersonate_permissions": False}}
    with Emulator(tmp_path) as other:
        headers = {"Authorization": f"apikey {other.key}"}
        with httpx.Client(
            base_url=f"{other.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30
        ) as own:
            copy = new_dataset(own)
            body_of(own.post(f"/datasets/{copy}/resources/", json=body), 201)
            unknown = publish(own, copy)
            domains = {"federated_domains": {"city": emulator.url}}
            httpx.post(f"{other.url}/_emulator/settings", json=domains, verify=False, timeout=30).raise_for_status()
            known = publish(own, copy)

        assert (unknown["status"], "no portal city" in unknown["message"]) == ("error", True)
        assert known["status"] == "idle"
        assert records(other) == records(emulator)


def test_federated_dataset_follows_remote_metadata(emulator: Emulator, api: httpx.Client, tmp_path: Path) -> None:
    source_uid = new_dataset(api)
    body_of(api.put(f"/datasets/{source_uid}/metadata/default/publisher/", json={"value": "City"}))
    publish(api, source_uid)
    datasource = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}
    body = {"type": "federated", "title": "x", "datasource": {**datasource, "impersonate_permissions": False}}
    with Emulator(tmp_path) as other:
        domains = {"federated_domains": {"city": emulator.url}}
        httpx.post(f"{other.url}/_emulator/settings", json=domains, verify=False, timeout=30).raise_for_status()
        headers = {"Authorization": f"apikey {other.key}"}
        with httpx.Client(
            base_url=f"{other.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30
        ) as own:
            copy = new_dataset(own, "copy")
            default = f"/datasets/{copy}/metadata/default"
            resource = body_of(own.post(f"/datasets/{copy}/resources/", json=body), 201)["uid"]

            followed = body_of(own.get(f"{default}/title/"))
            failed = body_of(own.put(f"{default}/title/", json={"value": "Mine"}))
            overridden = body_of(own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": True}))
            whole = body_of(own.get(f"{default}/"))
            written_back = body_of(own.put(f"{default}/", json=whole))
            no_longer_overridden = body_of(
                own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": False})
            )
            body_of(own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": True}))
            assert own.delete(f"{default}/title/").status_code == 204
            deleted = body_of(own.get(f"{default}/title/"))
            asset_type = body_of(own.get(f"/datasets/{copy}/"))["asset_type"]
            assert own.delete(f"/datasets/{copy}/resources/{resource}/").status_code == 204
            unlinked = body_of(own.get(f"{default}/title/"))

    follower = {"value": "Air", "remote_value": "Air", "override_remote_value": False}
    assert followed == failed == no_longer_overridden == deleted == follower
    assert overridden == {"value": "Mine", "remote_value": "Air", "override_remote_value": True}
    assert whole["publisher"] == {"value": "City", "remote_value": "City", "override_remote_value": False}
    assert whole["modified_updates_on_data_change"] == {"value": False}
    assert written_back == whole
    assert asset_type == "federated_dataset"
    assert unlinked == {"value": "Air"}
