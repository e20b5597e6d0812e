"""Fixtures of the commands' tests: one portal for all of them, and a way to call a command in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.commands.group import opendatasoft

from ..conftest import Portal


@dataclass
class Outcome:
    """The output of a command, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output as the JSON that --json prints."""
        return json.loads(self.stdout)


Call = Callable[..., Outcome]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests of commands: each makes the objects that it works on."""
    with Emulator(tmp_path_factory.mktemp("commands") / "portal") as emulator:
        portal = Portal(emulator)
        yield portal
        portal.close()


@pytest.fixture
def call(portal: Portal) -> Call:
    """Calls a command, in this process, on the portal that the environment names."""

    def run(*words: str, code: int = 0, input: str | None = None, **environment: str | None) -> Outcome:
        variables = {"OPENDATASOFT_DOMAIN": portal.url, "OPENDATASOFT_API_KEY": portal.key, **environment}
        result = CliRunner(env=variables).invoke(opendatasoft, words, input=input, catch_exceptions=False)
        outcome = Outcome(result.exit_code, result.stdout, result.stderr)
        assert outcome.code == code, f"{words}: {outcome}"
        return outcome

    return run
