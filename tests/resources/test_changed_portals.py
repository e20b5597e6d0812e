"""A stack whose portal is another one, has another name, or was emptied: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine_stub.engine import Engine


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Portal]:
    """A second portal."""
    with Emulator(tmp_path / "other") as emulator:
        portal = Portal(emulator)
        yield portal
        portal.close()


def test_a_changed_domain_is_an_error_in_every_command(engine: Engine, portal: Portal, other: Portal) -> None:
    def city() -> None:
        ods.Dataset("air", published=True)
        ods.Group("editors", title="Editors")

    engine.up(city)
    before = dict(engine.resources)
    portal.forget()
    engine.config |= {"opendatasoft:domain": other.url, "opendatasoft:apiKey": other.key}
    refused = {
        f"{who}: it lives on {portal.host}, but this stack is now configured for {other.host}; nothing was "
        f"done. Set opendatasoft:domain back, or, if the portal itself got this new name: "
        f"`pulumi config set opendatasoft:movedFrom {portal.host}`, then `pulumi up --refresh --run-program`."
        for who in ('Dataset "air"', 'Group "editors"')
    }
    without_program = {
        f"{line} Without `--run-program`, refresh and destroy use the configuration of the last `up`: if it was "
        "changed since then, add that option, or run `pulumi up` first."
        for line in refused
    }

    for outcome, expected in (
        (engine.preview(city, ok=False), refused),
        (engine.up(city, ok=False), refused),
        (engine.destroy(ok=False), without_program),
    ):
        # These stop at the first error.
        assert outcome.errors
        assert set(outcome.errors) <= expected
    assert set(engine.refresh(ok=False).errors) == without_program

    assert engine.resources == before
    assert portal.requests() == other.requests() == []


def test_a_portal_with_a_new_name_is_followed(engine: Engine, portal: Portal) -> None:
    def city() -> None:
        ods.Group("editors", title="Editors")

    engine.up(city)
    old = portal.host
    engine.config["opendatasoft:domain"] = portal.url.replace("127.0.0.1", "localhost")
    engine.config["opendatasoft:movedFrom"] = old
    portal.forget()

    engine.up(city)
    engine.refresh()

    assert portal.writes() == []
    assert engine.get("editors").outputs["domain"] == old.replace("127.0.0.1", "localhost")
    del engine.config["opendatasoft:movedFrom"]
    engine.is_settled(city)


def test_an_emptied_portal_is_not_a_loss(engine: Engine, portal: Portal) -> None:
    def city() -> None:
        for number in range(6):
            ods.Group(f"group-{number}", title=f"Group {number}")

    engine.up(city)
    portal.control.post("/reset").raise_for_status()

    refused = engine.refresh(ok=False).errors

    assert any("nothing of what this stack made" in error for error in refused)
    assert any("pulumi state delete" in error for error in refused)
    assert len(engine.resources) >= 4
