"""A life from check to delete, of a small noun on a real portal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from opendatasoft_emulator.server import Emulator
from pulumi_opendatasoft.api.client import Client
from pulumi_opendatasoft.api.errors import PortalError
from pulumi_opendatasoft.kernel.identity import Held, mark_of
from pulumi_opendatasoft.kernel.lifecycle import Lifecycle, reason_of
from pulumi_opendatasoft.kernel.outcome import Gone, HalfMade, Problem, State
from pulumi_opendatasoft.kernel.run import Api, Run
from pulumi_opendatasoft.kernel.section import Section, Work
from pulumi_opendatasoft.kernel.shape import UNKNOWN

from ..conftest import Portal
from .clubs import MARK, Club, Crier

URN = "urn:pulumi:dev::city::pulumi-python:dynamic/opendatasoft:Club::chess"
LIFE = Club.life()
SERVER_ERROR = {"method": "PUT", "path": "/groups/", "nth": 1, "fault": "status:503"}


@dataclass
class Teller:
    """What a person was told."""

    said: list[str] = field(default_factory=list)


@dataclass
class Process:
    """The provider's process: its client, and what it holds."""

    api: Api
    held: Held = field(default_factory=Held)
    told: Teller = field(default_factory=Teller)

    def run(self, **more: Any) -> Run:
        return Run(self.api, 'Club "chess"', **{"urn": URN, "held": self.held, "say": self.told.said.append, **more})


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests of this module."""
    with Emulator(tmp_path_factory.mktemp("portal")) as emulator:
        city = Portal(emulator)
        yield city
        city.http.close()
        city.control.close()


@pytest.fixture
def portal(city: Portal) -> Portal:
    """The portal, empty again."""
    city.control.post("/reset").raise_for_status()
    return city


@pytest.fixture
def connection(portal: Portal) -> Iterator[Client]:
    with Client(portal.url, portal.key, retries=0) as client:
        yield client


@pytest.fixture
def process(connection: Client) -> Process:
    return Process(connection)


@pytest.fixture
def later(connection: Client) -> Process:
    """Another process, some time after."""
    return Process(connection)


def asked(**given: Any) -> State:
    inputs, failures = LIFE.check({}, {"title": "Chess", **given})
    assert failures == []
    return inputs


# ---------------------------------------------------------------- check


def test_check_gives_the_one_spelling_of_what_is_asked() -> None:
    assert asked(permissions=["b", "a", "b"], town=None) == {"title": "Chess", "permissions": ["a", "b"]}


def test_check_tells_mistakes_of_form_before_anything_else() -> None:
    _, failures = LIFE.check({}, {"title": 3})
    assert [str(failure) for failure in failures] == ["title: must be a string"]


def test_check_asks_the_noun_what_it_refuses() -> None:
    _, failures = LIFE.check({}, {"title": "a secret club"})
    assert [str(failure) for failure in failures] == ["title: a club must not be secret"]


# ---------------------------------------------------------------- diff


def test_nothing_changed_is_no_diff() -> None:
    assert not LIFE.diff(asked(motto="m"), asked(motto="m"))


def test_a_diff_names_what_changed() -> None:
    diff = LIFE.diff(asked(motto="m", hymn="h"), asked(title="Go", motto="n", hymn="h"))
    assert (diff.changed, diff.replaces, diff.notes) == (("title", "motto"), (), ())


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [("Lyon", "Paris", ("town",)), ("Lyon", UNKNOWN, ()), ("Lyon", None, ()), (None, "Paris", ())],
)
def test_only_another_known_value_of_what_never_changes_replaces(before: Any, after: Any, replaces: Any) -> None:
    diff = LIFE.diff(asked() | {"town": before}, asked() | {"town": after})
    assert (diff.changed, diff.replaces) == (("town",), replaces)


def test_what_is_no_longer_named_is_told_to_be_left_as_it_is() -> None:
    diff = LIFE.diff(asked(motto="m", town="Lyon", portal="p", adopt=True), asked())
    assert diff.notes == ("motto: no longer managed, left as they are",)


def test_an_adopted_object_becomes_ours_when_adopt_is_taken_out() -> None:
    before = asked(adopt=True) | {"adopted": True}
    assert not LIFE.diff(before, asked(adopt=True))
    assert not LIFE.diff({**asked(), "adopted": True}, asked(), adopt_all=True)
    diff = LIFE.diff(before, asked())
    assert diff.unfinished
    assert "from now on, deleting the resource deletes the object" in diff.notes[-1]


def test_what_was_not_finished_is_a_diff_though_the_program_is_as_it_was() -> None:
    assert LIFE.diff(asked() | {"_unfinished": True}, asked()).unfinished
    assert LIFE.diff(asked() | {"incomplete": ["motto: refused"]}, asked()).unfinished


def test_a_reference_to_what_was_made_anew_is_a_diff() -> None:
    user = ods.User.life()
    before = {"email": "ana@example.org", "groups": ["editors"]}
    assert not user.diff(before, before)
    lost = user.diff(before, before, is_lost=lambda refers_to, id: (refers_to, id) == ("Group.uid", "editors"))
    assert lost.changed == ("groups",)


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
    with pytest.raises(Problem, match=r'^the portal already has a club with title "Chess" \(chess\), and nothing was'):
        LIFE.create(process.run(), asked())
    assert portal.writes() == []


def test_of_two_resources_with_one_key_the_second_is_refused(process: Process, portal: Portal) -> None:
    LIFE.create(process.run(), asked())
    with pytest.raises(Problem, match=r'^another resource of this program already has a club with title "Chess"'):
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
    assert process.told.said == [f"{id} is what an earlier run of this resource began: it is finished now"]


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


@pytest.fixture
def found(portal: Portal) -> str:
    """A club that is there already."""
    portal.post("/groups/", {"title": "Chess", "permissions": ["edit_page"], "description": "d4"})
    portal.forget()
    return "chess"


def test_an_adoption_only_reads_and_says_what_comes_next(process: Process, portal: Portal, found: str) -> None:
    program = asked(permissions=["edit_theme"], motto="e4", adopt=True)
    id, state = LIFE.create(process.run(), program)
    assert id == found
    assert portal.writes() == []
    assert (state["permissions"], state["motto"], state["adopted"]) == (["edit_page"], "d4", True)
    assert process.told.said == ["adopted chess, only read; the next `up` changes: permissions, motto"]
    assert LIFE.diff(state, program).changed == ("permissions", "motto")


def test_an_adoption_of_what_is_as_the_program_says_agrees(process: Process, found: str) -> None:
    LIFE.create(process.run(), asked(adopt=True))
    assert process.told.said == [f"adopted {found}, only read; it is as the program says"]


def test_adopt_where_nothing_is_makes_it(process: Process, portal: Portal) -> None:
    _, state = LIFE.create(process.run(), asked(adopt=True))
    assert state["adopted"] is False
    assert len(portal.all("/groups/")) == 1


def test_a_whole_run_may_adopt(process: Process, portal: Portal, found: str) -> None:
    id, state = LIFE.create(process.run(adopt_all=True), asked())
    assert (id, state["adopted"], portal.writes()) == (found, True, [])


def test_adoption_by_an_id_needs_no_equal_key(process: Process, found: str) -> None:
    id, state = LIFE.create(process.run(), asked(title="Go", adopt=found))
    assert (id, state["title"]) == (found, "Chess")


def test_adoption_by_an_id_that_is_not_there_is_refused(process: Process, found: str) -> None:
    with pytest.raises(Problem, match=r'^adopt="go": the portal has no such club$'):
        LIFE.create(process.run(), asked(adopt="go"))


def test_a_key_that_fits_several_asks_which(process: Process, portal: Portal, found: str) -> None:
    portal.post("/groups/", {"title": "Chess", "permissions": []})
    with pytest.raises(Problem, match=r'Say which one: adopt="chess"$'):
        LIFE.create(process.run(), asked(adopt=True))


def test_one_object_is_adopted_once(process: Process, found: str) -> None:
    LIFE.create(process.run(), asked(adopt=found))
    with pytest.raises(Problem, match=r"^another resource of this program already has the club chess"):
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
    assert reason_of(Problem("known")) == "known"


# ---------------------------------------------------------------- read


@pytest.fixture
def chess(process: Process, portal: Portal) -> State:
    """The state of a club that was just made."""
    _, state = LIFE.create(process.run(), asked(permissions=["edit_theme"], motto="e4"))
    portal.forget()
    return state


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
    with pytest.raises(Gone):
        LIFE.read(later.run(), "chess", chess)
    with pytest.raises(Gone):
        LIFE.read(later.run(look_around=lambda: {"/groups/": 0, "/users/": 1}), "chess", chess)


def test_a_portal_that_shows_nothing_at_all_is_not_believed(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    with pytest.raises(Problem, match=r"shows this API key nothing of what this stack made"):
        LIFE.read(later.run(look_around=lambda: {"/groups/": 0, "/users/": 0}), "chess", chess)


def test_a_read_may_share_a_listing(later: Process, portal: Portal, chess: State) -> None:
    listed = {"chess": portal.get("/groups/chess/")}
    portal.forget()
    run = later.run(shared=lambda collection, id: listed.get(id) if collection == "/groups/" else None)
    assert LIFE.read(run, "chess", chess) == chess
    with pytest.raises(Gone):
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
    life = Crier.life()
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
    with pytest.raises(Problem, match=r"^chess is no longer on 127.* `pulumi refresh`, then `up` makes it anew$"):
        LIFE.update(later.run(), "chess", chess, asked(title="Go"))


# ---------------------------------------------------------------- what the portal rewrites


def test_what_the_portal_rewrites_is_no_drift_until_somebody_changes_it(process: Process, portal: Portal) -> None:
    life = Crier.life()
    id, state = life.create(process.run(), {"title": "Hear"})
    assert state["title"] == "Hear"
    assert life.read(process.run(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Other"})
    assert life.read(process.run(), id, state)["title"] == "OTHER"


def test_what_the_portal_made_of_an_earlier_text_is_drift(process: Process, portal: Portal) -> None:
    life = Crier.life()
    id, state = life.create(process.run(), {"title": "Hear"})
    state = life.update(process.run(), id, state, {"title": "SILENCE"})
    assert life.read(process.run(), id, state) == state
    portal.put(f"/groups/{id}/", {"title": "Hear"})
    assert life.read(process.run(), id, state)["title"] == "HEAR"


# ---------------------------------------------------------------- delete


def test_a_delete_deletes(later: Process, portal: Portal, chess: State) -> None:
    LIFE.delete(later.run(), "chess", chess)
    assert portal.all("/groups/") == []
    assert later.held.is_lost(portal.host, "Club.uid", "chess")


def test_to_delete_what_is_gone_is_well(later: Process, portal: Portal, chess: State) -> None:
    portal.delete("/groups/chess/")
    LIFE.delete(later.run(), "chess", chess)


def test_what_another_resource_of_this_process_has_is_left(process: Process, portal: Portal, chess: State) -> None:
    process.told.said.clear()
    LIFE.delete(process.run(urn=URN + "-before"), "chess", chess)
    assert portal.writes() == []
    assert process.told.said == ["chess now belongs to another resource of this program: left on the portal"]


def test_what_was_only_adopted_is_left(process: Process, later: Process, portal: Portal, found: str) -> None:
    _, state = LIFE.create(process.run(), asked(adopt=True))
    LIFE.delete(later.run(), found, state)
    assert portal.writes() == []
    assert later.told.said == ["chess was adopted: left on the portal, no longer managed"]


# ---------------------------------------------------------------- what every noun has by itself


def test_a_noun_refuses_and_remarks_nothing_by_itself() -> None:
    life = Crier.life()
    assert life.check({}, {"title": "Hear"}) == ({"title": "Hear"}, [])
    assert life.remarks({}, {"title": "Hear"}) == []


def test_what_exists_is_nobodys_unfinished_work_unless_the_noun_says_so(process: Process, found: str) -> None:
    group = ods.Group.life()
    with pytest.raises(Problem, match=r"nothing was written"):
        group.create(process.run(), {"title": "Chess"})
    assert process.told.said == []


def test_a_section_must_say_how_it_reads_and_writes(process: Process) -> None:
    section, run = Section(Crier.declaration().shape["description"]), process.run()
    with pytest.raises(NotImplementedError):
        section.live(run, "chess", {}, {})
    with pytest.raises(NotImplementedError):
        section.apply(run, "chess", {}, {}, {}, Work({}))


def test_a_run_knows_what_is_held_and_needs_nobody_who_listens(process: Process, connection: Client) -> None:
    run = Run(connection, "Club", held=process.held)
    run.say("into the air")
    assert not run.is_held("Club", "chess")
    process.held.hold(run.domain, "Club", "chess")
    assert run.is_held("Club", "chess")


def test_a_noun_without_a_natural_key_is_never_in_the_way_and_never_found(process: Process, portal: Portal) -> None:
    life: Lifecycle = Crier.life()
    life.create(process.run(), {"title": "Hear"})
    life.create(process.run(), {"title": "Hear"})
    assert len(portal.all("/groups/")) == 2
    assert life.noun == "crier"
