"""One program on two portals: only what the stacks configure differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import Stack
from .folders import EXAMPLES, lay_out


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Portal]:
    """The second portal, which the public reads."""
    with Emulator(tmp_path / "public") as emulator:
        public = Portal(emulator)
        yield public
        public.close()


def made(portal: Portal) -> dict[str, Any]:
    """The objects on the portal, and the response to a reader without a key."""
    dataset = portal.dataset("playgrounds")
    records = f"{portal.url}/api/explore/v2.1/catalog/datasets/playgrounds/records"
    return {
        "title": dataset["metadata"]["default"]["title"]["value"],
        "groups": [group["title"] for group in portal.all("/groups/")],
        "licence": dataset["metadata"].get("internal", {}).get("license_id", {}).get("value"),
        "schedules": [schedule["cron_schedule"] for schedule in portal.all(f"/datasets/{dataset['uid']}/schedules/")],
        "reader": httpx.get(records, timeout=30).status_code,
        "records": portal.http.get(records).json()["total_count"],
    }


DEV = {
    "title": "[Test] Playgrounds",
    "groups": ["[Test] Editors"],
    "licence": None,
    "schedules": [],
    "reader": 404,
    "records": 4,
}
PROD = {
    "title": "Playgrounds",
    "groups": ["Editors"],
    "licence": "cc_by",
    "schedules": ["0 5 * * *"],
    "reader": 200,
    "records": 4,
}


def test_two_stacks_bring_one_program_to_two_portals(
    portal: Portal, public: Portal, another_stack: Callable[..., Stack]
) -> None:
    stack = another_stack("dev", project="playgrounds")
    lay_out(stack, "two_environments")
    stack.env.pop("OPENDATASOFT_DOMAIN")
    stack.env.pop("OPENDATASOFT_API_KEY")
    stack.init("prod")
    for name, target in (("dev", portal), ("prod", public)):
        settings = stack.folder / f"Pulumi.{name}.yaml"
        keys = [
            line for line in settings.read_text().splitlines() if line.startswith(("secretsprovider", "encryptedkey"))
        ]
        example = (EXAMPLES / "two_environments" / settings.name).read_text()
        settings.write_text("\n".join([example, *keys]))
        domain, key = f"opendatasoft:domain={target.url}", f"opendatasoft:apiKey={target.key}"
        stack.run("config", "set-all", "--stack", name, "--plaintext", domain, "--secret", key)

    stack.up("--stack", "dev")
    assert made(portal) == DEV
    assert public.all("/datasets/") == []

    stack.up("--stack", "prod")
    assert made(public) == PROD
    assert made(portal) == DEV

    for name in ("dev", "prod"):
        stack.preview("--stack", name, "--refresh", "--expect-no-changes", "--diff")

    stack.destroy("--stack", "dev")
    assert portal.all("/datasets/") == portal.all("/groups/") == []
    assert made(public) == PROD
    stack.destroy("--stack", "prod")
    assert public.all("/datasets/") == public.all("/groups/") == []
