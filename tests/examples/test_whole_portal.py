"""The complete portal of a small city: it comes up, is settled, and goes, with all that it harvested."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import httpx

from tools.seed import serve_region

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.servers import Servers
from ..export.projects import stays_unchanged
from ..samples import samples
from .folders import EXAMPLES, lay_out

OTHER_KINDS = {
    "AmazonS3Connection",
    "AmazonS3ConnectionRole",
    "AzureBlobStorageConnection",
    "GoogleDriveConnection",
    "HTTPConnection",
    "OtherConnection",
    "SharepointConnection",
}
"""Connections beside the one that the example has."""

PLACES = ("groups", "apikeys", "datasource_connections", "datasets", "harvesters", "code_editor_pages", "studio_pages")


def test_whole_portal_has_a_resource_of_every_type() -> None:
    program = ast.parse((EXAMPLES / "whole_portal" / "__main__.py").read_text())
    named = {node.attr for node in ast.walk(program) if isinstance(node, ast.Attribute)}
    assert samples().keys() - named == OTHER_KINDS


def test_whole_portal_comes_up_is_settled_and_goes(
    portal: Portal, another_stack: Callable[..., Stack], servers: Servers, tmp_path: Path
) -> None:
    before = {place: portal.all(f"/{place}/") for place in PLACES}
    stack = another_stack("whole", project="whole-portal")
    lay_out(stack, "whole_portal")
    serve_region(portal.emulator.portal.folder)

    stack.up()

    counts = {name: portal.records(name)["total_count"] for name in ("trees", "rain")}
    assert counts == {"trees": 5, "rain": 2}
    assert portal.dataset("rain")["metadata"]["care"]["office"]["value"] == "Water"
    assert portal.records("wells-of-the-region")["total_count"] == 3
    assert "<h1>Open data of Small City</h1>" in httpx.get(stack.outputs()["welcome"], timeout=30).text
    image = httpx.get(f"{portal.url}/assets/theme_image/small-city.svg", timeout=30).raise_for_status()
    assert image.text == (EXAMPLES / "whole_portal" / "images" / "small-city.svg").read_text()
    stack.is_settled(also_unrefreshed=True)
    assert len(stays_unchanged(portal, tmp_path / "exported", servers).portal.found) > 8

    stack.destroy()

    assert {place: [x for x in portal.all(f"/{place}/") if not x.get("is_revoked")] for place in PLACES} == before
    assert [template for template in portal.all("/metadata/templates/") if not template["is_system"]] == []
    assert "ana@smallcity.example" not in [user["email"] for user in portal.all("/users/")]
