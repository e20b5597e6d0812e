"""Tests of connections, their secrets and their access rules."""

from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, error_detail, key_with, new_dataset, new_group, new_user
from .conftest import Connect, Switch

LOGIN = {"type": "basic_auth", "username": "portal", "password": "s3cret"}
SERVER = {"type": "http", "url": "https://example.org", "auth": LOGIN}


def new_connection(api: httpx.Client, **more: Any) -> Body:
    return body_of(api.post("/datasource_connections/", json={**SERVER, **more}), 201)


def stored_auth(emulator: Emulator, uid: str) -> Body:
    stored = emulator.portal.store.get("connection", uid)
    assert stored is not None
    auth: Body = stored["auth"]
    return auth


def test_connection_has_defaults_and_no_password(api: httpx.Client) -> None:
    connection = new_connection(api, headers=[{"name": "X-Token", "value": "abc"}])

    assert connection["uid"].startswith("co_")
    assert connection["auth"] == {**LOGIN, "password": None}
    assert connection["headers"] == [{"name": "X-Token", "value": "abc"}]
    assert (connection["is_reusable"], connection["can_reuse"], connection["can_manage"]) == (True, True, True)
    assert (connection["dataset_count"], connection["user_count"], connection["group_count"]) == (0, 0, 0)
    assert connection["created_at"].endswith("Z")
    assert body_of(api.get(f"/datasource_connections/{connection['uid']}/")) == connection


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"url": "https://example.org"}, {"type": ["This field is required"]}),
        ({"type": "http"}, {"url": ["This field is required"]}),
        ({"type": "http", "url": ""}, {"url": ["This field may not be blank."]}),
        ({**SERVER, "auth": {"type": "kerberos"}}, {"auth": {"type": ['"kerberos" is not a valid choice.']}}),
        ({**SERVER, "auth": {"type": "basic_auth"}}, {"auth": {"username": ["This field is required"]}}),
        (
            {**SERVER, "auth": {"type": "basic_auth", "username": "portal"}},
            {"auth": {"password": ["This field is required"]}},
        ),
        ({**SERVER, "headers": [{"name": "x"}]}, {"headers": {"0": {"value": ["This field is required"]}}}),
    ],
)
def test_an_incomplete_connection_is_refused_by_path(api: httpx.Client, body: Body, detail: Body) -> None:
    assert error_detail(api.post("/datasource_connections/", json=body)) == detail


@pytest.mark.parametrize(
    ("sent", "returned"),
    [
        (
            {
                "type": "http",
                "url": "https://example.org",
                "auth": {
                    "type": "oauth2",
                    "client_id": "id",
                    "client_secret": "s3cret",
                    "scope": "read",
                    "token_endpoint": "https://example.org/token",
                    "grant_type": "password",
                    "username": "s3cret-name",
                    "password": "s3cret",
                },
            },
            {
                "type": "oauth2",
                "client_id": "id",
                "scope": "read",
                "token_endpoint": "https://example.org/token",
                "grant_type": "password",
            },
        ),
        (
            {
                "type": "sharepoint",
                "auth": {"type": "oidc", "nonce": "s3cret", "code": "s3cret", "grant_type": "authorization_code"},
            },
            {"type": "oidc", "grant_type": "authorization_code"},
        ),
        (
            {
                "type": "amazon_s3",
                "auth": {
                    "type": "aws_signature_v4",
                    "access_key_id": "AKIA",
                    "secret_access_key": "s3cret",
                    "region": "eu-west-1",
                },
            },
            {
                "type": "aws_signature_v4",
                "access_key_id": "AKIA",
                "secret_access_key": None,
                "region": "eu-west-1",
            },
        ),
        (
            {
                "type": "azure_blob_storage",
                "auth": {"type": "shared_key", "account_name": "city", "shared_key": "s3cret"},
            },
            {"type": "shared_key", "account_name": "city", "shared_key": None},
        ),
    ],
)
def test_no_type_of_login_returns_its_secret(api: httpx.Client, sent: Body, returned: Body) -> None:
    response = api.post("/datasource_connections/", json=sent)

    assert body_of(response, 201)["auth"] == returned
    assert "s3cret" not in response.text
    assert "s3cret" not in api.get("/datasource_connections/").text


def test_undescribed_connection_is_kept_with_masked_secret(api: httpx.Client) -> None:
    body = {"type": "snowflake_odbc", "connection_string": "pwd=s3cret", "warehouse": {"size": "S"}}

    connection = body_of(api.post("/datasource_connections/", json=body), 201)

    assert (connection["connection_string"], connection["warehouse"]) == (None, {"size": "S"})


def test_a_role_is_made_in_two_steps(api: httpx.Client) -> None:
    auth = {"type": "iam_role", "role_arn": "", "region": "eu-west-1"}
    connection = body_of(api.post("/datasource_connections/", json={"type": "amazon_s3", "auth": auth}), 201)
    external_id = connection["auth"]["external_id"]
    assert (connection["auth"]["is_valid"], bool(external_id)) == (False, True)

    arn = "arn:aws:iam::012345678901:role/Portal"
    body = {"type": "amazon_s3", "auth": {**auth, "role_arn": arn}}
    changed = body_of(api.put(f"/datasource_connections/{connection['uid']}/", json=body))

    assert (changed["auth"]["role_arn"], changed["auth"]["external_id"]) == (arn, external_id)
    assert changed["auth"]["is_valid"] is True


