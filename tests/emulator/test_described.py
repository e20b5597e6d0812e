"""Tests of the members that the description requires or calls read-only, where the switches enforce that."""

import httpx
import pytest
from opendatasoft_emulator.automation.described import DESCRIBED

from ..conformance.official import official_description
from .calls import Body, body_of, error_detail, key_with, new_group, new_user
from .conftest import Switch


def _members(schema: Body) -> tuple[set[str], set[str]]:
    """The required and the read-only members of a schema."""
    schemas = official_description()["components"]["schemas"]
    whole = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = set(whole.get("required", ()))
    read_only = {
        name
        for name, member in whole.get("properties", {}).items()
        if {**schemas.get(member.get("$ref", "").rpartition("/")[2], {}), **member}.get("readOnly")
    }
    for part in whole.get("allOf", ()):
        more_required, more_read_only = _members(part)
        required |= more_required
        read_only |= more_read_only
    return required, read_only


@pytest.mark.parametrize("call", DESCRIBED)
def test_table_is_that_of_the_description(call: str) -> None:
    method, path = call.split()
    content = official_description()["paths"][path][method.lower()]["requestBody"]["content"]
    required, read_only = _members(content["application/json"]["schema"])

    assert DESCRIBED[call].read_only == read_only
    assert DESCRIBED[call].required == required - read_only


def objects(api: httpx.Client) -> list[tuple[str, Body, list[str]]]:
    """An object of each type: its path, its response, and its required members."""
    user = new_user(api, "ana@example.org")
    group = new_group(api, "Editors")
    connection = body_of(api.post("/datasource_connections/", json={"type": "http", "url": "https://a.example"}), 201)
    body = {"name": "heritage", "title": "Heritage", "type": "basic", "is_active": True, "schema": []}
    body_of(api.post("/metadata/templates/", json=body), 201)
    key_with(api, "edit_dataset")
    key = body_of(api.get("/apikeys/"))["results"][-1]
    paths: tuple[tuple[str, list[str]], ...] = (
        (f"/users/{user['username']}/", ["email"]),
        (f"/groups/{group['uid']}/", ["title"]),
        (f"/datasource_connections/{connection['uid']}/", ["type"]),
        ("/metadata/templates/heritage/", ["name", "title", "type", "is_active", "schema"]),
        (f"/apikeys/{key['uid']}/", []),
    )
    return [(path, body_of(api.get(path)), required) for path, required in paths]


def test_required_members_of_a_put_can_be_enforced(api: httpx.Client, switch: Switch) -> None:
    found = objects(api)
    for path, _, required in found:
        assert api.put(path, json={}).is_success or required == ["type"]

    switch(required_members="enforced")
    for path, body, required in found:
        if required:
            assert sorted(error_detail(api.put(path, json={}))) == sorted(required)
        body_of(api.put(path, json=body))


def test_read_only_members_of_a_put_can_be_refused(api: httpx.Client, switch: Switch) -> None:
    found = objects(api)
    for path, body, _ in found:
        body_of(api.put(path, json=body))

    switch(read_only_members="refused")
    for path, body, _ in found:
        refused = error_detail(api.put(path, json=body))
        assert set(refused) <= set(body), path
        assert {"created_at", "gravatar_url"} & set(refused), path
        body_of(api.put(path, json={name: value for name, value in body.items() if name not in refused}))


def test_put_without_body_is_invalid_input(api: httpx.Client) -> None:
    for path, _, _ in objects(api):
        assert body_of(api.put(path), 400)["error_code"] == "validation_error", path
