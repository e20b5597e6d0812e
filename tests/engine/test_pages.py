"""A page on the real engine: its whole life, and what `pulumi preview` prints of texts in files."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

PROGRAM = """
home = ods.CodeEditorPage(
    "home",
    content=ods.PageContent(
        html={"en": ods.TextFile("pages/home.html"), "fr": "<p>un</p>\\n<p>INLINE</p>\\n"},
        css={"en": ods.TextFile("pages/home.css")},
    ),
)
pulumi.export("url", home.url)
pulumi.export("sha256", home.content.apply(lambda content: content.css["en"].sha256[:4]))
pulumi.export("read", ods.CodeEditorPage.get("about", "about").title)
"""

SHOWN = """
    pages/home.html (content.html.en): 1 line added, 1 removed
    @@ -2,4 +2,4 @@
     <p>1</p>
     <p>2</p>
    -<p>3</p>
    +<p>three</p>
     <p>4</p>
"""


def test_page_from_create_to_destroy_and_its_changed_lines(stack: Stack, portal: Portal) -> None:
    about = {"slug": "about", "content": {"html": {"en": "<p>About</p>"}}, "title": {"en": "About"}}
    portal.post("/code_editor_pages/", about)
    (stack.folder / "pages").mkdir()
    html = "".join(f"<p>{number}</p>\n" for number in range(5))
    stack.file("pages/home.html", html)
    stack.file("pages/home.css", "p { color: teal; }\n")
    stack.program(PROGRAM)
    stack.up()
    assert portal.get("/code_editor_pages/home/")["content"]["html"]["en"] == html
    assert stack.outputs() == {"url": f"{portal.url}/pages/home/", "sha256": "bb28", "read": {"en": "About"}}
    stack.is_settled()

    stack.file("pages/home.html", html.replace("<p>3</p>", "<p>three</p>"))
    stack.program(PROGRAM.replace("INLINE", "deux"))
    assert SHOWN in stack.preview().out
    detailed = stack.preview("--diff")
    assert "+ <p>deux</p>" in detailed.out
    assert "+<p>three</p>" in detailed.err
    stack.up()

    live = portal.get("/code_editor_pages/home/")
    live["content"]["html"]["en"] = html
    portal.put("/code_editor_pages/home/", live)
    assert SHOWN in stack.up("--refresh").out
    stack.destroy()
    assert [page["slug"] for page in portal.all("/code_editor_pages/")] == ["about"]
