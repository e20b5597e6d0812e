"""The export of portals with many datasets, made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.servers import Servers
from .projects import exported, imported, known, program
from .seeding import seed
from .test_command import run


@pytest.mark.trust
def test_34_datasets_stay_as_they_are(portal: Portal, servers: Servers, tmp_path: Path) -> None:
    seed(portal, 34)
    one = exported(portal, tmp_path / "city")
    datasets = sum(found.kind == "Dataset" for found in one.portal.found)
    files = sum(path.startswith("files/") for path in one.contents)
    others, lists = len(one.portal.found) - datasets, 10
    assert datasets == 34
    assert len(portal.requests()) <= lists + 10 * datasets + 2 * files + 3 * others
    with imported(servers, one, portal) as engine:
        engine.is_settled(program(one.folder, known(one)))
    assert portal.writes() == []


@pytest.mark.trust
def test_300_datasets_stay_as_they_are(big_stack: Stack, portal: Portal, tmp_path: Path) -> None:
    seed(portal, 300)
    for name, words in (("by-import", ()), ("by-state", ("--state", "--stack", "prod"))):
        done = run(big_stack, tmp_path, name, "--import", *words)
        assert done.code == 0, done.text
        assert "300 Dataset" in done.out
        big_stack.folder = tmp_path / name
        big_stack.is_settled()
    assert portal.writes() == []
