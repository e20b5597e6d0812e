"""Data that comes from elsewhere: pushed, from hosts for which a folder stands, from another portal."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, new_dataset, publish, settled, told
from .conftest import Switch

EXPLORE = "/api/explore/v2.1/catalog/datasets"


def records(portal: Emulator, dataset_id: str = "air") -> list[Body]:
    found: list[Body] = told(httpx.get(f"{portal.url}{EXPLORE}/{dataset_id}/records", verify=False))["results"]
    return found


def until_records(portal: Emulator, wanted: list[Body]) -> None:
    """Wait until a visitor is told these records."""
    found = records(portal)
    for _ in range(1000):
        if found == wanted:
            return
        found = records(portal)
    pytest.fail(f"the public sees {found}")


def push(url: str, content: Any) -> httpx.Response:
    return httpx.post(url, json=content, verify=False)


def test_what_is_pushed_is_public_at_once_and_the_status_stays(
    emulator: Emulator, api: httpx.Client, sensor: Body
) -> None:
    before = told(api.get(f"/datasets/{sensor['dataset']}/status/"))

    assert told(push(sensor["url"], {"pm10": 12})) == {"status": "OK"}
    assert told(push(sensor["url"], [{"pm10": 13}, {"pm10": 14}])) == {"status": "OK"}

    until_records(emulator, [{"pm10": 12}, {"pm10": 13}, {"pm10": 14}])
    assert told(api.get(f"/datasets/{sensor['dataset']}/status/")) == before


def test_pushed_records_survive_a_publish_and_a_change_of_the_resource(
    emulator: Emulator, api: httpx.Client, sensor: Body
) -> None:
    push(sensor["url"], {"pm10": 12})
    told(api.put(sensor["path"], json={"type": "realtime", "title": "Other"}))

    publish(api, sensor["dataset"])

    assert records(emulator) == [{"pm10": 12}]


def test_what_is_pushed_to_an_unpublished_dataset_waits(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    body = {"type": "realtime", "title": "Sensor"}
    url = told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["url"]

    assert told(push(url, {"pm10": 12})) == {"status": "OK"}
    publish(api, dataset)

    assert records(emulator) == [{"pm10": 12}]


@pytest.mark.parametrize("backup", [False, True])
def test_unpublishing_loses_pushed_records_unless_the_portal_keeps_them(
    emulator: Emulator, api: httpx.Client, sensor: Body, switch: Switch, backup: bool
) -> None:
    switch(realtime_backup=backup)
    push(sensor["url"], {"pm10": 12})
    until_records(emulator, [{"pm10": 12}])

    told(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    settled(api, sensor["dataset"])
    publish(api, sensor["dataset"])
    assert records(emulator) == []

    told(api.post(f"{sensor['path']}/recover/"))
    push(sensor["url"], {"pm10": 13})
    until_records(emulator, [{"pm10": 12}, {"pm10": 13}] if backup else [{"pm10": 13}])


def test_a_backup_can_be_forgotten(emulator: Emulator, api: httpx.Client, sensor: Body, switch: Switch) -> None:
    switch(realtime_backup=True)
    push(sensor["url"], {"pm10": 12})
    told(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    settled(api, sensor["dataset"])
    publish(api, sensor["dataset"])

    told(api.post(f"{sensor['path']}/delete_recover_data/"))
    told(api.post(f"{sensor['path']}/recover/"))
    push(sensor["url"], {"pm10": 13})

    until_records(emulator, [{"pm10": 13}])


@pytest.mark.parametrize("action", ["recover", "delete_recover_data"])
def test_only_a_published_dataset_can_recover(api: httpx.Client, sensor: Body, action: str) -> None:
    told(api.post(f"/datasets/{sensor['dataset']}/unpublish/"))
    settled(api, sensor["dataset"])

    assert told(api.post(f"{sensor['path']}/{action}/"), 400)["error_code"] == "invalid_dataset_status"


def test_a_disabled_resource_takes_nothing(api: httpx.Client, sensor: Body) -> None:
    assert told(api.post(f"{sensor['path']}/disable/"))["uid"] == sensor["uid"]
    assert push(sensor["url"], {"pm10": 12}).status_code == 403
    told(api.post(f"{sensor['path']}/enable/"))
    assert push(sensor["url"], {"pm10": 12}).status_code == 200


def test_a_renewed_key_voids_the_old_one(api: httpx.Client, sensor: Body) -> None:
    renewed = told(api.post(f"{sensor['path']}/renew_api_key/"))

    assert push(sensor["url"], {"pm10": 12}).status_code == 401
    assert push(renewed["url"], {"pm10": 12}).status_code == 200
    assert told(api.get(f"{sensor['path']}/"))["url"] == renewed["url"]


@pytest.mark.parametrize("content", ["text", 5, [1], None])
def test_what_is_no_record_is_not_taken(sensor: Body, content: object) -> None:
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
    uid: str = told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["uid"]
    return uid


FAR = [
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


@pytest.mark.parametrize(("datasource", "place"), FAR, ids=[place for _, place in FAR])
def test_a_folder_stands_for_a_remote_host(api: httpx.Client, tmp_path: Path, datasource: Body, place: str) -> None:
    file = tmp_path / "remote" / place
    with Emulator(tmp_path) as portal:
        headers = {"Authorization": f"apikey {portal.key}"}
        base = f"{portal.url}/api/automation/v1.0"
        with httpx.Client(base_url=base, headers=headers, verify=False) as own:
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


def test_no_path_leaves_its_folder(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    connection = {"type": "ftp", "url": "ftp://example.org"}
    source(api, dataset, {"type": "ftp", "relative_url": "/../../../api-key", "connection": connection})

    status = publish(api, dataset)

    assert (status["status"], "which stands for it" in status["message"]) == ("error", True)


def test_a_dataset_of_another_portal_is_read_there(emulator: Emulator, api: httpx.Client, tmp_path: Path) -> None:
    add_csv(api, dataset := new_dataset(api))
    publish(api, dataset)
    datasource = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}
    body = {"type": "federated", "title": "x", "datasource": {**datasource, "impersonate_permissions": False}}
    with Emulator(tmp_path) as other:
        headers = {"Authorization": f"apikey {other.key}"}
        with httpx.Client(base_url=f"{other.url}/api/automation/v1.0", headers=headers, verify=False) as own:
            copy = new_dataset(own)
            told(own.post(f"/datasets/{copy}/resources/", json=body), 201)
            unknown = publish(own, copy)
            domains = {"federated_domains": {"city": emulator.url}}
            httpx.post(f"{other.url}/_emulator/settings", json=domains, verify=False).raise_for_status()
            known = publish(own, copy)

        assert (unknown["status"], "no portal city" in unknown["message"]) == ("error", True)
        assert known["status"] == "idle"
        assert records(other) == records(emulator)


def test_a_linked_dataset_follows_the_remote_metadata_unless_told_otherwise(
    emulator: Emulator, api: httpx.Client, tmp_path: Path
) -> None:
    source_uid = new_dataset(api)
    told(api.put(f"/datasets/{source_uid}/metadata/default/publisher/", json={"value": "City"}))
    publish(api, source_uid)
    datasource = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}
    body = {"type": "federated", "title": "x", "datasource": {**datasource, "impersonate_permissions": False}}
    with Emulator(tmp_path) as other:
        domains = {"federated_domains": {"city": emulator.url}}
        httpx.post(f"{other.url}/_emulator/settings", json=domains, verify=False).raise_for_status()
        headers = {"Authorization": f"apikey {other.key}"}
        with httpx.Client(base_url=f"{other.url}/api/automation/v1.0", headers=headers, verify=False) as own:
            copy = new_dataset(own, "copy")
            default = f"/datasets/{copy}/metadata/default"
            resource = told(own.post(f"/datasets/{copy}/resources/", json=body), 201)["uid"]

            followed = told(own.get(f"{default}/title/"))
            in_vain = told(own.put(f"{default}/title/", json={"value": "Mine"}))
            overridden = told(own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": True}))
            whole = told(own.get(f"{default}/"))
            written_back = told(own.put(f"{default}/", json=whole))
            let_go = told(own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": False}))
            told(own.put(f"{default}/title/", json={"value": "Mine", "override_remote_value": True}))
            assert own.delete(f"{default}/title/").status_code == 204
            deleted = told(own.get(f"{default}/title/"))
            asset_type = told(own.get(f"/datasets/{copy}/"))["asset_type"]
            assert own.delete(f"/datasets/{copy}/resources/{resource}/").status_code == 204
            unlinked = told(own.get(f"{default}/title/"))

    following = {"value": "Air", "remote_value": "Air", "override_remote_value": False}
    assert followed == in_vain == let_go == deleted == following
    assert overridden == {"value": "Mine", "remote_value": "Air", "override_remote_value": True}
    assert whole["publisher"] == {"value": "City", "remote_value": "City", "override_remote_value": False}
    assert whole["modified_updates_on_data_change"] == {"value": False}
    assert written_back == whole
    assert asset_type == "federated_dataset"
    assert unlinked == {"value": "Air"}
