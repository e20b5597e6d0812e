"""Tests of metadata templates and their fields."""

import re
from typing import Any

import httpx
import pytest

from .calls import Body, body_of, error_detail, key_with, new_dataset
from .conftest import Connect, Switch

TEMPLATES = "/metadata/templates/"
HERITAGE = f"{TEMPLATES}heritage/"


def fields(**types: Any) -> list[Body]:
    """The fields of a schema: their types, or all their members, by name."""
    return [{"name": name, **(one if isinstance(one, dict) else {"type": one})} for name, one in types.items()]


def new_template(api: httpx.Client, **more: Any) -> Body:
    """Create the template `heritage`; return the response."""
    body = {"name": "heritage", "title": "Heritage", "type": "basic", "is_active": True, "schema": [], **more}
    return body_of(api.post(TEMPLATES, json=body), 201)


def names(api: httpx.Client, **query: Any) -> list[str]:
    """The names in the list of templates."""
    found = body_of(api.get(TEMPLATES, params={"limit": 100, **query}))
    return [template["name"] for template in found["results"]]


def test_template_by_every_call(api: httpx.Client) -> None:
    created = new_template(api, schema=fields(century="int", owner="text"))
    assert body_of(api.get(HERITAGE)) == created
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created["created_at"])
    assert (created["created_by"], created["is_system"], created["is_always_active"]) == (
        {"username": "admin"},
        False,
        False,
    )

    body = {**created, "title": "Old things", "is_active": False, "schema": fields(owner="text", century="int")}
    changed = body_of(api.put(HERITAGE, json=body))
    assert (changed["title"], changed["is_active"], changed["type"]) == ("Old things", False, "basic")
    assert [field["name"] for field in body_of(api.get(HERITAGE))["schema"]] == ["owner", "century"]

    listed = body_of(api.get(f"{HERITAGE}fields/"))
    assert (listed["total_count"], listed["results"]) == (2, changed["schema"])
    assert body_of(api.get(f"{HERITAGE}fields/century/")) == changed["schema"][1]
    assert names(api)[-1] == "heritage"

    assert api.delete(HERITAGE).status_code == 204
    for path in (HERITAGE, f"{HERITAGE}fields/", f"{HERITAGE}fields/century/"):
        assert body_of(api.get(path), 404)["error_code"] == "not_found"
    assert api.put(HERITAGE, json=body).status_code == 404
    assert api.delete(HERITAGE).status_code == 404


def test_every_property_of_a_new_template_is_required(api: httpx.Client) -> None:
    assert error_detail(api.post(TEMPLATES, json={})) == {
        name: ["This field is required"] for name in ("name", "title", "type", "is_active", "schema")
    }


def test_field_has_the_defaults_of_the_description(api: httpx.Client) -> None:
    assert new_template(api, schema=[{"name": "owner"}])["schema"] == [
        {
            "name": "owner",
            "type": "text",
            "label": None,
            "help_text": None,
            "is_hidden": False,
            "self_suggest": False,
            "is_filter": False,
            "i18n": False,
            "suggest_url": None,
            "choices": None,
            "labels": None,
            "requirement_level": "optional",
        }
    ]


