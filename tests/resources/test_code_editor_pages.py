"""Code editor pages: archiving, adoption, lost answers, other names."""

from __future__ import annotations

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled
from .pages import HOME, home, write
from .test_page_texts import shown

# ---------------------------------------------------------------- archived pages


def test_archived_page_is_unarchived_for_a_change(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(home(engine, is_archived=True))
    assert portal.get(HOME)["is_archived"] is True
    is_settled(engine, portal, home(engine, is_archived=True))
    write(engine, "two\n")
    portal.forget()

    engine.up(home(engine, is_archived=True))

    assert portal.writes() == [f"POST {HOME}unarchive/", f"PUT {HOME}", f"POST {HOME}archive/"]
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}
    is_settled(engine, portal, home(engine, is_archived=True))


def test_failed_change_archives_the_page_again(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(home(engine, is_archived=True))
    write(engine, "two\n")
    portal.fail({"method": "PUT", "path": ".*", "nth": 1, "fault": "status:500"})

    engine.up(home(engine, is_archived=True), ok=False)

    assert portal.get(HOME)["is_archived"] is True
    engine.up(home(engine, is_archived=True))
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}
    is_settled(engine, portal, home(engine, is_archived=True))


def test_file_that_changed_leaves_the_page_archived(engine: Engine, portal: Portal) -> None:
    """Archived by hand, so that the state does not know it."""
    write(engine, "one\n")
    engine.up(home(engine))
    portal.post(f"{HOME}archive/")
    write(engine, "two\n")
    text = ods.TextFile(engine.folder / "home.html")
    write(engine, "three\n")

    engine.up(home(engine, content=ods.PageContent(html={"en": text}), is_archived=True), ok=False)

    assert portal.get(HOME)["is_archived"] is True


def test_page_archived_by_hand_is_not_changed_silently(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(home(engine))
    portal.post(f"{HOME}archive/")
    write(engine, "two\n")
    portal.forget()

    refused = engine.up(home(engine), ok=False)

    assert "home is archived" in refused.errors[0]
    assert "is_archived=False unarchives it" in refused.errors[0]
    assert portal.writes() == []
    engine.up(home(engine, is_archived=False))
    assert portal.get(HOME)["content"]["html"] == {"en": "two\n"}


def test_page_is_archived_after_a_rule_that_failed(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    engine.up(home(engine, is_archived=True))
    rules = home(engine, is_archived=True, user_access=[ods.UserAccess(user="admin")])
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

    engine.up(home(engine))

    assert portal.requests("POST") == ["POST /code_editor_pages/"]
    is_settled(engine, portal, home(engine))


def test_page_of_somebody_else_is_refused_and_adopted(engine: Engine, portal: Portal) -> None:
    write(engine, "one\n")
    portal.post("/code_editor_pages/", {"slug": "home", "content": {"html": {"en": "by hand\n"}}})
    portal.forget()
    refused = engine.up(home(engine), ok=False)
    assert 'the portal already has a code editor page with slug "home"' in refused.errors[0]

    adopted = engine.up(home(engine, adopt=True))

    assert portal.writes() == []
    assert adopted.said() == ["adopted home, only read; the next `up` changes: content"]
    assert shown(engine.preview(home(engine, adopt=True)))[0][2:] == ["-by hand", "+one"]
    engine.up(home(engine, adopt=True))
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
    engine.up(home(engine))

    assert engine.up(home(engine, slug="start")).steps == {"home": "replace"}
    assert [one["slug"] for one in portal.all("/code_editor_pages/")] == ["start"]
    assert engine.get("home").outputs["url"] == f"{portal.url}/pages/start/"


@pytest.mark.parametrize("languages", [{"en": ""}, {}], ids=["an empty text", "no text"])
def test_empty_style_sheet_is_none(engine: Engine, portal: Portal, languages: dict[str, str]) -> None:
    portal.set(page_languages="filled_in")

    def program() -> None:
        ods.CodeEditorPage("home", content=ods.PageContent(html={"en": "one"}, css=languages))

    engine.up(program)

    is_settled(engine, portal, program)
