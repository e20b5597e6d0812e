"""Commands on portals that drip, never end, lie and send too much: each ends in bounded time, with a message."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..client.hostile import HUGE, LYING, SLOW
from ..client.scripted import Script, serving
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from .table import Outcome, Record

BOUND = 60
"""Seconds for a command; its calls may take two."""

PORTALS: dict[str, Callable[[], Script]] = {**SLOW, **HUGE, **LYING}


def program() -> None:
    """Two resources, of which one is found by its natural key."""
    ods.Group("editors", title="Editors")
    ods.OtherConnection("warehouse", type="snowflake_odbc", params={"warehouse": "w"})


@pytest.mark.trust
@pytest.mark.parametrize("name", PORTALS)
def test_commands_on_a_hostile_portal_end_well(name: str, tmp_path: Path, servers: Servers, record: Record) -> None:
    key = "canary-of-a-key-0123456789abcdef"
    with (
        serving(PORTALS[name]()) as portal,
        Engine(servers, tmp_path / "stack", domain=portal.url, key=key) as engine,
    ):
        engine.config["opendatasoft:requestTimeout"] = "2"
        began = time.monotonic()
        failed = engine.up(program, ok=False, continue_on_error=True)
        took = time.monotonic() - began
    texts = [*failed.errors, *(line.text for line in failed.lines)]
    wrong = [text for text in texts if key in text or "Traceback" in text or "fault of pulumi" in text]
    if took > BOUND:
        wrong.append(f"it took {took:.0f} s")
    record("create", "hostile portal", Outcome.LEFT_BEHIND if wrong else Outcome.BY_ITSELF)
    assert wrong == []
