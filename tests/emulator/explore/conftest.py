"""Fixtures of the tests of the Explore API: its client, and published datasets."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, body_of, new_dataset, publish
from .stations import RULES, STATIONS

CONTENT = 'City,Size,Day,Tags,Place\nBasel,3,2024-02-29,a/b,"47.55,7.59"\nBern,4.5,,,\n'
EVERYTHING = {"is_data_visible": True, "visible_fields": None, "filter_query": "", "api_calls_quota": None}
"""The security that grants everything."""


@pytest.fixture
def public(emulator: Emulator) -> Iterator[httpx.Client]:
    """A client of the Explore API without a key."""
    with httpx.Client(base_url=f"{emulator.url}/api/explore/v2.1/catalog", verify=False, timeout=30) as client:
        yield client


@pytest.fixture
def cities(api: httpx.Client) -> Callable[..., str]:
    """Publishes a dataset of two cities with this dataset_id and these field configurations; returns its uid."""

    def make(dataset_id: str = "cities", *rules: dict[str, Any], **more: Any) -> str:
        uid = new_dataset(api, dataset_id, **more)
        add_csv(api, uid, CONTENT)
        for rule in rules:
            body_of(api.post(f"/datasets/{uid}/fields/", json={"label": "rule", **rule}), 201)
        assert publish(api, uid)["status"] == "idle"
        return uid

    return make


@pytest.fixture(scope="session")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a portal with the dataset of stations and an empty one, which no test changes."""
    with Emulator(tmp_path_factory.mktemp("portal")) as portal:
        headers = {"Authorization": f"apikey {portal.key}"}
        with httpx.Client(base_url=f"{portal.url}/api/automation/v1.0", headers=headers, timeout=30) as api:
            uid = new_dataset(api, "stations")
            body_of(api.put(f"/datasets/{uid}/metadata/default/keyword/", json={"value": ["rail", "stop"]}))
            add_csv(api, uid, STATIONS)
            for rule in RULES:
                body_of(api.post(f"/datasets/{uid}/fields/", json={"label": "rule", **rule}), 201)
            assert publish(api, uid)["records_errors"] == []
            publish(api, new_dataset(api, "empty"))
        with httpx.Client(base_url=f"{portal.url}/api/explore/v2.1/catalog", timeout=30) as client:
            yield client
