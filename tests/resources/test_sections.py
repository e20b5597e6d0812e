"""Each section of a public dataset alone: the writes of every edit, with at most one publication."""

from __future__ import annotations

import time
from collections.abc import Mapping
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


@pytest.mark.parametrize("section", ["metadata", "published"])
@pytest.mark.parametrize(
    "switch",
    [
        {"queued_after_ms": 200},
        {"processing_ms": 200},
        {"publish_metadata_status": "unchanged"},
        {"publish_metadata_of_unpublished": "accept"},
        {"write_while_busy": "refuse", "processing_ms": 50},
    ],
    ids=str,
)
def test_section_alone_with_other_publication_switches(
    section: str, switch: dict[str, Any], facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    portal.set(**switch)
    walk(section, facts, engine, portal, pause=switch.get("queued_after_ms", 0) / 500)


def walk(section: str, facts: dict[str, Any], engine: Engine, portal: Portal, *, pause: float = 0.0) -> None:
    """Run every step of a section.

    Args:
        section: the section.
        facts: what the dataset of the steps refers to.
        engine: the stack.
        portal: its portal.
        pause: the seconds before each step, in which an order of the step before begins to show; the write of a busy
            dataset would be repeated.
    """
    engine.up(lambda: dataset(facts))
    for step in SECTIONS[section]:
        time.sleep(pause)
        portal.forget()
        done = engine.up(program(facts, step))
        assert nameless(portal.writes()) == list(step.writes), step.title
        assert done.steps == ({"air": "update"} if step.is_change else {}), step.title
        entries = step.given(facts).get(section)
        if section in LISTED and entries is not None:
            endpoint = f"/datasets/{portal.dataset('air')['uid']}/{LISTED[section]}"
            assert len(portal.all(endpoint)) == len(entries), step.title
        with engine.together():
            refreshed = engine.refresh()
            assert refreshed.steps == {}, (step.title, refreshed.changed)
            assert engine.preview(program(facts, step)).steps == {}, step.title