def test_members_of_a_field_are_stored_but_not_read_only_ones(api: httpx.Client) -> None:
    given = {
        "name": "style",
        "type": "enum",
        "label": "Style",
        "help_text": "One of two",
        "self_suggest": True,
        "is_filter": True,
        "i18n": True,
        "choices": ["gothic", "baroque"],
        "labels": {"gothic": {"en": "Gothic", "de": "Gotik"}},
        "requirement_level": "mandatory",
    }

    stored = new_template(api, schema=[{**given, "is_hidden": True, "suggest_url": "/x"}])["schema"][0]

    assert {name: stored[name] for name in given} == given
    assert (stored["is_hidden"], stored["suggest_url"]) == (
        False,
        "/api/automation/v1.0/metadata/templates/heritage/fields/style/suggest/",
    )


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "dcat"}, "name"),
        ({"type": "interop"}, "type"),
        ({"type": "extra"}, "type"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"schema": {}}, "schema"),
        ({"schema": [{"type": "text"}]}, "schema.0.name"),
        ({"schema": fields(a="colour")}, "schema.0.type"),
        ({"schema": [{"name": "a"}, {"name": "a"}]}, "schema"),
        ({"schema": fields(a={"requirement_level": "always"})}, "schema.0.requirement_level"),
        ({"schema": fields(a="text", b={"type": "int", "choices": ["1", "one"]})}, "schema.1.choices.1"),
        ({"schema": fields(a={"type": "uri_enum", "choices": ["gothic"]})}, "schema.0.choices.0"),
        ({"schema": fields(a={"type": "date", "choices": ["2024-01-01", ""]})}, "schema.0.choices.1"),
    ],
)
def test_invalid_template_is_refused_by_path(api: httpx.Client, change: Body, path: str) -> None:
    body = {"name": "heritage", "title": "Heritage", "type": "basic", "is_active": True, "schema": [], **change}

    detail = error_detail(api.post(TEMPLATES, json=body))

    assert list(flat(detail)) == [path]
    assert "heritage" not in names(api)


def flat(detail: Any, at: str = "") -> list[str]:
    """The paths of the leaves of an error's detail."""
    if not isinstance(detail, dict):
        return [at]
    return [path for name, inner in detail.items() for path in flat(inner, f"{at}.{name}" if at else name)]


def test_name_that_is_taken_is_refused(api: httpx.Client) -> None:
    new_template(api)

    assert list(error_detail(api.post(TEMPLATES, json=body_of(api.get(HERITAGE))))) == ["name"]


# ---------------------------------------------------------------- facts of section 21


def test_only_basic_and_admin_can_be_created_and_deleted(api: httpx.Client) -> None:
    """Fact: types interop, basic, extra, admin; only basic/admin creatable/deletable."""
    for type in ("basic", "admin"):
        new_template(api, name=f"my-{type}", type=type)
        assert api.delete(f"{TEMPLATES}my-{type}/").status_code == 204
    assert body_of(api.get(f"{TEMPLATES}dcat/"))["type"] == "interop"
    assert body_of(api.delete(f"{TEMPLATES}dcat/"), 400)["error_code"] == "bad_request"


def test_system_template_can_only_be_deactivated(api: httpx.Client) -> None:
    """Fact: the others are only (de)activable."""
    dcat = f"{TEMPLATES}dcat/"
    whole = body_of(api.get(dcat))

    assert body_of(api.put(dcat, json={**whole, "is_active": False}))["is_active"] is False
    assert body_of(api.put(dcat, json={"is_active": True}))["is_active"] is True
    assert list(error_detail(api.put(dcat, json={**whole, "title": "Ours"}))) == ["title"]
    assert list(error_detail(api.put(dcat, json={"schema": fields(a="text")}))) == ["schema"]


def test_template_that_is_always_active_stays_so(api: httpx.Client) -> None:
    """Fact: is_system / is_always_active templates cannot be deactivated."""
    default = f"{TEMPLATES}default/"

    assert list(error_detail(api.put(default, json={"is_active": False}))) == ["is_active"]
    assert body_of(api.put(default, json={"is_active": True}))["is_always_active"] is True


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "other"}, "name"),
        ({"type": "admin"}, "type"),
        ({"schema": fields(owner="text", century="text")}, "schema.1.type"),
    ],
)
def test_names_and_types_cannot_be_changed(api: httpx.Client, change: Body, path: str) -> None:
    """Fact: name, field name and field type are immutable."""
    before = new_template(api, schema=fields(owner="text", century="int"))

    assert flat(error_detail(api.put(HERITAGE, json={**before, **change}))) == [path]
    assert body_of(api.get(HERITAGE)) == before


