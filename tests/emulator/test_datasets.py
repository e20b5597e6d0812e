"""Tests of datasets."""

import re

import httpx
import pytest

from .calls import (
    Body,
    body_of,
    error_detail,
    key_with,
    new_dataset,
    new_user,
    publish,
    wait_for_status,
    wait_until_settled,
)
from .conftest import Connect, Switch

TITLE = {"default": {"title": {"value": "Air quality"}}}


def test_dataset_contains_the_defaults_of_the_portal(api: httpx.Client) -> None:
    dataset = body_of(api.post("/datasets/", json={"dataset_id": "air", "metadata": TITLE}), 201)

    assert re.fullmatch(r"da_[a-z0-9]{6}", dataset["uid"])
    assert (dataset["dataset_id"], dataset["is_published"], dataset["is_restricted"]) == ("air", False, False)
    assert dataset["created_at"] == dataset["updated_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", dataset["created_at"])
    assert dataset["default_security"] == {
        "is_data_visible": True,
        "visible_fields": None,
        "filter_query": "",
        "api_calls_quota": None,
    }
    assert (dataset["created_by"], dataset["asset_type"]) == ({"username": "admin"}, "dataset")
    assert body_of(api.get(f"/datasets/{dataset['uid']}/")) == dataset


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"dataset_id": "air"}, {"metadata": ["This field is required"]}),
        ({"dataset_id": "a b", "metadata": {}}, {"dataset_id"}),
        ({"dataset_id": "", "metadata": {}}, {"dataset_id"}),
        ({"is_restricted": "perhaps", "metadata": {}}, {"is_restricted": ["Must be a valid boolean."]}),
        ({"metadata": {}, "default_security": {"api_calls_quota": {"unit": "year", "limit": 1}}}, {"default_security"}),
    ],
)
def test_an_invalid_dataset_is_refused_by_path(api: httpx.Client, body: Body, detail: Body | set[str]) -> None:
    refusal = error_detail(api.post("/datasets/", json=body))

    assert (refusal if isinstance(detail, dict) else set(refusal)) == detail


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_metadata_value_is_refused(api: httpx.Client, empty: object) -> None:
    response = api.post("/datasets/", json={"metadata": {"default": {"publisher": {"value": empty}}}})

    assert error_detail(response) == {
        "metadata": {"default": {"publisher": {"value": ["This field may not be empty."]}}}
    }


def test_a_taken_dataset_id_is_refused(api: httpx.Client) -> None:
    new_dataset(api, "air")

    response = api.post("/datasets/", json={"dataset_id": "air", "metadata": TITLE})

    assert list(error_detail(response)) == ["dataset_id"]
    assert body_of(api.get("/datasets/"))["total_count"] == 1


@pytest.mark.parametrize(("manner", "given"), [("accept", "air"), ("suffix", "air-1")])
def test_a_taken_dataset_id_can_be_accepted_or_altered(
    api: httpx.Client, switch: Switch, manner: str, given: str
) -> None:
    new_dataset(api, "air")
    switch(duplicate_dataset_id=manner)

    assert body_of(api.post("/datasets/", json={"dataset_id": "air", "metadata": TITLE}), 201)["dataset_id"] == given


def test_omitted_dataset_id_is_made_of_the_title_or_the_uid(api: httpx.Client) -> None:
    first = body_of(api.post("/datasets/", json={"metadata": TITLE}), 201)
    second = body_of(api.post("/datasets/", json={"metadata": TITLE}), 201)
    third = body_of(api.post("/datasets/", json={"metadata": {}}), 201)

    assert (first["dataset_id"], second["dataset_id"]) == ("air-quality", "air-quality-1")
    assert third["dataset_id"] == third["uid"]


