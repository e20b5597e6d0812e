"""The region's weather: adopted, given what the city adds, and let go of as it then is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from .folders import lay_out

CSV = "city,degrees\nBasel,12\nBern,9\n"
NAME = "weather-of-the-region"


@pytest.fixture
def region(tmp_path: Path, portal: Portal) -> Iterator[Portal]:
    """The region's own portal, with its weather, which the city's portal shows as well."""
    with Emulator(tmp_path / "region") as emulator:
        region = Portal(emulator)
        default = {"title": {"value": "Weather"}, "publisher": {"value": "The region"}, "keyword": {"value": ["rain"]}}
        uid = region.post("/datasets/", {"dataset_id": NAME, "metadata": {"default": default}})["uid"]
        sent = region.http.post(
            f"/datasets/{uid}/resources/files/", files={"file": ("weather.csv", CSV.encode(), "text/csv")}
        )
        datasource = {"type": "uploaded_file", "file": {"uid": sent.raise_for_status().json()["uid"]}}
        region.post(f"/datasets/{uid}/resources/", {"type": "csvfile", "title": "file", "datasource": datasource})
        publish(region, uid)
        portal.set(federated_domains={"region": region.url})
        there = portal.post("/datasets/", {"dataset_id": NAME, "metadata": {"default": {"title": {"value": "-"}}}})
        datasource = {"type": "federated", "domain": {"domain_id": "region"}, "dataset": {"dataset_id": NAME}}
        source = {"type": "federated", "title": "-", "datasource": datasource}
        portal.post(f"/datasets/{there['uid']}/resources/", source)
        publish(portal, there["uid"])
        portal.forget()
        yield region
        region.http.close()
        region.control.close()


def publish(portal: Portal, uid: str) -> None:
    portal.post(f"/datasets/{uid}/publish/")
    eventually(lambda: portal.get(f"/datasets/{uid}/status/")["is_published"])


def metadata(portal: Portal) -> dict[str, Any]:
    """What the portal says about the dataset, and what the region says where that is another thing."""
    return {
        name: (told["value"], told.get("remote_value")) if told.get("override_remote_value") else told["value"]
        for name, told in portal.dataset(NAME)["metadata"]["default"].items()
        if name in ("title", "publisher", "keyword")
    }


def seen(portal: Portal, key: str | None) -> int:
    """The status of the Explore API's answer about the records."""
    url = f"{portal.url}/api/explore/v2.1/catalog/datasets/{NAME}/records"
    return httpx.get(url, headers={"Authorization": f"Apikey {key}"} if key else {}).status_code


def test_a_dataset_of_somebody_else_is_adopted_added_to_and_let_go_of(
    portal: Portal, region: Portal, another_stack: Callable[..., Stack]
) -> None:
    stack = another_stack("weather", project="the-regions-weather")
    lay_out(stack, "harvested")
    before = portal.dataset(NAME)
    assert seen(portal, None) == 200

    adopted = stack.up()
    assert adopted.said["weather-of-the-region"] == [
        f"adopted {before['uid']}, only read; the next `up` changes: is_restricted, metadata, group_access, attachments"
    ]
    assert portal.writes() == ["POST /groups/"]
    assert portal.dataset(NAME) == before

    shown = stack.preview("--refresh", "--diff").out.replace(" ", "")
    assert '"Weather"=>"Theweatheraroundourcity"' in shown
    assert "publisher" not in shown
    stack.up()

    assert metadata(portal) == {
        "title": ("The weather around our city", "Weather"),
        "keyword": (["around us", "weather"], ["rain"]),
        "publisher": "The region",
    }
    assert [a["filename"] for a in portal.all(f"/datasets/{before['uid']}/attachments/")] == ["how-to-read.txt"]
    assert seen(portal, None) == 404, "only for members of a group now"
    assert seen(portal, portal.key) == 200
    stack.is_settled()

    ours = portal.dataset(NAME)
    assert stack.destroy().said["weather-of-the-region"] == [
        f"{before['uid']} was adopted: left on the portal, no longer managed"
    ]
    assert portal.dataset(NAME) == ours
    assert portal.all("/groups/") == []
    assert metadata(region) == {"title": "Weather", "publisher": "The region", "keyword": ["rain"]}
