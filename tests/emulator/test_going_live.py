"""Tests of what a publication makes public, and of what it hides."""

import httpx
from opendatasoft_emulator.server import Emulator

from .calls import body_of, new_dataset, public, publish, records, status_of, wait_until_settled
from .conftest import Switch


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
    refusal = body_of(api.post(f"/datasets/{dataset}/publish_metadata/"), 400)
    assert refusal["error_code"] == "invalid_dataset_status"
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


def test_modified_follows_the_data_if_so_configured(emulator: Emulator, api: httpx.Client, dataset: str) -> None:
    default = f"/datasets/{dataset}/metadata/default"
    body_of(api.put(f"{default}/modified/", json={"value": "2020-01-01"}))
    body_of(api.put(f"{default}/modified_updates_on_data_change/", json={"value": True}))

    publish(api, dataset)

    modified = body_of(api.get(f"{default}/modified/"))["value"]
    assert modified > "2026"
    assert body_of(public(emulator, "/air"))["metas"]["default"]["modified"][:19] == modified[:19]
