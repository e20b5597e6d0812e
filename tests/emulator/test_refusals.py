"""Tests of bodies that independent clients sent and that must be refused, and of values that are not known."""

from typing import Any

import httpx
import pytest

from .calls import Body, add_csv, body_of, error_detail, new_dataset, new_user, publish
from .conftest import Switch

TITLE = {"title": {"value": "Air"}}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("type", ["csvfile", "nonsense"])
def test_resource_without_a_datasource_must_be_a_realtime_one(api: httpx.Client, switch: Switch, type: str) -> None:
    path = f"/datasets/{new_dataset(api)}/resources/"
    body = {"type": type, "title": "x"}

    assert error_detail(api.post(path, json=body)) == {"datasource": ["This field is required"]}
    assert "url" in body_of(api.post(path, json={"type": "realtime", "title": "pushed"}), 201)
    switch(resource_without_datasource="accept")
    assert "url" in body_of(api.post(path, json=body), 201)


@pytest.mark.parametrize(
    ("metadata", "detail"),
    [
        ({"default": {**TITLE, "tags": {"value": ["a"]}}}, {"default": {"tags": ["Unknown metadata field."]}}),
        ({"default": TITLE, "fantasy": {"x": {"value": 1}}}, {"fantasy": ["Unknown metadata template."]}),
    ],
    ids=["field", "template"],
)
def test_unknown_metadata_of_a_new_dataset_are_named(
    api: httpx.Client, switch: Switch, metadata: Body, detail: Body
) -> None:
    assert error_detail(api.post("/datasets/", json={"metadata": metadata})) == {"metadata": detail}
    assert body_of(api.get("/datasets/"))["total_count"] == 0
    switch(unknown_metadata_at_creation="not_found")
    assert api.post("/datasets/", json={"metadata": metadata}).status_code == 404


def test_custom_metadata_at_creation_can_be_refused(api: httpx.Client, switch: Switch) -> None:
    switch(custom_metadata_at_creation="refused")
    body = {"metadata": {"default": TITLE, "custom": {"district": {"value": "North"}}}}

    assert list(error_detail(api.post("/datasets/", json=body))["metadata"]) == ["custom"]


def test_unknown_metadata_are_refused_by_their_path(api: httpx.Client, switch: Switch) -> None:
    switch(unknown_metadata="invalid")
    path = f"/datasets/{new_dataset(api)}/metadata/"

    whole = error_detail(api.put(path, json={"default": {**TITLE, "tags": {"value": ["a"]}}}))
    template = error_detail(api.put(f"{path}default/", json={"tags": {"value": ["a"]}}))

    assert whole == {"default": {"tags": ["Unknown metadata field."]}}
    assert template == {"tags": ["Unknown metadata field."]}


def test_connection_of_an_unknown_type_is_refused(api: httpx.Client, switch: Switch) -> None:
    body = {"type": "htpp", "url": "https://files.example.org"}

    assert error_detail(api.post("/datasource_connections/", json=body)) == {"type": ['"htpp" is not a valid choice.']}
    switch(further_connection_types=["htpp"])
    assert body_of(api.post("/datasource_connections/", json=body), 201)["type"] == "htpp"


@pytest.mark.parametrize(
    ("changed", "member"),
    [({"email": "not an address"}, "email"), ({"identity_provider_attributes": 5}, "identity_provider_attributes")],
)
def test_invalid_provision_is_an_error_of_its_item(api: httpx.Client, changed: Body, member: str) -> None:
    body = {"email": "ana@example.org", "identity_provider": {"uid": "city"}, **changed}

    result = body_of(api.post("/users/provision/", json=[body]))["0"]

    assert (result["status_code"], list(result["error"]["detail"])) == ("error", [member])


@pytest.mark.parametrize(("zone", "is_valid"), [("Nowhere/x", False), ("Europe/Zurich", True), ("UTC", True)])
def test_timezone_is_one_that_exists(api: httpx.Client, zone: str, is_valid: bool) -> None:
    response = api.put(f"/datasets/{new_dataset(api)}/metadata/default/timezone/", json={"value": zone})

    assert response.status_code == (200 if is_valid else 400)


def test_read_only_members_of_a_body_are_ignored(api: httpx.Client) -> None:
    connection = {"type": "jcdecaux", "can_reuse": 5, "dataset_count": 7}
    created = body_of(api.post("/datasource_connections/", json=connection), 201)
    key = body_of(api.post("/apikeys/", json={"label": "x", "key": "mine", "permissions": []}), 201)

    assert (created["can_reuse"], created["dataset_count"]) == (True, 0)
    assert key["key"] != "mine"


@pytest.mark.parametrize(("field", "value"), [("theme_id", ["a"]), ("tags", ["a", "b"]), ("tags", "a")])
def test_further_fields_of_default_are_unknown_or_taken(
    api: httpx.Client, switch: Switch, field: str, value: Any
) -> None:
    path = f"/datasets/{new_dataset(api)}/metadata/default/{field}/"

    assert api.put(path, json={"value": value}).status_code == 404
    switch(further_default_fields=["theme_id", "tags"])
    assert body_of(api.put(path, json={"value": value})) == {"value": value}


# ---------------------------------------------------------------- what is not known


def test_times_of_a_user_that_are_not_known_are_absent(api: httpx.Client, switch: Switch) -> None:
    username = new_user(api, "ana@example.org")["username"]
    times = ("joined_at", "last_seen_at", "last_login_at")

    def found() -> list[Body]:
        return [body_of(api.get(f"/users/{username}/")), body_of(api.get("/users/"))["results"][-1]]

    assert [user for user in found() if set(times) & user.keys()] == []
    switch(empty_text_told="null")
    assert [{name: user[name] for name in times} for user in found()] == [dict.fromkeys(times)] * 2


def test_media_type_that_is_not_known_is_absent(api: httpx.Client, switch: Switch) -> None:
    path = f"/datasets/{new_dataset(api)}/alternative_exports/"
    file, form = {"file": ("air.unheardof", b"x")}, {"type": "uploaded_file", "title": "Air"}
    created = body_of(api.post(path, files=file, data=form), 201)

    assert "mimetype" not in created
    assert "mimetype" not in body_of(api.get(path))["results"][0]
    switch(empty_text_told="null")
    assert body_of(api.get(f"{path}{created['uid']}/"))["mimetype"] is None


def test_field_without_a_description_has_an_empty_one(api: httpx.Client, switch: Switch) -> None:
    dataset = new_dataset(api)
    path = f"/datasets/{dataset}/resources/{add_csv(api, dataset)}/preview/"
    publish(api, dataset)

    assert {field["description"] for field in body_of(api.get(path))["fields"]} == {""}
    switch(empty_text_told="null")
    assert {field["description"] for field in body_of(api.get(path))["fields"]} == {None}
