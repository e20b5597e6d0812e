"""Pages in files: what the guide says of their preview, and that they come up, change and go."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack
from .documents import blocks
from .folders import lay_out


def test_pages_come_up_and_a_changed_one_shows_its_lines(portal: Portal, another_stack: Callable[..., Stack]) -> None:
    stack = another_stack("try", project="pages-as-code")
    lay_out(stack, "pages_as_code")
    stack.up()
    assert stack.outputs() == {slug: f"{portal.url}/pages/{slug}/" for slug in ("welcome", "about")}
    assert "<h1>The city's open data</h1>" in httpx.get(f"{portal.url}/pages/welcome/", timeout=30).text
    assert "<h1>Les données ouvertes" in httpx.get(f"{portal.url}/pages/welcome/?lang=fr", timeout=30).text
    stack.is_settled()

    file = stack.folder / "pages" / "welcome" / "en.html"
    before = "free to use.</p>\n"
    file.write_text(file.read_text().replace(before, "free to use and to share.</p>\n    <p>New each week.</p>\n"))
    style = stack.folder / "pages" / "style.css"
    style.write_text(style.read_text().replace("teal", "navy"))
    shown = stack.preview().out
    (quoted,) = [block.text for block in blocks("text") if block.document == ROOT / "docs" / "guide" / "pages.md"]
    heading, _, lines = quoted.partition("Diagnostics:\n")[2].partition("\n")
    assert heading in shown
    assert lines.rstrip() in shown
    # The pages are compared side by side: the lines of the shared style sheet are printed for the first one.
    for languages in ("content.css.en, content.css.fr", "content.css.en"):
        assert f"pages/style.css ({languages}): 1 line added, 1 removed" in shown
    assert (", as in welcome" in shown) != (", as in about" in shown)
    stack.up()
    assert portal.get("/code_editor_pages/welcome/")["content"]["html"]["en"] == file.read_text()

    stack.destroy()
    assert portal.all("/code_editor_pages/") == []
