"""A portal for each example, on which every call is checked against the official description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator
from starlette.types import ASGIApp

from ..conformance.checked import Checked
from ..conformance.differences import LIST
from ..conftest import Portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """An empty portal with one administrator. A call that violates the description fails the test at its end."""
    checks: list[Checked] = []

    def check(app: ASGIApp) -> ASGIApp:
        checks.append(Checked(app))
        return checks[0]

    with Emulator(tmp_path / "portal", around=check) as emulator:
        portal = Portal(emulator)
        yield portal
        portal.close()
    violations = checks[0].unknown()
    assert not violations, f"mend them, or add to {LIST.name}, below a reason:\n" + "\n".join(violations)
