"""Studio pages: publication, adoption, lost answers, and what is lost with one."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from .observations import is_settled
from .rows import nameless

PAGES = "/studio_pages/"


def page(**more: Any) -> Program:
    """A Studio page."""
    return lambda: ods.StudioPage("start", **{"slug": "start", **more})


def is_published(portal: Portal) -> bool:
    """Whether the only page is published; the API does not return it."""
    [stored] = portal.emulator.portal.store.all("studio_page")
    return bool(stored["is_published"])


@pytest.mark.parametrize(
    ("published", "calls"),
    [
        (None, ["POST /studio_pages/"]),
        (False, ["POST /studio_pages/"]),
        (True, ["POST /studio_pages/", "POST /studio_pages/{uid}/publish/"]),
    ],
)
def test_new_page_is_published_if_the_program_says_so(
    engine: Engine, portal: Portal, published: bool | None, calls: list[str]
) -> None:
    engine.up(page(published=published))

    assert nameless(portal.writes()) == calls
    assert is_published(portal) is bool(published)
    is_settled(engine, portal, page(published=published))


def test_publication_left_out_stays_as_it_is(engine: Engine, portal: Portal) -> None:
    engine.up(page(published=True))

    engine.up(page(public=True))

    assert is_published(portal)
    is_settled(engine, portal, page(public=True))


def test_failed_publication_is_made_up_for(engine: Engine, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": ".*/publish/$", "nth": 1, "fault": "status:500"})
    failed = engine.up(page(published=True), ok=False)
    assert "published: " in failed.errors[0]

    assert engine.up(page(published=True)).steps == {"start": "update"}

    assert is_published(portal)
    assert len(portal.all(PAGES)) == 1
    is_settled(engine, portal, page(published=True))


def test_lost_answers_make_one_published_page(engine: Engine, portal: Portal) -> None:
    engine.config["opendatasoft:maxRetries"] = "2"
    for path in (".*/studio_pages/$", ".*/publish/$"):
        portal.control.post("/faults", json=[{"method": "POST", "path": path, "nth": 1, "fault": "reset_after_commit"}])

    engine.up(page(published=True))

    assert len(portal.all(PAGES)) == 1
    assert is_published(portal)
    is_settled(engine, portal, page(published=True))


def test_page_of_somebody_else_is_refused_and_adopted(engine: Engine, portal: Portal) -> None:
    uid = portal.post(PAGES, {"slug": "start", "public": True})["uid"]
    portal.forget()
    refused = engine.up(page(), ok=False)
    assert f'the portal already has a Studio page with slug "start" ({uid})' in refused.errors[0]

    adopted = engine.up(page(adopt=True, public=False, published=True))
    assert portal.writes() == []
    assert adopted.said() == [f"adopted {uid}, only read; the next `up` changes: public, published"]
    engine.up(page(adopt=True, public=False, published=True))

    assert (portal.get(f"{PAGES}{uid}/")["public"], is_published(portal)) == (False, True)
    engine.destroy()
    assert len(portal.all(PAGES)) == 1


def test_another_slug_keeps_the_page_and_its_contents(engine: Engine, portal: Portal) -> None:
    engine.up(page())
    uid = engine.get("start").id

    assert engine.up(page(slug="begin")).steps == {"start": "update"}

    assert portal.get(f"{PAGES}{uid}/")["slug"] == "begin"
    assert engine.get("start").outputs["contents"][0]["version_name"] == "draft"


def test_deleted_page_says_what_is_lost(engine: Engine, portal: Portal) -> None:
    engine.up(page())

    [line] = engine.destroy().said()

    assert line == "start is deleted with its contents, which were made in Studio and cannot be restored"
    assert portal.all(PAGES) == []


def test_slug_is_not_taken_from_the_name_of_the_resource() -> None:
    """Another name would then be another page, and the contents of the first one lost."""
    with pytest.raises(TypeError, match="slug"):
        ods.StudioPage("start")  # type: ignore[call-arg]
