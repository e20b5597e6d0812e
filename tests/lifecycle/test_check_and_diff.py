"""The check of inputs and the diff against a state, neither of which calls the portal."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.schema.types import UNKNOWN

from .process import LIFECYCLE, desired

# ---------------------------------------------------------------- check


def test_check_returns_canonical_inputs() -> None:
    assert desired(permissions=["b", "a", "b"], town=None) == {"title": "Chess", "permissions": ["a", "b"]}


def test_check_returns_mistakes_of_types_first() -> None:
    _, failures = LIFECYCLE.check({}, {"title": 3})
    assert [str(failure) for failure in failures] == ["title: must be a string"]


def test_check_calls_the_handlers_check() -> None:
    _, failures = LIFECYCLE.check({}, {"title": "a secret club"})
    assert [str(failure) for failure in failures] == ["title: a club must not be secret"]


# ---------------------------------------------------------------- diff


def test_unchanged_inputs_are_no_diff() -> None:
    assert not LIFECYCLE.diff(desired(motto="m"), desired(motto="m"))


def test_diff_names_the_changed_properties() -> None:
    diff = LIFECYCLE.diff(desired(motto="m", hymn="h"), desired(title="Go", motto="n", hymn="h"))
    assert (diff.changed, diff.replaces, diff.notes) == (("title", "motto"), (), ())


@pytest.mark.parametrize(
    ("prior", "new", "replaces"),
    [("Lyon", "Paris", ("town",)), ("Lyon", UNKNOWN, ()), ("Lyon", None, ()), (None, "Paris", ())],
)
def test_only_a_known_new_immutable_value_replaces(prior: Any, new: Any, replaces: Any) -> None:
    diff = LIFECYCLE.diff(desired() | {"town": prior}, desired() | {"town": new})
    assert (diff.changed, diff.replaces) == (("town",), replaces)


def test_property_left_out_is_noted_as_unmanaged() -> None:
    diff = LIFECYCLE.diff(desired(motto="m", town="Lyon", portal="p", adopt=True), desired())
    assert diff.notes == ("motto: no longer managed, left as they are",)


def test_adopted_object_is_owned_once_adopt_is_removed() -> None:
    prior = desired(adopt=True) | {"adopted": True}
    assert not LIFECYCLE.diff(prior, desired(adopt=True))
    assert not LIFECYCLE.diff({**desired(), "adopted": True}, desired(), adopt_all=True)
    diff = LIFECYCLE.diff(prior, desired())
    assert diff.unfinished
    assert "from now on, deleting the resource deletes the object" in diff.notes[-1]


def test_unfinished_object_is_a_diff_without_changes() -> None:
    assert LIFECYCLE.diff(desired() | {"_unfinished": True}, desired()).unfinished
    assert LIFECYCLE.diff(desired() | {"incomplete": ["motto: refused"]}, desired()).unfinished


def test_reference_to_a_recreated_object_is_a_diff() -> None:
    user = ods.User.lifecycle()
    prior = {"email": "ana@example.org", "groups": ["editors"]}
    assert not user.diff(prior, prior)
    lost = user.diff(prior, prior, is_deleted=lambda refers_to, id: (refers_to, id) == ("Group.uid", "editors"))
    assert lost.changed == ("groups",)
