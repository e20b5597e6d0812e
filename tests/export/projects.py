"""Exported projects in tests: written without the command `pulumi`, and carried out by the stub of the engine."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.configuration import Settings
from pulumi_opendatasoft.export.export import read_into
from pulumi_opendatasoft.export.folder import Folder, Written
from pulumi_opendatasoft.export.found import Portal as Read
from pulumi_opendatasoft.export.found import Selection
from pulumi_opendatasoft.export.project import PACKAGE, Project, copies
from pulumi_opendatasoft.program.provider_string import PROVIDER_KEY, TYPE_PREFIX, provider_string

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from ..engine_stub.state import Resource

NAME = "city"


@dataclass
class Exported:
    """An exported project."""

    folder: Path
    portal: Read
    project: Project
    files: Written

    @property
    def contents(self) -> dict[str, bytes]:
        """The files of the project by their paths, without those of the export itself."""
        own = {".opendatasoft", ".home", "__pycache__", "stderr"}
        found = [path.relative_to(self.folder) for path in sorted(self.folder.rglob("*")) if path.is_file()]
        return {str(path): (self.folder / path).read_bytes() for path in found if not own & set(path.parts)}


def exported(portal: Portal, folder: Path, selection: Selection | None = None) -> Exported:
    """Export a portal into a folder, without a stack."""
    with Client(portal.url, portal.key, retries=0) as client:
        target = Folder(folder)
        settings = Settings(portal.url, portal.key)
        read, project, downloads, recording = read_into(client, settings, target, selection or Selection(), NAME)
        written = target.write(copies(project.files, downloads.places, target.staging))
    recording.end()
    target.end()
    return Exported(folder, read, project, written)


def program(folder: Path, secrets: Mapping[str, str]) -> Program:
    """The exported program of a folder.

    Args:
        folder: the folder of the project.
        secrets: the values of its settings.
    """

    def run() -> None:
        pulumi.runtime.set_all_config({f"{NAME}:{name}": value for name, value in secrets.items()})
        try:
            with _importing(folder), chdir(folder):
                importlib.import_module(PACKAGE)
        finally:
            pulumi.runtime.set_all_config({})

    return run


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = before
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


@contextmanager
def imported(servers: Servers, one: Exported, portal: Portal) -> Iterator[Engine]:
    """A stack on the stub whose state is that of an exported project, as `pulumi import --file` makes it."""
    with Engine(servers, one.folder, domain=portal.url, key=portal.key, project=NAME) as engine:
        engine.config["opendatasoft:keepAdopted"] = "true"
        for found in one.portal.found:
            provider = {PROVIDER_KEY: provider_string(found.kind)}
            urn = f"urn:pulumi:dev::{NAME}::{TYPE_PREFIX}{found.kind}::{found.name}"
            engine.resources[urn] = Resource(urn, found.id, provider | found.inputs, provider | found.outputs)
        yield engine


def stays_unchanged(portal: Portal, folder: Path, servers: Servers) -> Exported:
    """Export a portal, and assert that no preview shows a change and that nothing was written."""
    portal.forget()
    one = exported(portal, folder)
    assert [remark for found in one.portal.found for remark in found.remarks if "preview" in remark] == []
    with imported(servers, one, portal) as engine:
        engine.is_settled(program(one.folder, known(one)))
    assert portal.writes() == []
    return one


def known(one: Exported) -> dict[str, str]:
    """The secrets that the portal returned."""
    return {name: value for name, value in one.project.secrets.items() if value is not None}


def every(one: Exported) -> dict[str, str]:
    """A value for each secret."""
    return {name: value or "canary-unknown" for name, value in one.project.secrets.items()}
