"""A portal for each example, on which every call is checked against the official description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from opendatasoft_emulator.portal import Portal as Emulated
from opendatasoft_emulator.server import Emulator, server
from opendatasoft_emulator.server.app import application

from ..conformance.checked import Checked
from ..conformance.differences import LIST
from ..conftest import Portal


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """An empty portal with one administrator. A call that violates the description fails the test at its end."""
    checked: list[Checked] = []

    def with_checks(portal: Emulated, allowed_hosts: Iterable[str] = ()) -> Checked:
        checked.append(Checked(application(portal, allowed_hosts)))
        return checked[-1]

    with ExitStack() as ends:
        with monkeypatch.context() as patch:
            patch.setattr(server, "application", with_checks)
            emulator = ends.enter_context(Emulator(tmp_path / "portal"))
        portal = Portal(emulator)
        yield portal
        portal.close()
    [one] = checked
    violations = one.unknown()
    assert not violations, f"mend them, or add to {LIST.name}, below a reason:\n" + "\n".join(violations)
