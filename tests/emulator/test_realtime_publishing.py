"""What is pushed, and what else happens to a dataset, while it is published or since then."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, new_dataset, publish, settled, told, upload
from .conftest import Switch
from .test_places import push, records, until_records


def add_sensor(api: httpx.Client, dataset: str) -> Body:
    """A realtime resource that was just made."""
    return told(api.post(f"/datasets/{dataset}/resources/", json={"type": "realtime", "title": "Sensor"}), 201)


def connection(api: httpx.Client, folder: Path, host: str, pm10: int) -> str:
    """The uid of a connection to a host that has one record in its file a.csv."""
    file = folder / "remote" / "ftp" / host / "a.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"pm10\n{pm10}\n")
    auth = {"type": "basic_auth", "username": "portal", "password": "s3cret"}
    body = {"type": "ftp", "url": f"ftp://{host}", "auth": auth}
    uid: str = told(api.post("/datasource_connections/", json=body), 201)["uid"]
    return uid


def read_through(connection_uid: str) -> Body:
    """A resource that is read through a connection."""
    datasource = {"type": "ftp", "relative_url": "a.csv", "connection": {"uid": connection_uid}}
    return {"type": "csvfile", "title": "Far away", "datasource": datasource}


def test_a_push_is_shown_though_the_connection_of_the_last_publish_is_gone(
    emulator: Emulator, api: httpx.Client
) -> None:
    dataset = new_dataset(api)
    resources = f"/datasets/{dataset}/resources/"
    one = connection(api, emulator.portal.folder, "one.example", 1)
    two = connection(api, emulator.portal.folder, "two.example", 2)
    far = told(api.post(resources, json=read_through(one)), 201)["uid"]
    sensor = add_sensor(api, dataset)
    publish(api, dataset)
    told(api.put(f"{resources}{far}/", json=read_through(two)))
    assert api.delete(f"/datasource_connections/{one}/").status_code == 204

    push(sensor["url"], {"pm10": 12})

    until_records(emulator, [{"pm10": 1}, {"pm10": 12}])
    assert told(api.get(f"/datasets/{dataset}/status/"))["message"] is None
    publish(api, dataset)
    assert records(emulator) == [{"pm10": 2}, {"pm10": 12}]


def test_what_a_publish_keeps_of_a_connection_is_told_nowhere(emulator: Emulator, api: httpx.Client) -> None:
    dataset = new_dataset(api)
    uid = connection(api, emulator.portal.folder, "one.example", 1)
    told(api.post(f"/datasets/{dataset}/resources/", json=read_through(uid)), 201)
    publish(api, dataset)

    automation = [
        f"/datasets/{dataset}{path}"
        for path in ("/", "/status/", "/resources/", "/versions/", "/resources/?expand=datasource.connection")
    ]
    explore = "/api/explore/v2.1/catalog/datasets/air"
    answers = [api.get(path) for path in automation] + [
        httpx.get(f"{emulator.url}{path}", verify=False)
        for path in ("/", "/explore/dataset/air/", explore, f"{explore}/records")
    ]

    assert [answer.status_code for answer in answers if "s3cret" in answer.text] == []
    assert all(answer.status_code == 200 for answer in answers)


def test_a_push_does_not_make_a_file_public_that_was_sent_since(
    emulator: Emulator, api: httpx.Client, switch: Switch
) -> None:
    switch(same_file_name="overwrite")
    dataset = new_dataset(api)
    body = {
        "type": "csvfile",
        "title": "Data",
        "datasource": {"type": "uploaded_file", "file": {"uid": upload(api, dataset, "pm10\n1\n", "x.csv")}},
    }
    told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    sensor = add_sensor(api, dataset)
    publish(api, dataset)
    assert upload(api, dataset, "pm10\n2\n", "x.csv") == "x.csv"

    push(sensor["url"], {"pm10": 12})

    until_records(emulator, [{"pm10": 1}, {"pm10": 12}])
    publish(api, dataset)
    assert records(emulator) == [{"pm10": 2}, {"pm10": 12}]


@dataclass
class Slow:
    """A server with one record, which answers when it is let."""

    url: str = ""
    status: int = 200
    asked: Event = field(default_factory=Event)
    let: Event = field(default_factory=Event)


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A publish that reads from it is under way until it is let."""
    slow = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slow.asked.set()
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
    told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)


@pytest.mark.parametrize("read", ["before", "after"])
def test_a_resource_that_is_deleted_while_it_is_published_is_public_until_the_next_publish(
    emulator: Emulator, api: httpx.Client, slow: Slow, read: str
) -> None:
    dataset = new_dataset(api)
    if read == "after":
        add_slow(api, dataset, slow)
    sensor, other = add_sensor(api, dataset), add_sensor(api, dataset)
    if read == "before":
        add_slow(api, dataset, slow)
    push(sensor["url"], {"pm10": 12})
    told(api.post(f"/datasets/{dataset}/publish/"))
    assert slow.asked.wait(60)

    assert api.delete(f"/datasets/{dataset}/resources/{sensor['uid']}/").status_code == 204
    slow.let.set()

    assert settled(api, dataset)["message"] is None
    push(other["url"], {"pm10": 13})
    until_records(emulator, [{"pm10": number} for number in ((12, 13, 1) if read == "before" else (1, 12, 13))])
    publish(api, dataset)
    assert records(emulator) == [{"pm10": number} for number in ((13, 1) if read == "before" else (1, 13))]
    assert not emulator.portal.files.pushed(dataset, sensor["uid"]).exists()


def test_a_publish_that_fails_keeps_nothing_of_a_resource_that_is_deleted_meanwhile(
    emulator: Emulator, api: httpx.Client, slow: Slow
) -> None:
    dataset = new_dataset(api)
    add_slow(api, dataset, slow)
    sensor, other = add_sensor(api, dataset), add_sensor(api, dataset)
    for one in (sensor, other):
        push(one["url"], {"pm10": 12})
    told(api.post(f"/datasets/{dataset}/publish/"))
    assert slow.asked.wait(60)
    assert api.delete(f"/datasets/{dataset}/resources/{sensor['uid']}/").status_code == 204

    slow.status = 404
    slow.let.set()

    assert settled(api, dataset)["status"] == "error"
    kept = [emulator.portal.files.pushed(dataset, one["uid"]).exists() for one in (sensor, other)]
    assert kept == [False, True]