def test_a_dataset_is_found_by_its_dataset_id_or_not_at_all(api: httpx.Client) -> None:
    uid = new_dataset(api, "air")
    new_dataset(api, "water")

    assert [one["uid"] for one in body_of(api.get("/datasets?dataset_id=air"))["results"]] == [uid]
    assert body_of(api.get("/datasets?dataset_id=fire")) == {
        "total_count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_other_filters_give_the_unfiltered_list(api: httpx.Client) -> None:
    new_dataset(api, "air")
    new_dataset(api, "water")

    assert body_of(api.get("/datasets/?where=dataset_id%3D'air'&sort=-modified&search=air"))["total_count"] == 2


def test_a_draft_is_hidden_from_lists(api: httpx.Client) -> None:
    uid = new_dataset(api, "air", metadata={"internal": {"draft": {"value": True}}})

    assert body_of(api.get("/datasets/?dataset_id=air"))["total_count"] == 0
    assert body_of(api.get(f"/datasets/{uid}/"))["dataset_id"] == "air"


def test_a_put_changes_what_it_names_and_nothing_else(api: httpx.Client) -> None:
    uid = new_dataset(api)
    security = {"is_data_visible": False, "visible_fields": [], "filter_query": "year=2024"}

    body_of(api.put(f"/datasets/{uid}", data={"is_restricted": "true"}))
    changed = body_of(api.put(f"/datasets/{uid}", json={"default_security": security}))

    assert (changed["is_restricted"], changed["dataset_id"]) == (True, "air")
    assert changed["default_security"] == {**security, "api_calls_quota": None}
    assert changed["metadata"]["default"]["title"] == {"value": "Air"}


def test_a_put_of_nothing_changes_nothing(api: httpx.Client) -> None:
    uid = new_dataset(api)
    before = body_of(api.get(f"/datasets/{uid}/"))

    after = body_of(api.put(f"/datasets/{uid}/"))

    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}


def test_metadata_in_a_put_replace_what_was_there(api: httpx.Client, switch: Switch) -> None:
    uid = new_dataset(api, metadata={"default": {"title": {"value": "Air"}, "publisher": {"value": "City"}}})
    body = {"metadata": {"default": {"title": {"value": "Wind"}}}}

    switch(metadata_in_dataset_put="merges")
    merged = body_of(api.put(f"/datasets/{uid}/", json=body))["metadata"]["default"]
    switch(metadata_in_dataset_put="replaces")
    replaced = body_of(api.put(f"/datasets/{uid}/", json=body))["metadata"]["default"]

    assert (merged["title"], merged["publisher"]) == ({"value": "Wind"}, {"value": "City"})
    assert (replaced["title"], "publisher" in replaced) == ({"value": "Wind"}, False)


def test_a_dataset_id_changes_only_while_unpublished(api: httpx.Client) -> None:
    uid = new_dataset(api, "air")
    new_dataset(api, "taken")
    publish(api, uid)

    assert list(error_detail(api.put(f"/datasets/{uid}/", json={"dataset_id": "wind"}))) == ["dataset_id"]
    assert body_of(api.put(f"/datasets/{uid}/", json={"dataset_id": "air"}))["dataset_id"] == "air"
    body_of(api.post(f"/datasets/{uid}/unpublish/"))
    wait_until_settled(api, uid)
    assert list(error_detail(api.put(f"/datasets/{uid}/", json={"dataset_id": "taken"}))) == ["dataset_id"]
    assert body_of(api.put(f"/datasets/{uid}/", json={"dataset_id": "wind"}))["dataset_id"] == "wind"


def test_deleted_dataset_is_not_found(api: httpx.Client) -> None:
    uid = new_dataset(api)
    publish(api, uid)

    assert api.delete(f"/datasets/{uid}/").status_code == 204
    assert api.get(f"/datasets/{uid}/").status_code == 404
    assert api.delete(f"/datasets/{uid}/").status_code == 404
    assert body_of(api.get("/datasets/"))["total_count"] == 0


def test_a_busy_dataset_is_not_deleted(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=10_000)
    uid = new_dataset(api)
    body_of(api.post(f"/datasets/{uid}/publish/"))
    wait_for_status(api, uid, "processing")

    assert body_of(api.delete(f"/datasets/{uid}/"), 400)["error_code"] == "invalid_dataset_status"
    switch(delete_while_busy="accept")
    assert api.delete(f"/datasets/{uid}/").status_code == 204
    assert api.get(f"/datasets/{uid}/").status_code == 404


def test_write_to_a_busy_dataset_is_accepted_or_refused(api: httpx.Client, switch: Switch) -> None:
    switch(processing_ms=10_000)
    uid = new_dataset(api)
    body_of(api.post(f"/datasets/{uid}/publish/"))
    wait_for_status(api, uid, "processing")

    body_of(api.put(f"/datasets/{uid}/", json={"is_restricted": True}))
    switch(write_while_busy="refuse")
    assert body_of(api.put(f"/datasets/{uid}/", json={}), 400)["error_code"] == "invalid_dataset_status"
    rule = {"type": "delete", "field": "x"}
    assert body_of(api.post(f"/datasets/{uid}/fields/", json=rule), 400)["error_code"] == "invalid_dataset_status"
    assert body_of(api.get(f"/datasets/{uid}/fields/"))["total_count"] == 0


