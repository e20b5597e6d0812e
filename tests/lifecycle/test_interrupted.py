"""What an interrupted create left is finished as the resource's own, and what others made is never taken for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.errors import PortalError, ResourceError
from pulumi_opendatasoft.lifecycle.intents import LATEST, Begun, Intent, digest_of

from ..conftest import Portal
from .process import LIFECYCLE, Process, desired

KEY = 'a club with title "Chess"'
TAKEN = "the portal already has a club"


@dataclass
class Note(Intent):
    """A note in memory."""

    entry: Begun | None = None
    of_others: list[str] = field(default_factory=list)

    def begun(self) -> Begun | None:
        return self.entry

    def others(self) -> Collection[str]:
        return [digest_of(id) for id in self.of_others]

    def begin(self, at: datetime, key: str, known: Iterable[str]) -> None:
        self.entry = Begun(at, digest_of(key), tuple(map(digest_of, known)))

    def made(self, id: str, created_at: object, *, is_private: bool) -> None:
        assert self.entry is not None
        self.entry = dataclasses.replace(
            self.entry, made=digest_of(id), created_at=str(created_at or ""), id="" if is_private else id
        )

    def drop(self) -> None:
        self.entry = None


def begun(ago: timedelta = timedelta(seconds=5), key: str = KEY, **more: Any) -> Note:
    """The note of a create that began some time ago."""
    return Note(Begun(datetime.now(UTC) - ago, digest_of(key), **more))


# ---------------------------------------------------------------- what is noted


def test_intent_is_noted_before_the_post_and_the_object_after(process: Process, portal: Portal) -> None:
    noted: list[Begun | None] = []

    class Watched(Note):
        def begin(self, at: datetime, key: str, known: Iterable[str]) -> None:
            assert portal.writes() == []
            super().begin(at, key, known)
            noted.append(self.entry)

        def made(self, id: str, created_at: object, *, is_private: bool) -> None:
            assert portal.writes() == ["POST /groups/"]
            super().made(id, created_at, is_private=is_private)

    note = Watched()
    id, state = LIFECYCLE.create(process.context(intent=note), desired(motto="e4"))
    assert [entry.made for entry in noted if entry] == [""]
    assert note.entry is not None
    assert note.entry.is_of(id, state["created_at"])


def test_nothing_is_noted_of_a_refused_create(process: Process, found: str) -> None:
    note = Note()
    with pytest.raises(ResourceError, match=TAKEN):
        LIFECYCLE.create(process.context(intent=note), desired())
    assert note.entry is None


@pytest.mark.parametrize(("fault", "is_kept"), [("status:503", False), ("status:400", False), ("timeout", True)])
def test_note_goes_if_the_post_surely_did_not_arrive(
    process: Process, portal: Portal, fault: str, is_kept: bool
) -> None:
    portal.fail({"method": "POST", "path": "/groups/", "fault": "reset" if fault == "timeout" else fault})
    note = Note()
    with pytest.raises(PortalError):
        LIFECYCLE.create(process.context(intent=note), desired())
    assert (note.entry is not None) == is_kept


# ---------------------------------------------------------------- what is recognised


def test_noted_object_is_finished_as_the_resources_own(later: Process, portal: Portal, found: str) -> None:
    made = portal.get(f"/groups/{found}/")["created_at"]
    note = begun(made=digest_of(found), created_at=made)
    id, state = LIFECYCLE.create(later.context(intent=note), desired(motto="e4"))
    assert (id, state["adopted"]) == (found, False)
    assert portal.get(f"/groups/{found}/")["description"] == "e4"
    assert later.messages == ["chess was created by an interrupted `up` of this resource: it is finished now"]
    assert portal.writes() == ["PUT /groups/chess/", "PUT /groups/chess/"]


def test_object_without_an_answer_is_recognised_by_its_time(later: Process, found: str) -> None:
    id, state = LIFECYCLE.create(later.context(intent=begun()), desired())
    assert (id, state["adopted"]) == (found, False)


@pytest.mark.parametrize(
    "noted",
    [
        lambda: begun(made=digest_of("chess"), created_at="2020-01-01T00:00:00Z"),
        lambda: begun(made=digest_of("go")),
        lambda: begun(-timedelta(minutes=1)),
        lambda: begun(LATEST + timedelta(minutes=1)),
        lambda: begun(known=(digest_of("chess"),)),
        lambda: Note(begun().entry, ["Chess"]),
    ],
    ids=[
        "another under the same id",
        "another id",
        "made before the create",
        "made long after the create",
        "known before the create",
        "noted by another resource",
    ],
)
def test_object_that_others_made_is_refused(
    later: Process, portal: Portal, found: str, noted: Callable[[], Note]
) -> None:
    with pytest.raises(ResourceError, match=TAKEN):
        LIFECYCLE.create(later.context(intent=noted()), desired())
    assert portal.writes() == []


def test_object_that_this_program_owns_is_refused(process: Process, found: str) -> None:
    process.ownership.record(process.api.host, "/groups/", found)
    with pytest.raises(ResourceError, match="another resource of this program"):
        LIFECYCLE.create(process.context(intent=begun()), desired())


def test_object_is_recognised_under_another_key(later: Process, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Draughts"})
    note = begun(key="another", made=digest_of("draughts"), id="draughts")
    id, _ = LIFECYCLE.create(later.context(intent=note), desired())
    assert [(group["uid"], group["title"]) for group in portal.all("/groups/")] == [(id, "Chess")]


def test_noted_object_that_was_deleted_is_made_anew(later: Process, portal: Portal) -> None:
    note = begun(made=digest_of("old"), id="old")
    id, _ = LIFECYCLE.create(later.context(intent=note), desired())
    assert id == "chess"
    assert note.entry is not None
    assert note.entry.made == digest_of("chess")


def test_noted_object_that_the_state_contains_is_not_taken(later: Process, found: str) -> None:
    note = begun(made=digest_of(found), id=found)
    with pytest.raises(ResourceError, match=TAKEN):
        LIFECYCLE.create(later.context(intent=note, is_in_state=lambda id: id == found), desired())


def test_noted_object_is_not_adopted(later: Process, found: str) -> None:
    _, state = LIFECYCLE.create(later.context(intent=begun()), desired(adopt=True))
    assert state["adopted"] is False


def test_noted_object_is_not_adopted_by_its_id(later: Process, found: str) -> None:
    _, state = LIFECYCLE.create(later.context(intent=begun()), desired(adopt=found))
    assert state["adopted"] is False


# ---------------------------------------------------------------- objects without a time of creation


@pytest.mark.parametrize(
    ("created_at", "key", "after", "expected"),
    [
        (None, "k", timedelta(minutes=1), True),
        (None, "other", timedelta(minutes=1), False),
        (None, "k", LATEST + timedelta(minutes=1), False),
        ("2026-03-04", "other", timedelta(days=3), True),
        ("2026-03-05", "k", timedelta(days=3), False),
        ("2026-03-04T05:06:07.900+00:00", "other", timedelta(days=3), True),
        ("2026-03-04T05:06:07", "other", timedelta(days=3), True),
        ("2026-03-04T05:06:06Z", "k", timedelta(days=3), False),
        ("2026-03-04T05:17:08Z", "k", timedelta(days=3), False),
        ("soon", "k", timedelta(days=3), False),
    ],
)
def test_times_at_which_an_object_may_have_been_made(
    created_at: str | None, key: str, after: timedelta, expected: bool
) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 500, tzinfo=UTC)
    assert Begun(at, digest_of("k")).may_be_of("a", created_at, key, at + after) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2026-03-04T05:06:07.123456+00:00", "2026-03-04T05:06:07Z", True),
        ("2026-03-04T05:06:07Z", "2026-03-04", True),
        ("", "2026-03-04T05:06:07Z", True),
        ("2026-03-04T05:06:07Z", None, True),
        ("2026-03-04T05:06:07Z", "2026-03-04T05:06:08Z", False),
        ("2026-03-04", "2026-03-05T05:06:07Z", False),
    ],
)
def test_one_time_in_several_forms_is_the_same(one: str, other: str | None, expected: bool) -> None:
    entry = Begun(datetime.now(UTC), made=digest_of("a"), created_at=one)
    assert entry.is_of("A", other) is expected
    assert not entry.is_of("b", other)


# ---------------------------------------------------------------- opendatasoft:resume


@pytest.mark.parametrize("name", ["chess", "Chess"])
def test_object_that_the_setting_names_is_finished_as_own(later: Process, found: str, name: str) -> None:
    id, state = LIFECYCLE.create(later.context(resume=("go", name)), desired(motto="e4"))
    assert (id, state["adopted"], state["motto"]) == (found, False, "e4")


def test_object_that_the_setting_does_not_name_is_refused(later: Process, found: str) -> None:
    with pytest.raises(ResourceError, match="Then `pulumi config set opendatasoft:resume chess`"):
        LIFECYCLE.create(later.context(resume=("go",)), desired())


# ---------------------------------------------------------------- another machine, and nothing to recognise it by


@pytest.mark.parametrize(
    ("note", "was_begun", "is_recorded", "is_refused"),
    [
        (Intent(), True, False, True),
        (Intent(), True, True, True),
        (Intent(), False, False, False),
        (Note(Begun(datetime.now(UTC))), True, False, False),
    ],
    ids=["begun elsewhere", "replacement begun elsewhere", "nothing was begun", "noted here, and not made"],
)
def test_equal_key_is_refused_where_a_create_was_begun(
    process: Process, portal: Portal, note: Intent, was_begun: bool, is_recorded: bool, is_refused: bool
) -> None:
    made = portal.post("/apikeys/", {"label": "Nightly"})["uid"]
    if isinstance(note, Note):
        note.entry = Begun(datetime.now(UTC), known=(digest_of(made),))
    lifecycle = ods.ApiKey.lifecycle()
    inputs, _ = lifecycle.check({}, {"label": "Nightly"})
    context = process.context(intent=note, was_begun=lambda: was_begun, is_recorded=is_recorded)
    if is_refused:
        with pytest.raises(ResourceError, match=f"opendatasoft:resume {made}` finishes it"):
            lifecycle.create(context, inputs)
    else:
        assert lifecycle.create(context, inputs)[0] != made
