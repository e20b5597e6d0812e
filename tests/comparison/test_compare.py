"""Two portals, and a portal and a program, compared object by object and property by property."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, chdir
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.comparison.differences import DIFFERS, ONLY_FROM, ONLY_TO, Difference, compare
from pulumi_opendatasoft.comparison.program import Program, SeenByProgram
from pulumi_opendatasoft.comparison.things import Secret, Side, Thing, side_of_portal
from pulumi_opendatasoft.dry_run.preview import NotAPreview
from pulumi_opendatasoft.export.reading import read_portal

from ..conftest import Portal
from ..dry_run.previews import export_of, preview_of
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..examples.file_server import serving
from ..samples import PASSWORD, RECORDS, USER, declare


@dataclass(frozen=True)
class Twins:
    """Two portals of one program, with other ids of everything."""

    one: Portal
    other: Portal
    program: Program
    """The objects of the program, by its preview for the first portal."""

    state: Program
    """The same, by the state of the second portal's stack."""


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Twins]:
    """A resource of every type on both portals."""
    folder = tmp_path_factory.mktemp("twins")
    (folder / "files").mkdir()
    (folder / "files" / "air.csv").write_text(RECORDS)
    portals, engines = [], []
    with ExitStack() as opened:
        server = opened.enter_context(serving(folder / "files", USER, PASSWORD))
        for name in ("one", "other"):
            portal = Portal(opened.enter_context(Emulator(folder / f"portal {name}")))
            engine = opened.enter_context(Engine(servers, folder / name, domain=portal.url, key=portal.key))
            (engine.folder / "air.csv").write_text(RECORDS)
            with chdir(engine.folder):
                engine.up(lambda: declare(server.url, variants=True))
            portals.append(portal)
            engines.append(engine)
        with chdir(engines[0].folder):
            preview = preview_of(engines[0], lambda: declare(server.url, variants=True))
        yield Twins(
            portals[0],
            portals[1],
            Program("program", preview, engines[0].folder),
            Program("state", export_of(engines[1]), engines[1].folder),
        )
        for portal in portals:
            portal.close()


def side(portal: Portal, name: str = "other") -> Side:
    with Client(portal.url, portal.key) as client:
        return side_of_portal(name, read_portal(client))


def seen(portal: Portal, program: Program) -> Side:
    with Client(portal.url, portal.key) as client:
        return SeenByProgram("portal", client, program).side()


def values(found: list[Difference]) -> list[tuple[str, str, Any, Any]]:
    return [(one.key, one.path, one.before, one.after) for one in found]


# ---------------------------------------------------------------- nothing differs


def test_two_portals_of_one_program_are_equal(twins: Twins) -> None:
    result = compare(side(twins.one, "one"), side(twins.other))

    assert result.differences == []
    assert result.equal > 15


def test_a_program_equals_both_portals_and_its_state(twins: Twins) -> None:
    declared = twins.program.side()
    for portal in (twins.one, twins.other):
        portal.forget()
        assert compare(declared, seen(portal, twins.program)).differences == []
        assert portal.writes() == []
    assert compare(twins.state.side(), declared).differences == []


# ---------------------------------------------------------------- what differs


