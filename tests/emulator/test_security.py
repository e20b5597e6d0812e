"""Tests of the access rules of a dataset."""

import httpx
import pytest

from .calls import Body, body_of, error_detail, new_dataset, new_group, new_user
from .conftest import Switch

NEUTRAL = {"is_data_visible": True, "visible_fields": None, "filter_query": "", "api_calls_quota": None}


@pytest.fixture
def security(api: httpx.Client) -> str:
    """The path of the rules of a new dataset. There is a user louise and a group editors."""
    new_user(api, "louise@example.org")
    new_group(api, "Editors")
    return f"/datasets/{new_dataset(api)}/security"


def test_rule_for_a_user_is_returned_whole(api: httpx.Client, security: str) -> None:
    body = {"user": {"username": "louise"}, "permissions": ["edit_dataset", "publish_dataset"]}

    rule = body_of(api.post(f"{security}/users/", json=body), 201)

    assert rule == {**body, "security": NEUTRAL}
    assert body_of(api.get(f"{security}/users/louise/")) == rule
    assert body_of(api.get(f"{security}/users/"))["results"] == [rule]


def test_rule_for_a_group_contains_its_security(api: httpx.Client, security: str) -> None:
    visible = {
        "is_data_visible": True,
        "visible_fields": ["year"],
        "filter_query": "year>2020",
        "api_calls_quota": {"unit": "month", "limit": 12000},
    }

    rule = body_of(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}, "security": visible}), 201)

    assert rule == {"group": {"uid": "editors"}, "security": visible, "permissions": []}
    assert body_of(api.get(f"{security}/groups/editors/")) == rule


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"permissions": ["edit_dataset", "edit_dataset"]}, "permissions"),
        ({"security": {"visible_fields": ["year", "city", "year"]}}, "security"),
    ],
)
def test_rule_with_duplicates_is_refused(api: httpx.Client, security: str, rule: Body, where: str) -> None:
    body_of(api.post(f"{security}/users/", json={"user": {"username": "louise"}}), 201)

    assert list(error_detail(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}, **rule}))) == [where]
    assert list(error_detail(api.put(f"{security}/users/louise/", json=rule))) == [where]
    assert body_of(api.get(f"{security}/groups/"))["total_count"] == 0


def test_default_security_with_duplicates_is_refused(api: httpx.Client) -> None:
    body = {"default_security": {"visible_fields": ["year", "year"]}}

    refusal = error_detail(api.put(f"/datasets/{new_dataset(api)}/", json=body))

    assert list(refusal["default_security"]) == ["visible_fields"]


def test_a_put_replaces_a_rule_whole(api: httpx.Client, security: str) -> None:
    body = {"user": {"username": "louise"}, "permissions": ["edit_dataset"], "security": {"filter_query": "a=1"}}
    body_of(api.post(f"{security}/users/", json=body), 201)

    changed = body_of(api.put(f"{security}/users/louise/", json={"permissions": ["manage_dataset"]}))

    assert changed == {"user": {"username": "louise"}, "permissions": ["manage_dataset"], "security": NEUTRAL}


def test_the_target_of_a_rule_never_changes(api: httpx.Client, security: str) -> None:
    body_of(api.post(f"{security}/users/", json={"user": {"username": "louise"}}), 201)

    response = api.put(f"{security}/users/louise/", json={"user": {"username": "admin"}})

    assert list(error_detail(response)["user"]) == ["username"]


def test_second_rule_for_a_target_is_refused_or_replaces(api: httpx.Client, security: str, switch: Switch) -> None:
    body = {"group": {"uid": "editors"}}
    body_of(api.post(f"{security}/groups/", json=body), 201)

    assert list(error_detail(api.post(f"{security}/groups/", json=body))) == ["group"]
    switch(second_rule="replace")
    body_of(api.post(f"{security}/groups/", json={**body, "permissions": ["edit_dataset"]}), 201)
    assert [one["permissions"] for one in body_of(api.get(f"{security}/groups/"))["results"]] == [["edit_dataset"]]


def test_rule_for_an_unknown_target_is_refused(api: httpx.Client, security: str) -> None:
    assert error_detail(api.post(f"{security}/users/", json={"user": {"username": "ghost"}})) == {
        "user": {"username": ['User "ghost" does not exist.']}
    }
    assert error_detail(api.post(f"{security}/groups/", json={})) == {"group": ["This field is required"]}


def test_portal_permission_in_a_dataset_rule_is_refused(api: httpx.Client, security: str) -> None:
    response = api.post(f"{security}/users/", json={"user": {"username": "louise"}, "permissions": ["edit_domain"]})

    assert error_detail(response) == {"permissions": {"0": ['"edit_domain" is not a valid choice.']}}


def test_a_rule_is_deleted(api: httpx.Client, security: str) -> None:
    body_of(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}}), 201)

    assert api.delete(f"{security}/groups/editors/").status_code == 204
    assert api.delete(f"{security}/groups/editors/").status_code == 404
    assert api.put(f"{security}/groups/editors/", json={}).status_code == 404


def test_deleting_a_group_deletes_its_rules(api: httpx.Client, security: str) -> None:
    body_of(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}}), 201)

    assert api.delete("/groups/editors/").status_code == 204

    assert body_of(api.get(f"{security}/groups/"))["total_count"] == 0
