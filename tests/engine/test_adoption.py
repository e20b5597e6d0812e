"""Adoption: what exists already is only read at first, then made as the program says, and let go of unharmed."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
    editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"]{adopt})
    ana = ods.User("ana", email="ana@city.org", permissions=["create_dataset"]{adopt})
    server = ods.HTTPConnection(
        "server", url="https://files.city.org", auth=ods.BasicAuth(username="portal", password="new"){adopt}
    )
    air = ods.Dataset(
        "air",
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", keyword=["air", "city"])),
        sources={{"day": ods.Source(
            type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv"))
        )}},
        fields=[ods.RenameField(from_name="value", to_name="pm10", field_label="PM10")],
        published=True{adopt}
    )
"""


@pytest.fixture
def grown(stack: Stack, portal: Portal) -> Stack:
    """A portal that people made by hand, and a program for the same things, not yet run."""
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    portal.post("/groups/", {"title": "Editors", "permissions": ["create_page"], "description": "by hand"})
    portal.post("/users/invite/", [{"email": "ana@city.org", "permissions": ["edit_page"]}])
    _connection(portal)
    metadata = {"default": {"title": {"value": "Old air"}, "publisher": {"value": "by hand"}}}
    air = portal.post("/datasets/", {"dataset_id": "air", "metadata": metadata})
    rule = {"type": "rename", "label": "by hand", "from_name": "value", "to_name": "v", "field_label": "V"}
    portal.post(f"/datasets/{air['uid']}/fields/", rule)
    return stack


def _connection(portal: Portal) -> Any:
    auth = {"type": "basic_auth", "username": "portal", "password": "old"}
    return portal.post("/datasource_connections/", {"type": "http", "url": "https://files.city.org", "auth": auth})


def test_an_adoption_first_reads_then_changes_and_lets_go_unharmed(grown: Stack, portal: Portal) -> None:
    uid = portal.dataset("air")["uid"]
    server = portal.all("/datasource_connections/")[0]["uid"]
    grown.program(PROGRAM.format(adopt=", adopt=True"))
    portal.forget()

    assert grown.up().said == {
        "editors": ["adopted editors, only read; the next `up` changes: permissions"],
        "ana": ["adopted ana@city.org, only read; the next `up` changes: permissions"],
        "server": [f"adopted {server}, only read; the next `up` changes: auth"],
        "air": [f"adopted {uid}, only read; the next `up` changes: metadata, sources, fields, published"],
    }
    assert portal.writes() == []
    assert {name: r["outputs"]["adopted"] for name, r in grown.state().items()} == dict.fromkeys(grown.ids(), True)

    told = grown.preview("--refresh", "--diff").out
    for change in ('"create_page"=>"edit_dataset"', '"Oldair"=>"Air"', '"v"=>"pm10"', "password:[secret]"):
        assert change in told.replace(" ", ""), told
    assert "by hand" not in told
    assert grown.steps() == dict.fromkeys(("editors", "ana", "server", "air"), "update")

    grown.up()
    assert portal.get("/groups/editors/")["permissions"] == ["edit_dataset"]
    assert portal.get("/groups/editors/")["description"] == "by hand"
    assert portal.dataset("air")["metadata"]["default"]["publisher"] == {"value": "by hand"}
    assert list(portal.records("air")["results"][0]) == ["day", "pm10"]
    assert grown.ids()["air"] == uid
    grown.is_settled()

    portal.forget()
    assert grown.destroy().said == {
        name: [f"{id} was adopted: left on the portal, no longer managed"]
        for name, id in (("editors", "editors"), ("ana", "ana@city.org"), ("server", server), ("air", uid))
    }
    assert portal.writes() == []


def test_what_is_ours_once_adopt_is_taken_out_is_deleted_with_its_resource(grown: Stack, portal: Portal) -> None:
    grown.run("config", "set", "opendatasoft:adopt", "true")
    grown.program(PROGRAM.format(adopt=""))
    grown.up()
    portal.forget()

    grown.run("config", "rm", "opendatasoft:adopt")
    said = grown.preview().said
    assert said["editors"] == ["`adopt` was taken out: from now on, deleting the resource deletes the object"]
    grown.up()
    grown.is_settled()
    grown.destroy()

    assert portal.all("/groups/") == portal.all("/datasets/") == portal.all("/datasource_connections/") == []
    assert [u["email"] for u in portal.all("/users/") if u["email"] == "ana@city.org"] == []


def test_an_ambiguous_or_missing_object_is_not_adopted(grown: Stack, portal: Portal) -> None:
    old, new = portal.all("/datasource_connections/")[0]["uid"], _connection(portal)["uid"]
    both = f"{new}, {old}"
    program = """
        ods.HTTPConnection(
            "server", url="https://files.city.org", auth=ods.BasicAuth(username="portal", password="new"), adopt={adopt}
        )
        ods.Group("readers", title="Readers", adopt={group})
    """
    portal.forget()

    grown.program(program.format(adopt=True, group='"nobody"'))
    assert grown.up("--continue-on-error", ok=False).said == {
        "server": [
            'error: HTTPConnection "server": the portal has a connection to "https://files.city.org" as "portal" more '
            f'than once ({both}). Name one of them: adopt="{new}"'
        ],
        "readers": ['error: Group "readers": adopt="nobody": the portal has no such group'],
    }
    assert portal.writes() == []

    grown.program(program.format(adopt=repr(old), group=True))
    grown.up()
    assert grown.ids()["server"] == old
    assert portal.writes() == ["POST /groups/"]
    assert grown.state()["readers"]["outputs"]["adopted"] is False

    grown.up()
    grown.destroy()
    assert [c["uid"] for c in portal.all("/datasource_connections/")] == [old, new]
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]
