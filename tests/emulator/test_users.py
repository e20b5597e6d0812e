"""Tests of users and their invitations."""

import re

import httpx

from .calls import body_of, error_detail, new_group, new_user
from .conftest import Connect, Switch


def test_an_invitation_makes_a_user_and_sends_an_email(api: httpx.Client, control: httpx.Client) -> None:
    group = new_group(api, "Editors")["uid"]

    user = new_user(api, "Louise.Data@example.org", permissions=["edit_page"], groups=[{"uid": group}])

    assert (user["username"], "joined_at" in user, user["is_active"]) == ("louise.data", False, False)
    assert (user["permissions"], user["groups"]) == (["edit_page"], [{"uid": group}])
    assert body_of(api.get("/users/louise.data/")) == user
    mail = control.get("/outbox").json()
    assert [(one["to"], one["kind"]) for one in mail] == [("Louise.Data@example.org", "invitation")]


def test_accepted_invitation_sets_joined_at(api: httpx.Client, control: httpx.Client) -> None:
    new_user(api, "louise@example.org")

    control.post("/join", json={"email": "louise@example.org"}).raise_for_status()

    joined = body_of(api.get("/users/louise/"))
    assert joined["joined_at"] is not None
    assert joined["is_active"] is True


def test_failed_invitation_is_reported_in_a_200(api: httpx.Client) -> None:
    new_user(api, "louise@example.org")

    response = body_of(
        api.post(
            "/users/invite/",
            json=[
                {"email": "LOUISE@example.org"},
                {"email": "nothing"},
                {"email": "ok@example.org", "groups": [{"uid": "ghosts"}]},
                {"first_name": "Nobody"},
                {"email": "fine@example.org"},
            ],
        )
    )

    assert [response[str(number)]["status_code"] for number in range(5)] == ["error"] * 4 + ["success"]
    assert response["0"]["error"]["detail"] == {"email": ["This user is already a member of the domain."]}
    assert response["1"]["error"]["detail"] == {"email": ["Enter a valid email address."]}
    assert response["2"]["error"]["detail"] == {"groups": ['Group "ghosts" does not exist.']}
    assert response["3"]["error"]["detail"] == {"email": ["This field is required"]}


def test_invitation_without_a_list_is_refused(api: httpx.Client) -> None:
    assert error_detail(api.post("/users/invite/", json={"email": "louise@example.org"})) == {
        "non_field_errors": ["Expected a list of items."]
    }


def test_two_people_with_one_name_get_two_usernames(api: httpx.Client) -> None:
    assert new_user(api, "louise@one.org")["username"] == "louise"
    assert new_user(api, "louise@two.org")["username"] == "louise.1"


def test_an_open_invitation_can_be_hidden_until_it_is_accepted(
    api: httpx.Client, control: httpx.Client, switch: Switch
) -> None:
    switch(open_invitation="hidden")

    invited = new_user(api, "louise@example.org")

    assert "username" not in invited
    assert api.get("/users/louise/").status_code == 404
    assert body_of(api.get("/users/", params={"search": "louise"}))["total_count"] == 0
    control.post("/join", json={"email": "louise@example.org"}).raise_for_status()
    assert body_of(api.get("/users/", params={"search": "louise@example.org"}))["results"][0]["username"] == "louise"


def test_a_put_changes_permissions_groups_and_limits(api: httpx.Client) -> None:
    group = new_group(api, "Editors")["uid"]
    new_user(api, "louise@example.org", permissions=["edit_page"])
    limits = {"api_calls": {"limit": 10, "unit": "day"}}

    changed = body_of(
        api.put(
            "/users/louise/",
            json={"permissions": ["create_page"], "groups": [{"uid": group}], "explore_limits": limits},
        )
    )

    assert (changed["permissions"], changed["groups"]) == (["create_page"], [{"uid": group}])
    assert changed["explore_limits"] == limits
    assert body_of(api.get("/users/louise/")) == changed


def test_the_address_of_a_user_never_changes(api: httpx.Client) -> None:
    new_user(api, "louise@example.org")

    changed = body_of(api.put("/users/louise/", json={"email": "other@example.org", "username": "other"}))

    assert (changed["username"], changed["email"]) == ("louise", "louise@example.org")


