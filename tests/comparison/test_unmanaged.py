"""The objects of a portal that are in no state, kind by kind."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.comparison.nouns import NOUNS, chosen
from pulumi_opendatasoft.comparison.unmanaged import is_ignored, survey
from pulumi_opendatasoft.dry_run.preview import resources_in
from pulumi_opendatasoft.program.resource import REGISTRY

from ..conftest import Portal
from ..dry_run.conftest import Program, all_types
from ..dry_run.previews import export_of
from ..emulator.harvesting import new_harvester, region_files
from ..emulator.harvesting import run as run_harvester
from ..engine_stub.engine import Engine

__all__ = ["all_types"]

BY_HAND = {
    "groups": ("/groups/", {"title": "By hand"}),
    "users": ("/users/invite/", [{"email": "Zoe@city.example"}]),
    "connections": ("/datasource_connections/", {"type": "http", "url": "https://hand.example"}),
    "metadata-templates": (
        "/metadata/templates/",
        {"name": "hand", "title": "Hand", "type": "basic", "is_active": True, "schema": []},
    ),
    "datasets": ("/datasets/", {"dataset_id": "hand", "metadata": {"default": {"title": {"value": "Hand"}}}}),
    "pages": ("/code_editor_pages/", {"slug": "hand", "title": {"en": "Hand"}, "content": {"html": {"en": ""}}}),
    "studio-pages": ("/studio_pages/", {"slug": "hand-studio"}),
    "harvesters": ("/harvesters/", {"name": "Hand", "type": "ckan", "url": "https://ckan.example"}),
    "api-keys": ("/apikeys/", {"label": "By hand"}),
}
"""An object of each kind that a person made: where it is posted, and its body."""


def test_additions_by_hand_are_found_noun_by_noun(portal: Portal, engine: Engine, all_types: Program) -> None:
    engine.up(all_types)
    managed = resources_in(export_of(engine))
    with Client(portal.url, portal.key) as client:
        before = survey(client, managed)
        for path, body in BY_HAND.values():
            portal.post(path, body)
        portal.http.post("/medias/images/", files={"file": ("hand.svg", b"<svg/>")}).raise_for_status()
        portal.forget()
        after = survey(client, managed)
        with_empty_state = survey(client, [])

    assert (before.found, before.unseen) == ([], {})
    assert [(one.noun, one.key) for one in after.found] == [
        ("groups", "By hand"),
        ("users", "Zoe@city.example"),
        ("connections", "https://hand.example"),
        ("metadata-templates", "hand"),
        ("datasets", "hand"),
        ("pages", "hand"),
        ("studio-pages", "hand-studio"),
        ("harvesters", "Hand"),
        ("images", after.found[8].key),
        ("api-keys", "By hand"),
    ]
    assert after.managed == before.managed
    assert portal.writes() == []
    assert len(with_empty_state.found) == len(after.found) + after.managed


def test_state_of_another_portal_manages_nothing(portal: Portal, engine: Engine) -> None:
    portal.post("/groups/", {"title": "Here"})
    state = (
        '{"deployment": {"resources": [{"urn": "urn:pulumi:dev::city::x::g", "id": "here", '
        '"type": "pulumi-python:dynamic/opendatasoft:Group", "inputs": {}, "outputs": {"domain": "other.example"}}]}}'
    )
    with Client(portal.url, portal.key) as client:
        elsewhere = survey(client, resources_in(state), nouns=chosen(["groups"]))
        moved = survey(client, resources_in(state), nouns=chosen(["groups"]), moved_from=["other.example"])
    assert [one.key for one in elsewhere.found] == ["Here"]
    assert (moved.found, moved.managed) == ([], 1)


def test_patterns_leave_out_and_are_counted(portal: Portal) -> None:
    for title in ("Test one", "Test two", "Real"):
        portal.post("/groups/", {"title": title})
    with Client(portal.url, portal.key) as client:
        found = survey(client, [], nouns=chosen(["groups"]), ignore=["groups/Test *"])
    assert ([one.key for one in found.found], found.ignored) == (["Real"], 2)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [("users/*", True), ("ana@*", True), ("groups/*", False), ("ana", False), ("USERS/*", False)],
)
def test_patterns_are_those_of_a_shell(pattern: str, fits: bool) -> None:
    assert is_ignored("users", "ana@city.example", [pattern]) is fits


def test_kinds_that_the_key_may_not_list_are_named(portal: Portal) -> None:
    key = portal.post("/apikeys/", {"label": "narrow", "permissions": ["edit_dataset"]})["key"]
    with Client(portal.url, key) as client:
        found = survey(client, [])
    assert {"groups", "users", "metadata-templates", "harvesters"} <= found.unseen.keys()
    assert "datasets" not in found.unseen


def test_every_collection_of_a_resource_type_is_a_kind() -> None:
    assert {cls.lifecycle().handler.collection for cls in REGISTRY.values()} == {noun.path for noun in NOUNS}


def test_datasets_of_harvesters_are_counted_apart(portal: Portal) -> None:
    region_files(portal.emulator.portal.folder)
    run_harvester(portal.http, new_harvester(portal.http))
    portal.post("/datasets/", {"dataset_id": "own", "metadata": {"default": {"title": {"value": "Own"}}}})
    with Client(portal.url, portal.key) as client:
        found = survey(client, [], nouns=chosen(["datasets"]))
    assert ([one.key for one in found.found], found.harvested) == (["own"], 2)
