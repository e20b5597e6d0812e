"""One resource of every type on one stack of the real engine, for the golden files that come from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack
from ..examples.file_server import serving
from ..samples import PASSWORD, RECORDS, USER

PROGRAM = """
import sys

sys.path.insert(0, {root!r})
import tests.samples

tests.samples.declare({files!r})
"""


@dataclass(frozen=True)
class Samples:
    """The stack, the portal that it is on, and the address of the web server from which a dataset reads."""

    stack: Stack
    portal: Portal
    files: str


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, real_engine: None) -> Iterator[Samples]:
    """The samples, up."""
    folder, files = tmp_path_factory.mktemp("golden"), tmp_path_factory.mktemp("files")
    (files / "air.csv").write_text(RECORDS)
    with Emulator(folder / "portal") as emulator, serving(files, USER, PASSWORD) as server:
        portal = Portal(emulator)
        stack = Stack(folder / "stack", domain=portal.url, key=portal.key)
        stack.file("air.csv", RECORDS)
        stack.program(PROGRAM.format(root=str(ROOT), files=server.url))
        stack.up()
        yield Samples(stack, portal, server.url)
        portal.close()
