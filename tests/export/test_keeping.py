"""The mark of an exported object: it is not the stack's own until the user makes it so, by a setting or one by one."""

from __future__ import annotations

from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .projects import Exported, exported, imported, program


@pytest.fixture
def two(portal: Portal, tmp_path: Path) -> Exported:
    """The export of a portal with two groups."""
    for title in ("Partners", "Editors"):
        portal.post("/groups/", {"title": title})
    return exported(portal, tmp_path / "city")


def titles(portal: Portal) -> set[str]:
    return {group["title"] for group in portal.all("/groups/")}


def settled(engine: Engine, portal: Portal) -> None:
    portal.forget()
    engine.refresh()
    assert portal.writes() == []


def test_destroy_leaves_what_was_exported(two: Exported, portal: Portal, servers: Servers) -> None:
    with imported(servers, two, portal) as engine:
        engine.destroy()
    assert titles(portal) == {"Partners", "Editors"}


def test_without_the_setting_all_are_the_stacks_own(two: Exported, portal: Portal, servers: Servers) -> None:
    with imported(servers, two, portal) as engine:
        del engine.config["opendatasoft:keepAdopted"]
        portal.forget()
        outcome = engine.up(program(two.folder, {}))
        assert outcome.steps == {"partners": "update", "editors": "update"}
        assert portal.requests() == []
        engine.is_settled(program(two.folder, {}))
        engine.destroy()
    assert titles(portal) == set()


def test_a_single_object_becomes_the_stacks_own(two: Exported, portal: Portal, servers: Servers) -> None:
    def declare() -> None:
        ods.Group("partners", title="Partners")
        ods.Group("editors", title="Editors", adopt=False)

    with imported(servers, two, portal) as engine:
        portal.forget()
        assert engine.up(declare).steps == {"editors": "update"}
        assert portal.requests() == []
        engine.is_settled(declare)
        engine.destroy()
    assert titles(portal) == {"Partners"}


def test_changed_object_stays_on_the_portal(two: Exported, portal: Portal, servers: Servers) -> None:
    def declare() -> None:
        ods.Group("partners", title="Partners", description="changed by the program")
        ods.Group("editors", title="Editors")

    with imported(servers, two, portal) as engine:
        assert engine.up(declare).steps == {"partners": "update"}
        assert engine.get("partners").outputs["adopted"] is True
        engine.destroy()
    assert {g["description"] for g in portal.all("/groups/")} >= {"changed by the program"}


def test_new_objects_are_made_and_deleted_as_ever(two: Exported, portal: Portal, servers: Servers) -> None:
    def declare() -> None:
        program(two.folder, {})()
        ods.Group("new", title="New")
        for name in ("one", "other"):  # without a natural key, and alike
            ods.OtherConnection(name, type="jcdecaux", params={"contract": "city"})

    with imported(servers, two, portal) as engine:
        engine.up(declare)
        assert len(portal.all("/datasource_connections/")) == 2
        assert engine.get("new").outputs["adopted"] is False
        engine.is_settled(declare)
        engine.destroy()
    assert titles(portal) == {"Partners", "Editors"}
    assert portal.all("/datasource_connections/") == []


def test_existing_object_is_refused_as_ever(two: Exported, portal: Portal, servers: Servers) -> None:
    def declare() -> None:
        program(two.folder, {})()
        ods.Group("again", title="Partners")

    with imported(servers, two, portal) as engine:
        (error,) = engine.up(declare, ok=False).errors
    assert 'a group with title "Partners"' in error


def test_unknown_secret_is_refused_for_a_new_object(portal: Portal, engine: Engine) -> None:
    def declare() -> None:
        ods.FTPConnection("f", url="ftps://f.example", auth=ods.BasicAuth(username="u", password=ods.KEPT))

    portal.forget()
    (error,) = engine.up(declare, ok=False).errors
    assert error.startswith("auth.password: ods.KEPT stands for a secret that only the portal knows")
    assert portal.requests() == []


def test_unknown_secret_is_never_written(portal: Portal, tmp_path: Path, servers: Servers) -> None:
    login = {"type": "basic_auth", "username": "u", "password": "canary-password"}
    portal.post("/datasource_connections/", {"type": "ftp", "url": "ftps://f.example", "auth": login})
    one = exported(portal, tmp_path / "city")

    def declare() -> None:
        auth = ods.BasicAuth(username="u", password=ods.KEPT)
        ods.FTPConnection("ftp-f-example-u", url="ftps://g.example", auth=auth)

    with imported(servers, one, portal) as engine:
        portal.forget()
        (error,) = engine.up(declare, ok=False).errors
    assert "auth.password: this text stands for a secret that only the portal knew: give the secret itself" in error
    assert portal.writes() == []
