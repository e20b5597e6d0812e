"""How the life of an object goes on: read, updated, rewritten by the portal, deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.errors import PortalError
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.results import HalfMade, Missing, State
from pulumi_opendatasoft.lifecycle.safeguards import SEVERAL, Census, Shown

from ..conftest import Portal
from .clubs import Crier
from .process import LIFE, SERVER_ERROR, URN, Process, asked

# ---------------------------------------------------------------- read


def test_a_read_of_what_is_as_it_was_changes_nothing(later: Process, chess: State) -> None:
    assert LIFE.read(later.run(), "chess", chess) == chess


def test_a_read_tells_what_somebody_changed(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Go", "permissions": ["edit_page"], "description": "d4"})
    told = LIFE.read(later.run(), "chess", chess)
    assert told == {**chess, "title": "Go", "permissions": ["edit_page"], "motto": "d4"}


def test_a_read_does_not_look_at_what_is_not_managed(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Chess", "permissions": ["edit_page"], "description": "d4"})
    less = {name: value for name, value in chess.items() if name not in ("permissions", "motto")}
    assert LIFE.read(later.run(), "chess", less) == less


def test_a_read_without_a_state_tells_everything(later: Process, chess: State) -> None:
    told = LIFE.read(later.run(), "chess", {})
    assert told == {name: value for name, value in chess.items() if name not in ("motto_length", "guests")}


def test_what_answers_404_is_gone(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(Missing):
        LIFE.read(later.run(), "chess", chess)
    with pytest.raises(Missing):
        LIFE.read(later.run(survey=lambda: Shown(evidence=0, always=1)), "chess", chess)


def test_a_portal_that_shows_nothing_at_all_is_not_believed(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(ResourceError, match=r"shows this API key nothing of what this stack made"):
        LIFE.read(later.run(survey=Shown), "chess", chess)


ONLY_PEOPLE = Shown(evidence=0, always=5)


def test_several_that_are_gone_at_once_where_only_users_are_shown_are_not_believed(
    later: Process, portal: Portal, chess: State
) -> None:
    portal.delete("/groups/chess/")
    run = later.run(survey=lambda: ONLY_PEOPLE)

    def read(_: int) -> str:
        with pytest.raises((Missing, ResourceError)) as ended:
            LIFE.read(run, "chess", chess)
        return str(ended.value)

    with ThreadPoolExecutor(SEVERAL) as engine:
        told = list(engine.map(read, range(SEVERAL)))
    assert all("shows this API key nothing of what this stack made" in text for text in told), told


def test_that_users_are_found_says_nothing_of_the_groups(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    run = later.run(survey=lambda: ONLY_PEOPLE, census=Census(patience=0))
    ods.User.lifecycle().read(
        run, "admin@localhost.localdomain", {"email": "admin@localhost.localdomain", "domain": "it"}
    )
    for _ in range(SEVERAL - 1):
        with pytest.raises(Missing):
            LIFE.read(run, "chess", chess)
    with pytest.raises(ResourceError, match="the state is kept as it is"):
        LIFE.read(run, "chess", chess)


def test_a_key_that_is_shown_no_user_at_all_is_not_believed_of_users(later: Process, portal: Portal) -> None:
    state = {"email": "ana@example.com", "username": "ana", "joined_at": "2026-01-01", "domain": "it"}
    for shown, ended in ((Shown(evidence=3, always=0), ResourceError), (ONLY_PEOPLE, Missing)):
        with pytest.raises(ended):
            ods.User.lifecycle().read(later.run(survey=lambda shown=shown: shown), "ana@example.com", state)


def test_a_read_may_share_a_listing(later: Process, portal: Portal, chess: State) -> None:
    listed = {"chess": portal.get("/groups/chess/")}
    portal.forget()
    run = later.run(shared=listed.get)
    assert LIFE.read(run, "chess", chess) == chess
    with pytest.raises(Missing):
        LIFE.read(run, "go", chess)
    assert portal.requests() == []


def test_any_other_failure_of_a_read_is_no_loss(later: Process, portal: Portal, chess: State) -> None:
    portal.fail({"method": "GET", "path": "/groups/", "nth": 1, "fault": "status:503"})
    with pytest.raises(PortalError):
        LIFE.read(later.run(), "chess", chess)


# ---------------------------------------------------------------- update


def test_an_update_writes_what_is_managed_over_what_is_there(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Chess", "permissions": ["edit_theme"], "description": "by hand"})
    portal.forget()
    state = LIFE.update(later.run(), "chess", chess, asked(title="Go", permissions=["edit_theme"]))
    assert portal.writes() == ["PUT /groups/chess/"]
    group = portal.get("/groups/chess/")
    assert (group["title"], group["description"]) == ("Go", "by hand")
    assert (state["title"], state["uid"]) == ("Go", "chess")
    assert "motto" not in state
    assert "motto_length" not in state


def test_only_the_changed_section_is_written(later: Process, portal: Portal, chess: State) -> None:
    state = LIFE.update(later.run(), "chess", chess, asked(permissions=["edit_theme"], motto="d4 d5"))
    assert portal.writes() == ["PUT /groups/chess/"]
    assert (state["motto"], state["motto_length"]) == ("d4 d5", 5)


@pytest.mark.parametrize(
    "given",
    [
        {"permissions": ["edit_theme"]},
        {"permissions": ["edit_theme"], "motto": "e4", "adopt": True},
        {"permissions": ["edit_theme"], "motto": "e4", "town": "Lyon"},
    ],
    ids=["a section is released", "adopt", "a local property"],
)
def test_what_lets_go_or_steers_us_makes_no_call(
    later: Process, portal: Portal, chess: State, given: dict[str, Any]
) -> None:
    program = asked(**given)
    state = LIFE.update(later.run(), "chess", chess, program)
    assert portal.requests() == []
    assert not LIFE.diff(state, program)
    assert {name: state[name] for name in program} == program
    assert ("motto_length" in state) == ("motto" in program)


def test_a_property_without_a_default_that_is_left_out_is_let_go_of(later: Process, portal: Portal) -> None:
    life = Crier.lifecycle()
    id, state = life.create(later.run(), {"title": "Hear", "description": "A call"})
    portal.forget()
    assert life.diff(state, {"title": "Hear"}).notes == ("description: no longer managed, left as they are",)
    state = life.update(later.run(), id, state, {"title": "Hear"})
    assert portal.requests() == []
    assert "description" not in state
    assert portal.get(f"/groups/{id}/")["description"] == "A call"


def test_a_property_with_a_default_that_is_left_out_is_that_default_again(later: Process, portal: Portal) -> None:
    id, state = LIFE.create(later.run(), asked(permissions=["edit_page"]))
    assert LIFE.diff(state, asked()).notes == ()
    state = LIFE.update(later.run(), id, state, asked())
    assert portal.get(f"/groups/{id}/")["permissions"] == ["edit_theme"]
    assert not LIFE.diff(state, asked())


def test_an_update_after_a_failure_goes_by_what_is_there(later: Process, portal: Portal, chess: State) -> None:
    program = asked(title="Go", permissions=["edit_theme"], motto="d4")
    portal.fail({**SERVER_ERROR, "nth": 2})
    with pytest.raises(HalfMade) as half:
        LIFE.update(later.run(), "chess", chess, program)
    assert "motto" not in half.value.state
    portal.fail()
    portal.put("/groups/chess/", {"title": "Go", "description": "d4"})
    portal.forget()
    state = LIFE.update(later.run(), "chess", half.value.state, program)
    assert portal.writes() == []
    assert not LIFE.diff(state, program)


def test_an_update_of_what_is_gone_says_what_to_do(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(ResourceError, match=r"^chess is no longer on 127.* `pulumi refresh`, then `up` makes it anew$"):
        LIFE.update(later.run(), "chess", chess, asked(title="Go"))


# ---------------------------------------------------------------- what the portal rewrites


def test_what_the_portal_rewrites_is_no_drift_until_somebody_changes_it(process: Process, portal: Portal) -> None:
    life = Crier.lifecycle()
    id, state = life.create(process.run(), {"title": "Hear"})
    assert state["title"] == "Hear"
    assert life.read(process.run(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Other"})
    assert life.read(process.run(), id, state)["title"] == "OTHER"


def test_what_the_portal_made_of_an_earlier_text_is_drift(process: Process, portal: Portal) -> None:
    life = Crier.lifecycle()
    id, state = life.create(process.run(), {"title": "Hear"})
    state = life.update(process.run(), id, state, {"title": "SILENCE"})
    assert life.read(process.run(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Hear"})
    assert life.read(process.run(), id, state)["title"] == "HEAR"


# ---------------------------------------------------------------- delete


def test_a_delete_deletes(later: Process, portal: Portal, chess: State) -> None:
    LIFE.delete(later.run(), "chess", chess)
    assert portal.all("/groups/") == []
    assert later.ownership.is_deleted(portal.host, "Club.uid", "chess")


def test_to_delete_what_is_gone_is_well(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    LIFE.delete(later.run(), "chess", chess)


def test_what_another_resource_of_this_process_has_is_left(process: Process, portal: Portal, chess: State) -> None:
    process.said.clear()
    LIFE.delete(process.run(urn=URN + "-before"), "chess", chess)
    assert portal.writes() == []
    assert process.said == ["chess now belongs to another resource of this program: left on the portal"]


def test_what_was_only_adopted_is_left(process: Process, later: Process, portal: Portal, found: str) -> None:
    _, state = LIFE.create(process.run(), asked(adopt=True))
    LIFE.delete(later.run(), found, state)
    assert portal.writes() == []
    assert later.said == ["chess was adopted: left on the portal, no longer managed"]
