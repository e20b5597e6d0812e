"""How many calls to the portal run at once, with `--parallel 32` on the real engine."""

from __future__ import annotations

import pytest

from ..conftest import Portal
from .stacks import Stack

WIDE = ("--parallel", "32")

PROGRAM = """
    for number in range(16):
        ods.Dataset(f"air-{{number}}", metadata=ods.Metadata(default=ods.DefaultMetadata(title="{title}")), fields=[])
"""


# A preloaded provider begins before the engine has queued many calls.
@pytest.mark.own_python(only_provider=True)
def test_update_refresh_and_destroy_are_as_wide_as_asked(stack: Stack, portal: Portal) -> None:
    at_once: dict[str, int] = {}
    stack.run("config", "set", "opendatasoft:maxConcurrency", "32")
    stack.program(PROGRAM.format(title="Air"))
    stack.up(*WIDE, env={"OWN_PROVIDER": ""})
    # So slow that calls overlap on a busy machine too, where a program needs a while to begin them.
    portal.set(latency_ms=700)

    stack.program(PROGRAM.format(title="Water"))
    for command, run in {"update": stack.up, "refresh": stack.refresh, "destroy": stack.destroy}.items():
        portal.forget()
        run(*WIDE)
        at_once[command] = portal.most_at_once()

    # A dynamic server starts with four threads, and is wide from its first call only if it makes itself so.
    assert {command: most for command, most in at_once.items() if most <= 8} == {}
