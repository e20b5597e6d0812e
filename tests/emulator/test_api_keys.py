"""Tests of API keys."""

import re

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import body_of, error_detail, key_with
from .conftest import Connect, Switch


def test_a_key_has_56_hexadecimal_characters_and_few_permissions(api: httpx.Client) -> None:
    key = body_of(api.post("/apikeys/", json={"label": "Robot"}), 201)

    assert re.fullmatch(r"[0-9a-f]{56}", key["key"])
    assert (key["permissions"], key["user"], key["is_revoked"]) == (
        ["explore_restricted_dataset"],
        {"username": "admin"},
        False,
    )
    assert body_of(api.get(f"/apikeys/{key['uid']}/")) == key


def test_key_grants_access_until_it_is_revoked(api: httpx.Client, connect: Connect) -> None:
    created = body_of(api.post("/apikeys/", json={"permissions": ["edit_domain"]}), 201)
    client = connect(created["key"])
    assert client.get("/groups/").status_code == 200

    revoked = body_of(api.post(f"/apikeys/{created['uid']}/revoke/", json={"reason": "Lost."}))

    assert revoked["is_revoked"] is True
    assert revoked["revocation_status"]["revocation_reason"] == "Lost."
    assert client.get("/groups/").status_code == 401
    assert created["uid"] in [key["uid"] for key in body_of(api.get("/apikeys/"))["results"]]


def test_a_key_needs_no_reason_to_be_revoked(api: httpx.Client) -> None:
    uid = body_of(api.post("/apikeys/", json={}), 201)["uid"]

    assert body_of(api.post(f"/apikeys/{uid}/revoke/"))["is_revoked"] is True


def test_a_key_is_never_deleted(api: httpx.Client) -> None:
    uid = body_of(api.post("/apikeys/", json={}), 201)["uid"]

    assert api.delete(f"/apikeys/{uid}/").status_code == 405


def test_key_can_be_returned_only_once(api: httpx.Client, switch: Switch) -> None:
    switch(api_key_told="once")

    created = body_of(api.post("/apikeys/", json={"label": "Robot"}), 201)

    assert created["key"] is not None
    assert body_of(api.get(f"/apikeys/{created['uid']}/"))["key"] is None


def test_the_label_and_the_permissions_of_a_key_can_change(api: httpx.Client, connect: Connect) -> None:
    created = body_of(api.post("/apikeys/", json={"label": "Robot"}), 201)

    changed = body_of(api.put(f"/apikeys/{created['uid']}/", json={"permissions": ["edit_domain"]}))

    assert (changed["label"], changed["permissions"]) == ("Robot", ["edit_domain"])
    assert connect(created["key"]).get("/groups/").status_code == 200
    assert "permissions" in error_detail(api.put(f"/apikeys/{created['uid']}/", json={"permissions": ["fly"]}))


def test_key_cannot_create_or_return_a_wider_key(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    wide = body_of(api.post("/apikeys/", json={"permissions": ["edit_dataset", "publish_dataset"]}), 201)
    narrow = body_of(api.post("/apikeys/", json={"permissions": ["edit_dataset"]}), 201)
    client = connect(narrow["key"])

    for permissions in (["edit_dataset", "publish_dataset"], ["edit_domain"]):
        assert client.post("/apikeys/", json={"permissions": permissions}).status_code == 403
        for uid in (narrow["uid"], wide["uid"]):
            assert client.put(f"/apikeys/{uid}/", json={"permissions": permissions}).status_code == 403

    assert body_of(client.get(f"/apikeys/{wide['uid']}/")) == {**wide, "key": None}
    assert body_of(client.get(f"/apikeys/{narrow['uid']}/")) == narrow
    keys = {key["uid"]: key["key"] for key in body_of(client.get("/apikeys/"))["results"]}
    assert (keys[wide["uid"]], keys[narrow["uid"]]) == (None, narrow["key"])
    assert emulator.key not in keys.values()
    assert body_of(client.put(f"/apikeys/{wide['uid']}/", json={"label": "Wide"}))["key"] is None
    assert body_of(client.post("/apikeys/", json={"permissions": ["edit_dataset"]}), 201)["key"]


def test_key_without_permissions_grants_none(api: httpx.Client, connect: Connect) -> None:
    client = connect(key_with(api))

    created = body_of(client.post("/apikeys/", json={}), 201)

    assert (created["permissions"], len(created["key"])) == ([], 56)


def test_administrator_finds_the_owner_of_a_key(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    found = body_of(api.post("/apikeys/search_key/", json={"key": emulator.key}))

    assert found["found"] is True
    assert found["result"]["user"] == {"username": "admin"}
    assert body_of(api.post("/apikeys/search_key/", json={"key": "0" * 56})) == {"found": False, "result": None}
    assert connect(key_with(api, "edit_dataset")).post("/apikeys/search_key/", json={"key": ""}).status_code == 403


@pytest.mark.parametrize("expand", ["", "user"])
def test_expand_includes_the_owner_of_a_key(api: httpx.Client, expand: str) -> None:
    uid = body_of(api.post("/apikeys/", json={}), 201)["uid"]

    owner = body_of(api.get(f"/apikeys/{uid}/", params={"expand": expand}))["user"]

    assert ("email" in owner) == (expand == "user")
