"""After an export nothing is left to do: the program and its state are the portal."""

from __future__ import annotations

from ..conftest import Portal
from ..engine_stub.servers import Servers
from .projects import Exported, imported, known, program


def test_nothing_changes_and_nothing_is_written(export: Exported, city: Portal, servers: Servers) -> None:
    assert {found.kind for found in export.portal.found} >= {"Dataset", "Harvester", "CodeEditorPage", "StudioPage"}
    city.forget()
    with imported(servers, export, city) as engine:
        engine.is_settled(program(export.folder, known(export)))
        assert engine.up(program(export.folder, known(export))).steps == {}
        engine.destroy()
    assert city.writes() == []