def test_key_lists_only_the_datasets_it_may_edit(api: httpx.Client, connect: Connect, switch: Switch) -> None:
    uid = new_dataset(api)
    explorer = connect(key_with(api, "explore_restricted_dataset"))

    assert body_of(explorer.get("/datasets/"))["total_count"] == 0
    assert explorer.get(f"/datasets/{uid}/").status_code == 403
    switch(forbidden_dataset="not_found")
    assert explorer.get(f"/datasets/{uid}/").status_code == 404


@pytest.mark.parametrize(
    ("permissions", "method", "path", "body", "status"),
    [
        (["edit_dataset"], "POST", "/datasets/", {"metadata": {}}, 403),
        (["create_dataset"], "POST", "/datasets/", {"metadata": {}}, 201),
        (["create_dataset"], "POST", "/datasets/", {"metadata": {}, "is_restricted": True}, 403),
        (["create_dataset"], "GET", "/datasets/{uid}/", None, 403),
        (["edit_dataset"], "PUT", "/datasets/{uid}/", {"is_restricted": True}, 403),
        (["edit_dataset"], "PUT", "/datasets/{uid}/", {"is_restricted": False}, 200),
        (["edit_dataset", "manage_dataset"], "PUT", "/datasets/{uid}/", {"is_restricted": True}, 200),
        (["edit_dataset"], "PUT", "/datasets/{uid}/metadata/default/title/", {"value": "x"}, 200),
        (["edit_dataset"], "POST", "/datasets/{uid}/publish/", None, 403),
        (["edit_dataset", "publish_dataset"], "POST", "/datasets/{uid}/publish/", None, 200),
        (["edit_dataset"], "GET", "/datasets/{uid}/security/users/", None, 403),
        (["edit_dataset", "manage_dataset"], "GET", "/datasets/{uid}/security/users/", None, 200),
        (["edit_dataset"], "GET", "/extractors/", None, 200),
        (["explore_restricted_dataset"], "GET", "/processors/", None, 403),
        (["edit_dataset"], "GET", "/users/", None, 403),
    ],
)
def test_each_action_needs_its_permission(
    api: httpx.Client,
    connect: Connect,
    permissions: list[str],
    method: str,
    path: str,
    body: Body | None,
    status: int,
) -> None:
    uid = new_dataset(api)

    response = connect(key_with(api, *permissions)).request(method, path.format(uid=uid), json=body)

    assert response.status_code == status, response.text


def test_missing_permission_precedes_an_invalid_body(api: httpx.Client, connect: Connect) -> None:
    uid = new_dataset(api)

    response = connect(key_with(api)).put(f"/datasets/{uid}/", json={"is_restricted": "perhaps"})

    assert response.status_code == 403


def test_rule_grants_its_user_access_to_one_dataset(api: httpx.Client, connect: Connect) -> None:
    mine, other = new_dataset(api, "mine"), new_dataset(api, "other")
    rule = {"user": {"username": "admin"}, "permissions": ["edit_dataset"]}
    body_of(api.post(f"/datasets/{mine}/security/users/", json=rule), 201)
    key = key_with(api, "edit_dataset")
    new_user(api, "boss@example.org", permissions=["edit_domain"])
    body_of(api.put("/users/admin/", json={"permissions": []}))

    editor = connect(key)

    assert [one["uid"] for one in body_of(editor.get("/datasets/"))["results"]] == [mine]
    assert editor.get(f"/datasets/{mine}/").status_code == 200
    assert editor.get(f"/datasets/{other}/").status_code == 403


def test_creator_of_a_dataset_can_get_a_rule(api: httpx.Client, switch: Switch) -> None:
    switch(creator_gets_rule=True)
    uid = new_dataset(api)

    assert body_of(api.get(f"/datasets/{uid}/security/users/admin/"))["permissions"] == [
        "explore_restricted_dataset",
        "edit_dataset",
        "publish_dataset",
        "manage_dataset",
    ]


def test_new_datasets_can_be_restricted_by_default(api: httpx.Client, switch: Switch) -> None:
    switch(restrict_new_datasets=True)

    assert body_of(api.get(f"/datasets/{new_dataset(api)}/"))["is_restricted"] is True
