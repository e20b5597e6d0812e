"""Several portals in one program; a portal that is not configured, has another name, or shows only part of itself."""

from __future__ import annotations

import re
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
        portal.close()


def test_a_program_moves_objects_between_its_portals(stack: Stack, portal: Portal, other: Portal) -> None:
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


def test_a_missing_portal_is_one_line_in_the_preview(stack: Stack) -> None:
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
    assert stack.preview(ok=False, env={"OPENDATASOFT_DOMAIN": "http://city.invalid"}).said == {
        "city-dev": [
            "error: http://city.invalid is not this machine: over plain http anybody on the way can read the API key. "
            "Use https://, or allow it: `pulumi config set opendatasoft:allowHttp true`",
            ended,
        ]
    }
    assert stack.preview(ok=False, env={"OPENDATASOFT_DOMAIN": "ftp://city"}).said == {
        "city-dev": ['error: opendatasoft:domain: "ftp://city" is not a web address: only https and http are', ended]
    }


def test_message_about_another_domain_names_what_works(stack: Stack, portal: Portal) -> None:
    del stack.env["OPENDATASOFT_DOMAIN"]
    stack.run("config", "set", "opendatasoft:domain", portal.url)
    stack.program("""
        ods.Group("editors", title="Editors")
        ods.Dataset("air")
    """)
    stack.up()
    stack.run("config", "set", "opendatasoft:domain", portal.url.replace("127.0.0.1", "localhost"))
    refused = stack.up(ok=False).said  # Pulumi has recorded the new domain now

    (config, command), *others = {
        tuple(re.findall(r"`pulumi (.+?)`", line)) for lines in refused.values() for line in lines
    }
    stack.run(*config.split())
    stack.run(*command.split(), "--yes")

    assert others == []
    new_host = portal.host.replace("127.0.0.1", "localhost")
    assert {resource["outputs"]["domain"] for resource in stack.state().values()} == {new_host}
    stack.run("config", "rm", "opendatasoft:movedFrom")
    stack.preview("--refresh", "--run-program", "--expect-no-changes")


def test_seeing_only_people_is_not_a_loss_of_the_rest(stack: Stack, portal: Portal) -> None:
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
    assert all("is it the right portal and the right key?" in line for lines in said.values() for line in lines), said
