"""A portal that was made by hand, and its export."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from .projects import Exported, exported
from .seeding import seed


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal with every noun, that tests only read."""
    with Emulator(tmp_path_factory.mktemp("city")) as emulator:
        portal = Portal(emulator)
        seed(portal)
        yield portal
        portal.close()


@pytest.fixture(scope="session")
def export(city: Portal, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The export of that portal."""
    city.forget()
    return exported(city, tmp_path_factory.mktemp("export") / "city")
