"""Tests of code editor pages: their whole life, archiving, deletion in bulk, permissions and access rules.

The numbers after `behaviour` are those of the fact in the list of what is known about the service.
"""

from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, error_detail, key_with, new_group, new_user
from .conftest import Connect, Switch

PAGES = "/code_editor_pages/"
CONTENT = {"html": {"en": "<h1>Welcome</h1>\n", "fr": "<h1>Bienvenue</h1>\n"}, "css": {"en": "h1 { color: teal; }"}}


def new_page(api: httpx.Client, slug: str = "home", **more: Any) -> Body:
    """Create a page; return its body."""
    return body_of(api.post(PAGES, json={"slug": slug, "content": CONTENT, **more}), 201)


def slugs(response: Body) -> list[str]:
    """The slugs of a list of pages."""
    return [page["slug"] for page in response["results"]]


def test_whole_life_of_a_page(api: httpx.Client) -> None:
    made = new_page(api, title={"en": "Welcome"}, description="The first page", tags=["start"], is_restricted=True)
    assert (made["slug"], made["content"], made["title"]) == ("home", CONTENT, {"en": "Welcome"})
    assert (made["has_subdomain_copies"], made["is_pushed_by_parent"], made["is_archived"]) == (False, False, False)
    assert made["created_by"] == made["updated_by"] == {"username": "admin"}
    assert body_of(api.get(f"{PAGES}home/")) == made
    changed = body_of(api.put(f"{PAGES}home/", json={**made, "content": {"html": {"en": "<p>New</p>"}}}))
    assert changed["content"] == {"html": {"en": "<p>New</p>"}, "css": {}}
    assert body_of(api.get(f"{PAGES}home/")) == changed
    listed = body_of(api.get(PAGES))
    assert (listed["total_count"], listed["results"]) == (1, [changed])
    assert api.delete(f"{PAGES}home/").status_code == 204
    for gone in (api.get(f"{PAGES}home/"), api.delete(f"{PAGES}home/"), api.put(f"{PAGES}home/", json=changed)):
        assert gone.status_code == 404


def test_content_is_required(api: httpx.Client) -> None:
    """Behaviour 20: `content` is required, of a new page as of a changed one."""
    new_page(api)

    for response in (api.post(PAGES, json={"slug": "about"}), api.put(f"{PAGES}home/", json={"slug": "home"})):
        assert error_detail(response) == {"content": ["This field is required"]}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"slug": "a/b"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"title": "Welcome"}, "title"),
        ({"title": None}, "title"),
        ({"content": {"html": {"en": 5}}}, "content"),
        ({"tags": "start"}, "tags"),
        ({"is_restricted": "perhaps"}, "is_restricted"),
    ],
)
def test_value_of_another_type_is_refused(api: httpx.Client, body: Body, where: str) -> None:
    assert list(error_detail(api.post(PAGES, json={"slug": "home", "content": CONTENT, **body}))) == [where]


def test_slug_is_chosen_by_the_creator_and_taken_once(api: httpx.Client) -> None:
    """Behaviour 2: the id of a page is its slug, which the creator chooses."""
    new_page(api, "hello_world")

    assert list(error_detail(api.post(PAGES, json={"slug": "hello_world", "content": CONTENT}))) == ["slug"]
    assert body_of(api.get(f"{PAGES}hello_world"))["slug"] == "hello_world"


def test_page_without_a_slug_gets_one_from_its_title(api: httpx.Client) -> None:
    body = {"content": CONTENT, "title": {"fr": "Données ouvertes"}}

    assert [body_of(api.post(PAGES, json=body), 201)["slug"] for _ in range(2)] == [
        "donnees-ouvertes",
        "donnees-ouvertes-1",
    ]


def test_slug_in_a_put_renames_the_page_or_is_ignored(api: httpx.Client, switch: Switch) -> None:
    """Behaviour 20: whether a PUT renames a page is unknown."""
    new_page(api)
    new_page(api, "taken")

    assert body_of(api.put(f"{PAGES}home/", json={"slug": "start", "content": CONTENT}))["slug"] == "start"
    assert api.get(f"{PAGES}home/").status_code == 404
    assert list(error_detail(api.put(f"{PAGES}start/", json={"slug": "taken", "content": CONTENT}))) == ["slug"]
    switch(page_slug_in_put="ignored")
    assert body_of(api.put(f"{PAGES}start/", json={"slug": "home", "content": CONTENT}))["slug"] == "start"


