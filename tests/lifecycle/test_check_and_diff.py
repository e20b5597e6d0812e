"""What a program asks, and what of it changed: told without a call to the portal."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.schema.types import UNKNOWN

from .process import LIFE, asked

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
    user = ods.User.lifecycle()
    before = {"email": "ana@example.org", "groups": ["editors"]}
    assert not user.diff(before, before)
    lost = user.diff(before, before, is_deleted=lambda refers_to, id: (refers_to, id) == ("Group.uid", "editors"))
    assert lost.changed == ("groups",)
