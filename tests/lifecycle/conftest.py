"""Fixtures of the lifecycle tests: a portal for each module, and processes of the provider on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.lifecycle.results import State

from ..conftest import Portal
from .process import LIFECYCLE, Process, desired


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests of this module."""
    with Emulator(tmp_path_factory.mktemp("portal")) as emulator:
        city = Portal(emulator)
        yield city
        city.close()


@pytest.fixture
def portal(city: Portal) -> Portal:
    """The portal, empty again."""
    city.control.post("/reset").raise_for_status()
    return city


@pytest.fixture
def connection(portal: Portal) -> Iterator[Client]:
    with Client(portal.url, portal.key, retries=0) as client:
        yield client


@pytest.fixture
def process(connection: Client) -> Process:
    return Process(connection)


@pytest.fixture
def later(connection: Client) -> Process:
    """Another process, at a later time."""
    return Process(connection)


@pytest.fixture
def found(portal: Portal) -> str:
    """A club that exists already."""
    portal.post("/groups/", {"title": "Chess", "permissions": ["edit_page"], "description": "d4"})
    portal.forget()
    return "chess"


@pytest.fixture
def chess(process: Process, portal: Portal) -> State:
    """The state of a club that was created a moment ago."""
    _, state = LIFECYCLE.create(process.context(), desired(permissions=["edit_theme"], motto="e4"))
    portal.forget()
    return state
