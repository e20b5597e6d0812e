"""The commands of pages, of the code editor and of the Studio."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from .conftest import Call


def new_page(portal: Portal, slug: str) -> None:
    body = {"slug": slug, "title": {"en": slug.title()}, "content": {"html": {"en": "<p>Hello</p>"}, "css": {}}}
    portal.post("/code_editor_pages/", body)


@pytest.mark.reaches("page archive")
@pytest.mark.reaches("page unarchive")
def test_page_is_archived_and_brought_back(portal: Portal, call: Call) -> None:
    new_page(portal, "home")
    assert call("page", "archive", "home", "--json").json == {"slug": "home", "is_archived": True}
    assert portal.get("/code_editor_pages/home/")["is_archived"] is True
    assert call("page", "unarchive", "home", "--json").json == {"slug": "home", "is_archived": False}
    assert portal.get("/code_editor_pages/home/")["is_archived"] is False


@pytest.mark.reaches("page delete", "DELETE /code_editor_pages/{page_slug}/")
def test_single_page_is_deleted(portal: Portal, call: Call) -> None:
    new_page(portal, "alone")
    assert call("page", "delete", "alone", "--yes").stdout == "deleted alone\n"
    assert "alone" not in {page["slug"] for page in portal.all("/code_editor_pages/")}


@pytest.mark.reaches("page delete", "DELETE /code_editor_pages/")
def test_pages_are_deleted_by_their_slugs_alone(portal: Portal, call: Call) -> None:
    for slug in ("one", "two", "three"):
        new_page(portal, slug)
    portal.forget()
    assert 'one ("One"), two ("Two")' in call("page", "delete", "one", "two", code=ExitCode.DECLINED).stderr
    assert call("page", "delete", "one", "two", "--yes", "--json").json == {"deleted": ["one", "two"]}
    left = {page["slug"] for page in portal.all("/code_editor_pages/")}
    assert left & {"one", "two", "three"} == {"three"}


@pytest.mark.parametrize("slugs", [(), ("",), ("three", " "), ("three,four",)])
def test_pages_are_never_deleted_without_slugs(portal: Portal, call: Call, slugs: tuple[str, ...]) -> None:
    portal.forget()
    call("page", "delete", *slugs, "--yes", code=ExitCode.USAGE)
    assert portal.writes() == []


def test_no_page_is_deleted_if_one_is_unknown(portal: Portal, call: Call) -> None:
    new_page(portal, "kept")
    assert '"gone"' in call("page", "delete", "kept", "gone", "--yes", code=ExitCode.NOT_FOUND).stderr
    assert portal.get("/code_editor_pages/kept/")["slug"] == "kept"


@pytest.mark.reaches("studio publish")
@pytest.mark.reaches("studio unpublish")
def test_studio_page_is_published_and_withdrawn(portal: Portal, call: Call) -> None:
    uid = portal.post("/studio_pages/", {"slug": "budget"})["uid"]
    assert call("studio", "publish", "budget", "--json").json["uid"] == uid
    assert portal.get(f"/studio_pages/{uid}/")["first_published_at"]
    assert call("studio", "unpublish", uid, "--json").json == {"uid": uid, "slug": "budget"}
    portal.get(f"/studio_pages/{uid}/")
