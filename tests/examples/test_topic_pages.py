"""Pages made of one layout: they list their datasets, and a change of the layout shows in a preview."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.engine import Engine
from .folders import lay_out, on_the_stub


def test_pages_of_one_layout_come_up_on_the_stub(portal: Portal, engine: Engine) -> None:
    program = on_the_stub(engine, "topic_pages")
    engine.up(program)
    green = httpx.get(f"{portal.url}/pages/green-spaces/", timeout=30).text
    for dataset_id in ("parks", "fountains"):
        assert f'<li><a href="/explore/dataset/{dataset_id}/">' in green
        assert portal.records(dataset_id)["total_count"] == 2
    assert portal.get("/code_editor_pages/summer/")["is_archived"]
    engine.is_settled(program)

    layout = engine.folder / "layout.html"
    layout.write_text(layout.read_text().replace("<h2>Data</h2>", "<h2>Open data</h2>"))
    assert engine.up(program).steps == dict.fromkeys(("green-spaces", "mobility", "summer"), "update")
    assert "<h2>Open data</h2>" in httpx.get(f"{portal.url}/pages/mobility/", timeout=30).text

    engine.destroy()
    assert portal.all("/code_editor_pages/") == portal.all("/datasets/") == []


@pytest.mark.trust
def test_pages_list_their_datasets_and_follow_the_layout(portal: Portal, another_stack: Callable[..., Stack]) -> None:
    stack = another_stack("try", project="topic-pages")
    lay_out(stack, "topic_pages")
    stack.up()
    green = httpx.get(stack.outputs()["green-spaces"], timeout=30).text
    for dataset_id in ("parks", "fountains"):
        assert f'<li><a href="/explore/dataset/{dataset_id}/">' in green
        assert portal.records(dataset_id)["total_count"] == 2
    assert portal.get("/code_editor_pages/summer/")["is_archived"]
    stack.is_settled()

    layout = stack.folder / "layout.html"
    layout.write_text(layout.read_text().replace("<h2>Data</h2>", "<h2>Open data</h2>"))
    shown = stack.preview("--diff").out
    assert shown.count("+     <h2>Open data</h2>") == 3
    stack.up()
    assert "<h2>Open data</h2>" in httpx.get(stack.outputs()["mobility"], timeout=30).text

    stack.destroy()
    assert portal.all("/code_editor_pages/") == []
