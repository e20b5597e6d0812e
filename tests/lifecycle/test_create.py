"""How an object is created, adopted, or half made and finished by the next `up`."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.errors import PortalError, ResourceError
from pulumi_opendatasoft.lifecycle.finish import reason_of
from pulumi_opendatasoft.lifecycle.ownership import mark_of
from pulumi_opendatasoft.lifecycle.results import HalfMade

from ..conftest import Portal
from .club import MARK
from .process import LIFECYCLE, SERVER_ERROR, URN, Process, desired

# ---------------------------------------------------------------- create


def test_create_sends_defaults_and_returns_computed_properties(process: Process, portal: Portal) -> None:
    id, state = LIFECYCLE.create(process.context(), desired(motto="e4"))
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


def test_section_that_is_left_out_is_not_written(process: Process, portal: Portal) -> None:
    LIFECYCLE.create(process.context(), desired())
    assert portal.writes() == ["POST /groups/"]


def test_taken_key_is_refused_before_any_write(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Chess", "permissions": []})
    portal.forget()
    with pytest.raises(
        ResourceError, match=r'^the portal already has a club with title "Chess" \(chess\), and nothing was'
    ):
        LIFECYCLE.create(process.context(), desired())
    assert portal.writes() == []


def test_second_resource_with_one_key_is_refused(process: Process, portal: Portal) -> None:
    LIFECYCLE.create(process.context(), desired())
    with pytest.raises(ResourceError, match=r'^another resource of this program already has a club with title "Chess"'):
        LIFECYCLE.create(process.context(urn=URN + "-again"), desired())
    assert portal.writes() == ["POST /groups/"]


def test_lost_create_is_found_and_not_sent_twice(process: Process, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/groups/", "nth": 1, "fault": "reset_after_commit"})
    id, _ = LIFECYCLE.create(process.context(), desired())
    assert [group["uid"] for group in portal.all("/groups/")] == [id]


def test_object_of_an_interrupted_create_is_finished(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": MARK + mark_of(URN), "permissions": []})
    id, state = LIFECYCLE.create(process.context(), desired(motto="e4"))
    [group] = portal.all("/groups/")
    assert (group["uid"], group["title"], group["description"]) == (id, "Chess", "e4")
    assert state["adopted"] is False
    assert process.messages == [f"{id} was created by an interrupted `up` of this resource: it is finished now"]


def test_unfinished_object_of_another_resource_is_untouched(process: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": MARK + mark_of(URN + "-other"), "permissions": []})
    LIFECYCLE.create(process.context(), desired())
    assert len(portal.all("/groups/")) == 2


def test_refused_create_leaves_nothing_half_made(process: Process, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/groups/", "nth": 1, "fault": "status:503"})
    with pytest.raises(PortalError):
        LIFECYCLE.create(process.context(), desired())
    assert portal.all("/groups/") == []


# ---------------------------------------------------------------- adopt


def test_adoption_only_reads_and_names_the_next_changes(process: Process, portal: Portal, found: str) -> None:
    program = desired(permissions=["edit_theme"], motto="e4", adopt=True)
    id, state = LIFECYCLE.create(process.context(), program)
    assert id == found
    assert portal.writes() == []
    assert (state["permissions"], state["motto"], state["adopted"]) == (["edit_page"], "d4", True)
    assert process.messages == ["adopted chess, only read; the next `up` changes: permissions, motto"]
    assert LIFECYCLE.diff(state, program).changed == ("permissions", "motto")


def test_adoption_without_differences_says_so(process: Process, found: str) -> None:
    LIFECYCLE.create(process.context(), desired(adopt=True))
    assert process.messages == [f"adopted {found}, only read; it is as the program declares"]


def test_adopt_without_an_existing_object_creates_it(process: Process, portal: Portal) -> None:
    warnings: list[str] = []
    _, state = LIFECYCLE.create(process.context(warn=warnings.append), desired(adopt=True))
    assert state["adopted"] is False
    assert len(portal.all("/groups/")) == 1
    assert warnings == ["adopt: there is no club to take over, so one was created; it is deleted with the resource"]


def test_whole_up_may_adopt(process: Process, portal: Portal, found: str) -> None:
    id, state = LIFECYCLE.create(process.context(adopt_all=True), desired())
    assert (id, state["adopted"], portal.writes()) == (found, True, [])


def test_adoption_by_id_needs_no_equal_key(process: Process, found: str) -> None:
    id, state = LIFECYCLE.create(process.context(), desired(title="Go", adopt=found))
    assert (id, state["title"]) == (found, "Chess")


def test_adoption_by_a_missing_id_is_refused(process: Process, found: str) -> None:
    with pytest.raises(
        ResourceError,
        match=r'^adopt="go": the portal has no such club: give the .* of one, or leave adopt out to create one$',
    ):
        LIFECYCLE.create(process.context(), desired(adopt="go"))


def test_adoption_by_a_key_of_several_objects_is_refused(process: Process, portal: Portal, found: str) -> None:
    portal.post("/groups/", {"title": "Chess", "permissions": []})
    with pytest.raises(ResourceError, match=r'Name one of them: adopt="chess"$'):
        LIFECYCLE.create(process.context(), desired(adopt=True))


def test_object_is_adopted_once(process: Process, found: str) -> None:
    LIFECYCLE.create(process.context(), desired(adopt=found))
    with pytest.raises(ResourceError, match=r"^another resource of this program already has the club chess"):
        LIFECYCLE.create(process.context(urn=URN + "-again"), desired(adopt=found))


# ---------------------------------------------------------------- half-made


def test_failed_section_keeps_the_object_and_what_was_done(process: Process, portal: Portal) -> None:
    portal.fail(SERVER_ERROR)
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), desired(motto="e4", hymn="la"))
    assert half.value.id == "chess"
    assert "motto" not in half.value.state
    assert half.value.state["uid"] == "chess"
    assert half.value.reasons[0].startswith("motto: ")
    assert half.value.reasons[1:] == ["still to do: hymn, party"]


def test_next_up_finishes_a_half_made_object(process: Process, later: Process, portal: Portal) -> None:
    portal.fail(SERVER_ERROR)
    program = desired(motto="e4", hymn="la")
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), program)
    portal.fail()
    assert LIFECYCLE.diff(half.value.state, program)
    state = LIFECYCLE.update(later.context(), half.value.id, half.value.state, program)
    assert portal.get("/groups/chess/")["description"] == "e4"
    assert not LIFECYCLE.diff(state, program)


def test_last_sections_are_written_last_and_their_failure_named(process: Process, portal: Portal) -> None:
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), desired(motto="e4", hymn="too loud"))
    assert half.value.reasons == ["hymn: the hymn is too loud", "still to do: party"]
    assert half.value.state["motto"] == "e4"
    assert portal.get("/groups/chess/")["description"] == "e4"


def test_failed_last_step_keeps_its_outputs(process: Process) -> None:
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), desired(motto="no party"))
    assert half.value.reasons == ["party: nobody came"]
    assert half.value.state["guests"] == 0
    assert LIFECYCLE.diff(half.value.state, desired(motto="no party")).unfinished


def test_removals_are_done_last_or_named_as_undone(process: Process, portal: Portal) -> None:
    LIFECYCLE.create(process.context(), desired(title="Go", motto="later, at once"))
    assert portal.requests("PUT") == ["PUT /groups/go/", "PUT /groups/go/"]
    portal.fail({**SERVER_ERROR, "nth": 2})
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), desired(motto="later, at once"))
    assert "motto" not in half.value.state
    assert half.value.reasons[-1] == "still to do: motto (removals)"


def test_unexpected_exception_is_named_as_our_fault(process: Process) -> None:
    with pytest.raises(HalfMade) as half:
        LIFECYCLE.create(process.context(), desired(motto="a fault of ours"))
    assert half.value.reasons[0] == (
        "motto: ValueError: not a motto (a fault of pulumi-opendatasoft: please report it)"
    )
    assert reason_of(ResourceError("known")) == "known"
