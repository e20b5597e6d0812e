"""Tests of publications that fetch their files from another server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
from opendatasoft_emulator.server import Emulator

from .calls import body_of, new_dataset, public, publish, records


@contextmanager
def file_server(
    content: bytes,
    requests: list[tuple[str, str | None, str | None]],
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[str]:
    """A server that returns the content to every GET, and records path, login and one header.

    It calls `meanwhile` before each response.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.path, self.headers["Authorization"], self.headers["X-Token"]))
            meanwhile()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_remote_file_is_fetched_anew_with_its_login(emulator: Emulator, api: httpx.Client) -> None:
    uid, requests = new_dataset(api), list[tuple[str, str | None, str | None]]()
    with file_server(b"city\nBasel\n", requests) as url:
        connection = {
            "type": "http",
            "url": f"{url}/files/",
            "auth": {"type": "basic_auth", "username": "portal", "password": "s3cret"},
        }
        connection_uid = body_of(api.post("/datasource_connections/", json=connection), 201)["uid"]
        datasource = {
            "type": "http",
            "connection": {"uid": connection_uid},
            "relative_url": "/a.csv",
            "headers": [{"name": "X-Token", "value": "abc"}],
        }
        body = {"type": "csvfile", "title": "A", "datasource": datasource}
        body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)
        publish(api, uid)
        publish(api, uid)

    assert requests == [("/files/a.csv", "Basic cG9ydGFsOnMzY3JldA==", "abc")] * 2
    assert records(emulator) == [{"city": "Basel"}]


def test_changed_login_of_a_connection_counts_at_once(api: httpx.Client) -> None:
    uid, requests = new_dataset(api), list[tuple[str, str | None, str | None]]()
    with file_server(b"city\nBasel\n", requests) as url:
        connection = {"type": "http", "url": url, "auth": {"type": "basic_auth", "username": "a", "password": "b"}}
        path = f"/datasource_connections/{body_of(api.post('/datasource_connections/', json=connection), 201)['uid']}/"
        datasource = {"type": "http", "connection": {"uid": path.split("/")[2]}, "relative_url": "/a.csv"}
        resource = {"type": "csvfile", "title": "A", "datasource": datasource}
        body_of(api.post(f"/datasets/{uid}/resources/", json=resource), 201)
        publish(api, uid)
        changed = {**connection, "auth": {"type": "basic_auth", "username": "a", "password": "c"}}
        body_of(api.put(path, json=changed))
        publish(api, uid)

    assert [login for _, login, _ in requests] == ["Basic YTpi", "Basic YTpj"]


def test_edit_during_a_publish_goes_live_with_the_next_one(emulator: Emulator, api: httpx.Client) -> None:
    uid = new_dataset(api)

    def rename() -> None:
        body_of(api.put(f"/datasets/{uid}/metadata/default/title/", json={"value": "Wind"}))

    with file_server(b"city\nBasel\n", [], rename) as url:
        connection = body_of(api.post("/datasource_connections/", json={"type": "http", "url": url}), 201)
        datasource = {"type": "http", "connection": {"uid": connection["uid"]}, "relative_url": "/a.csv"}
        body = {"type": "csvfile", "title": "A", "params": {"separator": ","}, "datasource": datasource}
        body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)
        body_of(api.put(f"/datasets/{uid}/metadata/default/title/", json={"value": "Air"}))

        publish(api, uid)
        assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Air"
        publish(api, uid)
        assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Wind"
