"""Tests of attachments, alternative exports, and copies of datasets with their files."""

import httpx
import pytest

from .calls import Body, add_csv, body_of, error_detail, new_dataset, new_group, publish
from .conftest import Connect, Switch


@pytest.fixture
def dataset(api: httpx.Client) -> str:
    return new_dataset(api)


def attach(api: httpx.Client, dataset: str, content: bytes = b"text", name: str = "notes.txt") -> Body:
    return body_of(api.post(f"/datasets/{dataset}/attachments/", files={"file": (name, content)}), 201)


def test_attachment_is_created_and_deleted(api: httpx.Client, dataset: str) -> None:
    attachment = attach(api, dataset, b"\x00\xff", "Übersicht.pdf")
    path = f"/datasets/{dataset}/attachments/{attachment['uid']}/"

    assert attachment["uid"].startswith("at_")
    assert (attachment["filename"], attachment["mimetype"]) == ("Übersicht.pdf", "application/pdf")
    assert body_of(api.get(path)) == attachment
    response = api.get(f"{path}download/")
    assert response.content == b"\x00\xff"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"?bersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf"
    )
    assert api.put(path, json={}).status_code == 405
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.get(f"{path}download/").status_code == 404


def test_two_attachments_may_have_one_name(api: httpx.Client, dataset: str) -> None:
    uids = [attach(api, dataset, content)["uid"] for content in (b"one", b"two")]

    listed = body_of(api.get(f"/datasets/{dataset}/attachments/"))["results"]

    assert [one["uid"] for one in listed] == uids
    assert [one["filename"] for one in listed] == ["notes.txt"] * 2


def test_attachment_can_be_identified_by_its_name(api: httpx.Client, dataset: str, switch: Switch) -> None:
    switch(attachment_uid="filename")

    assert [attach(api, dataset)["uid"] for _ in range(2)] == ["notes.txt", "notes_1.txt"]
    switch(same_file_name="overwrite")
    assert attach(api, dataset, b"new")["uid"] == "notes.txt"
    assert body_of(api.get(f"/datasets/{dataset}/attachments/"))["total_count"] == 2


def export(api: httpx.Client, dataset: str, **fields: str) -> httpx.Response:
    data = {"type": "uploaded_file", "title": "As a drawing", **fields}
    return api.post(f"/datasets/{dataset}/alternative_exports/", data=data, files={"file": ("map.svg", b"<svg/>")})


def test_an_alternative_export_changes_all_but_its_file(api: httpx.Client, dataset: str) -> None:
    created = body_of(export(api, dataset, description="By hand"), 201)
    path = f"/datasets/{dataset}/alternative_exports/{created['uid']}/"

    assert created["uid"].startswith("ae_")
    assert (created["type"], created["title"], created["description"]) == ("uploaded_file", "As a drawing", "By hand")
    assert (created["filename"], created["mimetype"]) == ("map.svg", "image/svg+xml")
    assert body_of(api.get(path)) == created
    changed = body_of(api.put(path, json={"type": "uploaded_file", "title": "A map"}))
    assert (changed["title"], changed["description"], changed["filename"]) == ("A map", "By hand", "map.svg")
    assert list(error_detail(api.put(path, json={"title": "A map"}))) == ["type"]
    assert api.get(f"{path}download/").content == b"<svg/>"
    assert body_of(api.get(f"/datasets/{dataset}/alternative_exports/"))["total_count"] == 1
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(("fields", "wrong"), [({"title": ""}, "title"), ({"type": "url"}, "type")])
def test_an_alternative_export_needs_a_title_and_a_file(
    api: httpx.Client, dataset: str, fields: dict[str, str], wrong: str
) -> None:
    assert list(error_detail(export(api, dataset, **fields))) == [wrong]


def test_copy_has_all_but_identifiers_and_access_rules(api: httpx.Client, dataset: str, switch: Switch) -> None:
    add_csv(api, dataset)
    attach(api, dataset)
    body_of(export(api, dataset), 201)
    rule = {"type": "delete", "label": "x", "field": "size"}
    body_of(api.post(f"/datasets/{dataset}/fields/", json=rule), 201)
    group = new_group(api, "Editors")["uid"]
    body_of(api.post(f"/datasets/{dataset}/security/groups/", json={"group": {"uid": group}}), 201)
    publish(api, dataset)

    copy = body_of(api.post(f"/datasets/{dataset}/copy/"), 201)
    switch(copy_takes_rules=True)
    second = body_of(api.post(f"/datasets/{dataset}/copy/"), 201)

    assert (copy["dataset_id"], second["dataset_id"]) == ("air-copy", "air-copy-1")
    assert (copy["is_published"], copy["uid"] != dataset) == (False, True)
    assert copy["metadata"] == body_of(api.get(f"/datasets/{dataset}/"))["metadata"]
    assert api.delete(f"/datasets/{dataset}/").status_code == 204
    for part in ("resources", "fields", "attachments", "alternative_exports"):
        assert body_of(api.get(f"/datasets/{copy['uid']}/{part}/"))["total_count"] == 1
    assert body_of(api.get(f"/datasets/{copy['uid']}/security/groups/"))["total_count"] == 0
    assert body_of(api.get(f"/datasets/{second['uid']}/security/groups/"))["total_count"] == 1
    assert publish(api, copy["uid"])["is_published"] is True
    attachment = body_of(api.get(f"/datasets/{copy['uid']}/attachments/"))["results"][0]
    assert api.get(f"/datasets/{copy['uid']}/attachments/{attachment['uid']}/download/").content == b"text"


def test_a_copy_needs_the_right_to_create(api: httpx.Client, dataset: str, connect: Connect) -> None:
    key = body_of(api.post("/apikeys/", json={"permissions": ["edit_dataset"]}), 201)["key"]

    assert connect(key).post(f"/datasets/{dataset}/copy/").status_code == 403
