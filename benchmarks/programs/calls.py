"""The calls of the API by which the group and one dataset are made, changed and deleted, one after another."""

import os
import time
from pathlib import Path
from typing import Any

import httpx

LOOK_EVERY = 0.5
"""Seconds between two looks at the status of a dataset that is processed."""


def connect() -> httpx.Client:
    """A client of the portal."""
    return httpx.Client(
        base_url=f"{os.environ['OPENDATASOFT_DOMAIN']}/api/automation/v1.0",
        headers={"Authorization": f"apikey {os.environ['OPENDATASOFT_API_KEY']}"},
        timeout=60,
    )


def send(client: httpx.Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    """Make one call, and return the value of its response."""
    response = client.request(method, path, json=body, **more).raise_for_status()
    return response.json() if response.content else None


def create_group(client: httpx.Client) -> str:
    """Create the group of editors; returns its uid."""
    uid: str = send(client, "POST", "/groups/", {"title": "Editors"})["uid"]
    return uid


def create_dataset(client: httpx.Client, name: str, title: str, group: str) -> str:
    """Create a dataset, publish it, and wait until it is processed; returns its uid."""
    metadata = {
        "default": {"title": {"value": title}, "language": {"value": "en"}, "keyword": {"value": ["air", "climate"]}},
        "internal": {"license_id": {"value": "cc_by"}},
    }
    uid: str = send(client, "POST", "/datasets/", {"dataset_id": name, "metadata": metadata})["uid"]
    path = f"/datasets/{uid}"
    file = send(client, "POST", f"{path}/resources/files/", files={"file": ("air.csv", Path("air.csv").read_bytes())})
    source = {"type": "uploaded_file", "file": {"uid": file["uid"]}}
    send(client, "POST", f"{path}/resources/", {"type": "csvfile", "title": "day", "params": {}, "datasource": source})
    rename = {"type": "rename", "from_name": "value", "to_name": "pm10", "field_label": "PM10"}
    send(client, "POST", f"{path}/fields/", rename)
    send(client, "POST", f"{path}/fields/", {"type": "type", "field": "day", "type_param": "date"})
    send(client, "POST", f"{path}/security/groups/", {"group": {"uid": group}, "permissions": ["edit_dataset"]})
    send(client, "POST", f"{path}/publish/")
    while send(client, "GET", f"{path}/status/")["status"] not in ("idle", "error", "limit_reached"):
        time.sleep(LOOK_EVERY)
    return uid


def change_title(client: httpx.Client, uid: str, title: str) -> None:
    """Give a dataset another title, and make it public."""
    send(client, "PUT", f"/datasets/{uid}/metadata/default/title/", {"value": title})
    send(client, "POST", f"/datasets/{uid}/publish_metadata/")


def read_dataset(client: httpx.Client, uid: str) -> dict[str, Any]:
    """Read a dataset with its sources, its field rules and its access rules."""
    path = f"/datasets/{uid}"
    dataset: dict[str, Any] = send(client, "GET", f"{path}/")
    parts = ("resources", "fields", "security/groups")
    return dataset | {part: send(client, "GET", f"{path}/{part}/") for part in parts}
