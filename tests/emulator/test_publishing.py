"""Tests of orders to publish, unpublish and abort, and of the status while they are carried out."""

import re

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..engine.stacks import eventually
from .calls import (
    add_csv,
    body_of,
    new_dataset,
    public,
    publish,
    records,
    status_of,
    wait_for_status,
    wait_until_settled,
)
from .conftest import Switch

BUSY = "Invalid precondition, dataset status is '{status}' but must be one of 'idle, error, limit_reached'"


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


def test_reads_are_answered_while_a_dataset_is_processed(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(processing_ms=10_000)
    body_of(api.post(f"/datasets/{dataset}/publish/"))
    wait_for_status(api, dataset, "processing")

    for path in ("", "metadata/", "metadata/default/", "resources/", "fields/", "processors/", "security/users/"):
        body_of(api.get(f"/datasets/{dataset}/{path}"))
    assert status_of(api, dataset)["status"] == "processing"


def test_since_of_a_status_has_whole_seconds(api: httpx.Client, dataset: str) -> None:
    sinces = [publish(api, dataset)["since"] for _ in range(12)]

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", since) for since in sinces)
    assert len(set(sinces)) < 12


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


def test_many_datasets_are_published_concurrently(api: httpx.Client) -> None:
    uids = [new_dataset(api, f"set-{number}") for number in range(12)]
    for uid in uids:
        add_csv(api, uid)
    for uid in uids:
        body_of(api.post(f"/datasets/{uid}/publish/"))

    assert all(wait_until_settled(api, uid)["is_published"] for uid in uids)
