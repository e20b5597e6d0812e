"""The city's portal: files sent from the program's folder, then the same ones read from the city's file server."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import httpx

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.servers import Servers
from ..export.projects import stays_unchanged
from .file_server import serving
from .folders import EXAMPLES, lay_out

DATA = EXAMPLES / "city_portal" / "data"


def rows() -> dict[str, int]:
    """How many rows each file has, by the name of its dataset; counted here, not by the portal."""
    counts = {}
    for name in ("weather", "airports"):
        with (DATA / f"{name}.csv").open(newline="") as file:
            counts[name] = sum(1 for _ in csv.DictReader(file))
    counts["unemployment"] = len(json.loads((DATA / "unemployment.json").read_text()))
    counts["earthquakes"] = len((DATA / "earthquakes.jsonl").read_text().splitlines())
    return counts


def shown(portal: Portal, dataset_id: str, *, key: str | None) -> httpx.Response:
    """The Explore API's response for a dataset's records, with or without a key."""
    return httpx.get(
        f"{portal.url}/api/explore/v2.1/catalog/datasets/{dataset_id}/records",
        params={"limit": 1},
        headers={"Authorization": f"Apikey {key}"} if key else {},
        timeout=30,
    )


def counts(portal: Portal) -> dict[str, int]:
    """The number of records of each of the city's datasets, read with the administrator's key."""
    return {name: shown(portal, name, key=portal.key).json()["total_count"] for name in rows()}


def test_city_portal_comes_up_moves_to_a_server_and_goes(
    portal: Portal, another_stack: Callable[..., Stack], servers: Servers, tmp_path: Path
) -> None:
    stack = another_stack("city", project="opendatasoft-city-portal")
    lay_out(stack, "city_portal")

    stack.up()

    assert sum(rows().values()) > 3_000
    assert counts(portal) == rows()
    assert sorted(stack.outputs()) == sorted(rows())
    assert shown(portal, "weather", key=None).status_code == 200
    assert shown(portal, "earthquakes", key=None).status_code == 404, "a restricted dataset is not shown to strangers"
    stack.is_settled(also_unrefreshed=True)
    assert len(stays_unchanged(portal, tmp_path / "exported", servers).portal.found) > 4

    with serving(DATA, "portal", "a password for the test") as server:
        stack.run("config", "set", "fileServer", server.url)
        stack.run("config", "set", "--secret", "fileServerPassword", "a password for the test")
        resources = {name: portal.all(f"/datasets/{portal.dataset(name)['uid']}/resources/") for name in rows()}
        stack.up()

        assert sorted(server.requests) == [
            "/airports.csv 200",
            "/earthquakes.jsonl 200",
            "/unemployment.json 200",
            "/weather.csv 200",
        ]
        assert counts(portal) == rows()
        for name, before in resources.items():
            now = portal.all(f"/datasets/{portal.dataset(name)['uid']}/resources/")
            assert [source["uid"] for source in now] == [source["uid"] for source in before], "changed in place"
            assert [source["datasource"]["type"] for source in now] == ["http"]
        stack.is_settled()
        stack.destroy()

    assert portal.all("/datasets/") == portal.all("/groups/") == portal.all("/datasource_connections/") == []
    assert "ana@city.example" not in [user["email"] for user in portal.all("/users/")]
