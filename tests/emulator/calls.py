"""Calls of the Automation API and the Explore API that many tests share."""

import time
from typing import Any

import httpx
from opendatasoft_emulator.server import Emulator

Body = dict[str, Any]

EXPLORE = "/api/explore/v2.1/catalog/datasets"


def body_of(response: httpx.Response, status: int = 200) -> Body:
    """The body of a response. Fails unless it has this status."""
    assert response.status_code == status, f"{response.request.method} {response.url}: {response.text}"
    body: Body = response.json()
    return body


def error_detail(response: httpx.Response, status: int = 400) -> Body:
    """The `detail` of an error response, or its whole body where it has none."""
    body = body_of(response, status)
    detail: Body = body.get("detail", body)
    return detail


def new_group(api: httpx.Client, title: str, **more: Any) -> Body:
    """Create a group; return its body."""
    return body_of(api.post("/groups/", json={"title": title, **more}), 201)


def new_user(api: httpx.Client, email: str, **more: Any) -> Body:
    """Invite a user; return their body."""
    response = body_of(api.post("/users/invite/", json=[{"email": email, **more}]))["0"]
    assert response["status_code"] == "success", response
    user: Body = response["data"]
    return user


def key_with(api: httpx.Client, *permissions: str) -> str:
    """Create a key of the caller with these permissions."""
    key: str = body_of(api.post("/apikeys/", json={"label": "test", "permissions": permissions}), 201)["key"]
    return key


def new_dataset(api: httpx.Client, dataset_id: str = "air", **more: Any) -> str:
    """Create a dataset; return its uid."""
    body = {"dataset_id": dataset_id, "metadata": {"default": {"title": {"value": dataset_id.title()}}}, **more}
    uid: str = body_of(api.post("/datasets/", json=body), 201)["uid"]
    return uid


def upload(api: httpx.Client, dataset_uid: str, content: str, name: str = "data.csv") -> str:
    """Upload a file; return its uid."""
    files = {"file": (name, content.encode())}
    uid: str = body_of(api.post(f"/datasets/{dataset_uid}/resources/files/", files=files), 201)["uid"]
    return uid


def add_csv(api: httpx.Client, dataset_uid: str, content: str = "city,size\nBasel,3\nBern,4\n") -> str:
    """Create a resource that reads this CSV; return its uid."""
    file = upload(api, dataset_uid, content)
    body = {
        "type": "csvfile",
        "title": "Data",
        "params": {"separator": ","},
        "datasource": {"type": "uploaded_file", "file": {"uid": file}},
    }
    uid: str = body_of(api.post(f"/datasets/{dataset_uid}/resources/", json=body), 201)["uid"]
    return uid


def wait_until_settled(api: httpx.Client, dataset_uid: str, within: float = 60.0) -> Body:
    """Wait until a dataset is idle, or in error; return its status."""
    deadline = time.monotonic() + within
    pause = 0.005
    while True:
        status = body_of(api.get(f"/datasets/{dataset_uid}/status/"))
        if status["status"] in ("idle", "error", "limit_reached"):
            return status
        assert time.monotonic() < deadline, f"{dataset_uid} is still {status['status']}"
        time.sleep(pause)
        pause = min(2 * pause, 0.08)


def wait_for_status(api: httpx.Client, dataset_uid: str, name: str, within: float = 60.0) -> None:
    """Wait until a dataset is in this status."""
    deadline = time.monotonic() + within
    while body_of(api.get(f"/datasets/{dataset_uid}/status/"))["status"] != name:
        assert time.monotonic() < deadline, f"{dataset_uid} never was {name}"
        time.sleep(0.01)


def publish(api: httpx.Client, dataset_uid: str) -> Body:
    """Publish a dataset; return its status afterwards."""
    body_of(api.post(f"/datasets/{dataset_uid}/publish/"))
    return wait_until_settled(api, dataset_uid)


def public(emulator: Emulator, path: str) -> httpx.Response:
    """The response of the Explore API to a request without a key."""
    return httpx.get(f"{emulator.url}{EXPLORE}{path}", verify=False, timeout=30)


def records(emulator: Emulator, dataset_id: str = "air") -> list[Body]:
    """The public records of a dataset."""
    found: list[Body] = body_of(public(emulator, f"/{dataset_id}/records"))["results"]
    return found


def status_of(api: httpx.Client, dataset: str) -> Body:
    """The status of a dataset."""
    return body_of(api.get(f"/datasets/{dataset}/status/"))
