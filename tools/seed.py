"""The content of the demo's portal before any program manages it: one dataset that the region keeps there.

`examples/harvested` adds to that dataset. It is made through the Automation API, as a colleague's tool would make it.
The example also harvests the region's FTP server, for which a folder stands that the emulator reads. `whole_portal`
does so as well, and reads a file there that the region does not list.
"""

import time
from pathlib import Path
from typing import Any

import httpx

DATASET_ID = "weather-of-the-region"

_CSV = """station,measured_at,temperature,rain
Basel,2026-03-01T06:00:00Z,4.1,0.0
Basel,2026-03-01T12:00:00Z,9.8,0.2
Bern,2026-03-01T06:00:00Z,2.6,0.0
Bern,2026-03-01T12:00:00Z,8.3,1.4
Chur,2026-03-01T06:00:00Z,1.2,0.6
Chur,2026-03-01T12:00:00Z,7.0,0.0
"""
"""Made up; free for any use (CC0 1.0)."""

_METADATA = {
    "title": "Weather of the region",
    "description": "<p>Measured every six hours at the stations of the region.</p>",
    "keyword": ["weather", "rain"],
    "publisher": "The region",
    "language": "en",
}

_SERVER = Path("remote", "ftp", "files.region.example")

_FILES = {
    "open-data/datasets.csv": """name;title;description;keyword;publisher;language;source_dataset
bathing;Bathing water of the region;Temperature at the bathing places;water;The region;en;bathing-water.csv
wells;Wells of the region;Public wells with drinking water;water;The region;en;wells.csv
""",
    "open-data/bathing-water.csv": "place,day,temperature\nLido,2026-07-01,21.4\nRock beach,2026-07-01,19.8\n",
    "open-data/wells.csv": "well,place\nLion,Old town\nBear,Station\nEagle,Harbour\n",
    "measurements/rain.csv": "gauge,day,millimetres\nTown hall,2026-07-01,0.0\nTown hall,2026-07-02,4.6\n",
}
"""The files on the region's server. Made up; free for any use (CC0 1.0)."""

_PROCESSING = 30.0
"""Seconds that the first publication may take."""


class SeedError(Exception):
    """The portal did not take its first content; the message contains the refused call."""


def seed(address: str, key: str) -> None:
    """Make and publish the region's dataset, unless the portal has one of that dataset_id.

    Raises SeedError when the portal refuses a call or cannot be reached.
    """
    headers = {"Authorization": f"Apikey {key}"}
    try:
        with httpx.Client(base_url=f"{address}/api/automation/v1.0", headers=headers, timeout=30) as client:
            present = _json(client.get("/datasets/", params={"limit": 1000}))["results"]
            if DATASET_ID in [dataset["dataset_id"] for dataset in present]:
                return
            default = {name: {"value": value} for name, value in _METADATA.items()}
            body = {"dataset_id": DATASET_ID, "metadata": {"default": default}}
            root = f"/datasets/{_json(client.post('/datasets/', json=body))['uid']}"
            files = {"file": ("weather.csv", _CSV.encode(), "text/csv")}
            file = _json(client.post(f"{root}/resources/files/", files=files))
            datasource = {"type": "uploaded_file", "file": {"uid": file["uid"]}}
            source = {"type": "csvfile", "title": "measurements", "datasource": datasource}
            _json(client.post(f"{root}/resources/", json=source))
            _json(client.post(f"{root}/publish/"))
            _wait_until_published(client, root)
    except httpx.HTTPError as reason:
        raise SeedError(f"The portal could not be given its first dataset: {reason}") from None


def serve_region(folder: Path) -> None:
    """Write the files of the region's FTP server, below the folder of an emulator's data."""
    for name, text in _FILES.items():
        file = folder / _SERVER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _wait_until_published(client: httpx.Client, root: str) -> None:
    end = time.monotonic() + _PROCESSING
    while not _json(client.get(f"{root}/status/"))["is_published"]:
        if time.monotonic() > end:
            raise SeedError(f"The portal did not publish {DATASET_ID} within {_PROCESSING:.0f} s")
        time.sleep(0.05)


def _json(response: httpx.Response) -> Any:
    return response.raise_for_status().json()
