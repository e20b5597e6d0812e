"""On which portal an object lives: a changed domain, a renamed one, and several portals in one program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from .stacks import Stack


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Portal]:
    """A second portal."""
    with Emulator(tmp_path / "other") as emulator:
        portal = Portal(emulator)
        yield portal
        portal.http.close()
        portal.control.close()


def _told(stack: Stack) -> dict[str, object]:
    """What the state says, without the engine's own times."""
    return {name: (r["id"], r["inputs"], r["outputs"]) for name, r in stack.state().items()}


def test_a_changed_domain_is_an_error_in_every_command_and_loses_nothing(
    stack: Stack, portal: Portal, other: Portal
) -> None:
    stack.program("""
        ods.Dataset("air", published=True)
        ods.Group("editors", title="Editors")
    """)
    stack.up()
    before = _told(stack)
    portal.forget()
    moved = {"OPENDATASOFT_DOMAIN": other.url, "OPENDATASOFT_API_KEY": other.key}
    words = {
        f"error: {who}: it lives on {portal.host}, but this stack is now configured for {other.host}; nothing was "
        f"done. Set opendatasoft:domain back, or, if the portal itself got this new name: "
        f"`pulumi config set opendatasoft:movedFrom {portal.host}`, then `pulumi up --refresh`."
        for who in ('Dataset "air"', 'Group "editors"')
    }

    for command in (stack.preview, stack.up, stack.refresh, stack.destroy):
        said = {line for lines in command(ok=False, env=moved).said.values() for line in lines}
        # The engine stops at the first error of a preview and of an `up`.
        assert said
        assert said <= words

    assert _told(stack) == before
    assert portal.requests() == other.requests() == []


def test_a_portal_that_got_another_name_is_followed(stack: Stack, portal: Portal) -> None:
    stack.program('ods.Group("editors", title="Editors")')
    stack.up()
    old = portal.host
    stack.env["OPENDATASOFT_DOMAIN"] = portal.url.replace("127.0.0.1", "localhost")
    stack.run("config", "set", "opendatasoft:movedFrom", old)
    portal.forget()

    stack.up()
    stack.refresh()

    assert portal.writes() == []
    assert stack.state()["editors"]["outputs"]["domain"] == old.replace("127.0.0.1", "localhost")
    stack.run("config", "rm", "opendatasoft:movedFrom")
    stack.is_settled()


def test_one_program_has_several_portals_and_moves_things_between_them(
    stack: Stack, portal: Portal, other: Portal
) -> None:
    stack.run("config", "set", "--path", "opendatasoft:portals.second.domain", other.url)
    stack.run("config", "set", "--path", "--secret", "opendatasoft:portals.second.apiKey", other.key)
    other.post("/groups/", {"title": "Readers", "permissions": []})
    stack.program("""
        here = ods.Group("here", title="Editors")
        there = ods.Group("there", title="Editors", portal="second")
        wandering = ods.Group("wandering", title="Wandering")
        read = ods.Group.get("read", "readers", portal="second")
        pulumi.export("domains", [here.domain, there.domain, wandering.domain, read.domain])
        pulumi.export("title", read.title)
    """)
    stack.up()
    assert stack.outputs() == {
        "domains": [portal.host, other.host, portal.host, other.host],
        "title": "Readers",
    }
    stack.is_settled()

    stack.program("""
        here = ods.Group("here", title="Editors")
        there = ods.Group("there", title="Editors", portal="second")
        wandering = ods.Group("wandering", title="Wandering", portal="second")
    """)
    assert stack.steps() == {"wandering": "replace", "read": "discard"}
    stack.up()
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]
    assert sorted(g["title"] for g in other.all("/groups/")) == ["Editors", "Readers", "Wandering"]

    stack.program("""
        here = ods.Group("here", title="Editors")
        there = ods.Group("there", title="Editors", portal="second")
        wandering = ods.Group("wandering", title="Wandering")
    """)
    assert stack.steps() == {"wandering": "replace"}
    stack.destroy()
    assert portal.all("/groups/") == []
    assert [g["title"] for g in other.all("/groups/")] == ["Readers"]


def test_a_portal_that_is_not_configured_is_one_line_in_the_preview(stack: Stack) -> None:
    stack.program("""
        ods.Group("editors", title="Editors")
        ods.Group("readers", title="Readers", portal="third")
    """)
    ended = "error: an unhandled error occurred: program exited with non-zero exit code: 1"

    assert stack.preview(ok=False).said == {
        "city-dev": [
            'error: portal="third" has no domain and apiKey under opendatasoft:portals: `pulumi config set --path '
            "'opendatasoft:portals.third.domain' mycity`, and the same with --secret for .apiKey",
            ended,
        ]
    }
    assert stack.preview(ok=False, env={"OPENDATASOFT_DOMAIN": ""}).said == {
        "city-dev": [
            "error: no portal is configured: `pulumi config set opendatasoft:domain mycity`, or set "
            "OPENDATASOFT_DOMAIN",
            ended,
        ]
    }
    assert stack.preview(ok=False, env={"OPENDATASOFT_DOMAIN": "ftp://city"}).said == {
        "city-dev": ['error: opendatasoft:domain: "ftp://city" is not a web address: only https and http are', ended]
    }


def test_an_emptied_portal_is_not_believed_to_be_a_loss(stack: Stack, portal: Portal) -> None:
    stack.program("""
        for number in range(6):
            ods.Group(f"group-{number}", title=f"Group {number}")
    """)
    stack.up()
    portal.control.post("/reset").raise_for_status()

    refused = stack.refresh("--parallel", "1", ok=False)

    assert "nothing of what this stack made" in refused.text
    assert "pulumi state delete" in refused.text
    assert len(stack.state()) >= 4


def test_a_key_that_sees_people_only_is_no_loss_of_anything_else(stack: Stack, portal: Portal) -> None:
    stack.program("""
        for name in ("editors", "readers", "writers", "visitors"):
            ods.Group(name, title=name)
        ods.User("ana", email="ana@city.org", identity_provider="city")
    """)
    stack.up()
    for group in portal.all("/groups/"):
        portal.delete(f"/groups/{group['uid']}/")
    before = stack.ids()

    said = stack.refresh(ok=False).said

    assert stack.ids() == before
    # The engine stops at the first error.
    assert said
    assert all("is this the right portal and the right key?" in line for lines in said.values() for line in lines), said
