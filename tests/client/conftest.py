"""Fixtures of the client's tests: a scripted portal and a client on it, both ended with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pulumi_opendatasoft.client.client import Client

from .scripted import Script, ScriptedPortal, serving

KEY = "6b0f6b5c2ea9d4c1e7a8b3f0d5924c17a8e6b0f3d2c1b4a5968778ff"

Serve = Callable[[Script], ScriptedPortal]
Connect = Callable[..., Client]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts portals that respond by a script."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(serving(script))


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes clients that wait only briefly between two tries."""
    with ExitStack() as stack:

        def make(portal: ScriptedPortal, **options: Any) -> Client:
            return stack.enter_context(Client(portal.url, KEY, **{"backoff": 0.01, **options}))

        yield make
