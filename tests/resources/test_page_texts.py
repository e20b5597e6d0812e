"""Texts of pages in files: what the state contains, what a preview shows, and what the portal makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi_opendatasoft as ods
from pulumi import Output

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.state import Outcome
from .observations import is_settled
from .pages import HOME, home, write

LINES = [f"<p>{number}</p>" for number in range(8)]


def shown(outcome: Outcome) -> list[list[str]]:
    """The printed lines, without colours."""
    return [re.sub(r"<\{%.*?%\}>", "", text).split("\n") for text in outcome.said()]


def kept(engine: Engine) -> list[Path]:
    """The texts that this machine keeps."""
    return list((engine.folder / ".home" / "opendatasoft" / "texts").iterdir())


def test_state_contains_hashes_and_no_text(engine: Engine, portal: Portal) -> None:
    write(engine, "<p>a text that nobody else has</p>")

    engine.up(home(engine))

    assert portal.get(HOME)["content"]["html"] == {"en": "<p>a text that nobody else has</p>"}
    assert "a text that nobody else has" not in repr(engine.resources)
    is_settled(engine, portal, home(engine))


def test_preview_shows_the_changed_lines_once(engine: Engine) -> None:
    write(engine, "\n".join(LINES))
    engine.up(home(engine))
    write(engine, "\n".join([*LINES[:4], "<p>four</p>", *LINES[5:], "<p>8</p>"]))

    with engine.together():
        previewed, again = engine.preview(home(engine)), engine.preview(home(engine))

    assert shown(previewed) == [
        [
            "home.html (content.html.en): 2 lines added, 1 removed",
            "@@ -3,6 +3,7 @@",
            " <p>2</p>",
            " <p>3</p>",
            "-<p>4</p>",
            "+<p>four</p>",
            " <p>5</p>",
            " <p>6</p>",
            " <p>7</p>",
            "+<p>8</p>",
        ]
    ]
    assert previewed.changed == {"home": ["content.html.en.sha256"]}
    assert shown(again) == []


def test_preview_colours_lines_and_no_marks_of_a_text(engine: Engine) -> None:
    write(engine, "one\n")
    engine.up(home(engine))
    write(engine, "<{%unknown%}>\n")

    [text] = engine.preview(home(engine)).said()

    assert text.split("\n")[2:] == ["<{%fg 1%}>-one<{%reset%}>", "<{%fg 2%}>+< {%unknown%}><{%reset%}>"]


def test_preview_names_new_and_removed_texts(engine: Engine) -> None:
    for name in ("home.html", "home.fr.html"):
        write(engine, "one\ntwo\n", name)

    def translated() -> None:
        files = {"en": "home.html", "fr": "home.fr.html"}
        html = {language: ods.TextFile(engine.folder / file) for language, file in files.items()}
        ods.CodeEditorPage("home", content=ods.PageContent(html=html))

    engine.up(home(engine))
    assert shown(engine.preview(translated)) == [["home.fr.html (content.html.fr): new, 2 lines"]]
    engine.up(translated)
    assert shown(engine.preview(home(engine))) == [["home.fr.html (content.html.fr): removed"]]


def test_text_that_moves_into_a_file_is_not_printed(engine: Engine) -> None:
    write(engine, "one\nthe key is n3w\n")

    def in_the_program() -> None:
        ods.CodeEditorPage("home", content=ods.PageContent(html={"en": Output.secret("one\nthe key is s3cret\n")}))

    summary = "home.html (content.html.en): 1 line added, 1 removed"
    unprinted = "the lines are not shown, because a text in the program may be secret"

    engine.up(in_the_program)
    assert shown(engine.preview(home(engine))) == [[f"{summary}; {unprinted}"]]
    engine.up(home(engine))
    assert shown(engine.preview(in_the_program)) == [[f"{summary}; {unprinted}"]]


def test_long_difference_is_cut(engine: Engine) -> None:
    write(engine, "one\n")
    engine.up(home(engine))
    write(engine, "\n".join(["x" * 1000] * 200))

    [lines] = shown(engine.preview(home(engine)))

    assert (len(lines), lines[-1]) == (82, "… 122 more lines")
    assert max(map(len, lines)) < 250


def test_unknown_former_text_names_the_remedy(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(home(engine))
    write(engine, "two\n")
    for file in kept(engine):  # another machine
        file.unlink()

    [[line]] = shown(engine.preview(home(engine)))
    assert "`pulumi preview --refresh` shows the lines" in line
    engine.refresh()
    assert shown(engine.preview(home(engine)))[0][2:] == ["-one", "+two"]


def test_lines_changed_by_hand_show_after_a_refresh(engine: Engine, portal: Portal) -> None:
    write(engine, "one\ntwo\n")
    engine.up(home(engine))
    portal.put(HOME, {"content": {"html": {"en": "one\nby hand\n"}}})

    refreshed = engine.refresh()

    assert refreshed.changed == {"home": ["content.html.en.sha256"]}
    assert "by hand" not in repr(engine.resources)
    assert shown(engine.preview(home(engine)))[0][2:] == [" one", "-by hand", "+two"]
    engine.up(home(engine))
    assert portal.get(HOME)["content"]["html"] == {"en": "one\ntwo\n"}
    is_settled(engine, portal, home(engine))


def test_sanitised_text_is_no_drift(engine: Engine, portal: Portal) -> None:
    portal.set(page_html="sanitised")
    write(engine, "<p>one</p><script>alert(1)</script>\n")

    engine.up(home(engine))

    assert portal.get(HOME)["content"]["html"] == {"en": "<p>one</p>"}
    is_settled(engine, portal, home(engine))


def test_one_language_changed_by_hand_shows_alone(engine: Engine, portal: Portal) -> None:
    portal.set(page_html="sanitised")
    write(engine, "<p>one</p><script>alert(1)</script>\n")

    def program() -> None:
        file = ods.TextFile(engine.folder / "home.html")
        content = ods.PageContent(html={"en": file, "fr": "<p>un</p>\n", "it": "<p>uno</p>"})
        ods.CodeEditorPage("home", content=content)

    engine.up(program)
    is_settled(engine, portal, program)
    live = portal.get(HOME)["content"]["html"]
    portal.put(HOME, {"content": {"html": {**live, "it": "<p>due</p>"}}})

    assert engine.refresh().changed == {"home": ["content.html.it"]}
    engine.up(program)
    is_settled(engine, portal, program)


def test_file_changed_after_the_program_ran_is_refused(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    text = ods.TextFile(engine.folder / "home.html")
    write(engine, "two\n")

    failed = engine.up(home(engine, content=ods.PageContent(html={"en": text})), ok=False)

    assert "home.html changed since the program was run" in failed.errors[0]
    assert portal.all("/code_editor_pages/") == []


def test_languages_of_a_shared_text_are_named_in_order(engine: Engine) -> None:
    write(engine, "one\n")
    languages = ("de", "en", "fr", "it", "nl", "pt")

    def page() -> None:
        file = ods.TextFile(engine.folder / "home.html")
        ods.CodeEditorPage("home", content=ods.PageContent(html=dict.fromkeys(reversed(languages), file)))

    engine.up(page)
    write(engine, "two\n")

    [text] = engine.preview(page).said()
    named = ", ".join(f"content.html.{language}" for language in languages)
    assert f"({named}): 1 line added, 1 removed" in text
