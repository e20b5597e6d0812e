"""One portal with what the program of these tests refers to, and a stack on the stand-in for the engine against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from . import program
from .fleet import furnished, web_server, write_files


@dataclass
class City:
    """A portal, a stack, and a program with one resource of each type."""

    portal: Portal
    engine: Engine
    connection: str
    folder: Path
    """Where the files are: those that are uploaded, and those that the web server gives."""

    def whole(self, *, changed: bool = False) -> Program:
        """A program with every type; the dataset is called `air`."""

        def declared() -> None:
            program.group("town", changed=changed)
            program.user("eve", changed=changed)
            program.connection("depot", changed=changed)
            program.metadata_template("old", changed=changed)
            program.dataset("air", changed=changed, connection=self.connection, folder=str(self.folder))

        return declared

    def only(self, kind: str, *, changed: bool = False) -> Program:
        """A program with one resource, called `air`."""
        more = {"connection": self.connection} if kind == "Dataset" else {}
        if kind in ("Dataset", "CodeEditorPage"):
            more["folder"] = str(self.folder)
        return lambda: program.DECLARES[kind]("air", changed=changed, **more)


@pytest.fixture
def city(portal: Portal, engine: Engine, tmp_path: Path) -> Iterator[City]:
    folder = tmp_path / "files"
    write_files(folder)
    with web_server(folder) as web:
        yield City(portal, engine, furnished(portal, web), folder)
