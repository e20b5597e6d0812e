"""API keys."""

import re

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import key_with, refused, told
from .conftest import Connect, Switch


def test_a_key_has_56_hexadecimal_characters_and_few_permissions(api: httpx.Client) -> None:
    key = told(api.post("/apikeys/", json={"label": "Robot"}), 201)

    assert re.fullmatch(r"[0-9a-f]{56}", key["key"])
    assert (key["permissions"], key["user"], key["is_revoked"]) == (
        ["explore_restricted_dataset"],
        {"username": "admin"},
        False,
    )
    assert told(api.get(f"/apikeys/{key['uid']}/")) == key


def test_a_key_opens_what_it_may_until_it_is_revoked(api: httpx.Client, connect: Connect) -> None:
    made = told(api.post("/apikeys/", json={"permissions": ["edit_domain"]}), 201)
    client = connect(made["key"])
    assert client.get("/groups/").status_code == 200

    revoked = told(api.post(f"/apikeys/{made['uid']}/revoke/", json={"reason": "Lost."}))

    assert revoked["is_revoked"] is True
    assert revoked["revocation_status"]["revocation_reason"] == "Lost."
    assert client.get("/groups/").status_code == 401
    assert made["uid"] in [key["uid"] for key in told(api.get("/apikeys/"))["results"]]


def test_a_key_needs_no_reason_to_be_revoked(api: httpx.Client) -> None:
    uid = told(api.post("/apikeys/", json={}), 201)["uid"]

    assert told(api.post(f"/apikeys/{uid}/revoke/"))["is_revoked"] is True


def test_a_key_is_never_deleted(api: httpx.Client) -> None:
    uid = told(api.post("/apikeys/", json={}), 201)["uid"]

    assert api.delete(f"/apikeys/{uid}/").status_code == 405


def test_a_key_can_be_told_only_once(api: httpx.Client, switch: Switch) -> None:
    switch(api_key_told="once")

    made = told(api.post("/apikeys/", json={"label": "Robot"}), 201)

    assert made["key"] is not None
    assert told(api.get(f"/apikeys/{made['uid']}/"))["key"] is None


def test_the_label_and_the_permissions_of_a_key_can_change(api: httpx.Client, connect: Connect) -> None:
    made = told(api.post("/apikeys/", json={"label": "Robot"}), 201)

    changed = told(api.put(f"/apikeys/{made['uid']}/", json={"permissions": ["edit_domain"]}))

    assert (changed["label"], changed["permissions"]) == ("Robot", ["edit_domain"])
    assert connect(made["key"]).get("/groups/").status_code == 200
    assert "permissions" in refused(api.put(f"/apikeys/{made['uid']}/", json={"permissions": ["fly"]}))


def test_a_narrow_key_makes_and_tells_no_wider_one(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    wide = told(api.post("/apikeys/", json={"permissions": ["edit_dataset", "publish_dataset"]}), 201)
    narrow = told(api.post("/apikeys/", json={"permissions": ["edit_dataset"]}), 201)
    client = connect(narrow["key"])

    for permissions in (["edit_dataset", "publish_dataset"], ["edit_domain"]):
        assert client.post("/apikeys/", json={"permissions": permissions}).status_code == 403
        for uid in (narrow["uid"], wide["uid"]):
            assert client.put(f"/apikeys/{uid}/", json={"permissions": permissions}).status_code == 403

    assert told(client.get(f"/apikeys/{wide['uid']}/")) == {**wide, "key": None}
    assert told(client.get(f"/apikeys/{narrow['uid']}/")) == narrow
    keys = {key["uid"]: key["key"] for key in told(client.get("/apikeys/"))["results"]}
    assert (keys[wide["uid"]], keys[narrow["uid"]]) == (None, narrow["key"])
    assert emulator.key not in keys.values()
    assert told(client.put(f"/apikeys/{wide['uid']}/", json={"label": "Wide"}))["key"] is None
    assert told(client.post("/apikeys/", json={"permissions": ["edit_dataset"]}), 201)["key"]


def test_a_key_that_may_nothing_gives_nothing(api: httpx.Client, connect: Connect) -> None:
    client = connect(key_with(api))

    made = told(client.post("/apikeys/", json={}), 201)

    assert (made["permissions"], len(made["key"])) == ([], 56)


def test_an_administrator_finds_whose_key_it_is(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    found = told(api.post("/apikeys/search_key/", json={"key": emulator.key}))

    assert found["found"] is True
    assert found["result"]["user"] == {"username": "admin"}
    assert told(api.post("/apikeys/search_key/", json={"key": "0" * 56})) == {"found": False, "result": None}
    assert connect(key_with(api, "edit_dataset")).post("/apikeys/search_key/", json={"key": ""}).status_code == 403


@pytest.mark.parametrize("expand", ["", "user"])
def test_the_owner_of_a_key_is_told_whole_where_that_is_asked(api: httpx.Client, expand: str) -> None:
    uid = told(api.post("/apikeys/", json={}), 201)["uid"]

    owner = told(api.get(f"/apikeys/{uid}/", params={"expand": expand}))["user"]

    assert ("email" in owner) == (expand == "user")