@pytest.fixture
def changed(twins: Twins) -> Iterator[Twins]:
    """The twins, of which the second was edited by hand."""
    other = twins.other
    dataset = other.dataset("air-quality")["uid"]
    group = next(one for one in other.all("/groups/") if one["title"] == "Readers")
    page = other.get("/code_editor_pages/home/")
    connection = next(
        one for one in other.all("/datasource_connections/") if str(one.get("url")).startswith("http://127")
    )
    title = f"/datasets/{dataset}/metadata/default/title/"
    before = other.get(f"/datasets/{dataset}/")["metadata"]["default"]["title"]["value"]

    def put(path: str, known: dict[str, Any], **change: Any) -> None:
        own = {n: v for n, v in known.items() if v is not None and n not in ("auth", "created_at", "updated_at")}
        other.put(path, {**own, **change})

    extra = other.post("/groups/", {"title": "By hand"})["uid"]
    put(f"/groups/{group['uid']}/", group, description="Edited")
    other.put(title, {"value": "Air of another city"})
    edited = {**page["content"], "html": {**page["content"]["html"], "en": "<p>One</p>\n<p>Two</p>\n"}}
    other.put("/code_editor_pages/home/", {**page, "content": edited})
    login = {"type": "basic_auth", "username": USER, "password": PASSWORD}
    headers = [{"name": "x-token", "value": "canary-other"}]
    put(f"/datasource_connections/{connection['uid']}/", connection, headers=headers, auth=login)
    try:
        yield twins
    finally:
        other.delete(f"/groups/{extra}/")
        put(f"/groups/{group['uid']}/", group, description=group["description"] or "")
        other.put(title, {"value": before})
        other.put("/code_editor_pages/home/", page)
        token = [{"name": "x-token", "value": "canary-token"}]
        put(f"/datasource_connections/{connection['uid']}/", connection, headers=token, auth=login)


def test_each_property_that_differs_is_named(changed: Twins) -> None:
    result = compare(side(changed.one, "one"), side(changed.other))

    assert [(one.noun, one.what, one.path) for one in result.differences] == [
        ("groups", ONLY_TO, ""),
        ("groups", DIFFERS, "description"),
        ("connections", DIFFERS, "headers.x-token"),
        ("datasets", DIFFERS, "metadata.default.title"),
        ("pages", DIFFERS, "content.html.en"),
    ]
    assert result.differences[2].before == result.differences[2].after == "[secret]"
    assert result.differences[3].after == "Air of another city"
    assert {"+<p>One</p>", "+<p>Two</p>"} <= set(result.differences[4].lines)
    assert "canary" not in json.dumps([one.__dict__ for one in result.differences])


def test_a_program_shows_the_same_drift(changed: Twins) -> None:
    found = compare(changed.program.side(), seen(changed.other, changed.program)).differences

    paths = [(one.noun, one.path) for one in found]
    assert ("datasets", "metadata.default.title") in paths
    assert ("pages", "content.html.en") in paths
    assert ("groups", "") not in paths, "what is only on the portal is no difference of a program"


def test_an_empty_portal_lacks_everything(twins: Twins, portal: Portal) -> None:
    declared = twins.program.side()

    found = compare(declared, seen(portal, twins.program)).differences

    assert {one.what for one in found} == {ONLY_FROM}
    assert len(found) == len(declared.things) - 1, "a portal has the template dcat by itself"


# ---------------------------------------------------------------- references, patterns, permissions


def test_references_are_compared_by_what_they_point_at(twins: Twins) -> None:
    one, other = twins.one, twins.other
    groups = [next(g["uid"] for g in p.all("/groups/") if g["title"] == "Editors") for p in (one, other)]
    renamed = other.post("/groups/", {"title": "Others"})["uid"]
    dataset = other.dataset("air-quality")["uid"]
    rule = {"group": {"uid": renamed}, "permissions": []}
    other.post(f"/datasets/{dataset}/security/groups/", rule)
    try:
        found = compare(side(one, "one"), side(other), nouns=["datasets"]).differences
    finally:
        other.delete(f"/datasets/{dataset}/security/groups/{renamed}/")
        other.delete(f"/groups/{renamed}/")
    assert [(one.key, one.path) for one in found] == [("air-quality", "group_access")]
    assert "Others" in {rule["group"] for rule in found[0].after}
    assert groups[0] not in {rule["group"] for rule in found[0].after} or groups == ["editors", "editors"]


def test_patterns_and_nouns_choose(changed: Twins) -> None:
    one, other = side(changed.one, "one"), side(changed.other)
    assert [d.noun for d in compare(one, other, nouns=["pages"]).differences] == ["pages"]
    ignored = compare(one, other, nouns=["pages"], ignore=["home"])
    assert (ignored.differences, ignored.ignored) == ([], 1)


