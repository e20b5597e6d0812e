"""The access rules of a dataset."""

import httpx
import pytest

from .calls import Body, new_dataset, new_group, new_user, refused, told
from .conftest import Switch

NEUTRAL = {"is_data_visible": True, "visible_fields": None, "filter_query": "", "api_calls_quota": None}


@pytest.fixture
def security(api: httpx.Client) -> str:
    """The path of the rules of a new dataset; there is a user louise and a group editors."""
    new_user(api, "louise@example.org")
    new_group(api, "Editors")
    return f"/datasets/{new_dataset(api)}/security"


def test_a_rule_for_a_user_is_told_whole(api: httpx.Client, security: str) -> None:
    body = {"user": {"username": "louise"}, "permissions": ["edit_dataset", "publish_dataset"]}

    rule = told(api.post(f"{security}/users/", json=body), 201)

    assert rule == {**body, "security": NEUTRAL}
    assert told(api.get(f"{security}/users/louise/")) == rule
    assert told(api.get(f"{security}/users/"))["results"] == [rule]


def test_a_rule_for_a_group_says_what_is_seen(api: httpx.Client, security: str) -> None:
    seen = {
        "is_data_visible": True,
        "visible_fields": ["year"],
        "filter_query": "year>2020",
        "api_calls_quota": {"unit": "month", "limit": 12000},
    }

    rule = told(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}, "security": seen}), 201)

    assert rule == {"group": {"uid": "editors"}, "security": seen, "permissions": []}
    assert told(api.get(f"{security}/groups/editors/")) == rule


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"permissions": ["edit_dataset", "edit_dataset"]}, "permissions"),
        ({"security": {"visible_fields": ["year", "city", "year"]}}, "security"),
    ],
)
def test_a_rule_names_nothing_twice(api: httpx.Client, security: str, rule: Body, where: str) -> None:
    told(api.post(f"{security}/users/", json={"user": {"username": "louise"}}), 201)

    assert list(refused(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}, **rule}))) == [where]
    assert list(refused(api.put(f"{security}/users/louise/", json=rule))) == [where]
    assert told(api.get(f"{security}/groups/"))["total_count"] == 0


def test_the_default_security_names_no_field_twice(api: httpx.Client) -> None:
    body = {"default_security": {"visible_fields": ["year", "year"]}}

    refusal = refused(api.put(f"/datasets/{new_dataset(api)}/", json=body))

    assert list(refusal["default_security"]) == ["visible_fields"]


def test_a_put_replaces_a_rule_whole(api: httpx.Client, security: str) -> None:
    body = {"user": {"username": "louise"}, "permissions": ["edit_dataset"], "security": {"filter_query": "a=1"}}
    told(api.post(f"{security}/users/", json=body), 201)

    changed = told(api.put(f"{security}/users/louise/", json={"permissions": ["manage_dataset"]}))

    assert changed == {"user": {"username": "louise"}, "permissions": ["manage_dataset"], "security": NEUTRAL}


def test_the_target_of_a_rule_never_changes(api: httpx.Client, security: str) -> None:
    told(api.post(f"{security}/users/", json={"user": {"username": "louise"}}), 201)

    response = api.put(f"{security}/users/louise/", json={"user": {"username": "admin"}})

    assert list(refused(response)["user"]) == ["username"]


def test_a_second_rule_for_one_target_is_refused_or_replaces_the_first(
    api: httpx.Client, security: str, switch: Switch
) -> None:
    body = {"group": {"uid": "editors"}}
    told(api.post(f"{security}/groups/", json=body), 201)

    assert list(refused(api.post(f"{security}/groups/", json=body))) == ["group"]
    switch(second_rule="replace")
    told(api.post(f"{security}/groups/", json={**body, "permissions": ["edit_dataset"]}), 201)
    assert [one["permissions"] for one in told(api.get(f"{security}/groups/"))["results"]] == [["edit_dataset"]]


def test_a_rule_for_nobody_is_refused(api: httpx.Client, security: str) -> None:
    assert refused(api.post(f"{security}/users/", json={"user": {"username": "ghost"}})) == {
        "user": {"username": ['User "ghost" does not exist.']}
    }
    assert refused(api.post(f"{security}/groups/", json={})) == {"group": ["This field is required"]}


def test_a_permission_on_the_portal_is_none_on_a_dataset(api: httpx.Client, security: str) -> None:
    response = api.post(f"{security}/users/", json={"user": {"username": "louise"}, "permissions": ["edit_domain"]})

    assert refused(response) == {"permissions": {"0": ['"edit_domain" is not a valid choice.']}}


def test_a_rule_is_deleted(api: httpx.Client, security: str) -> None:
    told(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}}), 201)

    assert api.delete(f"{security}/groups/editors/").status_code == 204
    assert api.delete(f"{security}/groups/editors/").status_code == 404
    assert api.put(f"{security}/groups/editors/", json={}).status_code == 404


def test_a_deleted_group_takes_its_rules_along(api: httpx.Client, security: str) -> None:
    told(api.post(f"{security}/groups/", json={"group": {"uid": "editors"}}), 201)

    assert api.delete("/groups/editors/").status_code == 204

    assert told(api.get(f"{security}/groups/"))["total_count"] == 0