def test_schema_replaces_and_removed_fields_lose_their_values(api: httpx.Client) -> None:
    """Fact: PUT replaces `schema[]`. That the values are lost is a decision; the fact is open."""
    new_template(api, schema=fields(century="int", owner="text"))
    metadata = f"/datasets/{new_dataset(api)}/metadata/heritage"
    body_of(api.put(f"{metadata}/", json={"century": {"value": 12}, "owner": {"value": "City"}}))

    body_of(api.put(HERITAGE, json={"schema": fields(owner="text", style="text")}))

    assert body_of(api.get(f"{metadata}/")) == {"owner": {"value": "City"}}
    assert api.put(f"{metadata}/century/", json={"value": 12}).status_code == 404
    assert api.delete(HERITAGE).status_code == 204
    assert api.get(f"{metadata}/").status_code == 404


def test_fields_have_no_write_of_their_own(api: httpx.Client) -> None:
    """Fact: fields have no write endpoint of their own."""
    new_template(api, schema=fields(owner="text"))
    for method in ("POST", "PUT", "DELETE"):
        assert api.request(method, f"{HERITAGE}fields/owner/", json={}).status_code == 405


def test_values_that_are_filled_in_are_suggested(api: httpx.Client) -> None:
    """Fact: suggest returns `{"hits": […], …}`."""
    new_template(
        api, schema=fields(owner={"self_suggest": True}, tags={"type": "list", "self_suggest": True}, x="text")
    )
    for number, owner in enumerate(("City of Basel", "Canton", "City")):
        path = f"/datasets/{new_dataset(api, f'd{number}')}/metadata/heritage/"
        body_of(api.put(path, json={"owner": {"value": owner}, "tags": {"value": ["old", owner]}}))

    def hits(field: str, **query: Any) -> Any:
        return body_of(api.get(f"{HERITAGE}fields/{field}/suggest/", params=query))

    assert hits("owner", query="ci")["hits"] == ["City", "City of Basel"]
    assert (hits("owner", query="", count=1)["hits"], hits("owner", query="", count=1)["nb_hits"]) == (["Canton"], 3)
    assert hits("tags", query="o")["hits"] == ["old"]
    assert hits("x", query="") == {"hits": []}
    assert list(error_detail(api.get(f"{HERITAGE}fields/owner/suggest/"))) == ["query"]
    assert api.get(f"{HERITAGE}fields/y/suggest/", params={"query": ""}).status_code == 404


def test_templates_need_the_permission_of_an_administrator(api: httpx.Client, connect: Connect) -> None:
    """Fact: Administrator permission (edit_domain) needed."""
    new_template(api, schema=fields(owner="text"))
    editor = connect(key_with(api, "edit_dataset", "create_dataset"))

    for path in (TEMPLATES, HERITAGE, f"{HERITAGE}fields/", f"{HERITAGE}fields/owner/"):
        assert editor.get(path).status_code == 403
    assert editor.get(f"{HERITAGE}fields/owner/suggest/", params={"query": ""}).status_code == 403
    assert editor.put(HERITAGE, json={}).status_code == editor.delete(HERITAGE).status_code == 403
    body = {"name": "b", "title": "B", "type": "basic", "is_active": True, "schema": []}
    assert editor.post(TEMPLATES, json=body).status_code == 403
    assert editor.put(f"/datasets/{new_dataset(api)}/metadata/heritage/owner/", json={"value": "x"}).is_success


def test_templates_are_listed_by_activity_and_type(api: httpx.Client) -> None:
    """Fact: filters of the list: `is_active, type`."""
    new_template(api, is_active=False)
    new_template(api, name="office", type="admin")

    assert names(api, is_active=False) == ["heritage"]
    assert names(api, is_active=True, type="admin") == ["admin", "office"]
    assert names(api, type="extra") == ["semantic"]
    assert {"default", "dcat", "office", "heritage"} <= set(names(api))
    assert error_detail(api.get(TEMPLATES, params={"type": "colour"})).keys() == {"type"}


# ---------------------------------------------------------------- the values of datasets

