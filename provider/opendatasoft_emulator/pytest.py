"""Fixtures of pytest for programs that use a portal: an emulator, empty or with its seed before every test.

The package registers them by itself, under the name `opendatasoft`. Options of pytest's configuration file:
`opendatasoft_seed` and `opendatasoft_settings`, as the options of `opendatasoft-emulator serve`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .server import Emulator

SEED = "opendatasoft_seed"
SETTINGS = "opendatasoft_settings"


@dataclass(frozen=True)
class OpendatasoftPortal:
    """A portal on this machine, for one test."""

    url: str
    """Its address, as `opendatasoft:domain` and `OPENDATASOFT_DOMAIN` take it."""

    key: str
    """The API key of its administrator."""

    _emulator: Emulator

    def key_of(self, username: str) -> str:
        """Return a new API key of a user of the portal. Raises KeyError for an unknown one."""
        key = self._emulator.portal.create_key(username, "Made by a test")
        if key is None:
            raise KeyError(username)
        return key

    def requests(self) -> list[tuple[str, str]]:
        """Return the method and path of each call of the Automation API in this test, the oldest first."""
        return [(one.method, one.path) for one in self._emulator.portal.request_log.latest()]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the configuration file."""
    parser.addini(SEED, "the data folder of an emulator with which each test's portal begins", type="paths")
    parser.addini(SETTINGS, "a JSON file of an emulator's switches", type="paths")


@pytest.fixture(scope="session")
def opendatasoft_emulator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """Run one emulator for all tests."""
    # These take a second to load, which a run without the fixture should not wait for.
    from .portal import Options
    from .server import Emulator
    from .state.settings import Settings

    seed, switches = _path(request, SEED), _path(request, SETTINGS)
    settings: Any = Settings.model_validate(json.loads(switches.read_text())) if switches else None
    folder = tmp_path_factory.mktemp("opendatasoft")
    with Emulator(folder, options=Options(seed=seed, settings=settings)) as emulator:
        yield emulator


@pytest.fixture
def opendatasoft_portal(opendatasoft_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> OpendatasoftPortal:
    """Return a portal that is empty or as its seed, to which the environment points."""
    opendatasoft_emulator.portal.reset()
    monkeypatch.setenv("OPENDATASOFT_DOMAIN", opendatasoft_emulator.url)
    monkeypatch.setenv("OPENDATASOFT_API_KEY", opendatasoft_emulator.key)
    return OpendatasoftPortal(opendatasoft_emulator.url, opendatasoft_emulator.key, opendatasoft_emulator)


def _path(request: pytest.FixtureRequest, option: str) -> Path | None:
    found: list[Path] = request.config.getini(option)
    return found[0] if found else None
