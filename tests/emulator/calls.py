"""Calls that many tests make."""

import time
from typing import Any

import httpx

Body = dict[str, Any]


def told(response: httpx.Response, status: int = 200) -> Body:
    """The body of an answer that must have this status."""
    assert response.status_code == status, f"{response.request.method} {response.url}: {response.text}"
    body: Body = response.json()
    return body


def refused(response: httpx.Response, status: int = 400) -> Body:
    """The `detail` of a refusal, or its whole body where it has none."""
    body = told(response, status)
    detail: Body = body.get("detail", body)
    return detail


def new_group(api: httpx.Client, title: str, **more: Any) -> Body:
    """A group that was just made."""
    return told(api.post("/groups/", json={"title": title, **more}), 201)


def new_user(api: httpx.Client, email: str, **more: Any) -> Body:
    """A user who was just invited."""
    answer = told(api.post("/users/invite/", json=[{"email": email, **more}]))["0"]
    assert answer["status_code"] == "success", answer
    user: Body = answer["data"]
    return user


def key_with(api: httpx.Client, *permissions: str) -> str:
    """A key of the caller with these permissions."""
    key: str = told(api.post("/apikeys/", json={"label": "test", "permissions": permissions}), 201)["key"]
    return key


def new_dataset(api: httpx.Client, dataset_id: str = "air", **more: Any) -> str:
    """The uid of a dataset that was just made."""
    body = {"dataset_id": dataset_id, "metadata": {"default": {"title": {"value": dataset_id.title()}}}, **more}
    uid: str = told(api.post("/datasets/", json=body), 201)["uid"]
    return uid


def upload(api: httpx.Client, dataset_uid: str, content: str, name: str = "data.csv") -> str:
    """The uid of a file that was just sent."""
    files = {"file": (name, content.encode())}
    uid: str = told(api.post(f"/datasets/{dataset_uid}/resources/files/", files=files), 201)["uid"]
    return uid


def add_csv(api: httpx.Client, dataset_uid: str, content: str = "city,size\nBasel,3\nBern,4\n") -> str:
    """The uid of a resource that reads this CSV."""
    file = upload(api, dataset_uid, content)
    body = {
        "type": "csvfile",
        "title": "Data",
        "params": {"separator": ","},
        "datasource": {"type": "uploaded_file", "file": {"uid": file}},
    }
    uid: str = told(api.post(f"/datasets/{dataset_uid}/resources/", json=body), 201)["uid"]
    return uid


def settled(api: httpx.Client, dataset_uid: str, within: float = 20.0) -> Body:
    """The status of a dataset once it is idle again, or in error."""
    deadline = time.monotonic() + within
    while True:
        status = told(api.get(f"/datasets/{dataset_uid}/status/"))
        if status["status"] in ("idle", "error", "limit_reached"):
            return status
        assert time.monotonic() < deadline, f"{dataset_uid} is still {status['status']}"
        time.sleep(0.02)


def until(api: httpx.Client, dataset_uid: str, name: str, within: float = 20.0) -> None:
    """Wait until a dataset is in this status."""
    deadline = time.monotonic() + within
    while told(api.get(f"/datasets/{dataset_uid}/status/"))["status"] != name:
        assert time.monotonic() < deadline, f"{dataset_uid} never was {name}"
        time.sleep(0.01)


def publish(api: httpx.Client, dataset_uid: str) -> Body:
    """Publish a dataset; its status afterwards."""
    told(api.post(f"/datasets/{dataset_uid}/publish/"))
    return settled(api, dataset_uid)
