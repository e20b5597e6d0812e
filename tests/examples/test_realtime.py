"""The realtime example: the gateway gets its address, pushed records are shown, and a destroy is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx

from ..conftest import Portal
from ..engine.stacks import Stack, eventually
from .folders import lay_out


def test_pushed_records_are_shown_and_no_destroy_deletes_them(
    portal: Portal, another_stack: Callable[..., Stack]
) -> None:
    stack = another_stack("bicycles", project="bicycles-as-they-pass")
    lay_out(stack, "realtime")
    pushed = json.loads((stack.folder / "data" / "passages.json").read_text())

    stack.up()

    settings = stack.folder / "gateway.conf"
    push_url = settings.read_text().removeprefix("push_url = ").strip()
    assert settings.stat().st_mode & 0o777 == 0o600
    assert push_url not in stack.run("stack", "export").out + stack.run("stack", "output").out

    httpx.post(push_url, json=pushed, timeout=30).raise_for_status()

    def shows_them() -> bool:
        shown = portal.records("bicycle-passages")["results"]
        return [(r["counter"], r["speed"]) for r in shown] == [(r["counter"], r["kmh"]) for r in pushed]

    eventually(shows_them)
    stack.is_settled()

    (refusal,) = stack.destroy(ok=False).said["bicycle-passages"]
    assert refusal.endswith(
        'deleting the dataset: the records that were pushed to "gateway" would be lost for good. Nothing was written; '
        "if they may be deleted, set allow_data_loss=True and run `up` once before"
    )
    assert shows_them()

    stack.run("config", "set", "letRecordsGo", "true")
    stack.up()
    assert shows_them()
    assert settings.read_text().strip() == f"push_url = {push_url}"

    stack.destroy()
    assert portal.all("/datasets/") == []
    assert not settings.exists()
