"""Datasets that follow one of another portal, and the copies of datasets."""

import re

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, new_dataset, publish, told
from .conftest import Switch

DATASOURCE: Body = {"type": "federated", "domain": {"domain_id": "city"}, "dataset": {"dataset_id": "air"}}


@pytest.fixture
def follower(emulator: Emulator, api: httpx.Client, switch: Switch) -> str:
    """The uid of a dataset that may follow the public dataset `air` of the portal `city`."""
    publish(api, new_dataset(api))
    switch(federated_domains={"city": emulator.url})
    return new_dataset(api, "copy")


def federated(api: httpx.Client, dataset: str, type: str = "federated") -> Body:
    body = {"type": type, "title": "x", "datasource": DATASOURCE}
    return told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)


def test_a_remote_moment_is_told_as_any_other(api: httpx.Client, follower: str) -> None:
    federated(api, follower)

    modified = told(api.get(f"/datasets/{follower}/metadata/default/modified/"))

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified["value"])
    assert modified["remote_value"] == modified["value"]


@pytest.mark.parametrize("way", ["deleted", "replaced"])
def test_a_dataset_follows_no_other_once_its_resource_is_another(api: httpx.Client, follower: str, way: str) -> None:
    path = f"/datasets/{follower}/resources/{federated(api, follower, 'csvfile')['uid']}/"
    assert told(api.get(f"/datasets/{follower}/"))["asset_type"] == "federated_dataset"

    if way == "deleted":
        assert api.delete(path).status_code == 204
    else:
        told(api.put(path, json={"type": "realtime", "title": "x"}))

    unlinked = told(api.get(f"/datasets/{follower}/"))
    assert (unlinked["asset_type"], unlinked["metadata"]["default"]["title"]) == ("dataset", {"value": "Air"})


def test_the_resource_of_a_copy_has_its_own_uid_as_title(api: httpx.Client, follower: str) -> None:
    federated(api, follower)

    copy = told(api.post(f"/datasets/{follower}/copy/"), 201)["uid"]

    resource = told(api.get(f"/datasets/{copy}/resources/"))["results"][0]
    assert resource["title"] == resource["uid"]


def test_a_copy_has_an_address_of_its_own_to_push_to(api: httpx.Client) -> None:
    dataset = new_dataset(api)
    body = {"type": "realtime", "title": "Sensor"}
    url = told(api.post(f"/datasets/{dataset}/resources/", json=body), 201)["url"]

    copy = told(api.post(f"/datasets/{dataset}/copy/"), 201)["uid"]

    own = told(api.get(f"/datasets/{copy}/resources/"))["results"][0]
    assert own["title"] == "Sensor"
    assert own["url"].partition("pushkey=")[2] != url.partition("pushkey=")[2]
    assert httpx.post(own["url"], json={"pm10": 12}).status_code == 200
