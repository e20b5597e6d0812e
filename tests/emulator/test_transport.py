"""Tests of what all calls share: keys, last slashes, forms, errors, pages."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import body_of, error_detail, key_with, new_dataset, new_group, new_user
from .conftest import Connect, Switch


@pytest.mark.parametrize("word", ["apikey", "Apikey", "ApiKey", "APIKEY"])
def test_scheme_before_the_key_may_be_in_any_case(emulator: Emulator, connect: Connect, word: str) -> None:
    response = connect("").get("/groups/", headers={"Authorization": f"{word} {emulator.key}"})

    assert response.status_code == 200


def test_key_may_be_a_parameter_and_is_in_no_link(emulator: Emulator, connect: Connect, api: httpx.Client) -> None:
    for title in "abc":
        new_group(api, title)

    page = body_of(connect("").get("/groups/", params={"apikey": emulator.key, "limit": 1, "offset": 1}))

    assert page["next"] == f"{emulator.url}/api/automation/v1.0/groups/?limit=1&offset=2"
    assert page["previous"] == f"{emulator.url}/api/automation/v1.0/groups/?limit=1&offset=0"


def test_without_a_key_it_is_a_401(connect: Connect) -> None:
    body = body_of(connect("").get("/groups/"), 401)

    assert set(body) == {"error_code", "message"}


@pytest.mark.parametrize("key", ["0" * 56, "nonsense"])
def test_wrong_key_is_a_401_even_for_an_unknown_object(connect: Connect, key: str) -> None:
    assert connect(key).get("/groups/nobody/").status_code == 401


@pytest.mark.parametrize(("form", "members"), [("legacy", {"status_code", "error_key"}), ("empty", set())])
def test_the_body_of_a_refusal_can_be_another(connect: Connect, switch: Switch, form: str, members: set[str]) -> None:
    switch(refusal_body=form)

    response = connect("wrong").get("/groups/")

    assert response.status_code == 401
    assert members <= (set(response.json()) if members else set())
    assert bool(response.content) == bool(members)


def test_a_key_can_do_no_more_than_its_own_permissions(api: httpx.Client, connect: Connect) -> None:
    narrow = connect(key_with(api, "edit_dataset"))

    assert narrow.get("/groups/").status_code == 403
    assert narrow.get("/datasets/").status_code == 200


def test_a_key_can_do_no_more_than_its_owner(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    owner = new_user(api, "owner@example.org", permissions=["create_dataset"])["username"]
    own = {"uid": "ak_owners", "key": "1" * 56, "label": "", "username": owner, "permissions": ["edit_domain"]}
    own |= {"created_at": "", "revoked_at": None, "revocation_reason": ""}
    emulator.portal.store.put("api_key", "ak_owners", own)

    assert connect("1" * 56).get("/groups/").status_code == 403


def test_permissions_of_a_group_count_for_keys_of_members(
    emulator: Emulator, api: httpx.Client, connect: Connect
) -> None:
    group = new_group(api, "Administrators", permissions=["edit_domain"])["uid"]
    owner = new_user(api, "owner@example.org", groups=[{"uid": group}])["username"]
    own = {"uid": "ak_owners", "key": "1" * 56, "label": "", "username": owner, "permissions": ["edit_domain"]}
    own |= {"created_at": "", "revoked_at": None, "revocation_reason": ""}
    emulator.portal.store.put("api_key", "ak_owners", own)

    assert connect("1" * 56).get("/groups/").status_code == 200


def test_last_slash_of_a_path_is_optional(api: httpx.Client) -> None:
    uid = body_of(api.post("/groups", json={"title": "Editors"}), 201)["uid"]

    assert body_of(api.put(f"/groups/{uid}", json={"title": "Authors"}))["title"] == "Authors"
    assert body_of(api.get(f"/groups/{uid}"))["title"] == "Authors"
    assert api.delete(f"/groups/{uid}").status_code == 204


def test_form_body_is_equivalent_to_json(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]

    group = body_of(
        api.put(f"/groups/{uid}/", data={"title": "Authors", "permissions": ["edit_dataset", "create_dataset"]})
    )

    assert (group["title"], group["permissions"]) == ("Authors", ["edit_dataset", "create_dataset"])


def test_one_permission_in_a_form_is_a_list_of_one(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]

    assert body_of(api.put(f"/groups/{uid}/", data={"permissions": "edit_page"}))["permissions"] == ["edit_page"]


def test_json_needs_no_content_type(api: httpx.Client) -> None:
    response = api.post("/groups/", content='{"title": "Editors"}', headers={"Content-Type": ""})

    assert body_of(response, 201)["title"] == "Editors"


def test_unknown_members_and_parameters_are_ignored(api: httpx.Client) -> None:
    group = body_of(api.post("/groups/?sorted=yes", json={"title": "Editors", "uid": "mine", "colour": "red"}), 201)

    assert group["uid"] == "editors"
    assert "colour" not in group


def test_invalid_json_is_a_bad_request(api: httpx.Client) -> None:
    assert body_of(api.post("/groups/", content="{title:"), 400)["error_code"] == "bad_request"


def test_an_unknown_path_is_not_found(api: httpx.Client) -> None:
    assert body_of(api.get("/nothing/"), 404) == {"error_code": "not_found", "message": "Not found."}


def test_a_wrong_method_is_a_405(api: httpx.Client) -> None:
    assert body_of(api.patch("/groups/"), 405)["error_code"] == "method_not_allowed"


def test_list_has_pages_of_twenty_by_default(api: httpx.Client) -> None:
    for number in range(21):
        new_group(api, f"Group {number:02}")

    first = body_of(api.get("/groups/"))
    second = body_of(httpx.get(first["next"], headers=api.headers, timeout=30))

    assert (first["total_count"], len(first["results"]), first["previous"]) == (21, 20, None)
    assert (second["total_count"], len(second["results"]), second["next"]) == (21, 1, None)


def test_limit_0_only_counts(api: httpx.Client) -> None:
    new_group(api, "Editors")

    assert body_of(api.get("/groups/", params={"limit": 0})) == {
        "total_count": 1,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_links_keep_the_other_parameters(api: httpx.Client) -> None:
    for title in ("Editors of a", "Editors of b", "Readers"):
        new_group(api, title)

    page = body_of(api.get("/groups/", params={"search": "editors of", "limit": 1}))

    assert page["total_count"] == 2
    assert body_of(httpx.get(page["next"], headers=api.headers, timeout=30))["results"][0]["title"] == "Editors of b"


@pytest.mark.parametrize("limit", ["-1", "1001", "many"])
def test_a_limit_out_of_range_is_refused(api: httpx.Client, limit: str) -> None:
    assert list(error_detail(api.get("/groups/", params={"limit": limit}))) == ["limit"]


def test_a_limit_out_of_range_can_be_clamped(api: httpx.Client, switch: Switch) -> None:
    switch(limit_out_of_range="clamp")

    assert body_of(api.get("/groups/", params={"limit": 5000}))["total_count"] == 0


def test_invalid_body_is_refused_by_path(api: httpx.Client) -> None:
    response = api.post("/groups/", json={"title": "", "explore_limits": {"api_calls": {"limit": 1}}})

    assert error_detail(response) == {
        "title": ["This field may not be blank."],
        "explore_limits": {"api_calls": {"unit": ["This field is required"]}},
    }


def test_request_that_waits_for_the_store_stops_no_other(
    emulator: Emulator, api: httpx.Client, control: httpx.Client
) -> None:
    path = f"/datasets/{new_dataset(api)}/"
    with ThreadPoolExecutor(1) as another:
        with emulator.portal.store.transaction():
            waiting = another.submit(api.get, path)
            while not emulator._server.server_state.tasks:
                time.sleep(0.001)
            for _ in range(20):
                assert control.get("/settings").status_code == 200
            assert not waiting.done()
        assert waiting.result(30).status_code == 200
