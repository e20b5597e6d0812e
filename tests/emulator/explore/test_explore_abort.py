"""Tests of a dataset whose processing was aborted half-way."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, body_of, new_dataset, publish, wait_until_settled


@dataclass
class Endless:
    """A file that never ends: its URL, and whether its download has begun."""

    url: str
    is_requested: threading.Event


@pytest.fixture
def endless() -> Iterator[Endless]:
    """A server of such a file."""
    is_requested, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            is_requested.set()
            while not over.wait(0.01):
                try:
                    self.wfile.write(b"x,1,1\n")
                except OSError:
                    return

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Endless(f"http://127.0.0.1:{server.server_port}", is_requested)
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def abort_at(endless: Endless, api: httpx.Client, uid: str) -> None:
    """Publish a dataset with one more resource, the endless file, and abort while that is read."""
    connection = {"type": "http", "url": endless.url, "auth": None}
    datasource = {"type": "http", "connection": connection, "relative_url": "/x.csv"}
    body = {"type": "csvfile", "title": "Endless", "params": {"separator": ","}, "datasource": datasource}
    body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)
    body_of(api.post(f"/datasets/{uid}/publish/"))
    assert endless.is_requested.wait(20)
    body_of(api.post(f"/datasets/{uid}/abort/"))
    assert wait_until_settled(api, uid)["status"] == "idle"


def test_catalog_agrees_with_records_of_an_aborted_publish(
    api: httpx.Client, public: httpx.Client, endless: Endless
) -> None:
    uid = new_dataset(api, "cities")
    add_csv(api, uid, "city,size\nBasel,\n")
    publish(api, uid)
    add_csv(api, uid, "city,size\nBern,4\nChur,2\n")
    rename = {"type": "rename", "label": "rule", "from_name": "size", "to_name": "area", "field_label": "Area"}
    body_of(api.post(f"/datasets/{uid}/fields/", json=rename), 201)
    abort_at(endless, api, uid)
    dataset = body_of(public.get("/datasets/cities"))
    assert dataset["metas"]["default"]["records_count"] == 3
    assert [field["name"] for field in dataset["fields"]] == ["city", "area"]
    assert body_of(public.get("/datasets/cities/records")) == {
        "total_count": 3,
        "results": [{"city": "Basel", "area": None}, {"city": "Bern", "area": 4}, {"city": "Chur", "area": 2}],
    }


def test_page_agrees_with_records_of_an_aborted_first_publish(
    api: httpx.Client, emulator: Emulator, endless: Endless
) -> None:
    uid = new_dataset(api, "cities")
    add_csv(api, uid, "city,size\nBern,4\nChur,2\n")
    abort_at(endless, api, uid)
    page = httpx.get(f"{emulator.url}/explore/dataset/cities/", verify=False, timeout=30).text
    assert "<dt>Records</dt><dd>2 records</dd>" in page
    assert 'Fields <span class="count">2</span>' in page
    assert 'First records <span class="count">2 of 2 records</span>' in page
