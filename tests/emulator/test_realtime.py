"""Tests of pushed records: their publication, a kill or a full disk during a push."""

import resource as limits
import signal
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, new_dataset, publish, wait_until_settled
from .test_external_data import push, records, source, wait_for_records
from .test_server import Process


def test_a_push_makes_nothing_else_public(emulator: Emulator, api: httpx.Client, sensor: Body) -> None:
    dataset = f"/datasets/{sensor['dataset']}"
    rename = {"type": "rename", "label": "rule", "from_name": "pm10", "to_name": "dust", "field_label": "Dust"}
    body_of(api.post(f"{dataset}/fields/", json=rename), 201)
    add_csv(api, sensor["dataset"], "pm10\n3\n4\n")
    broken = body_of(api.post(f"{dataset}/processors/", json={"type": "string_replace", "label": "x"}), 201)["uid"]
    before = body_of(api.get(f"{dataset}/status/"))

    push(sensor["url"], {"pm10": 12})

    wait_for_records(emulator, [{"pm10": 12}])
    assert body_of(api.get(f"{dataset}/status/")) == before
    assert api.delete(f"{dataset}/processors/{broken}/").status_code == 204
    publish(api, sensor["dataset"])
    push(sensor["url"], {"pm10": 13})
    wait_for_records(emulator, [{"dust": 12}, {"dust": 13}, {"dust": 3}, {"dust": 4}])


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_records_of_a_deleted_resource_stay_until_a_publish(
    emulator: Emulator, api: httpx.Client, sensor: Body, action: str
) -> None:
    dataset = f"/datasets/{sensor['dataset']}"
    other = body_of(api.post(f"{dataset}/resources/", json={"type": "realtime", "title": "Other"}), 201)
    push(sensor["url"], {"pm10": 12})
    push(other["url"], {"pm10": 13})
    publish(api, sensor["dataset"])

    assert api.delete(f"{dataset}/resources/{sensor['uid']}/").status_code == 204
    push(other["url"], {"pm10": 14})

    wait_for_records(emulator, [{"pm10": 12}, {"pm10": 13}, {"pm10": 14}])
    body_of(api.post(f"{dataset}/{action}/"))
    wait_until_settled(api, sensor["dataset"])
    if action == "publish":
        assert records(emulator) == [{"pm10": 13}, {"pm10": 14}]
    assert not emulator.portal.files.pushed(sensor["dataset"], sensor["uid"]).exists()


def test_status_explains_unpublished_pushed_records(emulator: Emulator, api: httpx.Client, sensor: Body) -> None:
    dataset = f"/datasets/{sensor['dataset']}"
    connection = {"type": "ftp", "url": "ftp://example.org"}
    file = emulator.portal.folder / "remote" / "ftp" / "example.org" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("pm10\n1\n")
    uid = source(api, sensor["dataset"], {"type": "ftp", "relative_url": "a.csv", "connection": connection})
    before = publish(api, sensor["dataset"])
    file.unlink()

    push(sensor["url"], {"pm10": 12})

    def status_with(message: bool) -> Body:
        status = body_of(api.get(f"{dataset}/status/"))
        for _ in range(1000):
            if bool(status["message"]) == message:
                return status
            status = body_of(api.get(f"{dataset}/status/"))
        pytest.fail(f"the status is {status}")

    failed = status_with(message=True)
    assert f"there is no file {file}" in failed["message"]
    assert failed == {**before, "message": failed["message"], "params": {"resource_uid": uid}}
    assert records(emulator) == [{"pm10": 1}]
    file.write_text("pm10\n1\n")
    push(sensor["url"], {"pm10": 13})
    assert status_with(message=False) == before
    assert len(records(emulator)) == 3


@pytest.mark.parametrize("torn", [b'{"pm10": 1', b'{"pm10": 13, "note": "' + b"x" * 200_000, "{“".encode()[:-1]])
def test_record_cut_off_by_a_kill_is_dropped(tmp_path: Path, torn: bytes) -> None:
    body = {"type": "realtime", "title": "Sensor"}

    def client(portal: Emulator) -> httpx.Client:
        headers = {"Authorization": f"apikey {portal.key}"}
        return httpx.Client(base_url=f"{portal.url}/api/automation/v1.0", headers=headers, verify=False, timeout=30)

    with Emulator(tmp_path) as portal, client(portal) as own:
        dataset = new_dataset(own)
        resource = body_of(own.post(f"/datasets/{dataset}/resources/", json=body), 201)["uid"]
        other = body_of(own.post(f"/datasets/{dataset}/resources/", json=body), 201)["uid"]
        push(body_of(own.get(f"/datasets/{dataset}/resources/{resource}/"))["url"], {"pm10": 12})
    for uid in (resource, other):
        with portal.portal.files.pushed(dataset, uid).open("ab") as file:
            file.write(torn)

    with Emulator(tmp_path) as portal, client(portal) as own:
        assert publish(own, dataset)["message"] is None
        assert records(portal) == [{"pm10": 12}]
        push(body_of(own.get(f"/datasets/{dataset}/resources/{resource}/"))["url"], {"pm10": 14})
        wait_for_records(portal, [{"pm10": 12}, {"pm10": 14}])


@pytest.mark.parametrize("unfinished", [b'{"pm10": 13', '{"note": "“'.encode()[:-1], b""])
def test_publish_does_not_read_an_unfinished_push(
    emulator: Emulator, api: httpx.Client, sensor: Body, unfinished: bytes
) -> None:
    push(sensor["url"], {"pm10": 12})
    with emulator.portal.files.pushed(sensor["dataset"], sensor["uid"]).open("ab") as file:
        file.write(unfinished)

    status = publish(api, sensor["dataset"])

    assert (status["status"], status["message"]) == ("idle", None)
    assert records(emulator) == [{"pm10": 12}]
    push(sensor["url"], {"pm10": 14})
    wait_for_records(emulator, [{"pm10": 12}, {"pm10": 14}])


def test_push_on_a_full_disk_stores_nothing(tmp_path: Path) -> None:
    process = Process(tmp_path)
    try:
        with process.client() as api:
            dataset = new_dataset(api)
            body = {"type": "realtime", "title": "Sensor"}
            resource = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
            push(resource["url"], {"pm10": 12})
            file = tmp_path / "files" / dataset / f"pushed-{resource['uid']}"
            before = file.read_bytes()

            limits.prlimit(process.pid, limits.RLIMIT_FSIZE, (200_000, limits.RLIM_INFINITY))
            response = push(resource["url"], {"note": "x" * 1_000_000})

            assert response.status_code == 500
            assert file.read_bytes() == before
    finally:
        process.end(signal.SIGKILL)