def test_names_of_a_user_are_ignored_or_written(api: httpx.Client, switch: Switch) -> None:
    new_user(api, "louise@example.org", first_name="Louise")

    assert body_of(api.put("/users/louise/", json={"first_name": "Lou"}))["first_name"] == "Louise"
    switch(names_of_users="written")
    assert body_of(api.put("/users/louise/", json={"first_name": "Lou"}))["first_name"] == "Lou"


def test_expand_includes_the_groups_of_a_user(api: httpx.Client) -> None:
    group = new_group(api, "Editors")
    new_user(api, "louise@example.org", groups=[{"uid": group["uid"]}])

    expanded = body_of(api.get("/users/louise/", params={"expand": "groups"}))

    assert expanded["groups"] == [{**group, "user_count": 1}]


def test_users_are_found_by_permission(api: httpx.Client) -> None:
    group = new_group(api, "Editors", permissions=["edit_page"])["uid"]
    new_user(api, "direct@example.org", permissions=["edit_page"])
    new_user(api, "member@example.org", groups=[{"uid": group}])

    def found(**query: str) -> list[str]:
        return [user["username"] for user in body_of(api.get("/users/", params=query))["results"]]

    assert found(permissions="edit_page", search="example.org") == ["direct"]
    assert found(all_permissions="edit_page", search="example.org") == ["direct", "member"]
    assert found(sort="-username") == ["member", "direct", "admin"]


def test_the_last_administrator_stays(api: httpx.Client) -> None:
    message = "Removing the only domain administrator is not allowed."

    assert body_of(api.delete("/users/admin/"), 400)["message"] == message
    assert body_of(api.put("/users/admin/", json={"permissions": []}), 400)["message"] == message
    assert body_of(api.get("/users/admin/"))["permissions"] != []


def test_deleting_a_user_deletes_their_rules(api: httpx.Client, connect: Connect) -> None:
    new_user(api, "louise@example.org")
    body = {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}}
    uid = body_of(api.post("/datasets/", json=body), 201)["uid"]
    body_of(api.post(f"/datasets/{uid}/security/users/", json={"user": {"username": "louise"}}), 201)

    assert api.delete("/users/louise/").status_code == 204
    assert api.get("/users/louise/").status_code == 404
    assert body_of(api.get(f"/datasets/{uid}/security/users/"))["total_count"] == 0


def test_provisioned_users_have_joined(api: httpx.Client, control: httpx.Client) -> None:
    body = {"email": "louise@example.org", "identity_provider": {"uid": "city"}, "first_name": "Louise"}

    response = body_of(api.post("/users/provision/", json=[body, {"email": "nobody@example.org"}]))

    louise = response["0"]["data"]
    assert (louise["username"], louise["is_active"], louise["account_type"]) == ("louise", True, "local")
    assert louise["identity_providers"] == [{"uid": "city"}]
    assert louise["joined_at"] is not None
    assert response["1"]["error"]["detail"] == {"identity_provider": ["This field is required"]}
    assert control.get("/outbox").json() == []
    assert body_of(api.put("/users/louise/", json={"first_name": "Lou"}))["first_name"] == "Lou"


def test_one_user_is_provisioned_without_a_list(api: httpx.Client) -> None:
    body = {"email": "louise@example.org", "identity_provider": {"uid": "city"}}

    assert body_of(api.post("/users/provision/", json=body))["0"]["status_code"] == "success"


def test_the_users_as_a_file(api: httpx.Client) -> None:
    new_group(api, "Editors")
    new_user(api, "louise@example.org", groups=[{"uid": "editors"}], permissions=["edit_page", "create_page"])

    response = api.get("/users/export/", params={"delimiter": ";"})

    header, admin, louise = response.text.splitlines()
    assert response.headers["content-type"].startswith("text/csv")
    assert header == "username;last_name;first_name;email;date_joined;last_seen;groups;permissions"
    assert re.search(r"^admin;;;admin@\S+;\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00;", admin)
    assert louise == 'louise;;;louise@example.org;;;Editors;"edit_page;create_page"'
