"""Calls for harvesters that several tests share."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx

from .calls import Body, body_of

FTP: Body = {
    "type": "ftp_csv",
    "name": "The region",
    "host": "files.region.example",
    "user": "city",
    "password": "s3cret",
    "directory": "/open",
    "metadata_file": "index.csv",
}
"""A harvester that reads the folder of `region_files`."""

INDEX = """name;title;description;keyword;publisher;language;source_dataset
w1;Weather of the region;Measured every six hours;weather;The region;en;weather.csv
s1;Schools;All schools;school;The region;en;schools.csv
"""


def region_files(folder: Path, index: str = INDEX) -> Path:
    """Write the files of the region's server, in the portal's folder of stand-ins; returns their folder."""
    files = folder / "remote" / "ftp" / "files.region.example" / "open"
    files.mkdir(parents=True, exist_ok=True)
    (files / "index.csv").write_text(index)
    (files / "weather.csv").write_text("station,degrees\nBasel,12\nBern,9\n")
    (files / "schools.csv").write_text("school\nNorth\n")
    return files


def new_harvester(api: httpx.Client, **body: Any) -> str:
    """Create a harvester; return its uid."""
    uid: str = body_of(api.post("/harvesters/", json={**FTP, **body}), 201)["uid"]
    return uid


def harvester(api: httpx.Client, uid: str) -> Body:
    """One harvester."""
    return body_of(api.get(f"/harvesters/{uid}/"))


def wait_until_idle(api: httpx.Client, uid: str, within: float = 60.0) -> Body:
    """Wait until a harvester is idle; return it."""
    deadline = time.monotonic() + within
    while (found := harvester(api, uid))["status"] != "idle":
        assert time.monotonic() < deadline, f"{uid} is still {found['status']}"
        time.sleep(0.02)
    return found


def run(api: httpx.Client, uid: str) -> Body:
    """Start a harvester, and wait until it is idle; return it."""
    body_of(api.post(f"/harvesters/{uid}/start/"))
    return wait_until_idle(api, uid)


def wait_until_gone(api: httpx.Client, uid: str, within: float = 60.0) -> None:
    """Wait until a harvester is deleted."""
    deadline = time.monotonic() + within
    while api.get(f"/harvesters/{uid}/").status_code != 404:
        assert time.monotonic() < deadline, f"{uid} is still there"
        time.sleep(0.02)


def datasets(api: httpx.Client) -> dict[str, Body]:
    """Every dataset, by its title."""
    found = body_of(api.get("/datasets/", params={"limit": 1000}))["results"]
    return {one["metadata"]["default"]["title"]["value"]: one for one in found}


def harvest(api: httpx.Client, **body: Any) -> Body:
    """Create a harvester and run it; return it."""
    return run(api, body_of(api.post("/harvesters/", json={"name": "Region", **body}), 201)["uid"])


def only(api: httpx.Client) -> tuple[str, Body]:
    """The uid and the default metadata of the only dataset, as far as they follow remote ones."""
    (dataset,) = datasets(api).values()
    default = dataset["metadata"]["default"]
    return dataset["uid"], {name: value["value"] for name, value in default.items() if "remote_value" in value}


def resources(api: httpx.Client, uid: str) -> list[Body]:
    """The resources of a dataset."""
    found: list[Body] = body_of(api.get(f"/datasets/{uid}/resources/"))["results"]
    return found


def errors(api: httpx.Client, harvester: Body) -> Body:
    """The errors of the last run of a harvester."""
    return body_of(api.get(f"/harvesters/{harvester['uid']}/errors/"))
