"""Code editor pages: archiving, adoption and lost answers, texts in files, and what a preview shows of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.state import Outcome
from .observations import is_settled
from .pages import HOME

LINES = [f"<p>{number}</p>" for number in range(8)]


def write(engine: Engine, text: str, name: str = "home.html") -> None:
    """Write a text into the program's folder."""
    (engine.folder / name).write_text(text)


def page(engine: Engine, **more: Any) -> Program:
    """A page with one text in a file."""

    def declared() -> None:
        content = ods.PageContent(html={"en": ods.TextFile(engine.folder / "home.html")})
        ods.CodeEditorPage("home", **{"content": content, **more})

    return declared


def shown(outcome: Outcome) -> list[list[str]]:
    """What was printed, line by line and without colours."""
    return [re.sub(r"<\{%.*?%\}>", "", text).split("\n") for text in outcome.said()]


def kept(engine: Engine) -> list[Path]:
    """The texts that this machine keeps."""
    return list((engine.folder / ".home" / "opendatasoft" / "texts").iterdir())


# ---------------------------------------------------------------- texts in files


def test_state_contains_hashes_and_no_text(engine: Engine, portal: Portal) -> None:
    write(engine, "<p>a text that nobody else has</p>")

    engine.up(page(engine))

    assert portal.get(HOME)["content"]["html"] == {"en": "<p>a text that nobody else has</p>"}
    assert "a text that nobody else has" not in repr(engine.resources)
    is_settled(engine, portal, page(engine))


def test_preview_shows_the_changed_lines_once(engine: Engine) -> None:
    write(engine, "\n".join(LINES))
    engine.up(page(engine))
    write(engine, "\n".join([*LINES[:4], "<p>four</p>", *LINES[5:], "<p>8</p>"]))

    with engine.together():
        previewed, again = engine.preview(page(engine)), engine.preview(page(engine))

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
    engine.up(page(engine))
    write(engine, "<{%unknown%}>\n")

    [text] = engine.preview(page(engine)).said()

    assert text.split("\n")[2:] == ["<{%fg 1%}>-one<{%reset%}>", "<{%fg 2%}>+< {%unknown%}><{%reset%}>"]


def test_preview_names_new_and_removed_texts(engine: Engine) -> None:
    for name in ("home.html", "home.fr.html"):
        write(engine, "one\ntwo\n", name)

    def translated() -> None:
        files = {"en": "home.html", "fr": "home.fr.html"}
        html = {language: ods.TextFile(engine.folder / file) for language, file in files.items()}
        ods.CodeEditorPage("home", content=ods.PageContent(html=html))

    engine.up(page(engine))
    assert shown(engine.preview(translated)) == [["home.fr.html (content.html.fr): new, 2 lines"]]
    engine.up(translated)
    assert shown(engine.preview(page(engine))) == [["home.fr.html (content.html.fr): removed"]]


def test_text_that_moves_into_a_file_shows_its_lines(engine: Engine) -> None:
    write(engine, "one\ntwo\n")
    engine.up(page(engine, content=ods.PageContent(html={"en": "one\n"})))

    [lines] = shown(engine.preview(page(engine)))

    assert (lines[0], lines[-1]) == ("home.html (content.html.en): 1 line added, 0 removed", "+two")


def test_long_difference_is_cut(engine: Engine) -> None:
    write(engine, "one\n")
    engine.up(page(engine))
    write(engine, "\n".join(["x" * 1000] * 200))

    [lines] = shown(engine.preview(page(engine)))

    assert (len(lines), lines[-1]) == (82, "… 122 more lines")
    assert max(map(len, lines)) < 250


def test_unknown_former_text_names_the_remedy(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine))
    write(engine, "two\n")
    for file in kept(engine):  # another machine
        file.unlink()

    [[line]] = shown(engine.preview(page(engine)))
    assert "`pulumi preview --refresh` shows the lines" in line
    engine.refresh()
    assert shown(engine.preview(page(engine)))[0][2:] == ["-one", "+two"]


def test_lines_changed_by_hand_show_after_a_refresh(engine: Engine, portal: Portal) -> None:
    write(engine, "one\ntwo\n")
    engine.up(page(engine))
    portal.put(HOME, {"content": {"html": {"en": "one\nby hand\n"}}})

    refreshed = engine.refresh()

    assert refreshed.changed == {"home": ["content.html.en.sha256"]}
    assert "by hand" not in repr(engine.resources)
    assert shown(engine.preview(page(engine)))[0][2:] == [" one", "-by hand", "+two"]
    engine.up(page(engine))
    assert portal.get(HOME)["content"]["html"] == {"en": "one\ntwo\n"}
    is_settled(engine, portal, page(engine))


def test_sanitised_text_is_no_drift(engine: Engine, portal: Portal) -> None:
    portal.set(page_html="sanitised")
    write(engine, "<p>one</p><script>alert(1)</script>\n")

    engine.up(page(engine))

    assert portal.get(HOME)["content"]["html"] == {"en": "<p>one</p>"}
    is_settled(engine, portal, page(engine))


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

    failed = engine.up(page(engine, content=ods.PageContent(html={"en": text})), ok=False)

    assert "home.html changed since the program was run" in failed.errors[0]
    assert portal.all("/code_editor_pages/") == []


