"""Tests of visibility: restricted datasets, default security, and access rules of users and groups."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import body_of, error_detail, key_with, new_group
from .conftest import EVERYTHING


def test_restricted_dataset_is_visible_with_permission(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities("secret", is_restricted=True)
    cities("open")
    may, may_not = key_with(api, "explore_restricted_dataset"), key_with(api, "create_page")

    def visible(key: str | None) -> list[str]:
        params = {"apikey": key} if key else {}
        return [dataset["dataset_id"] for dataset in body_of(public.get("/datasets", params=params))["results"]]

    assert visible(None) == ["open"]
    assert visible(may_not) == ["open"]
    assert visible(may) == ["secret", "open"]
    error_detail(public.get("/datasets/secret/records"), 404)
    header = {"Authorization": f"Apikey {may}"}
    assert body_of(public.get("/datasets/secret/records", headers=header))["total_count"] == 2
    assert body_of(public.get("/datasets/secret", headers=header))["visibility"] == "restricted"


def test_a_wrong_key_is_refused(public: httpx.Client) -> None:
    response = error_detail(public.get("/datasets", params={"apikey": "wrong"}), 401)
    assert response["message"] == "Invalid API key."


def test_the_default_security_hides_fields_from_the_public_only(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str], emulator: Emulator
) -> None:
    security = {
        "is_data_visible": True,
        "visible_fields": ["city", "size"],
        "filter_query": "",
        "api_calls_quota": None,
    }
    cities("cities", default_security=security)
    assert [field["name"] for field in body_of(public.get("/datasets/cities"))["fields"]] == ["city", "size"]
    assert body_of(public.get("/datasets/cities/records"))["results"][0] == {"city": "Basel", "size": 3.0}
    assert public.get("/datasets/cities/exports/csv").text.splitlines()[1] == "Basel;3.0"
    editor = {"apikey": emulator.key}
    assert len(body_of(public.get("/datasets/cities/records", params=editor))["results"][0]) == 5


def test_hidden_data_has_no_public_records(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities("cities", default_security=EVERYTHING | {"is_data_visible": False})
    assert body_of(public.get("/datasets/cities"))["data_visible"] is False
    assert body_of(public.get("/datasets/cities/records")) == {"total_count": 0, "results": []}


def test_a_filter_query_hides_records_from_the_public_only(
    public: httpx.Client, cities: Callable[..., str], emulator: Emulator
) -> None:
    cities("cities", default_security=EVERYTHING | {"filter_query": "size!=3"})
    records = body_of(public.get("/datasets/cities/records", params={"select": "city"}))
    assert records == {"total_count": 1, "results": [{"city": "Bern"}]}
    assert body_of(public.get("/datasets/cities/records", params={"where": 'city = "Basel"'}))["total_count"] == 0
    assert public.get("/datasets/cities/exports/json", params={"select": "city"}).json() == [{"city": "Bern"}]
    counts_of = body_of(public.get("/datasets/cities/facets", params={"facet": "city"}))["facets"][0]["facets"]
    assert [one["name"] for one in counts_of] == ["Bern"]
    assert body_of(public.get("/datasets/cities/records", params={"apikey": emulator.key}))["total_count"] == 2


def test_a_filter_query_may_name_a_field_that_is_hidden(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities("cities", default_security=EVERYTHING | {"filter_query": "size > 3", "visible_fields": ["city"]})
    assert body_of(public.get("/datasets/cities/records")) == {"total_count": 1, "results": [{"city": "Bern"}]}


def test_unsupported_filter_query_is_refused(
    public: httpx.Client, cities: Callable[..., str], emulator: Emulator
) -> None:
    cities("cities", default_security=EVERYTHING | {"filter_query": "city:Basel"})
    response = error_detail(public.get("/datasets/cities/records"))
    assert response["message"] == (
        "The filter_query of this dataset (Unknown field: Basel) is not carried out by this portal."
    )
    assert body_of(public.get("/datasets/cities/records", params={"apikey": emulator.key}))["total_count"] == 2


@pytest.mark.parametrize(
    ("params", "clause"),
    [
        ({"where": "size > 3"}, "where"),
        ({"select": "city, size"}, "select"),
        ({"order_by": "size"}, "order_by"),
        ({"refine": "size:3.0"}, "refine"),
        ({"exclude": "size:3.0"}, "exclude"),
        ({"facet": "size"}, "facet"),
    ],
)
def test_a_hidden_field_cannot_be_found_out_by_a_query(
    public: httpx.Client, cities: Callable[..., str], params: dict[str, str], clause: str
) -> None:
    cities("cities", default_security=EVERYTHING | {"visible_fields": ["city"]})
    path = "facets" if clause == "facet" else "records"
    response = error_detail(public.get(f"/datasets/cities/{path}", params=params))
    assert response == {
        "error_code": "ODSQLError",
        "message": f"ODSQL query is malformed: Unknown field: size. Clause(s) containing the error(s): {clause}.",
    }


def test_search_ignores_hidden_fields(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities("cities", default_security=EVERYTHING | {"visible_fields": ["city"]})
    assert body_of(public.get("/datasets/cities/records", params={"where": '"Bern"'}))["total_count"] == 1
    assert body_of(public.get("/datasets/cities/records", params={"where": '"2024"'}))["total_count"] == 0


def rule(api: httpx.Client, uid: str, target: str, id: str, **security: Any) -> None:
    """Create an access rule with this security and no permission."""
    name = {"users": "user", "groups": "group"}[target]
    member = {"users": "username", "groups": "uid"}[target]
    body = {name: {member: id}, "security": EVERYTHING | security}
    body_of(api.post(f"/datasets/{uid}/security/{target}/", json=body), 201)


@pytest.fixture
def narrow(api: httpx.Client) -> dict[str, str]:
    """The parameter with a key that grants nothing on datasets; its owner is a member of the group editors."""
    group = new_group(api, "Editors")["uid"]
    key = key_with(api, "explore_restricted_dataset")
    permissions = [
        permission
        for permission in body_of(api.get("/users/admin/"))["permissions"]
        if permission != "explore_restricted_dataset"
    ]
    body_of(api.put("/users/admin/", json={"permissions": permissions, "groups": [{"uid": group}]}))
    return {"apikey": key}


def test_rule_replaces_the_default_security(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str], narrow: dict[str, str]
) -> None:
    uid = cities("cities", default_security=EVERYTHING | {"is_data_visible": False, "visible_fields": ["city"]})
    assert body_of(public.get("/datasets/cities/records", params=narrow))["total_count"] == 0
    rule(api, uid, "users", "admin", visible_fields=["size"], filter_query="size > 3")
    assert body_of(public.get("/datasets/cities/records", params=narrow))["results"] == [{"size": 4.5}]
    dataset = body_of(public.get("/datasets/cities", params=narrow))
    assert ([field["name"] for field in dataset["fields"]], dataset["data_visible"]) == (["size"], True)
    assert body_of(public.get("/datasets/cities/records"))["total_count"] == 0


def test_several_rules_grant_their_union(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str], narrow: dict[str, str]
) -> None:
    uid = cities()
    rule(api, uid, "users", "admin", visible_fields=["city"], filter_query="size = 3")
    assert body_of(public.get("/datasets/cities/records", params=narrow))["results"] == [{"city": "Basel"}]
    rule(api, uid, "groups", "editors", visible_fields=["size"], filter_query="size = 4.5")
    assert body_of(public.get("/datasets/cities/records", params=narrow))["results"] == [
        {"city": "Basel", "size": 3.0},
        {"city": "Bern", "size": 4.5},
    ]


def test_a_rule_without_data_adds_no_records(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str], narrow: dict[str, str]
) -> None:
    uid = cities()
    rule(api, uid, "users", "admin", filter_query="size = 3")
    rule(api, uid, "groups", "editors", is_data_visible=False)
    assert body_of(public.get("/datasets/cities/records", params=narrow))["total_count"] == 1


def test_a_rule_without_a_limit_grants_everything(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str], narrow: dict[str, str]
) -> None:
    uid = cities()
    rule(api, uid, "users", "admin", visible_fields=["city"], filter_query="size = 3")
    rule(api, uid, "groups", "editors")
    records = body_of(public.get("/datasets/cities/records", params=narrow))
    assert (records["total_count"], len(records["results"][0])) == (2, 5)


@pytest.mark.parametrize(("target", "id"), [("users", "admin"), ("groups", "editors")])
def test_rule_on_a_restricted_dataset_ignores_its_default(
    api: httpx.Client,
    public: httpx.Client,
    cities: Callable[..., str],
    narrow: dict[str, str],
    target: str,
    id: str,
) -> None:
    uid = cities("secret", is_restricted=True, default_security=EVERYTHING | {"is_data_visible": False})
    error_detail(public.get("/datasets/secret/records", params=narrow), 404)
    rule(api, uid, target, id, visible_fields=["city"])
    assert body_of(public.get("/datasets/secret/records", params=narrow))["results"] == [
        {"city": "Basel"},
        {"city": "Bern"},
    ]
    error_detail(public.get("/datasets/secret/records"), 404)


def test_key_without_permission_opens_no_restricted_dataset(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str]
) -> None:
    uid = cities("secret", is_restricted=True)
    rule(api, uid, "users", "admin")
    error_detail(public.get("/datasets/secret", params={"apikey": key_with(api, "create_page")}), 404)
