"""The exported program brings up a second portal, whose export is the same, byte by byte."""

from __future__ import annotations

from pathlib import Path

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .projects import NAME, Exported, every, exported, program

OF_THE_PORTAL = {"portal/__init__.py"}
"""The files that name the portal."""


def test_second_portal_has_the_same_export(export: Exported, portal: Portal, servers: Servers, tmp_path: Path) -> None:
    with Engine(servers, export.folder, domain=portal.url, key=portal.key, project=NAME) as engine:
        bring_up = program(export.folder, every(export))
        engine.up(bring_up)
        for name in ("bob", "eva", "class"):
            portal.control.post("/join", json={"email": f"{name}@city.example"}).raise_for_status()
        engine.refresh()
        engine.is_settled(bring_up)
    again = exported(portal, tmp_path / "again")
    first, second = export.contents, again.contents
    assert first.keys() == second.keys()
    assert {path for path in first if first[path] != second[path]} == OF_THE_PORTAL


def test_two_exports_of_one_portal_are_byte_equal(export: Exported, city: Portal, tmp_path: Path) -> None:
    assert exported(city, tmp_path / "again").contents == export.contents
