"""Tests of publishing, and of the status."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..engine.stacks import eventually
from .calls import Body, add_csv, body_of, new_dataset, publish, wait_for_status, wait_until_settled
from .conftest import Switch

EXPLORE = "/api/explore/v2.1/catalog/datasets"
BUSY = "Invalid precondition, dataset status is '{status}' but must be one of 'idle, error, limit_reached'"


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    uid = new_dataset(api)
    add_csv(api, uid)
    return uid


def public(emulator: Emulator, path: str) -> httpx.Response:
    """The response of the Explore API to a request without a key."""
    return httpx.get(f"{emulator.url}{EXPLORE}{path}", verify=False)


def records(emulator: Emulator, dataset_id: str = "air") -> list[Body]:
    found: list[Body] = body_of(public(emulator, f"/{dataset_id}/records"))["results"]
    return found


def status_of(api: httpx.Client, dataset: str) -> Body:
    return body_of(api.get(f"/datasets/{dataset}/status/"))


def test_a_new_dataset_is_idle(api: httpx.Client, dataset: str) -> None:
    status = status_of(api, dataset)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", status.pop("since"))
    assert status == {
        "status": "idle",
        "is_published": False,
        "previous": None,
        "next": None,
        "message": None,
        "records_errors": [],
        "params": {},
    }


def test_a_publish_makes_the_records_public(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    assert public(emulator, "/air").status_code == 404

    assert body_of(api.post(f"/datasets/{dataset}/publish")) == {"detail": "ok"}
    status = wait_until_settled(api, dataset)

    assert (status["status"], status["previous"], status["is_published"]) == ("idle", "processing", True)
    assert body_of(api.get(f"/datasets/{dataset}/"))["is_published"] is True
    assert records(emulator) == [{"city": "Basel", "size": 3}, {"city": "Bern", "size": 4}]


def test_a_dataset_without_a_resource_can_be_published(emulator: Emulator, api: httpx.Client) -> None:
    uid = new_dataset(api, "empty")

    assert publish(api, uid)["is_published"] is True
    assert body_of(public(emulator, "/empty"))["dataset_id"] == "empty"


def test_a_dataset_is_queued_then_processed(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(processing_ms=600_000)
    others = [new_dataset(api, f"other-{number}") for number in range(4)]
    for other in others:
        body_of(api.post(f"/datasets/{other}/publish/"))
    for other in others:
        wait_for_status(api, other, "processing")

    switch(processing_ms=2000)
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    queued = status_of(api, dataset)
    body_of(api.post(f"/datasets/{others[0]}/abort/"))
    wait_for_status(api, dataset, "processing")
    processing = status_of(api, dataset)

    assert (queued["status"], queued["next"], queued["previous"]) == ("queued", "processing", "idle")
    assert (processing["next"], processing["previous"], processing["is_published"]) == (None, "queued", False)
    assert wait_until_settled(api, dataset)["is_published"] is True


def test_more_datasets_are_processed_at_once_on_request(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=600_000, processing_at_once=6)
    uids = [new_dataset(api, f"air-{number}") for number in range(7)]
    for uid in uids:
        body_of(api.post(f"/datasets/{uid}/publish/"))
    for uid in uids[:6]:
        wait_for_status(api, uid, "processing")
    assert status_of(api, uids[6])["status"] == "queued"

    body_of(api.post(f"/datasets/{uids[0]}/abort/"))
    wait_for_status(api, uids[6], "processing")


def test_many_datasets_deleted_while_they_are_queued(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=600_000, processing_at_once=1, delete_while_busy="accept")
    uids = [new_dataset(api, f"air-{number}") for number in range(5)]
    for uid in uids:
        body_of(api.post(f"/datasets/{uid}/publish/"))
    for uid in uids[:-1]:
        assert api.delete(f"/datasets/{uid}/").status_code == 204
    wait_for_status(api, uids[-1], "processing")


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_order_for_a_busy_dataset_is_refused(api: httpx.Client, dataset: str, switch: Switch, action: str) -> None:
    switch(processing_ms=10_000)
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    wait_for_status(api, dataset, "processing")

    assert body_of(api.post(f"/datasets/{dataset}/{action}/"), 400) == {
        "error_code": "invalid_dataset_status",
        "message": BUSY.format(status="processing"),
    }


def test_order_makes_a_dataset_busy_before_it_shows(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(queued_after_ms=3000)

    body_of(api.post(f"/datasets/{dataset}/publish/"))

    assert status_of(api, dataset)["status"] == "idle"
    assert body_of(api.post(f"/datasets/{dataset}/publish/"), 400)["message"] == BUSY.format(status="queued")
    eventually(lambda: status_of(api, dataset)["is_published"])


@pytest.mark.parametrize("step", ["queued", "processing"])
def test_a_dataset_that_is_being_published_keeps_its_identifier(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch, step: str
) -> None:
    switch(**{"queued_after_ms" if step == "queued" else "processing_ms": 10_000})
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    if step == "processing":
        wait_for_status(api, dataset, step)

    refusal = body_of(api.put(f"/datasets/{dataset}/", json={"dataset_id": "wind"}), 400)

    assert refusal == {"error_code": "invalid_dataset_status", "message": BUSY.format(status=step)}
    assert body_of(api.put(f"/datasets/{dataset}/", json={"dataset_id": "air", "is_restricted": True}))["is_restricted"]


def test_since_of_a_status_has_whole_seconds(api: httpx.Client, dataset: str) -> None:
    sinces = [publish(api, dataset)["since"] for _ in range(12)]

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", since) for since in sinces)
    assert len(set(sinces)) < 12


def test_writes_show_at_once_but_go_live_with_the_next_publish(
    emulator: Emulator, api: httpx.Client, dataset: str
) -> None:
    publish(api, dataset)
    body_of(api.put(f"/datasets/{dataset}/metadata/default/title/", json={"value": "Wind"}))
    body_of(api.post(f"/datasets/{dataset}/fields/", json={"type": "delete", "field": "size"}), 201)

    assert body_of(api.get(f"/datasets/{dataset}/metadata/default/title/")) == {"value": "Wind"}
    assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Air"
    assert records(emulator)[0] == {"city": "Basel", "size": 3}
    publish(api, dataset)
    assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Wind"
    assert records(emulator)[0] == {"city": "Basel"}


def test_metadata_alone_can_go_live(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    publish(api, dataset)
    body_of(api.put(f"/datasets/{dataset}/metadata/default/title/", json={"value": "Wind"}))
    body_of(api.post(f"/datasets/{dataset}/fields/", json={"type": "delete", "field": "size"}), 201)

    assert body_of(api.post(f"/datasets/{dataset}/publish_metadata/")) == {"detail": "ok"}
    wait_until_settled(api, dataset)

    assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Wind"
    assert records(emulator)[0] == {"city": "Basel", "size": 3}


def test_publishing_metadata_can_leave_the_status_alone(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    before = publish(api, dataset)
    switch(publish_metadata_status="unchanged", processing_ms=10_000)
    body_of(api.put(f"/datasets/{dataset}/metadata/default/title/", json={"value": "Wind"}))

    body_of(api.post(f"/datasets/{dataset}/publish_metadata/"))

    assert status_of(api, dataset) == before
    assert body_of(public(emulator, "/air"))["metas"]["default"]["title"] == "Wind"


def test_metadata_of_an_unpublished_dataset_do_not_go_live(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    assert (
        body_of(api.post(f"/datasets/{dataset}/publish_metadata/"), 400)["message"] == "The dataset is not published."
    )
    switch(publish_metadata_of_unpublished="accept")
    assert body_of(api.post(f"/datasets/{dataset}/publish_metadata/")) == {"detail": "ok"}
    assert public(emulator, "/air").status_code == 404


def test_unpublishing_hides_a_dataset_and_drops_its_records(
    emulator: Emulator, api: httpx.Client, dataset: str
) -> None:
    publish(api, dataset)

    assert body_of(api.post(f"/datasets/{dataset}/unpublish/")) == {"detail": "ok"}
    status = wait_until_settled(api, dataset)

    assert (status["status"], status["previous"], status["is_published"]) == ("idle", "deleting", False)
    assert public(emulator, "/air").status_code == 404
    assert emulator.portal.records.count(dataset) == 0
    assert body_of(api.get(f"/datasets/{dataset}/resources/"))["total_count"] == 1


def test_an_abort_leaves_the_dataset_as_it_was(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    publish(api, dataset)
    switch(processing_ms=10_000)
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    wait_for_status(api, dataset, "processing")

    assert body_of(api.post(f"/datasets/{dataset}/abort/")) == {"detail": "ok"}
    status = wait_until_settled(api, dataset)

    assert (status["status"], status["previous"], status["is_published"]) == ("idle", "aborting_processing", True)
    assert len(records(emulator)) == 2


def test_an_aborted_first_publish_makes_nothing_public(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    switch(processing_ms=10_000)
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    wait_for_status(api, dataset, "processing")
    body_of(api.post(f"/datasets/{dataset}/abort/"))

    assert wait_until_settled(api, dataset)["is_published"] is False
    assert public(emulator, "/air").status_code == 404


def test_abort_of_an_idle_dataset_is_refused(api: httpx.Client, dataset: str) -> None:
    assert body_of(api.post(f"/datasets/{dataset}/abort/"), 400) == {
        "error_code": "invalid_dataset_status",
        "message": "Invalid precondition, dataset status is 'idle' but must be one of "
        "'processing_all_dataset_data, processing_dataset, processing_resource_records'",
    }


def test_a_first_publish_that_fails_makes_nothing_public(
    emulator: Emulator, api: httpx.Client, dataset: str, switch: Switch
) -> None:
    body_of(api.post(f"/datasets/{dataset}/processors/", json={"type": "string_replace", "label": "x"}), 201)

    status = publish(api, dataset)

    assert (status["status"], status["previous"], status["is_published"]) == ("error", "processing", False)
    assert "string_replace" in status["message"]
    assert public(emulator, "/air").status_code == 404
    switch(failed_first_publish="published")
    assert publish(api, dataset)["is_published"] is True


def test_a_publish_that_fails_leaves_the_old_records(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    publish(api, dataset)
    processor = body_of(
        api.post(f"/datasets/{dataset}/processors/", json={"type": "string_replace", "label": "x"}), 201
    )

    failed = publish(api, dataset)

    assert (failed["status"], failed["is_published"]) == ("error", True)
    assert len(records(emulator)) == 2
    assert api.delete(f"/datasets/{dataset}/processors/{processor['uid']}/").status_code == 204
    corrected = publish(api, dataset)
    assert (corrected["status"], corrected["message"]) == ("idle", None)


def test_unsupported_configuration_is_noted_in_the_status(api: httpx.Client, dataset: str) -> None:
    body_of(api.post(f"/datasets/{dataset}/processors/", json={"type": "own_invention", "label": "x"}), 201)

    status = publish(api, dataset)

    assert (status["status"], status["is_published"]) == ("idle", True)
    assert "own_invention" in status["message"]


def test_lost_values_are_listed_after_a_successful_publish(api: httpx.Client, dataset: str) -> None:
    rule = body_of(
        api.post(f"/datasets/{dataset}/fields/", json={"type": "type", "field": "city", "type_param": "int"}), 201
    )

    status = publish(api, dataset)

    assert (status["status"], len(status["records_errors"])) == ("idle", 2)
    error = status["records_errors"][0]
    assert (error["field_uid"], error["processor_uid"]) == ("city", rule["uid"])
    assert "Basel" in error["message"]


@pytest.mark.parametrize(
    ("datasource", "words"),
    [
        ({"type": "ftp", "connection": {"type": "ftp", "url": "ftp://example.org"}}, "ftp"),
        ({"type": "ods_form", "form_uid": "fo_1"}, "ods_form"),
    ],
)
def test_unreadable_datasource_is_an_error(api: httpx.Client, datasource: Body, words: str) -> None:
    uid = new_dataset(api)
    body = {"type": "csvfile", "title": "Far away", "datasource": datasource}
    resource = body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)

    status = publish(api, uid)

    assert status["status"] == "error"
    assert words in status["message"]
    assert "Far away" in status["message"]
    assert status["params"] == {"resource_uid": resource["uid"]}


def test_modified_follows_the_data_if_so_configured(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    default = f"/datasets/{dataset}/metadata/default"
    body_of(api.put(f"{default}/modified/", json={"value": "2020-01-01"}))
    body_of(api.put(f"{default}/modified_updates_on_data_change/", json={"value": True}))

    publish(api, dataset)

    modified = body_of(api.get(f"{default}/modified/"))["value"]
    assert modified > "2026"
    assert body_of(public(emulator, "/air"))["metas"]["default"]["modified"][:19] == modified[:19]


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


def test_many_datasets_are_published_concurrently(api: httpx.Client) -> None:
    uids = [new_dataset(api, f"set-{number}") for number in range(12)]
    for uid in uids:
        add_csv(api, uid)
    for uid in uids:
        body_of(api.post(f"/datasets/{uid}/publish/"))

    assert all(wait_until_settled(api, uid)["is_published"] for uid in uids)
