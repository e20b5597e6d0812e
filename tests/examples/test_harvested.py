"""The region's datasets: harvested or adopted, changed where the city adds something, left or deleted by a destroy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from tools.seed import serve_region

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from ..engine_stub.engine import Engine
from .folders import lay_out, on_the_stub

CSV = "city,degrees\nBasel,12\nBern,9\n"
NAME = "weather-of-the-region"
HARVESTER = "/harvesters/the-region-s-open-data/"
WRITES = ["POST /groups/", "POST /harvesters/", f"POST {HARVESTER}publish/", f"POST {HARVESTER}start/"]
ADOPTED = "adopted {}, only read; the next `up` changes: is_restricted, metadata, group_access, attachments"


@pytest.fixture
def region(tmp_path: Path, portal: Portal) -> Iterator[Portal]:
    """The region's own portal, with its weather, which the city's portal shows as well."""
    with Emulator(tmp_path / "region") as emulator:
        region = Portal(emulator)
        default = {"title": {"value": "Weather"}, "publisher": {"value": "The region"}, "keyword": {"value": ["rain"]}}
        uid = region.post("/datasets/", {"dataset_id": NAME, "metadata": {"default": default}})["uid"]
        upload = region.http.post(
            f"/datasets/{uid}/resources/files/", files={"file": ("weather.csv", CSV.encode(), "text/csv")}
        )
        datasource = {"type": "uploaded_file", "file": {"uid": upload.raise_for_status().json()["uid"]}}
        region.post(f"/datasets/{uid}/resources/", {"type": "csvfile", "title": "file", "datasource": datasource})
        publish(region, uid)
        portal.set(federated_domains={"region": region.url})
        copy = portal.post("/datasets/", {"dataset_id": NAME, "metadata": {"default": {"title": {"value": "-"}}}})
        datasource = {"type": "federated", "domain": {"domain_id": "region"}, "dataset": {"dataset_id": NAME}}
        source = {"type": "federated", "title": "-", "datasource": datasource}
        portal.post(f"/datasets/{copy['uid']}/resources/", source)
        publish(portal, copy["uid"])
        serve_region(portal.emulator.portal.folder)
        portal.forget()
        yield region
        region.close()


def publish(portal: Portal, uid: str) -> None:
    portal.post(f"/datasets/{uid}/publish/")
    eventually(lambda: portal.get(f"/datasets/{uid}/status/")["is_published"])


def metadata(portal: Portal) -> dict[str, Any]:
    """The dataset's metadata on the portal; with the region's own value where the two differ."""
    return {
        name: (entry["value"], entry.get("remote_value")) if entry.get("override_remote_value") else entry["value"]
        for name, entry in portal.dataset(NAME)["metadata"]["default"].items()
        if name in ("title", "publisher", "keyword")
    }


def status_of_records(portal: Portal, key: str | None) -> int:
    """The status of the Explore API's response for the records."""
    url = f"{portal.url}/api/explore/v2.1/catalog/datasets/{NAME}/records"
    return httpx.get(url, headers={"Authorization": f"Apikey {key}"} if key else {}, timeout=30).status_code


ADDED = {
    "title": ("The weather around our city", "Weather"),
    "keyword": (["around us", "weather"], ["rain"]),
    "publisher": "The region",
}
"""The dataset's metadata with what the city adds."""


def test_adopted_dataset_is_changed_and_left_on_the_stub(portal: Portal, region: Portal, engine: Engine) -> None:
    program = on_the_stub(engine, "harvested")
    before = portal.dataset(NAME)

    adopted = [line.text for line in engine.up(program).lines if line.name == NAME and not line.ephemeral]
    assert adopted == [ADOPTED.format(before["uid"])]
    assert sorted(portal.writes()) == WRITES
    assert portal.dataset(NAME) == before
    assert portal.dataset("wells-of-the-region")["metadata"]["default"]["publisher"]["value"] == "The region"

    engine.up(program)
    assert metadata(portal) == ADDED
    assert [a["filename"] for a in portal.all(f"/datasets/{before['uid']}/attachments/")] == ["how-to-read.txt"]
    assert (status_of_records(portal, None), status_of_records(portal, portal.key)) == (404, 200)
    engine.is_settled(program)
    title = portal.dataset("bathing-water-of-the-region")["metadata"]["default"]["title"]
    assert (title["value"], title["remote_value"]) == ("Where to bathe", "Bathing water of the region")

    ours = portal.dataset(NAME)
    engine.destroy()
    assert portal.dataset(NAME) == ours
    assert portal.all("/groups/") == portal.all("/harvesters/") == []
    assert [dataset["dataset_id"] for dataset in portal.all("/datasets/")] == [NAME]
    assert metadata(region) == {"title": "Weather", "publisher": "The region", "keyword": ["rain"]}


@pytest.mark.trust
def test_adopted_dataset_is_changed_and_left_on_the_portal(
    portal: Portal, region: Portal, another_stack: Callable[..., Stack]
) -> None:
    stack = another_stack("weather", project="the-regions-weather")
    lay_out(stack, "harvested")
    before = portal.dataset(NAME)
    assert status_of_records(portal, None) == 200

    adopted = stack.up()
    assert adopted.said["weather-of-the-region"] == [ADOPTED.format(before["uid"])]
    assert sorted(portal.writes()) == WRITES
    assert portal.dataset(NAME) == before
    assert portal.dataset("wells-of-the-region")["metadata"]["default"]["publisher"]["value"] == "The region"

    shown = stack.preview("--refresh", "--diff").out.replace(" ", "")
    assert '"Weather"=>"Theweatheraroundourcity"' in shown
    assert "publisher" not in shown
    stack.up()

    assert metadata(portal) == ADDED
    assert [a["filename"] for a in portal.all(f"/datasets/{before['uid']}/attachments/")] == ["how-to-read.txt"]
    assert status_of_records(portal, None) == 404, "only for members of a group now"
    assert status_of_records(portal, portal.key) == 200
    stack.is_settled()
    title = portal.dataset("bathing-water-of-the-region")["metadata"]["default"]["title"]
    assert (title["value"], title["remote_value"]) == ("Where to bathe", "Bathing water of the region")
    assert portal.records("wells-of-the-region")["total_count"] == 3

    ours = portal.dataset(NAME)
    assert stack.destroy().said["weather-of-the-region"] == [
        f"{before['uid']} was adopted: left on the portal, no longer managed"
    ]
    assert portal.dataset(NAME) == ours
    assert portal.all("/groups/") == []
    assert portal.all("/harvesters/") == []
    assert [dataset["dataset_id"] for dataset in portal.all("/datasets/")] == [NAME]
    assert metadata(region) == {"title": "Weather", "publisher": "The region", "keyword": ["rain"]}
