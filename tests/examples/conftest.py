"""A portal for each example, behind a proxy that checks every call against the official description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator

from ..conformance.differences import LIST
from ..conformance.proxy import Proxy
from ..conftest import Portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """An empty portal with one administrator. A call that violates the description fails the test at its end."""
    with Emulator(tmp_path / "portal") as emulator, Proxy(emulator.url) as proxy:
        portal = Portal(emulator, proxy.url)
        yield portal
        portal.close()
    violations = proxy.unknown()
    assert not violations, f"mend them, or add to {LIST.name}, below a reason:\n" + "\n".join(violations)