def test_put_keeps_or_clears_what_it_omits(api: httpx.Client, switch: Switch) -> None:
    new_page(api, description="The first page", tags=["start"])

    kept = body_of(api.put(f"{PAGES}home/", json={"content": {}}))
    switch(omitted_in_put="clear")
    cleared = body_of(api.put(f"{PAGES}home/", json={"content": {}}))

    assert (kept["description"], kept["tags"]) == ("The first page", ["start"])
    assert (cleared["description"], cleared["tags"], cleared["slug"]) == ("", [], "home")


def test_read_only_and_unknown_members_are_ignored(api: httpx.Client) -> None:
    """Behaviour 1: KIT sends read-only members of a page back."""
    made = new_page(api)
    body = {
        **made,
        "created_by": {"username": "x"},
        "created_at": "never",
        "has_subdomain_copies": True,
        "color": "red",
    }

    changed = body_of(api.put(f"{PAGES}home", json=body))

    assert {**changed, "updated_at": made["updated_at"]} == made


def test_archived_page_cannot_be_edited(api: httpx.Client) -> None:
    """Behaviour 20: archive and unarchive return `{"detail": "ok"}`; an archived page cannot be edited."""
    made = new_page(api)
    for _ in range(2):
        assert body_of(api.post(f"{PAGES}home/archive/")) == {"detail": "ok"}

    assert body_of(api.get(f"{PAGES}home/"))["is_archived"] is True
    assert list(error_detail(api.put(f"{PAGES}home/", json=made))) == ["is_archived"]
    assert body_of(api.post(f"{PAGES}home/unarchive/")) == {"detail": "ok"}
    assert body_of(api.put(f"{PAGES}home/", json={**made, "is_archived": True}))["is_archived"] is False
    assert api.post(f"{PAGES}nowhere/archive/").status_code == 404


def test_code_editor_page_has_no_publication(api: httpx.Client) -> None:
    """Behaviour 20: KIT calls `…/publish/`, which the description does not have."""
    new_page(api)

    assert api.post(f"{PAGES}home/publish/").status_code == 404


def test_bulk_deletion_returns_the_slugs_and_needs_a_filter(api: httpx.Client) -> None:
    """Behaviour 20: the response is the list of slugs; without a filter it is refused."""
    for slug in ("home", "about", "events"):
        new_page(api, slug, title={"en": f"My {slug} page"})

    for query in ({}, {"slug": ""}, {"search": " "}):
        assert list(error_detail(api.delete(PAGES, params=query))) == ["slug", "search"]
    assert api.delete(PAGES, params={"slug": ["home", "nowhere"]}).json() == ["home"]
    assert api.delete(PAGES, params={"slug": "about", "search": "events"}).json() == []
    assert api.delete(PAGES, params={"search": "my ABOUT"}).json() == ["about"]
    assert slugs(body_of(api.get(PAGES))) == ["events"]


def test_pages_are_listed_in_parts(api: httpx.Client) -> None:
    for slug in "abc":
        new_page(api, slug)

    first = body_of(api.get(PAGES, params={"limit": 2}))

    assert (slugs(first), first["total_count"], first["previous"]) == (["a", "b"], 3, None)
    assert slugs(body_of(api.get(first["next"]))) == ["c"]
    assert body_of(api.get(PAGES, params={"limit": 0}))["results"] == []