def test_nouns_that_a_key_may_not_list_are_not_compared(twins: Twins) -> None:
    key = twins.one.post("/apikeys/", {"label": "narrow", "permissions": ["edit_dataset", "edit_page"]})["key"]
    with Client(twins.one.url, key) as client:
        narrow = side_of_portal("narrow", read_portal(client))
    result = compare(narrow, side(twins.other))
    assert result.unseen["groups"] == result.unseen["users"] == "narrow"
    assert {one.noun for one in result.differences}.isdisjoint(result.unseen)


def test_objects_of_one_key_are_compared_one_by_one(portal: Portal) -> None:
    for description in ("a", "b"):
        portal.post("/groups/", {"title": "Twice", "description": description})
    both = side(portal)
    assert {key for noun, key in both.things if noun == "groups"} == {"Twice", "Twice (2)"}
    fewer = replace(both, things={k: v for k, v in both.things.items() if k[1] != "Twice (2)"})
    assert [d.key for d in compare(both, fewer).differences] == ["Twice (2)"]


def test_hidden_values_differ_from_none_alone() -> None:
    def of(**values: Any) -> Side:
        return Side("x", {("connections", "c"): Thing("connections", "c", "HTTPConnection", values)})

    def paths(one: Side, other: Side) -> list[str]:
        return [found.path for found in compare(one, other).differences]

    assert paths(of(headers=Secret(None)), of(headers={"a": Secret("1")})) == []
    assert paths(of(headers=Secret(None)), of()) == ["headers"]
    assert paths(of(headers={"a": Secret("1")}), of(headers={"a": Secret("1")})) == []
    assert paths(of(headers={"a": Secret("1")}), of(headers={"a": Secret("2")})) == ["headers.a"]


def test_resources_of_another_portal_are_left_out() -> None:
    kind = "pulumi-python:dynamic/opendatasoft:Group"
    rows = [
        {"urn": f"urn:pulumi:dev::city::{kind}::{name}", "type": kind, "inputs": {"title": name, **inputs}}
        for name, inputs in (("a", {"portal": "test"}), ("b", {"portal": "public"}), ("c", {}))
    ]
    program = Program("program", json.dumps({"deployment": {"resources": rows}}), Path())

    def keys(portal: str | None) -> list[str]:
        return [key for _, key in program.of_portal(portal).side().things]

    assert (keys("test"), keys(None), keys("another")) == (["a"], ["c"], ["a", "b", "c"])


def test_unknown_references_are_those_to_new_resources() -> None:
    kind, unknown = "pulumi-python:dynamic/opendatasoft:", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    urns = [f"urn:pulumi:dev::city::{kind}Group::{name}" for name in ("old", "new")]
    groups = [
        {"op": "same", "newState": {"urn": urns[0], "id": "old", "type": f"{kind}Group", "inputs": {"title": "Old"}}},
        {"op": "create", "newState": {"urn": urns[1], "type": f"{kind}Group", "inputs": {"title": "New"}}},
    ]
    user = {
        "urn": f"urn:pulumi:dev::city::{kind}User::ana",
        "type": f"{kind}User",
        "inputs": {"email": "ana@city.example", "groups": ["old", unknown]},
        "propertyDependencies": {"groups": urns},
    }
    preview = {"steps": [*groups, {"op": "create", "newState": user}]}

    side = Program("program", json.dumps(preview), Path()).side()

    assert side.things["users", "ana@city.example"].values["groups"] == ["New", "Old"]


def test_a_preview_without_unchanged_resources_is_refused() -> None:
    preview = {"steps": [{"op": "same", "newState": {"type": "pulumi:pulumi:Stack"}}], "changeSummary": {"same": 3}}
    with pytest.raises(NotAPreview, match="--show-sames"):
        Program("program", json.dumps(preview), Path())