@pytest.mark.parametrize("password", [{}, {"password": None}])
def test_a_put_without_the_password_keeps_it(emulator: Emulator, api: httpx.Client, password: Body) -> None:
    uid = new_connection(api)["uid"]
    auth = {"type": "basic_auth", "username": "other", **password}

    body_of(api.put(f"/datasource_connections/{uid}/", json={**SERVER, "auth": auth}))

    assert stored_auth(emulator, uid) == {"type": "basic_auth", "username": "other", "password": "s3cret"}


def test_a_put_without_the_password_can_clear_it(emulator: Emulator, api: httpx.Client, switch: Switch) -> None:
    uid = new_connection(api)["uid"]
    switch(connection_secret_left_out="cleared")

    body_of(api.put(f"/datasource_connections/{uid}/", json={**SERVER, "auth": {**LOGIN, "password": None}}))

    assert stored_auth(emulator, uid)["password"] is None


def test_a_put_of_no_login_removes_it(api: httpx.Client) -> None:
    uid = new_connection(api)["uid"]

    assert body_of(api.put(f"/datasource_connections/{uid}/", json={**SERVER, "auth": None}))["auth"] is None


def test_omitted_property_in_a_put_is_kept_or_cleared(api: httpx.Client, switch: Switch) -> None:
    uid = new_connection(api, headers=[{"name": "a", "value": "b"}])["uid"]
    body = {"type": "http", "url": "https://example.org/new"}

    stored = body_of(api.put(f"/datasource_connections/{uid}/", json=body))
    assert (stored["url"], len(stored["headers"]), stored["auth"]["username"]) == (body["url"], 1, "portal")
    switch(omitted_in_put="clear")
    assert "auth" not in body_of(api.put(f"/datasource_connections/{uid}/", json=body))


def test_change_of_a_connection_type_is_refused(api: httpx.Client) -> None:
    uid = new_connection(api)["uid"]

    response = api.put(f"/datasource_connections/{uid}/", json={"type": "ftp", "url": "ftp://example.org"})

    assert list(error_detail(response)) == ["type"]


def test_a_connection_in_use_is_not_deleted(api: httpx.Client, switch: Switch) -> None:
    uid = new_connection(api)["uid"]
    dataset = new_dataset(api)
    datasource = {"type": "http", "connection": {"uid": uid}, "relative_url": "/a.csv"}
    body = {"type": "csvfile", "title": "A", "datasource": datasource}
    body_of(api.post(f"/datasets/{dataset}/resources/", json=body), 201)
    add_csv(api, dataset)

    assert body_of(api.get(f"/datasource_connections/{uid}/"))["dataset_count"] == 1
    assert body_of(api.delete(f"/datasource_connections/{uid}/"), 400)["error_code"] == "validation_error"
    switch(connection_in_use="delete")
    assert api.delete(f"/datasource_connections/{uid}/").status_code == 204
    assert api.get(f"/datasource_connections/{uid}/").status_code == 404


def test_connections_are_listed_the_oldest_first_or_last(api: httpx.Client) -> None:
    uids = [new_connection(api, url=f"https://example.org/{number}")["uid"] for number in range(3)]

    def listed(**query: str) -> list[str]:
        return [one["uid"] for one in body_of(api.get("/datasource_connections/", params=query))["results"]]

    assert listed() == uids
    assert listed(sort="-created_at") == uids[::-1]


def test_connection_is_managed_by_creator_or_by_rule(api: httpx.Client, connect: Connect) -> None:
    uid = new_connection(api)["uid"]
    path = f"/datasource_connections/{uid}/security"
    louise = new_user(api, "louise@example.org")["username"]
    editors = new_group(api, "Editors")["uid"]

    rule = body_of(
        api.post(f"{path}/users/", json={"user": {"username": louise}, "permissions": ["manage_connection"]}), 200
    )
    body_of(api.post(f"{path}/groups/", json={"group": {"uid": editors}}), 200)

    assert rule == {"user": {"username": louise}, "permissions": ["manage_connection"]}
    connection = body_of(api.get(f"/datasource_connections/{uid}/"))
    assert (connection["user_count"], connection["group_count"]) == (1, 1)
    assert body_of(api.put(f"{path}/users/{louise}/", json={"permissions": []}))["permissions"] == []
    assert body_of(api.get(f"{path}/groups/{editors}/")) == {"group": {"uid": editors}, "permissions": []}
    assert api.delete(f"{path}/users/{louise}/").status_code == 204
    assert body_of(api.get(f"{path}/users/"))["total_count"] == 0
    reader = connect(key_with(api, "explore_restricted_dataset"))
    assert reader.get("/datasource_connections/").status_code == 403


def test_new_rule_of_a_connection_can_respond_with_201(api: httpx.Client, switch: Switch) -> None:
    uid = new_connection(api)["uid"]
    switch(connection_rule_status=201)

    body = {"user": {"username": "admin"}}
    assert body_of(api.post(f"/datasource_connections/{uid}/security/users/", json=body), 201)["permissions"] == []
