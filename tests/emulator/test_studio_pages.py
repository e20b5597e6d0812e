"""Tests of Studio pages: their whole life, publication, permissions and access rules.

The numbers after `behaviour` are those of the fact in the list of what is known about the service.
"""

import re
from typing import Any

import httpx

from .calls import Body, body_of, error_detail, key_with, new_group
from .conftest import Connect, Switch

PAGES = "/studio_pages/"


def new_page(api: httpx.Client, slug: str = "my-page", **more: Any) -> Body:
    """Create a page; return its body."""
    return body_of(api.post(PAGES, json={"slug": slug, **more}), 201)


def test_whole_life_of_a_studio_page(api: httpx.Client) -> None:
    """Behaviour 2: its uid is `sp_` and six characters."""
    made = new_page(api)
    one = f"{PAGES}{made['uid']}/"
    assert re.fullmatch(r"sp_[a-z0-9]{6}", made["uid"])
    assert (made["slug"], made["public"], made["created_by"]) == ("my-page", False, {"username": "admin"})
    assert body_of(api.get(one)) == made
    changed = body_of(api.put(one, json={"slug": "start", "public": True}))
    assert (changed["uid"], changed["slug"], changed["public"]) == (made["uid"], "start", True)
    assert body_of(api.get(one)) == changed
    listed = body_of(api.get(PAGES))
    assert (listed["total_count"], listed["results"]) == (1, [changed])
    assert api.delete(one).status_code == 204
    assert [api.get(one).status_code, api.put(one, json={}).status_code, api.delete(one).status_code] == [404] * 3


def test_only_slug_and_public_can_be_written(api: httpx.Client) -> None:
    """Behaviour 20: `contents` is read-only; what MIG sends besides at the creation is ignored."""
    made = new_page(api, title="Mine", contents=[{"title": "Mine"}], is_published=True, uid="sp_mine00")

    assert made["uid"] != "sp_mine00"
    assert "first_published_at" not in made
    [draft] = made["contents"]
    assert (draft["version_name"], draft["title"], draft["updated_by"]) == ("draft", "my-page", {"username": "admin"})
    assert body_of(api.put(f"{PAGES}{made['uid']}/", json={"contents": []}))["contents"] == [draft]


def test_publication_is_acknowledged_and_leaves_a_date(api: httpx.Client) -> None:
    """Behaviour 20: publish and unpublish return a 200; only the date of the first publication can be read."""
    one = f"{PAGES}{new_page(api)['uid']}/"

    assert body_of(api.post(f"{one}unpublish/")) == {"detail": "ok"}
    assert "first_published_at" not in body_of(api.get(one))
    for _ in range(2):
        assert body_of(api.post(f"{one}publish/")) == {"detail": "ok"}
    published = body_of(api.get(one))
    assert published["first_published_at"].endswith("Z")
    assert body_of(api.post(f"{one}unpublish/")) == {"detail": "ok"}
    assert body_of(api.get(one))["first_published_at"] == published["first_published_at"]
    assert api.post(f"{PAGES}sp_nowher/publish/").status_code == 404


def test_slug_is_taken_once_and_well_formed(api: httpx.Client) -> None:
    uid = new_page(api)["uid"]
    new_page(api, "other")

    for slug in ("my-page", "a b", "", None):
        assert list(error_detail(api.post(PAGES, json={"slug": slug}))) == ["slug"]
    assert list(error_detail(api.put(f"{PAGES}{uid}/", json={"slug": "other"}))) == ["slug"]
    assert [body_of(api.post(PAGES, json={}), 201)["slug"] for _ in range(2)] == ["page", "page-1"]


def test_put_keeps_or_clears_what_it_omits(api: httpx.Client, switch: Switch) -> None:
    one = f"{PAGES}{new_page(api, public=True)['uid']}/"

    assert body_of(api.put(one, json={}))["public"] is True
    switch(omitted_in_put="clear")
    cleared = body_of(api.put(one, json={}))
    assert (cleared["slug"], cleared["public"]) == ("my-page", False)


def test_pages_are_listed_in_parts(api: httpx.Client) -> None:
    for slug in "abc":
        new_page(api, slug)

    first = body_of(api.get(PAGES, params={"limit": 2}))

    assert [page["slug"] for page in first["results"]] == ["a", "b"]
    assert [page["slug"] for page in body_of(api.get(first["next"]))["results"]] == ["c"]


def test_each_call_needs_its_permission(api: httpx.Client, connect: Connect) -> None:
    """Behaviour 23: create_page, edit_page, and manage_page for access rules and for who sees the page."""
    one = f"{PAGES}{new_page(api)['uid']}/"
    creator, editor = connect(key_with(api, "create_page")), connect(key_with(api, "edit_page"))
    manager = connect(key_with(api, "manage_page"))

    assert creator.post(PAGES, json={"slug": "a"}).status_code == 201
    assert creator.post(PAGES, json={"slug": "b", "public": True}).status_code == 403
    assert editor.post(PAGES, json={"slug": "c"}).status_code == 403
    assert [client.get(one).status_code for client in (creator, editor, manager)] == [403, 200, 403]
    assert editor.put(one, json={"slug": "d"}).status_code == 200
    assert editor.put(one, json={"public": True}).status_code == 403
    assert editor.post(f"{one}publish/").status_code == 200
    assert [client.get(f"{one}security/users/").status_code for client in (editor, manager)] == [403, 200]
    assert body_of(creator.get(PAGES))["total_count"] == 0


def test_rule_of_a_studio_page_grants_editing(api: httpx.Client, switch: Switch) -> None:
    """Behaviour 15: rules of Studio pages grant edit_page; the status of a new one is 200, or 201."""
    uid = new_page(api)["uid"]
    new_group(api, "Editors")
    groups = f"{PAGES}{uid}/security/groups/"
    rule = {"group": {"uid": "editors"}, "permissions": ["edit_page"]}

    assert body_of(api.post(groups, json=rule), 200) == rule
    assert body_of(api.get(f"{groups}editors/")) == body_of(api.get(groups))["results"][0] == rule
    assert list(error_detail(api.put(f"{groups}editors/", json={"permissions": ["manage_page"]}))) == ["permissions"]
    assert body_of(api.put(f"{groups}editors/", json={"permissions": []}))["permissions"] == []
    assert api.delete(f"{groups}editors/").status_code == 204
    assert api.get(f"{groups}editors/").status_code == 404
    switch(page_rule_status=201)
    body_of(api.post(f"{PAGES}{uid}/security/users/", json={"user": {"username": "admin"}}), 201)
