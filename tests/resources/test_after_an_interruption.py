"""The next `up` on the same machine, after a run that created objects and ended before the state had them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program, registered
from .observations import is_settled

CONNECTIONS = "/datasource_connections/"


def journal(engine: Engine) -> list[Path]:
    """The entries of the journal."""
    folder = engine.folder / ".home" / "opendatasoft" / "begun"
    return list(folder.iterdir()) if folder.exists() else []


def interrupted(engine: Engine, program: Program, *, answered: bool = True) -> list[str]:
    """Create the program's resources without recording them; returns their ids.

    Where they are not `answered`, the run ended before the portal's answers came.
    """
    ids: list[str] = []
    with engine.together() as provider:
        for declared in registered(program):
            old = engine.resources.get(declared.urn)
            inputs, _ = provider.check(declared.urn, old.inputs if old else {}, declared.inputs)
            ids.append(provider.create(declared.urn, inputs)[0])
    for entry in journal(engine) if not answered else []:
        entry.write_text(
            json.dumps({n: v for n, v in json.loads(entry.read_text()).items() if n in ("at", "key", "known")})
        )
    return ids


def lakes(*names: str, warehouse: str = "w") -> Program:
    """Connections without a natural key that are all alike."""

    def program() -> None:
        for name in names:
            ods.OtherConnection(name, type="snowflake_odbc", params={"warehouse": warehouse})

    return program


def test_key_whose_secret_was_lost_is_revoked_and_made_anew(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        ods.ApiKey("it", label="nightly import")

    portal.set(api_key_told="once")
    [lost] = interrupted(engine, program)

    engine.up(program)

    assert portal.get(f"/apikeys/{lost}/")["is_revoked"]
    assert engine.get("it").outputs["key"]
    assert [key["label"] for key in portal.all("/apikeys/") if not key["is_revoked"]].count("nightly import") == 1
    is_settled(engine, portal, program)


def test_setting_does_not_revoke_the_key_in_use(engine: Engine, portal: Portal) -> None:
    [own] = portal.all("/apikeys/")
    portal.set(api_key_told="once")
    engine.config["opendatasoft:resume"] = own["uid"]

    refused = engine.up(lambda: ods.ApiKey("it", label=own["label"]), ok=False)

    assert "is the API key that this stack itself calls" in refused.errors[0]
    assert [(key["uid"], key["is_revoked"]) for key in portal.all("/apikeys/")] == [(own["uid"], False)]


@pytest.mark.parametrize("shown", ["listed", "hidden"])
def test_user_is_not_invited_twice(engine: Engine, portal: Portal, shown: str) -> None:
    def program() -> None:
        ods.User("ana", email="ana@city.org", permissions=["edit_dataset"])

    portal.set(open_invitation=shown)
    interrupted(engine, program)

    engine.up(program)

    assert [mail["to"] for mail in portal.control.get("/outbox").json()] == ["ana@city.org"]
    assert engine.get("ana").outputs["adopted"] is False
    is_settled(engine, portal, program)


def test_hidden_invitation_of_a_colleague_is_not_taken(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        ods.User("ana", email="ana@city.org")

    portal.set(open_invitation="hidden")
    interrupted(engine, program, answered=False)
    for entry in journal(engine):  # an hour ago, and it never arrived
        entry.write_text(json.dumps({**json.loads(entry.read_text()), "at": "2026-01-01T00:00:00+00:00"}))

    [error] = engine.up(program, ok=False).errors
    assert 'the portal did not invite "ana@city.org"' in error


def test_replacement_is_finished_and_the_old_object_deleted(engine: Engine, portal: Portal) -> None:
    def program(type: str) -> Program:
        return lambda: ods.OtherConnection("lake", type=type, params={"warehouse": "w"})

    engine.up(program("snowflake_odbc"))
    old = engine.get("lake").id
    engine.refresh()
    [new] = interrupted(engine, program("jcdecaux"))
    assert engine.preview(program("jcdecaux")).steps == {"lake": "replace"}
    assert len(journal(engine)) == 1, "the state has another object than the entry"

    engine.up(program("jcdecaux"))

    assert [connection["uid"] for connection in portal.all(CONNECTIONS)] == [engine.get("lake").id] == [new] != [old]
    is_settled(engine, portal, program("jcdecaux"))
    assert journal(engine) == []


def test_alike_objects_are_told_apart_by_their_answers(engine: Engine, portal: Portal) -> None:
    made = interrupted(engine, lakes("north", "south"))
    engine.up(lakes("north", "south"))
    assert [engine.get("north").id, engine.get("south").id] == made


@pytest.mark.parametrize("warehouse", ["w", "another"])
def test_object_is_finished_as_the_program_is_by_now(engine: Engine, portal: Portal, warehouse: str) -> None:
    [made] = interrupted(engine, lakes("north"))
    engine.up(lakes("north", warehouse=warehouse))
    assert engine.get("north").id == made
    assert [connection["warehouse"] for connection in portal.all(CONNECTIONS)] == [warehouse]


def test_one_object_without_an_answer_is_recognised(engine: Engine, portal: Portal) -> None:
    [made] = interrupted(engine, lakes("north"), answered=False)
    engine.up(lakes("north"))
    assert engine.get("north").id == made


def test_of_several_without_answers_none_is_taken(engine: Engine, portal: Portal) -> None:
    made = interrupted(engine, lakes("north", "south"), answered=False)
    for entry in journal(engine):  # both had looked before either was made
        entry.write_text(json.dumps({n: v for n, v in json.loads(entry.read_text()).items() if n != "known"}))

    refused = engine.up(lakes("north", "south"), ok=False, continue_on_error=True)

    for error in refused.errors:
        assert "created one of " in error
        assert "opendatasoft:resume co_" in error
    assert len(portal.all(CONNECTIONS)) == 2
    engine.config["opendatasoft:resume"] = json.dumps(made)
    for entry in journal(engine):
        entry.unlink()
    engine.up(lakes("north", "south"))
    assert {engine.get("north").id, engine.get("south").id} == set(made)


def test_equal_object_of_a_colleague_is_not_taken(engine: Engine, portal: Portal) -> None:
    theirs = portal.post(CONNECTIONS, {"type": "snowflake_odbc", "warehouse": "w"})["uid"]
    [made] = interrupted(engine, lakes("north"), answered=False)
    for entry in journal(engine):
        assert theirs not in entry.read_text()
    portal.delete(f"{CONNECTIONS}{made}/")
    assert theirs != _id_after(engine, lakes("north"))
    engine.destroy()
    assert [connection["uid"] for connection in portal.all(CONNECTIONS)] == [theirs]


def _id_after(engine: Engine, program: Program) -> str:
    engine.up(program)
    return engine.get("north").id


def test_folder_that_cannot_be_written_is_a_warning(engine: Engine, portal: Portal) -> None:
    (engine.folder / ".home").write_text("not a folder")

    def program() -> None:
        ods.Group("editors", title="Editors")
        ods.Group("readers", title="Readers")

    outcome = engine.up(program)
    [warning] = outcome.said("WARNING")
    assert "cannot be written (Not a directory): if this `up` is killed, the next one does not" in warning
    is_settled(engine, portal, program)
    engine.destroy()


@pytest.mark.parametrize("step", [Engine.refresh, Engine.destroy], ids=["refresh", "destroy"])
def test_entry_goes_with_any_call_on_a_recorded_object(
    engine: Engine, portal: Portal, step: Callable[[Engine], object]
) -> None:
    engine.up(lakes("north"))
    assert len(journal(engine)) == 1
    step(engine)
    assert journal(engine) == []


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "unanswered"])
def test_pages_and_images_of_an_interrupted_run_are_finished(engine: Engine, portal: Portal, answered: bool) -> None:
    (engine.folder / "logo.svg").write_text("<svg/>")

    def program() -> None:
        content = ods.PageContent(html={"en": "<p>Home</p>"})
        ods.CodeEditorPage("home", content=content, is_archived=True, user_access=[ods.UserAccess(user="admin")])
        ods.StudioPage("start", slug="start", published=True)
        ods.Image("logo", file=ods.File(engine.folder / "logo.svg"))

    interrupted(engine, program, answered=answered)

    engine.up(program)

    assert [len(portal.all(path)) for path in ("/code_editor_pages/", "/studio_pages/", "/medias/images/")] == [1, 1, 1]
    assert [engine.get(name).outputs["adopted"] for name in ("home", "start", "logo")] == [False, False, False]
    assert portal.get("/code_editor_pages/home/")["is_archived"] is True
    is_settled(engine, portal, program)
