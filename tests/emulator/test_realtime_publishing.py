"""Tests of pushed records together with other changes of a dataset, during a publish and after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, new_dataset, publish, upload, wait_until_settled
from .conftest import Switch
from .test_external_data import push, records, wait_for_records


def add_sensor(api: httpx.Client, dataset: str) -> Body:
    """Create a realtime resource."""
    return body_of(api.post(f"/datasets/{dataset}/resources/", json={"type": "realtime", "title": "Sensor"}), 201)


def connection(api: httpx.Client, folder: Path, host: str, pm10: int) -> str:
    """Create a connection to a host that has one record in its file a.csv; return its uid."""
    file = folder / "remote" / "ftp" / host / "a.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"pm10\n{pm10}\n")
    auth = {"type": "basic_auth", "username": "portal", "password": "s3cret"}
    body = {"type": "ftp", "url": f"ftp://{host}", "auth": auth}
    uid: str = body_of(api.post("/datasource_connections/", json=body), 201)["uid"]
    return uid


def read_through(connection_uid: str) -> Body:
    """A resource that uses a connection."""
    datasource = {"type": "ftp", "relative_url": "a.csv", "connection": {"uid": connection_uid}}
    return {"type": "csvfile", "title": "Far away", "datasource": datasource}


def test_push_is_public_without_the_published_connection(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    resources = f"/datasets/{dataset}/resources/"
    one = connection(api, emulator.portal.folder, "one.example", 1)
    two = connection(api, emulator.portal.folder, "two.example", 2)
    remote = body_of(api.post(resources, json=read_through(one)), 201)["uid"]
    sensor = add_sensor(api, dataset)
    publish(api, dataset)
    body_of(api.put(f"{resources}{remote}/", json=read_through(two)))
    assert api.delete(f"/datasource_connections/{one}/").status_code == 204

    push(sensor["url"], {"pm10": 12})

    wait_for_records(emulator, [{"pm10": 1}, {"pm10": 12}])
    assert body_of(api.get(f"/datasets/{dataset}/status/"))["message"] is None
    publish(api, dataset)
    assert records(emulator) == [{"pm10": 2}, {"pm10": 12}]


def test_connection_in_a_snapshot_is_in_no_response(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    uid = connection(api, emulator.portal.folder, "one.example", 1)
    body_of(api.post(f"/datasets/{dataset}/resources/", json=read_through(uid)), 201)
    publish(api, dataset)

    automation = [
        f"/datasets/{dataset}{path}"
        for path in ("/", "/status/", "/resources/", "/versions/", "/resources/?expand=datasource.connection")
    ]
    explore = "/api/explore/v2.1/catalog/datasets/air"
    responses = [api.get(path) for path in automation] + [
        httpx.get(f"{emulator.url}{path}", verify=False, timeout=30)
        for path in ("/", "/explore/dataset/air/", explore, f"{explore}/records")
    ]

    assert [response.status_code for response in responses if "s3cret" in response.text] == []
    assert all(response.status_code == 200 for response in responses)


def test_push_does_not_publish_a_newer_file(emulator: Emulator, api: httpx.Client, switch: Switch) -> None:
    switch(same_file_name="overwrite")
    dataset = new_dataset(api)
    body = {
        "type": "csvfile",
        "title": "Data",
        "datasource": {"type": "uploaded_file", "file": {"uid": upload(api, dataset, "pm10\n1\n", "x.csv")}},
    }
    body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    sensor = add_sensor(api, dataset)
    publish(api, dataset)
    assert upload(api, dataset, "pm10\n2\n", "x.csv") == "x.csv"

    push(sensor["url"], {"pm10": 12})

    wait_for_records(emulator, [{"pm10": 1}, {"pm10": 12}])
    publish(api, dataset)
    assert records(emulator) == [{"pm10": 2}, {"pm10": 12}]


@dataclass
class Slow:
    """A server of one record, which responds when `let` is set."""

    url: str = ""
    status: int = 200
    received: Event = field(default_factory=Event)
    let: Event = field(default_factory=Event)


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A server whose response waits for `let`; the test publishes from it."""
    slow = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slow.received.set()
            slow.let.wait()
            self.send_response(slow.status)
            self.end_headers()
            self.wfile.write(b"pm10\n1\n")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        slow.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield slow
        finally:
            slow.let.set()
            server.shutdown()
            thread.join()


def add_slow(api: httpx.Client, dataset: str, slow: Slow) -> None:
    datasource = {"type": "http", "connection": {"type": "http", "url": slow.url}}
    body = {"type": "csvfile", "title": "Slow", "datasource": datasource}
    body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)


@pytest.mark.parametrize("read", ["before", "after"])
def test_resource_deleted_during_a_publish_stays_public(
    emulator: Emulator, api: httpx.Client, slow: Slow, read: str
) -> None:
    dataset = new_dataset(api)
    if read == "after":
        add_slow(api, dataset, slow)
    sensor, other = add_sensor(api, dataset), add_sensor(api, dataset)
    if read == "before":
        add_slow(api, dataset, slow)
    push(sensor["url"], {"pm10": 12})
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    assert slow.received.wait(60)

    assert api.delete(f"/datasets/{dataset}/resources/{sensor['uid']}/").status_code == 204
    slow.let.set()

    assert wait_until_settled(api, dataset)["message"] is None
    push(other["url"], {"pm10": 13})
    wait_for_records(emulator, [{"pm10": number} for number in ((12, 13, 1) if read == "before" else (1, 12, 13))])
    publish(api, dataset)
    assert records(emulator) == [{"pm10": number} for number in ((13, 1) if read == "before" else (1, 13))]
    assert not emulator.portal.files.pushed(dataset, sensor["uid"]).exists()


def test_failed_publish_drops_a_resource_deleted_meanwhile(emulator: Emulator, api: httpx.Client, slow: Slow) -> None:
    dataset = new_dataset(api)
    add_slow(api, dataset, slow)
    sensor, other = add_sensor(api, dataset), add_sensor(api, dataset)
    for one in (sensor, other):
        push(one["url"], {"pm10": 12})
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    assert slow.received.wait(60)
    assert api.delete(f"/datasets/{dataset}/resources/{sensor['uid']}/").status_code == 204

    slow.status = 404
    slow.let.set()

    assert wait_until_settled(api, dataset)["status"] == "error"
    stored = [emulator.portal.files.pushed(dataset, one["uid"]).exists() for one in (sensor, other)]
    assert stored == [False, True]
