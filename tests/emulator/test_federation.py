"""Tests of federated datasets, and of their copies."""

import re

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, new_dataset, publish
from .conftest import Switch

DATASOURCE: Body = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}


@pytest.fixture
def follower(emulator: Emulator, api: httpx.Client, switch: Switch) -> str:
    """The uid of a dataset that can follow the published dataset `air` of the portal `city`."""
    publish(api, new_dataset(api))
    switch(federated_domains={"city": emulator.url})
    return new_dataset(api, "copy")


def federated(api: httpx.Client, dataset: str, type: str = "federated") -> Body:
    body = {"type": type, "title": "x", "datasource": DATASOURCE}
    return body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)


def test_remote_datetime_has_the_form_of_any_other(api: httpx.Client, follower: str) -> None:
    federated(api, follower)

    modified = body_of(api.get(f"/datasets/{follower}/metadata/default/modified/"))

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified["value"])
    assert modified["remote_value"] == modified["value"]


@pytest.mark.parametrize("way", ["deleted", "replaced"])
def test_dataset_is_unlinked_when_its_resource_changes(api: httpx.Client, follower: str, way: str) -> None:
    path = f"/datasets/{follower}/resources/{federated(api, follower, 'csvfile')['uid']}/"
    assert body_of(api.get(f"/datasets/{follower}/"))["asset_type"] == "federated_dataset"

    if way == "deleted":
        assert api.delete(path).status_code == 204
    else:
        body_of(api.put(path, json={"type": "realtime", "title": "x"}))

    unlinked = body_of(api.get(f"/datasets/{follower}/"))
    assert (unlinked["asset_type"], unlinked["metadata"]["default"]["title"]) == ("dataset", {"value": "Air"})


def test_the_resource_of_a_copy_has_its_own_uid_as_title(api: httpx.Client, follower: str) -> None:
    federated(api, follower)

    copy = body_of(api.post(f"/datasets/{follower}/copy/"), 201)["uid"]

    resource = body_of(api.get(f"/datasets/{copy}/resources/"))["results"][0]
    assert resource["title"] == resource["uid"]


def test_copy_has_its_own_push_url(api: httpx.Client) -> None:
    dataset = new_dataset(api)
    body = {"type": "realtime", "title": "Sensor"}
    url = body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["url"]

    copy = body_of(api.post(f"/datasets/{dataset}/copy/"), 201)["uid"]

    own = body_of(api.get(f"/datasets/{copy}/resources/"))["results"][0]
    assert own["title"] == "Sensor"
    assert own["url"].partition("pushkey=")[2] != url.partition("pushkey=")[2]
    assert httpx.post(own["url"], json={"pm10": 12}, timeout=30).status_code == 200
