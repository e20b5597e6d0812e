"""How an existing object is read, updated and deleted, and how values that the portal rewrites are compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.errors import ConfigurationError, PortalError, ResourceError
from pulumi_opendatasoft.lifecycle.results import HalfMade, Missing, State
from pulumi_opendatasoft.lifecycle.safeguards import SEVERAL, Census, Shown

from ..conftest import Portal
from .club import Crier
from .process import LIFECYCLE, SERVER_ERROR, URN, Process, desired

# ---------------------------------------------------------------- read


def test_read_of_an_unchanged_object_changes_nothing(later: Process, chess: State) -> None:
    assert LIFECYCLE.read(later.context(), "chess", chess) == chess


def test_read_returns_changes_by_hand(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Go", "permissions": ["edit_page"], "description": "d4"})
    state = LIFECYCLE.read(later.context(), "chess", chess)
    assert state == {**chess, "title": "Go", "permissions": ["edit_page"], "motto": "d4"}


def test_read_ignores_unmanaged_properties(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Chess", "permissions": ["edit_page"], "description": "d4"})
    less = {name: value for name, value in chess.items() if name not in ("permissions", "motto")}
    assert LIFECYCLE.read(later.context(), "chess", less) == less


def test_read_without_a_state_returns_everything(later: Process, chess: State) -> None:
    state = LIFECYCLE.read(later.context(), "chess", {})
    assert state == {name: value for name, value in chess.items() if name not in ("motto_length", "guests")}


def test_read_of_a_missing_object_raises_missing(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(Missing):
        LIFECYCLE.read(later.context(), "chess", chess)
    with pytest.raises(Missing):
        LIFECYCLE.read(later.context(survey=lambda: Shown(evidence=0, always=1)), "chess", chess)


def test_missing_object_on_an_empty_portal_is_refused(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(ConfigurationError, match=r"shows this API key nothing of what this stack made"):
        LIFECYCLE.read(later.context(survey=Shown), "chess", chess)


ONLY_USERS = Shown(evidence=0, always=5)


def test_several_missing_objects_with_only_users_are_refused(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    context = later.context(survey=lambda: ONLY_USERS)

    def read(_: int) -> str:
        with pytest.raises((Missing, ConfigurationError)) as ended:
            LIFECYCLE.read(context, "chess", chess)
        return str(ended.value)

    with ThreadPoolExecutor(SEVERAL) as engine:
        messages = list(engine.map(read, range(SEVERAL)))
    assert all("shows this API key nothing of what this stack made" in text for text in messages), messages


def test_found_users_prove_nothing_about_groups(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    context = later.context(survey=lambda: ONLY_USERS, census=Census(patience=0))
    ods.User.lifecycle().read(
        context, "admin@localhost.localdomain", {"email": "admin@localhost.localdomain", "domain": "it"}
    )
    for _ in range(SEVERAL - 1):
        with pytest.raises(Missing):
            LIFECYCLE.read(context, "chess", chess)
    with pytest.raises(ConfigurationError, match="the state is kept as it is"):
        LIFECYCLE.read(context, "chess", chess)


def test_missing_user_without_any_user_is_refused(later: Process, portal: Portal) -> None:
    state = {"email": "ana@example.com", "username": "ana", "joined_at": "2026-01-01", "domain": "it"}
    for shown, ended in ((Shown(evidence=3, always=0), ConfigurationError), (ONLY_USERS, Missing)):
        with pytest.raises(ended):
            ods.User.lifecycle().read(later.context(survey=lambda shown=shown: shown), "ana@example.com", state)


def test_read_may_use_a_shared_list(later: Process, portal: Portal, chess: State) -> None:
    listed = {"chess": portal.get("/groups/chess/")}
    portal.forget()
    context = later.context(shared=listed.get)
    assert LIFECYCLE.read(context, "chess", chess) == chess
    with pytest.raises(Missing):
        LIFECYCLE.read(context, "go", chess)
    assert portal.requests() == []


def test_failed_read_is_not_missing(later: Process, portal: Portal, chess: State) -> None:
    portal.fail({"method": "GET", "path": "/groups/", "nth": 1, "fault": "status:503"})
    with pytest.raises(PortalError):
        LIFECYCLE.read(later.context(), "chess", chess)


# ---------------------------------------------------------------- update


def test_update_overlays_managed_on_actual_properties(later: Process, portal: Portal, chess: State) -> None:
    portal.put("/groups/chess/", {"title": "Chess", "permissions": ["edit_theme"], "description": "by hand"})
    portal.forget()
    state = LIFECYCLE.update(later.context(), "chess", chess, desired(title="Go", permissions=["edit_theme"]))
    assert portal.writes() == ["PUT /groups/chess/"]
    group = portal.get("/groups/chess/")
    assert (group["title"], group["description"]) == ("Go", "by hand")
    assert (state["title"], state["uid"]) == ("Go", "chess")
    assert "motto" not in state
    assert "motto_length" not in state


def test_only_the_changed_section_is_written(later: Process, portal: Portal, chess: State) -> None:
    state = LIFECYCLE.update(later.context(), "chess", chess, desired(permissions=["edit_theme"], motto="d4 d5"))
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
def test_update_of_the_state_alone_makes_no_call(
    later: Process, portal: Portal, chess: State, given: dict[str, Any]
) -> None:
    program = desired(**given)
    state = LIFECYCLE.update(later.context(), "chess", chess, program)
    assert portal.requests() == []
    assert not LIFECYCLE.diff(state, program)
    assert {name: state[name] for name in program} == program
    assert ("motto_length" in state) == ("motto" in program)


def test_property_left_out_without_default_is_unmanaged(later: Process, portal: Portal) -> None:
    lifecycle = Crier.lifecycle()
    id, state = lifecycle.create(later.context(), {"title": "Hear", "description": "A call"})
    portal.forget()
    assert lifecycle.diff(state, {"title": "Hear"}).notes == ("description: no longer managed, left as they are",)
    state = lifecycle.update(later.context(), id, state, {"title": "Hear"})
    assert portal.requests() == []
    assert "description" not in state
    assert portal.get(f"/groups/{id}/")["description"] == "A call"


def test_property_left_out_with_default_is_reset(later: Process, portal: Portal) -> None:
    id, state = LIFECYCLE.create(later.context(), desired(permissions=["edit_page"]))
    assert LIFECYCLE.diff(state, desired()).notes == ()
    state = LIFECYCLE.update(later.context(), id, state, desired())
    assert portal.get(f"/groups/{id}/")["permissions"] == ["edit_theme"]
    assert not LIFECYCLE.diff(state, desired())


def test_update_after_a_failure_compares_with_the_portal(later: Process, portal: Portal, chess: State) -> None:
    program = desired(title="Go", permissions=["edit_theme"], motto="d4")
    portal.fail({**SERVER_ERROR, "nth": 2})
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.update(later.context(), "chess", chess, program)
    assert "motto" not in half.value.state
    portal.fail()
    portal.put("/groups/chess/", {"title": "Go", "description": "d4"})
    portal.forget()
    state = LIFECYCLE.update(later.context(), "chess", half.value.state, program)
    assert portal.writes() == []
    assert not LIFECYCLE.diff(state, program)


def test_update_of_a_missing_object_names_the_remedy(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(ResourceError, match=r"^chess is no longer on 127.* `pulumi refresh`, then `up` makes it anew$"):
        LIFECYCLE.update(later.context(), "chess", chess, desired(title="Go"))


# ---------------------------------------------------------------- values that the portal rewrites


def test_rewritten_value_is_no_drift_until_changed(process: Process, portal: Portal) -> None:
    lifecycle = Crier.lifecycle()
    id, state = lifecycle.create(process.context(), {"title": "Hear"})
    assert state["title"] == "Hear"
    assert lifecycle.read(process.context(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Other"})
    assert lifecycle.read(process.context(), id, state)["title"] == "OTHER"


def test_rewriting_of_an_earlier_text_is_drift(process: Process, portal: Portal) -> None:
    lifecycle = Crier.lifecycle()
    id, state = lifecycle.create(process.context(), {"title": "Hear"})
    state = lifecycle.update(process.context(), id, state, {"title": "SILENCE"})
    assert lifecycle.read(process.context(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Hear"})
    assert lifecycle.read(process.context(), id, state)["title"] == "HEAR"


# ---------------------------------------------------------------- delete


def test_delete_removes_the_object(later: Process, portal: Portal, chess: State) -> None:
    LIFECYCLE.delete(later.context(), "chess", chess)
    assert portal.all("/groups/") == []
    assert later.ownership.is_deleted(portal.host, "Club.uid", "chess")


def test_delete_of_a_missing_object_succeeds(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    LIFECYCLE.delete(later.context(), "chess", chess)


def test_delete_leaves_an_object_of_another_resource(process: Process, portal: Portal, chess: State) -> None:
    process.messages.clear()
    LIFECYCLE.delete(process.context(urn=URN + "-before"), "chess", chess)
    assert portal.writes() == []
    assert process.messages == ["chess now belongs to another resource of this program: left on the portal"]


def test_delete_leaves_an_adopted_object(process: Process, later: Process, portal: Portal, found: str) -> None:
    _, state = LIFECYCLE.create(process.context(), desired(adopt=True))
    LIFECYCLE.delete(later.context(), found, state)
    assert portal.writes() == []
    assert later.messages == ["chess was adopted: left on the portal, no longer managed"]
