"""Fixtures of the service's tests: a service on a portal of its own, called as a plugin calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi_opendatasoft.service.service import Service

from ..conftest import Portal


@dataclass
class PlainCall:
    """A call of an engine that passes a URN and keeps what is printed."""

    urn: str = ""
    timeout: float = 0.0
    ignored: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    inputs: dict[str, Any] | None = None

    def old_inputs(self) -> dict[str, Any] | None:
        """The inputs of the last `up`."""
        return self.inputs

    def is_in_state(self, id: str) -> bool:
        """Nothing is known of the state."""
        return False

    def was_begun(self) -> bool:
        """Nothing is known of the state."""
        return False

    def info(self, message: str, difference: Sequence[str] = ()) -> None:
        """Keep a line, and those of a difference."""
        self.lines += [message, *difference]

    warn = progress = info


@pytest.fixture
def service(portal: Portal) -> Callable[[str], Service]:
    """The service of a resource type, configured for the portal."""

    def make(kind: str) -> Service:
        made = Service(kind)
        made.configure({"domain": portal.url, "apiKey": portal.key}.get)
        return made

    return make
