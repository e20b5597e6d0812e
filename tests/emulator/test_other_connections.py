"""Tests of connections of undescribed types: their public members, their secrets, the effect of a PUT."""

from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of
from .conftest import Switch

RUN_TOGETHER = (
    *("apikey", "APIKEY", "accesstoken", "authtoken", "privatekey", "AuthKeyValue", "sharedkeys"),
    *("account_key1", "token_2", "pass1", "key_pem", "bearer", "jwt", "passcode"),
)
"""Names of secrets whose words run together, or have a suffix."""

WHOLE: Body = {
    "type": "snowflake_odbc",
    "connection_string": "pwd=s3cret",
    "warehouse": {"size": "S", "Password": "s3cret-2"},
    "logins": [{"role": "read", "sas_token": "s3cret-3"}, {"role": "write", "sas_token": "s3cret-4"}],
    "secret": {"value": "s3cret-5", "parts": {"first": "s3cret-8"}, "list": "s3cret-9"},
    "privateKey": "s3cret-6",
    "credentials": {"type": "s3cret-kind", "project_id": "s3cret-project", "private_key": "s3cret-10"},
    "key_name": "open",
    "headers": [{"name": "X-Token", "value": "open"}],
    "auth": {
        "type": "key",
        "tenant": "t9",
        "token_endpoint": "https://example.org",
        "access_key_id": "open",
        "api_key_name": "open",
        "bearerFormat": "open",
        "API-Key": "s3cret-7",
        **{name: f"s3cret-{name}" for name in RUN_TOGETHER},
    },
}


def without_secrets(value: Any) -> Any:
    """A value with null in the place of each secret."""
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: without_secrets(member) for name, member in value.items()}
    return None if isinstance(value, str) and "s3cret" in value else value


@pytest.fixture
def path(api: httpx.Client) -> str:
    """The path of a new connection."""
    return f"/datasource_connections/{body_of(api.post('/datasource_connections/', json=WHOLE), 201)['uid']}/"


def stored(emulator: Emulator, path: str) -> Body:
    """The stored members among those of the new connection."""
    found = emulator.portal.store.get("connection", path.split("/")[2])
    assert found is not None
    return {name: found[name] for name in WHOLE if name in found}


def test_secrets_are_masked_at_any_depth_and_nothing_else(api: httpx.Client, path: str) -> None:
    connection = body_of(api.get(path))

    assert {name: connection[name] for name in WHOLE} == without_secrets(WHOLE)
    assert "s3cret" not in api.get("/datasource_connections/").text


def test_response_can_be_sent_back(emulator: Emulator, api: httpx.Client, path: str) -> None:
    before = body_of(api.get(path))

    after = body_of(api.put(path, json=before))

    assert stored(emulator, path) == WHOLE
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}


def test_object_that_is_secret_as_a_whole_needs_no_type(emulator: Emulator, api: httpx.Client, path: str) -> None:
    credentials: Body = {"project_id": "other", "private_key": None}

    body_of(api.put(path, json={"type": "snowflake_odbc", "credentials": credentials}))
    updated = stored(emulator, path)["credentials"]
    body_of(api.put(path, json={"type": "snowflake_odbc", "credentials": {**credentials, "type": "own"}}))
    replaced = stored(emulator, path)["credentials"]

    assert updated == {**WHOLE["credentials"], "project_id": "other"}
    assert replaced == {**credentials, "type": "own"}


def test_omitted_secret_stays_with_its_item(emulator: Emulator, api: httpx.Client, path: str) -> None:
    logins = [{"role": "write"}, {"role": "own", "sas_token": None}, {"role": "read", "sas_token": None}]
    body = {"type": "snowflake_odbc", "logins": logins, "auth": {"type": "key", "tenant": "t9"}}

    body_of(api.put(path, json=body))

    updated = stored(emulator, path)
    assert updated["connection_string"] == "pwd=s3cret"
    assert updated["logins"] == [
        {"role": "write", "sas_token": "s3cret-4"},
        {"role": "own", "sas_token": None},
        {"role": "read", "sas_token": "s3cret-3"},
    ]
    secrets = {name: value for name, value in WHOLE["auth"].items() if "s3cret" in value}
    assert updated["auth"] == {"type": "key", "tenant": "t9", **secrets}


@pytest.mark.parametrize("given", [{}, {"connection_string": None}])
def test_omitted_secret_can_be_cleared(
    emulator: Emulator, api: httpx.Client, path: str, switch: Switch, given: Body
) -> None:
    switch(connection_secret_left_out="cleared")

    body_of(api.put(path, json={"type": "snowflake_odbc", **given}))

    updated = stored(emulator, path)
    assert updated.get("connection_string") is None
    assert updated["warehouse"] == WHOLE["warehouse"]


def test_read_only_properties_are_not_written(emulator: Emulator, api: httpx.Client, path: str) -> None:
    before = body_of(api.get(path))
    uid = emulator.portal.store.all("connection")[0]["uid"]
    foreign = {"uid": "co_mine", "created_at": 5, "updated_at": 5, "created_by": "me", "updated_by": 5}
    foreign |= {"can_reuse": 5, "can_manage": 5, "dataset_count": "a", "user_count": 5, "group_count": 5}

    after = body_of(api.put(path, json={"type": "snowflake_odbc", **foreign}))

    assert (after["uid"], after["updated_at"].endswith("Z")) == (uid, True)
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}
    assert body_of(api.post("/datasource_connections/", json={"type": "jcdecaux", **foreign}), 201)["uid"] != "co_mine"
