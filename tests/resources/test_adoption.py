"""Adoption: an object that exists is only read at first, then changed as declared, and kept when its resource goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program

NAMES = ("editors", "ana", "server", "air")


@pytest.fixture
def city(portal: Portal, tmp_path: Path) -> Callable[..., Program]:
    """A portal with objects that were made by hand, and a program that declares the same ones."""
    file = tmp_path / "air.csv"
    file.write_text("day,value\n2026-01-01,3\n2026-01-02,4\n")
    portal.post("/groups/", {"title": "Editors", "permissions": ["create_page"], "description": "by hand"})
    portal.post("/users/invite/", [{"email": "ana@city.org", "permissions": ["edit_page"]}])
    _connection(portal)
    metadata = {"default": {"title": {"value": "Old air"}, "publisher": {"value": "by hand"}}}
    air = portal.post("/datasets/", {"dataset_id": "air", "metadata": metadata})
    rule = {"type": "rename", "label": "by hand", "from_name": "value", "to_name": "v", "field_label": "V"}
    portal.post(f"/datasets/{air['uid']}/fields/", rule)

    def program(**options: Any) -> Program:
        def declared() -> None:
            ods.Group("editors", title="Editors", permissions=["edit_dataset"], **options)
            ods.User("ana", email="ana@city.org", permissions=["create_dataset"], **options)
            auth = ods.BasicAuth(username="portal", password="new")
            ods.HTTPConnection("server", url="https://files.city.org", auth=auth, **options)
            source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(file)))
            ods.Dataset(
                "air",
                metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", keyword=["air", "city"])),
                sources={"day": source},
                fields=[ods.RenameField(from_name="value", to_name="pm10", field_label="PM10")],
                published=True,
                **options,
            )

        return declared

    return program


def _connection(portal: Portal) -> Any:
    auth = {"type": "basic_auth", "username": "portal", "password": "old"}
    return portal.post("/datasource_connections/", {"type": "http", "url": "https://files.city.org", "auth": auth})


def test_adoption_reads_first_then_changes_then_leaves_objects(
    city: Callable[..., Program], engine: Engine, portal: Portal
) -> None:
    uid = portal.dataset("air")["uid"]
    server = portal.all("/datasource_connections/")[0]["uid"]
    program = city(adopt=True)
    portal.forget()

    assert engine.up(program).said_of() == {
        "editors": ["adopted editors, only read; the next `up` changes: permissions"],
        "ana": ["adopted ana@city.org, only read; the next `up` changes: permissions"],
        "server": [f"adopted {server}, only read; the next `up` changes: auth"],
        "air": [f"adopted {uid}, only read; the next `up` changes: metadata, sources, fields, published"],
    }
    assert portal.writes() == []
    assert {r.name: r.outputs["adopted"] for r in engine.resources.values()} == dict.fromkeys(NAMES, True)

    engine.refresh()
    air = engine.get("air").inputs
    assert engine.get("editors").inputs["permissions"] == ["create_page"]
    assert (air["metadata"]["default"]["title"], air["fields"][0]["to_name"]) == ("Old air", "v")
    assert "by hand" not in json.dumps([resource.inputs for resource in engine.resources.values()])
    previewed = engine.preview(program)
    assert previewed.steps == dict.fromkeys(NAMES, "update")
    for name, path in (
        ("editors", "permissions[0]"),
        ("ana", "permissions[0]"),
        ("server", "auth.password"),
        ("air", "metadata.default.title"),
        ("air", "fields[0].to_name"),
    ):
        assert path in previewed.changed[name]

    engine.up(program)
    assert portal.get("/groups/editors/")["permissions"] == ["edit_dataset"]
    assert portal.get("/groups/editors/")["description"] == "by hand"
    assert portal.dataset("air")["metadata"]["default"]["publisher"] == {"value": "by hand"}
    assert list(portal.records("air")["results"][0]) == ["day", "pm10"]
    assert engine.ids()["air"] == uid
    engine.is_settled(program)

    portal.forget()
    assert engine.destroy().said_of() == {
        name: [f"{id} was adopted: left on the portal, no longer managed"]
        for name, id in (("editors", "editors"), ("ana", "ana@city.org"), ("server", server), ("air", uid))
    }
    assert portal.writes() == []


def test_without_adopt_an_adopted_object_is_deleted(
    city: Callable[..., Program], engine: Engine, portal: Portal
) -> None:
    engine.config["opendatasoft:adopt"] = "true"
    engine.up(city())

    del engine.config["opendatasoft:adopt"]
    taken_out = ["`adopt` was taken out: from now on, deleting the resource deletes the object"]
    assert engine.preview(city()).said_of()["editors"] == taken_out
    engine.up(city())
    engine.is_settled(city())
    engine.destroy()

    assert portal.all("/groups/") == portal.all("/datasets/") == portal.all("/datasource_connections/") == []
    assert [u["email"] for u in portal.all("/users/") if u["email"] == "ana@city.org"] == []


@pytest.mark.usefixtures("city")
def test_ambiguous_or_missing_objects_are_not_adopted(engine: Engine, portal: Portal) -> None:
    old, new = portal.all("/datasource_connections/")[0]["uid"], _connection(portal)["uid"]

    def program(server: str | bool, group: str | bool) -> Program:
        def declared() -> None:
            auth = ods.BasicAuth(username="portal", password="new")
            ods.HTTPConnection("server", url="https://files.city.org", auth=auth, adopt=server)
            ods.Group("readers", title="Readers", adopt=group)

        return declared

    portal.forget()
    assert sorted(engine.up(program(True, "nobody"), ok=False, continue_on_error=True).errors) == [
        'Group "readers": adopt="nobody": the portal has no such group: give the uid of one, or leave adopt out to '
        "create one",
        'HTTPConnection "server": the portal has a connection to "https://files.city.org" as "portal" more than once '
        f'({new}, {old}). Name one of them: adopt="{new}"',
    ]
    assert portal.writes() == []

    engine.up(program(old, True))
    assert engine.ids()["server"] == old
    assert portal.writes() == ["POST /groups/"]
    assert engine.get("readers").outputs["adopted"] is False

    engine.up(program(old, True))
    engine.destroy()
    assert [c["uid"] for c in portal.all("/datasource_connections/")] == [old, new]
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]
