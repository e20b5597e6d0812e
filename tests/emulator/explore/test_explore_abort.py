"""What is seen of a dataset whose processing was aborted half-way."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, new_dataset, publish, settled, told


@dataclass
class Endless:
    """A file that never ends: its address, and whether somebody has begun to read it."""

    url: str
    begun: threading.Event


@pytest.fixture
def endless() -> Iterator[Endless]:
    """A server of such a file."""
    begun, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            begun.set()
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
    yield Endless(f"http://127.0.0.1:{server.server_port}", begun)
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def abort_at(endless: Endless, api: httpx.Client, uid: str) -> None:
    """Publish a dataset with one more resource, the endless file, and abort that when its turn has come."""
    connection = {"type": "http", "url": endless.url, "auth": None}
    datasource = {"type": "http", "connection": connection, "relative_url": "/x.csv"}
    body = {"type": "csvfile", "title": "Endless", "params": {"separator": ","}, "datasource": datasource}
    told(api.post(f"/datasets/{uid}/resources/", json=body), 201)
    told(api.post(f"/datasets/{uid}/publish/"))
    assert endless.begun.wait(20)
    told(api.post(f"/datasets/{uid}/abort/"))
    assert settled(api, uid)["status"] == "idle"


def test_the_catalog_agrees_with_the_records_that_were_processed_so_far(
    api: httpx.Client, public: httpx.Client, endless: Endless
) -> None:
    uid = new_dataset(api, "cities")
    add_csv(api, uid, "city\nBasel\n")
    publish(api, uid)
    add_csv(api, uid, "city,size\nBern,4\nChur,2\n")
    abort_at(endless, api, uid)
    dataset = told(public.get("/datasets/cities"))
    assert dataset["metas"]["default"]["records_count"] == 3
    assert [field["name"] for field in dataset["fields"]] == ["city", "size"]
    assert told(public.get("/datasets/cities/records")) == {
        "total_count": 3,
        "results": [{"city": "Basel", "size": None}, {"city": "Bern", "size": 4}, {"city": "Chur", "size": 2}],
    }


def test_the_page_of_a_dataset_that_never_was_public_agrees_with_its_records(
    api: httpx.Client, emulator: Emulator, endless: Endless
) -> None:
    uid = new_dataset(api, "cities")
    add_csv(api, uid, "city,size\nBern,4\nChur,2\n")
    abort_at(endless, api, uid)
    page = httpx.get(f"{emulator.url}/explore/dataset/cities/", verify=False).text
    assert "<dt>Records</dt><dd>2 records</dd>" in page
    assert 'Fields <span class="count">2</span>' in page
    assert 'First records <span class="count">2 of 2 records</span>' in page
