"""Tests of groups and their members."""

import re

import httpx

from .calls import body_of, error_detail, new_group, new_user
from .conftest import Switch


def test_group_contains_the_defaults_of_the_portal(api: httpx.Client) -> None:
    group = new_group(api, "Éditeurs de contenu", permissions=["edit_dataset"])

    assert group["uid"] == "editeurs_de_contenu"
    assert (group["permissions"], group["description"], group["user_count"]) == (["edit_dataset"], "", 0)
    assert group["created_by"] == {"username": "admin"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", group["created_at"])
    assert body_of(api.get(f"/groups/{group['uid']}/")) == group


def test_a_group_keeps_its_uid_when_its_title_changes(api: httpx.Client) -> None:
    uid = new_group(api, "Editors", description="They edit.")["uid"]

    changed = body_of(api.put(f"/groups/{uid}/", json={"title": "Authors"}))

    assert (changed["uid"], changed["title"], changed["description"]) == ("editors", "Authors", "They edit.")


def test_omitted_property_in_a_put_can_be_cleared(api: httpx.Client, switch: Switch) -> None:
    uid = new_group(api, "Editors", description="They edit.", permissions=["edit_page"])["uid"]
    switch(omitted_in_put="clear")

    changed = body_of(api.put(f"/groups/{uid}/", json={"title": "Editors"}))

    assert (changed["description"], changed["permissions"]) == ("", [])
    assert error_detail(api.put(f"/groups/{uid}/", json={})) == {"title": ["This field is required"]}


def test_two_groups_with_one_title_get_two_uids(api: httpx.Client) -> None:
    assert [new_group(api, "Editors")["uid"] for _ in range(3)] == ["editors", "editors_1", "editors_2"]


def test_a_title_that_is_taken_can_be_refused(api: httpx.Client, switch: Switch) -> None:
    new_group(api, "Editors")
    switch(duplicate_group_title="refuse")

    assert list(error_detail(api.post("/groups/", json={"title": "Editors"}))) == ["title"]


def test_an_unknown_permission_is_refused(api: httpx.Client) -> None:
    detail = error_detail(api.post("/groups/", json={"title": "Editors", "permissions": ["edit_page", "fly"]}))

    assert detail == {"permissions": {"1": ['"fly" is not a valid choice.']}}


def test_permissions_beyond_the_description_are_accepted(api: httpx.Client) -> None:
    beyond = [
        "create_external_asset",
        "edit_external_asset",
        "explore_restricted_external_asset",
        "manage_glossary",
        "manage_showcase_requests",
    ]

    assert body_of(api.post("/groups/", json={"title": "Editors", "permissions": beyond}), 201)["permissions"] == beyond


def test_groups_are_found_by_words_and_by_permissions(api: httpx.Client) -> None:
    new_group(api, "Content editors", permissions=["edit_page", "create_page"])
    new_group(api, "Readers", description="They read content.")

    def found(**query: str | list[str]) -> list[str]:
        response = body_of(api.get("/groups/", params=query))
        return [group["uid"] for group in response["results"]]

    assert found(search="CONTENT") == ["content_editors", "readers"]
    assert found(search="content edit") == ["content_editors"]
    assert found(permissions=["edit_page", "create_page"]) == ["content_editors"]
    assert found(permissions="edit_domain") == []


def test_groups_are_sorted_either_way(api: httpx.Client) -> None:
    for title in ("b", "a", "c"):
        new_group(api, title)

    def titles(sort: str) -> list[str]:
        return [group["title"] for group in body_of(api.get("/groups/", params={"sort": sort}))["results"]]

    assert titles("group__title") == ["a", "b", "c"]
    assert titles("-group__title") == ["c", "b", "a"]
    assert titles("-created_at") == ["c", "a", "b"]
    assert list(error_detail(api.get("/groups/", params={"sort": "colour"}))) == ["sort"]


def test_members_are_added_and_removed(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]
    louise = new_user(api, "louise@example.org")["username"]

    joined = body_of(api.post(f"/groups/{uid}/users/", json={"username": louise}), 201)

    assert joined["groups"] == [{"uid": uid}]
    assert body_of(api.get(f"/groups/{uid}/"))["user_count"] == 1
    assert [user["username"] for user in body_of(api.get(f"/groups/{uid}/users/"))["results"]] == [louise]
    assert api.delete(f"/groups/{uid}/users/{louise}/").status_code == 204
    assert api.delete(f"/groups/{uid}/users/{louise}/").status_code == 404
    assert body_of(api.get(f"/users/{louise}/"))["groups"] == []


def test_a_member_who_joins_again_is_a_member_once(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]
    for _ in range(2):
        body_of(api.post(f"/groups/{uid}/users/", json={"username": "admin"}), 201)

    assert body_of(api.get(f"/groups/{uid}/users/"))["total_count"] == 1


def test_batch_of_members_has_a_result_for_each(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]

    response = body_of(
        api.post(f"/groups/{uid}/users/batch/", json=[{"username": "nobody"}, {"username": "admin"}, {}])
    )

    assert [response[number]["status_code"] for number in "012"] == ["error", "success", "error"]
    assert response["0"]["error"]["detail"] == {"username": ['User "nobody" does not exist.']}
    assert response["1"]["data"]["groups"] == [{"uid": uid}]
    assert response["2"]["error"]["detail"] == {"username": ["This field is required"]}


def test_a_deleted_group_leaves_its_members(api: httpx.Client) -> None:
    uid = new_group(api, "Editors")["uid"]
    louise = new_user(api, "louise@example.org", groups=[{"uid": uid}])["username"]

    assert api.delete(f"/groups/{uid}/").status_code == 204
    assert api.delete(f"/groups/{uid}/").status_code == 404
    assert body_of(api.get(f"/users/{louise}/"))["groups"] == []