# ---------------------------------------------------------------- archived pages


def test_archived_page_is_unarchived_for_a_change(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine, is_archived=True))
    assert portal.get(HOME)["is_archived"] is True
    is_settled(engine, portal, page(engine, is_archived=True))
    write(engine, "two\n")
    portal.forget()

    engine.up(page(engine, is_archived=True))

    assert portal.writes() == [f"POST {HOME}unarchive/", f"PUT {HOME}", f"POST {HOME}archive/"]
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}
    is_settled(engine, portal, page(engine, is_archived=True))


def test_failed_change_archives_the_page_again(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine, is_archived=True))
    write(engine, "two\n")
    portal.fail({"method": "PUT", "path": ".*", "nth": 1, "fault": "status:500"})

    engine.up(page(engine, is_archived=True), ok=False)

    assert portal.get(HOME)["is_archived"] is True
    engine.up(page(engine, is_archived=True))
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}
    is_settled(engine, portal, page(engine, is_archived=True))


def test_file_that_changed_leaves_the_page_archived(engine: Engine, portal: Portal) -> None:
    """Archived by hand, so that the state does not know it."""
    write(engine, "one\n")
    engine.up(page(engine))
    portal.post(f"{HOME}archive/")
    write(engine, "two\n")
    text = ods.TextFile(engine.folder / "home.html")
    write(engine, "three\n")

    engine.up(page(engine, content=ods.PageContent(html={"en": text}), is_archived=True), ok=False)

    assert portal.get(HOME)["is_archived"] is True


def test_page_archived_by_hand_is_not_changed_silently(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine))
    portal.post(f"{HOME}archive/")
    write(engine, "two\n")
    portal.forget()

    refused = engine.up(page(engine), ok=False)

    assert "home is archived" in refused.errors[0]
    assert "is_archived=False unarchives it" in refused.errors[0]
    assert portal.writes() == []
    engine.up(page(engine, is_archived=False))
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}


def test_page_is_archived_after_a_rule_that_failed(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine, is_archived=True))
    rules = page(engine, is_archived=True, user_access=[ods.UserAccess(user="admin")])
    portal.fail({"method": "POST", "path": ".*/users/$", "nth": 1, "fault": "status:500"})
    engine.up(rules, ok=False)

    engine.up(rules)

    assert portal.get(HOME)["is_archived"] is True
    assert len(portal.all(f"{HOME}security/users/")) == 1
    is_settled(engine, portal, rules)


# ---------------------------------------------------------------- identity


def test_lost_answer_to_a_create_makes_one_page(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    portal.fail({"method": "POST", "path": ".*/code_editor_pages/$", "nth": 1, "fault": "reset_after_commit"})

    engine.up(page(engine))

    assert portal.requests("POST") == ["POST /code_editor_pages/"]
    is_settled(engine, portal, page(engine))


def test_page_of_somebody_else_is_refused_and_adopted(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    portal.post("/code_editor_pages/", {"slug": "home", "content": {"html": {"en": "by hand\n"}}})
    portal.forget()
    refused = engine.up(page(engine), ok=False)
    assert 'the portal already has a code editor page with slug "home"' in refused.errors[0]

    adopted = engine.up(page(engine, adopt=True))

    assert portal.writes() == []
    assert adopted.said() == ["adopted home, only read; the next `up` changes: content"]
    assert shown(engine.preview(page(engine, adopt=True)))[0][2:] == ["-by hand", "+one"]
    engine.up(page(engine, adopt=True))
    assert portal.get(HOME)["content"]["html"] == {"en": "one\n"}
    assert engine.destroy().said() == ["home was adopted: left on the portal, no longer managed"]


def test_two_resources_with_one_slug_are_refused(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        for name in ("home", "start"):
            ods.CodeEditorPage(name, slug="home", content=ods.PageContent(html={"en": name}))

    refused = engine.up(program, ok=False)

    assert "another resource of this program already has" in refused.errors[0]
    assert len(portal.all("/code_editor_pages/")) == 1


def test_other_name_of_the_resource_is_refused(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.CodeEditorPage("home", slug="home", content=ods.PageContent(html={"en": "one"})))

    renamed = engine.up(
        lambda: ods.CodeEditorPage("start", slug="home", content=ods.PageContent(html={"en": "one"})), ok=False
    )

    assert "`aliases`" in renamed.errors[0]
    assert [one["slug"] for one in portal.all("/code_editor_pages/")] == ["home"]


def test_another_slug_makes_another_page(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(page(engine))

    assert engine.up(page(engine, slug="start")).steps == {"home": "replace"}
    assert [one["slug"] for one in portal.all("/code_editor_pages/")] == ["start"]
    assert engine.get("home").outputs["url"] == f"{portal.url}/pages/start/"


@pytest.mark.parametrize("languages", [{"en": ""}, {}], ids=["an empty text", "no text"])
def test_empty_style_sheet_is_none(engine: Engine, portal: Portal, languages: dict[str, str]) -> None:
    portal.set(page_languages="filled_in")

    def program() -> None:
        ods.CodeEditorPage("home", content=ods.PageContent(html={"en": "one"}, css=languages))

    engine.up(program)

    is_settled(engine, portal, program)
