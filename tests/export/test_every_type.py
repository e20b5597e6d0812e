"""The export of a portal with the sample of every resource type, and of their variants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.export.found import KINDS
from pulumi_opendatasoft.program.resource import REGISTRY

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..examples.file_server import serving
from ..samples import PASSWORD, RECORDS, USER, declare
from .projects import stays_unchanged

NOT_READ = {"AmazonS3ConnectionRole", "ApiKey", "Image", "SharepointConnection", "GoogleDriveConnection"}
"""The role of a connection is a property of it; the others are reported as left out."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Portal]:
    """A portal with the samples."""
    folder, files = tmp_path_factory.mktemp("samples"), tmp_path_factory.mktemp("files")
    (files / "air.csv").write_text(RECORDS)
    (folder / "air.csv").write_text(RECORDS)
    with Emulator(folder / "portal") as emulator, serving(files, USER, PASSWORD) as server:
        portal = Portal(emulator)
        with Engine(servers, folder / "stub", domain=portal.url, key=portal.key) as engine, chdir(folder / "stub"):
            Path("air.csv").write_text(RECORDS)
            engine.up(lambda: declare(server.url, variants=True))
        yield portal
        portal.close()


def test_every_type_stays_as_it_is(samples: Portal, servers: Servers, tmp_path: Path) -> None:
    one = stays_unchanged(samples, tmp_path / "city", servers)
    assert {found.kind for found in one.portal.found} == set(KINDS) - NOT_READ


def test_every_resource_type_has_its_place_in_an_export() -> None:
    types = {kind for kind, cls in REGISTRY.items() if cls.__module__.startswith("pulumi_opendatasoft.")}
    assert types - NOT_READ == set(KINDS) - NOT_READ, "add the type to KINDS, or here to NOT_READ"
