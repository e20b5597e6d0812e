"""Each section of a public dataset alone: the writes of every edit, with at most one publication."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from .rows import nameless
from .sections import LISTED, SECTIONS, Step, dataset
from .sources import write_files


@pytest.fixture
def facts(engine: Engine, portal: Portal) -> dict[str, Any]:
    """Files to upload, and users and groups for access rules."""
    write_files(engine.folder)
    for title in ("Editors", "Readers", "Writers"):
        portal.post("/groups/", {"title": title, "permissions": []})
    portal.post("/users/invite/", [{"email": f"{name}@example.com"} for name in ("ana", "ben", "cai")])
    return {"folder": engine.folder}


def program(facts: Mapping[str, Any], step: Step) -> Program:
    """The dataset with the properties of a step."""
    return lambda: dataset(facts, **step.given(facts))


@pytest.mark.parametrize("section", SECTIONS)
def test_section_alone_changes_in_every_step(
    section: str, facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    walk(section, facts, engine, portal)


SWITCHES: list[dict[str, Any]] = [
    {"queued_after_ms": 200},
    {"processing_ms": 200},
    {"publish_metadata_status": "unchanged"},
    {"publish_metadata_of_unpublished": "accept"},
    {"write_while_busy": "refuse", "processing_ms": 50},
]
"""The switches of a publication."""

FEW = {
    "metadata": ("changed", "released", "managed again"),
    "published": tuple(step.title for step in SECTIONS["published"]),
}
"""The steps of each section with another publication. Further ones write other metadata before the same one."""


@pytest.mark.parametrize("section", FEW)
@pytest.mark.parametrize("switch", SWITCHES, ids=str)
def test_section_alone_with_other_publication_switches(
    section: str, switch: dict[str, Any], facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    portal.set(**switch)
    walk(section, facts, engine, portal, pause=switch.get("queued_after_ms", 0) / 500, titles=FEW[section])


@pytest.mark.trust
@pytest.mark.parametrize("switch", SWITCHES, ids=str)
def test_metadata_alone_with_other_publication_switches(
    switch: dict[str, Any], facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    portal.set(**switch)
    walk("metadata", facts, engine, portal, pause=switch.get("queued_after_ms", 0) / 500)


def walk(
    section: str,
    facts: dict[str, Any],
    engine: Engine,
    portal: Portal,
    *,
    pause: float = 0.0,
    titles: Collection[str] = (),
) -> None:
    """Run the steps of a section. Each begins with a refresh, which shows that the step before has left nothing to do.

    Args:
        section: the section.
        facts: what the dataset of the steps refers to.
        engine: the stack.
        portal: its portal.
        pause: the seconds before each step, in which an order of the step before begins to show; the write of a busy
            dataset would be repeated.
        titles: the titles of the steps; all if there are none.
    """
    before = engine.recorded(lambda: dataset(facts))
    engine.up(before)
    for step in [*(step for step in SECTIONS[section] if not titles or step.title in titles), None]:
        time.sleep(pause)
        with engine.together():
            refreshed = engine.refresh()
            assert refreshed.steps == {}, (step and step.title, refreshed.changed)
            assert engine.preview(before).steps == {}, step and step.title
            if step is None:
                return
            portal.forget()
            before = engine.recorded(program(facts, step))
            done = engine.up(before)
        assert nameless(portal.writes()) == list(step.writes), step.title
        assert done.steps == ({"air": "update"} if step.is_change else {}), step.title
        entries = step.given(facts).get(section)
        if section in LISTED and entries is not None:
            endpoint = f"/datasets/{portal.dataset('air')['uid']}/{LISTED[section]}"
            assert len(portal.all(endpoint)) == len(entries), step.title