GOOD: dict[str, Any] = {
    "text": "City",
    "longstring": "Two\nlines",
    "multitext": ["a", "b"],
    "list": ["a", "b"],
    "geo_area": ["ch_40_12"],
    "date": "2024-02-29",
    "boolean": False,
    "int": 12,
    "double": 1.5,
    "geo_shape": {"type": "Point", "coordinates": [7.6, 47.5]},
    "enum": "gothic",
    "enumlist": ["gothic", "baroque"],
    "uri_enum": "https://example.org/a",
    "uri_enumlist": ["https://example.org/a"],
}

BAD = [
    ("text", 5),
    ("multitext", 5),
    ("list", "a"),
    ("geo_area", "ch_40_12"),
    ("date", "2024-02-30"),
    ("date", "2024-02-29T10:00:00Z"),
    ("datetime", "in spring"),
    ("boolean", "true"),
    ("int", 1.5),
    ("int", True),
    ("double", "1"),
    ("geo_shape", {"type": "Point"}),
    ("geo_shape", {"type": "Blob", "coordinates": [1, 2]}),
    ("geo_shape", "POINT (1 2)"),
    ("enum", "modern"),
    ("enumlist", ["gothic", "modern"]),
    ("enumlist", "gothic"),
    ("uri_enum", "https://example.org/b"),
    ("uri_enumlist", ["https://example.org/b"]),
]

CHOICES = {
    "enum": ["gothic", "baroque"],
    "enumlist": ["gothic", "baroque"],
    "uri_enum": ["https://example.org/a"],
    "uri_enumlist": ["https://example.org/a"],
}


def of_every_type() -> list[Body]:
    """A field of each type, called by it."""
    return [{"name": name, "type": name, "choices": CHOICES.get(name)} for name in (*GOOD, "html", "datetime")]


def test_new_template_is_usable_by_a_dataset_at_once(api: httpx.Client) -> None:
    new_template(api, schema=of_every_type())
    metadata = f"/datasets/{new_dataset(api)}/metadata/heritage/"

    body_of(api.put(metadata, json={name: {"value": value} for name, value in GOOD.items()}))
    for name, given, stored in (
        ("html", "Old", "<p>Old</p>"),
        ("datetime", "2024-05-01T02:00:00+02:00", "2024-05-01T00:00:00Z"),
    ):
        assert body_of(api.put(f"{metadata}{name}/", json={"value": given})) == {"value": stored}

    found = {name: entry["value"] for name, entry in body_of(api.get(metadata)).items()}
    assert {name: found[name] for name in GOOD} == GOOD


def test_value_that_does_not_fit_its_field_is_refused(api: httpx.Client) -> None:
    new_template(api, schema=of_every_type())
    metadata = f"/datasets/{new_dataset(api)}/metadata/heritage/"

    for name, value in BAD:
        assert list(error_detail(api.put(f"{metadata}{name}/", json={"value": value}))) == ["value"], (name, value)
    assert api.put(f"{metadata}colour/", json={"value": "x"}).status_code == 404


def test_inactive_template_takes_no_values_and_keeps_its_own(api: httpx.Client, switch: Switch) -> None:
    """Fact (section 9): writing to a template/field that does not exist or is inactive fails."""
    new_template(api, schema=fields(owner="text"))
    metadata = f"/datasets/{new_dataset(api)}/metadata"
    body_of(api.put(f"{metadata}/heritage/owner/", json={"value": "City"}))
    body_of(api.put(f"{metadata}/dcat/issued/", json={"value": "2024-05-01"}))

    for name in ("heritage", "dcat"):
        body_of(api.put(f"{TEMPLATES}{name}/", json={"is_active": False}))
    assert api.put(f"{metadata}/heritage/owner/", json={"value": "Canton"}).status_code == 404
    switch(unknown_metadata="invalid")
    assert list(error_detail(api.put(f"{metadata}/dcat/issued/", json={"value": "2025-05-01"}))) == ["dcat"]
    assert body_of(api.get(f"{metadata}/heritage/")) == {"owner": {"value": "City"}}

    body_of(api.put(HERITAGE, json={"is_active": True}))
    assert body_of(api.put(f"{metadata}/heritage/owner/", json={"value": "Canton"})) == {"value": "Canton"}
