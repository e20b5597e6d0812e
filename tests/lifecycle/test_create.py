"""How an object comes to be: made, adopted, or half-made and finished by the next run."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.client.errors import PortalError
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.finish import reason_of
from pulumi_opendatasoft.lifecycle.ownership import mark_of
from pulumi_opendatasoft.lifecycle.results import HalfMade

from ..conftest import Portal
from .clubs import MARK
from .process import LIFE, SERVER_ERROR, URN, Process, asked

# ---------------------------------------------------------------- create


def test_a_create_says_the_defaults_and_tells_what_the_portal_set(process: Process, portal: Portal) -> None:
    id, state = LIFE.create(process.run(), asked(motto="e4"))
    assert id == "chess"
    assert portal.get("/groups/chess/")["permissions"] == ["edit_theme"]
    assert portal.get("/groups/chess/")["description"] == "e4"
    assert state == {
        "title": "Chess",
        "motto": "e4",
        "motto_length": 2,
        "guests": 3,
        "uid": "chess",
        "created_at": portal.get("/groups/chess/")["created_at"],
        "user_count": 0,
        "adopted": False,
        "domain": portal.host,
    }


def test_a_section_that_is_not_named_is_not_written(process: Process, portal: Portal) -> None:
    LIFE.create(process.run(), asked())
    assert portal.writes() == ["POST /groups/"]


def test_a_taken_key_is_refused_before_anything_is_written(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Chess", "permissions": []})
    portal.forget()
    with pytest.raises(
        ResourceError, match=r'^the portal already has a club with title "Chess" \(chess\), and nothing was'
    ):
        LIFE.create(process.run(), asked())
    assert portal.writes() == []


def test_of_two_resources_with_one_key_the_second_is_refused(process: Process, portal: Portal) -> None:
    LIFE.create(process.run(), asked())
    with pytest.raises(ResourceError, match=r'^another resource of this program already has a club with title "Chess"'):
        LIFE.create(process.run(urn=URN + "-again"), asked())
    assert portal.writes() == ["POST /groups/"]


def test_a_lost_answer_is_looked_for_and_not_sent_twice(process: Process, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/groups/", "nth": 1, "fault": "reset_after_commit"})
    id, _ = LIFE.create(process.run(), asked())
    assert [group["uid"] for group in portal.all("/groups/")] == [id]


def test_what_a_dead_run_of_this_resource_began_is_finished(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": MARK + mark_of(URN), "permissions": []})
    id, state = LIFE.create(process.run(), asked(motto="e4"))
    [group] = portal.all("/groups/")
    assert (group["uid"], group["title"], group["description"]) == (id, "Chess", "e4")
    assert state["adopted"] is False
    assert process.said == [f"{id} was created by an interrupted `up` of this resource: it is finished now"]


def test_what_another_resource_began_is_not_touched(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": MARK + mark_of(URN + "-other"), "permissions": []})
    LIFE.create(process.run(), asked())
    assert len(portal.all("/groups/")) == 2


def test_a_portal_that_refuses_the_object_leaves_nothing_half_made(process: Process, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/groups/", "nth": 1, "fault": "status:503"})
    with pytest.raises(PortalError):
        LIFE.create(process.run(), asked())
    assert portal.all("/groups/") == []


# ---------------------------------------------------------------- adopt


def test_an_adoption_only_reads_and_says_what_comes_next(process: Process, portal: Portal, found: str) -> None:
    program = asked(permissions=["edit_theme"], motto="e4", adopt=True)
    id, state = LIFE.create(process.run(), program)
    assert id == found
    assert portal.writes() == []
    assert (state["permissions"], state["motto"], state["adopted"]) == (["edit_page"], "d4", True)
    assert process.said == ["adopted chess, only read; the next `up` changes: permissions, motto"]
    assert LIFE.diff(state, program).changed == ("permissions", "motto")


def test_an_adoption_of_what_is_as_the_program_says_agrees(process: Process, found: str) -> None:
    LIFE.create(process.run(), asked(adopt=True))
    assert process.said == [f"adopted {found}, only read; it is as the program declares"]


def test_adopt_where_nothing_is_makes_it(process: Process, portal: Portal) -> None:
    warnings: list[str] = []
    _, state = LIFE.create(process.run(warn=warnings.append), asked(adopt=True))
    assert state["adopted"] is False
    assert len(portal.all("/groups/")) == 1
    assert warnings == ["adopt: there is no club to take over, so one was created; it is deleted with the resource"]


def test_a_whole_run_may_adopt(process: Process, portal: Portal, found: str) -> None:
    id, state = LIFE.create(process.run(adopt_all=True), asked())
    assert (id, state["adopted"], portal.writes()) == (found, True, [])


def test_adoption_by_an_id_needs_no_equal_key(process: Process, found: str) -> None:
    id, state = LIFE.create(process.run(), asked(title="Go", adopt=found))
    assert (id, state["title"]) == (found, "Chess")


def test_adoption_by_an_id_that_is_not_there_is_refused(process: Process, found: str) -> None:
    with pytest.raises(ResourceError, match=r'^adopt="go": the portal has no such club$'):
        LIFE.create(process.run(), asked(adopt="go"))


def test_a_key_that_fits_several_asks_which(process: Process, portal: Portal, found: str) -> None:
    portal.post("/groups/", {"title": "Chess", "permissions": []})
    with pytest.raises(ResourceError, match=r'Name one of them: adopt="chess"$'):
        LIFE.create(process.run(), asked(adopt=True))


def test_one_object_is_adopted_once(process: Process, found: str) -> None:
    LIFE.create(process.run(), asked(adopt=found))
    with pytest.raises(ResourceError, match=r"^another resource of this program already has the club chess"):
        LIFE.create(process.run(urn=URN + "-again"), asked(adopt=found))


# ---------------------------------------------------------------- half-made


def test_a_section_that_fails_leaves_the_object_with_what_was_done(process: Process, portal: Portal) -> None:
    portal.fail(SERVER_ERROR)
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), asked(motto="e4", hymn="la"))
    assert half.value.id == "chess"
    assert "motto" not in half.value.state
    assert half.value.state["uid"] == "chess"
    assert half.value.reasons[0].startswith("motto: ")
    assert half.value.reasons[1:] == ["still to do: hymn, party"]


def test_the_next_run_finishes_what_is_half_made(process: Process, later: Process, portal: Portal) -> None:
    portal.fail(SERVER_ERROR)
    program = asked(motto="e4", hymn="la")
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), program)
    portal.fail()
    assert LIFE.diff(half.value.state, program)
    state = LIFE.update(later.run(), half.value.id, half.value.state, program)
    assert portal.get("/groups/chess/")["description"] == "e4"
    assert not LIFE.diff(state, program)


def test_the_last_sections_come_after_the_others_and_their_failure_is_told(process: Process, portal: Portal) -> None:
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), asked(motto="e4", hymn="too loud"))
    assert half.value.reasons == ["hymn: the hymn is too loud", "still to do: party"]
    assert half.value.state["motto"] == "e4"
    assert portal.get("/groups/chess/")["description"] == "e4"


def test_a_failed_last_step_keeps_what_it_learned(process: Process) -> None:
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), asked(motto="no party"))
    assert half.value.reasons == ["party: nobody came"]
    assert half.value.state["guests"] == 0
    assert LIFE.diff(half.value.state, asked(motto="no party")).unfinished


def test_what_may_only_be_done_last_is_done_last_or_told_as_undone(process: Process, portal: Portal) -> None:
    LIFE.create(process.run(), asked(title="Go", motto="later, at once"))
    assert portal.requests("PUT") == ["PUT /groups/go/", "PUT /groups/go/"]
    portal.fail({**SERVER_ERROR, "nth": 2})
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), asked(motto="later, at once"))
    assert "motto" not in half.value.state
    assert half.value.reasons[-1] == "still to do: motto (removals)"


def test_a_fault_of_ours_says_so(process: Process) -> None:
    with pytest.raises(HalfMade) as half:
        LIFE.create(process.run(), asked(motto="a fault of ours"))
    assert half.value.reasons[0] == (
        "motto: ValueError: not a motto (a fault of pulumi-opendatasoft: please report it)"
    )
    assert reason_of(ResourceError("known")) == "known"
