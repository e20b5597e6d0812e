"""What the tests of the Explore API share: its client, and datasets to look at."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, new_dataset, publish, told

CONTENT = 'City,Size,Day,Tags,Place\nBasel,3,2024-02-29,a/b,"47.55,7.59"\nBern,4.5,,,\n'
EVERYTHING = {"is_data_visible": True, "visible_fields": None, "filter_query": "", "api_calls_quota": None}
"""The security that hides nothing."""


@pytest.fixture
def public(emulator: Emulator) -> Iterator[httpx.Client]:
    """The Explore API for someone without a key."""
    with httpx.Client(base_url=f"{emulator.url}/api/explore/v2.1/catalog", verify=False) as client:
        yield client


@pytest.fixture
def cities(api: httpx.Client) -> Callable[..., str]:
    """Publishes a dataset of two cities under this dataset_id, with these field configurations; tells its uid."""

    def make(dataset_id: str = "cities", *rules: dict[str, Any], **more: Any) -> str:
        uid = new_dataset(api, dataset_id, **more)
        add_csv(api, uid, CONTENT)
        for rule in rules:
            told(api.post(f"/datasets/{uid}/fields/", json={"label": "rule", **rule}), 201)
        assert publish(api, uid)["status"] == "idle"
        return uid

    return make