def test_each_call_needs_its_permission(api: httpx.Client, connect: Connect) -> None:
    """Behaviour 23: create_page, edit_page, and manage_page for access rules and `is_restricted`."""
    new_page(api)
    creator, editor = connect(key_with(api, "create_page")), connect(key_with(api, "edit_page"))
    manager = connect(key_with(api, "manage_page"))
    body = {"content": CONTENT, "slug": "about"}

    assert creator.post(PAGES, json=body).status_code == 201
    assert editor.post(PAGES, json={**body, "slug": "x"}).status_code == 403
    assert creator.post(PAGES, json={**body, "slug": "x", "is_restricted": True}).status_code == 403
    assert [client.get(f"{PAGES}home/").status_code for client in (creator, editor)] == [403, 200]
    assert editor.put(f"{PAGES}home/", json={"content": {}}).status_code == 200
    assert editor.put(f"{PAGES}home/", json={"content": {}, "is_restricted": True}).status_code == 403
    assert [client.get(f"{PAGES}home/security/users/").status_code for client in (editor, manager)] == [403, 200]
    assert [slugs(body_of(client.get(PAGES))) for client in (creator, editor)] == [[], ["home", "about"]]
    assert creator.delete(PAGES, params={"slug": "home"}).json() == []


def test_rule_of_a_page_grants_what_it_names(api: httpx.Client, connect: Connect, switch: Switch) -> None:
    """Behaviour 15: rules of pages grant edit_page and manage_page; the status of a new one is 200, or 201."""
    new_page(api)
    new_user(api, "louise@example.org")
    new_group(api, "Editors")
    users, groups = f"{PAGES}home/security/users/", f"{PAGES}home/security/groups/"
    rule = {"user": {"username": "louise"}, "permissions": ["edit_page"]}

    assert body_of(api.post(users, json=rule), 200) == rule
    assert list(error_detail(api.post(users, json=rule))) == ["user"]
    assert body_of(api.get(f"{users}louise/")) == body_of(api.get(users))["results"][0] == rule
    changed = {**rule, "permissions": ["edit_page", "manage_page"]}
    assert body_of(api.put(f"{users}louise/", json=changed)) == changed
    assert list(error_detail(api.put(f"{users}louise/", json={"permissions": ["edit_dataset"]}))) == ["permissions"]
    switch(page_rule_status=201)
    assert body_of(api.post(groups, json={"group": {"uid": "editors"}}), 201)["permissions"] == []
    assert api.delete(f"{users}louise/").status_code == 204
    assert api.get(f"{users}louise/").status_code == 404
    assert api.delete("/groups/editors/").status_code == 204
    assert body_of(api.get(groups))["total_count"] == 0


def test_rule_lets_its_user_edit_one_page(emulator: Emulator, api: httpx.Client, connect: Connect) -> None:
    for slug in ("home", "about"):
        new_page(api, slug)
    new_user(api, "louise@example.org")
    own = {"uid": "ak_louise", "key": "9" * 56, "username": "louise", "permissions": ["edit_page"], "revoked_at": None}
    emulator.portal.store.put("api_key", "ak_louise", own)
    rule = {"user": {"username": "louise"}, "permissions": ["edit_page", "manage_page"]}
    body_of(api.post(f"{PAGES}home/security/users/", json=rule))
    louise = connect("9" * 56)

    assert slugs(body_of(louise.get(PAGES))) == ["home"]
    assert louise.put(f"{PAGES}home/", json={"content": CONTENT}).status_code == 200
    assert louise.put(f"{PAGES}about/", json={"content": CONTENT}).status_code == 403
    # The rule grants manage_page as well, and the key does not.
    assert louise.get(f"{PAGES}home/security/users/").status_code == 403


def test_creator_can_get_a_rule_with_all_permissions(api: httpx.Client, switch: Switch) -> None:
    switch(creator_gets_rule=True)
    new_page(api)

    (rule,) = body_of(api.get(f"{PAGES}home/security/users/"))["results"]

    assert rule == {"user": {"username": "admin"}, "permissions": ["edit_page", "manage_page"]}


def test_html_can_be_sanitised_and_languages_filled_in(api: httpx.Client, switch: Switch) -> None:
    """Behaviour 20: HTML may be sanitised; the description's example has an empty style sheet."""
    switch(page_html="sanitised", page_languages="filled_in")

    made = new_page(api, content={"html": {"en": "<p>A</p><script>alert(1)</script>\n"}})

    assert made["content"] == {"html": {"en": "<p>A</p>"}, "css": {"en": ""}}
