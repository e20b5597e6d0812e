"""Walks over declared values: their order, their leaves, and the keys that are not walked."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pulumi_opendatasoft.schema.canonical import canonical_json
from pulumi_opendatasoft.schema.traversal import Position, iter_leaves, iter_slots, map_value, zip_values
from pulumi_opendatasoft.schema.types import UNKNOWN, Anything, Object, Scalar, Shape, Slot

from .declared import EVERYTHING, Limit, Login, Safe, Token
from .fuzz import any_json
from .test_validation import GOOD

NAMES = [slot.name for slot in EVERYTHING] + ["type", "login", "calls", "group", "rights"]


def unchanged(_at: Position, value: Any) -> Any:
    return value


def paths(of: Slot | Shape, value: Any) -> list[tuple[Any, ...]]:
    return [at.path for at, _ in iter_leaves(of, value)]


# ---------------------------------------------------------------- one value


def test_a_copy_with_the_same_leaves_is_equal() -> None:
    assert map_value(EVERYTHING, GOOD, unchanged) == GOOD
    chance = random.Random(4)
    for _ in range(300):
        value = any_json(chance, NAMES)
        assert canonical_json(map_value(EVERYTHING, value, unchanged)) == canonical_json(value)


def test_every_leaf_is_replaced_and_nothing_else() -> None:
    value = {"limit": {"calls": 1}, "by_name": {"a": {"calls": 2}}, "words": ["a"], "extra": {"a": {"b": 1}}}
    assert map_value(EVERYTHING, value, lambda at, _: at.path) == {
        "words": [("words", 0)],
        "extra": {"a": ("extra", "a")},
        "limit": {"calls": ("limit", "calls")},
        "by_name": {"a": {"calls": ("by_name", "a", "calls")}},
    }


def test_members_come_in_the_order_of_their_declaration() -> None:
    assert list(map_value(EVERYTHING, {"unheard_of": 1, "size": 1, "name": "n"}, unchanged)) == [
        "name",
        "size",
        "unheard_of",
    ]


def test_undeclared_keys_are_copied_and_never_walked() -> None:
    value = {"limit": {"calls": 1, "unheard_of": {"a": None}}}
    copy = map_value(EVERYTHING, value, lambda _at, _: "leaf", keep=lambda slot, _: slot is not None)
    assert copy == {"limit": {"calls": "leaf", "unheard_of": {"a": None}}}
    assert paths(EVERYTHING, value) == [("limit", "calls")]


def test_members_and_entries_that_are_not_kept_are_left_out() -> None:
    value = {"labels": {"a": None, "b": "c"}, "limit": {"calls": None, "hard": True}, "words": [None]}
    kept = map_value(EVERYTHING, value, unchanged, keep=lambda _slot, value: value is not None)
    assert kept == {"labels": {"b": "c"}, "limit": {"hard": True}, "words": [None]}
    no_limit = map_value(EVERYTHING, value, unchanged, keep=lambda slot, _: slot is None or slot.name != "limit")
    assert no_limit == {"labels": {"a": None, "b": "c"}, "words": [None]}


def test_what_was_walked_is_finished_from_inside_out() -> None:
    finished: list[tuple[Any, ...]] = []

    def finish(at: Position, value: Any) -> Any:
        finished.append(at.path)
        return tuple(value)

    copy = map_value(EVERYTHING, {"limits": [{"calls": 1}]}, unchanged, finish=finish)
    assert (copy, finished) == (("limits",), [("limits", 0), ("limits",), ()])


@pytest.mark.parametrize("value", [None, UNKNOWN, "text", 3, True])
@pytest.mark.parametrize("member", NAMES[: len(EVERYTHING.slots)])
def test_a_value_without_parts_is_one_leaf(member: str, value: Any) -> None:
    assert [found for _, found in iter_leaves(EVERYTHING[member], value)] == [value]


@pytest.mark.parametrize(
    ("member", "value"), [("limit", [1]), ("limits", {"a": 1}), ("labels", ["a"]), ("size", {"a": 1}), ("size", [1])]
)
def test_a_value_of_another_form_is_one_leaf(member: str, value: Any) -> None:
    assert [found for _, found in iter_leaves(EVERYTHING[member], value)] == [value]


# ---------------------------------------------------------------- what a leaf knows


def test_a_leaf_of_a_union_has_the_type_of_its_alternative() -> None:
    login = {"type": "login", "name": "n", "password": "p"}
    positions = {at.path[-1]: at for at, _ in iter_leaves(EVERYTHING["auth"], login)}
    assert positions["type"].kind == Scalar((str,), ("login",))
    assert positions["password"].behaviour == Login.shape()["password"].behaviour
    assert [at.kind for at, _ in iter_leaves(EVERYTHING["auth"], {"type": "other"})] == [Anything()]
    assert [at.kind for at, _ in iter_leaves(EVERYTHING["text"], ["a"])] == [Scalar((str,))]


def test_items_and_entries_behave_as_their_property() -> None:
    [(at, _)] = iter_leaves(Safe.shape(), {"headers": {"x-token": "t"}})
    assert (at.path, at.behaviour.secret) == (("headers", "x-token"), True)
    [(at, _)] = iter_leaves(EVERYTHING, {"refers": ["g"]})
    assert (at.path, at.behaviour.refers_to) == (("refers", 0), "Group.uid")


def test_leaves_come_in_the_order_of_the_walk() -> None:
    value = {"words": ["a", "b"], "name": "n", "by_name": {"z": {}, "y": {"hard": True, "calls": 1}}}
    expected = [("name",), ("words", 0), ("words", 1), ("by_name", "y", "calls"), ("by_name", "y", "hard")]
    assert paths(EVERYTHING, value) == expected
    assert [at.path for at, _ in iter_leaves(EVERYTHING["words"], ["a"], ("words",))] == [("words", 0)]


# ---------------------------------------------------------------- two values


def pairs(member: str, one: Any, other: Any) -> Any:
    return zip_values(EVERYTHING[member], one, other, lambda _, one, other: (one, other))


@pytest.mark.parametrize(
    ("member", "one", "other", "paired"),
    [
        ("size", 1, 2, (1, 2)),
        ("limit", {"calls": 1, "hard": True}, {"calls": 2}, {"calls": (1, 2), "hard": (True, None)}),
        ("limit", {"calls": 1}, {"calls": 2, "hard": True}, {"calls": (1, 2)}),
        ("limit", {"calls": 1}, "another form", {"calls": (1, None)}),
        ("limit", "another form", {"calls": 1}, ("another form", {"calls": 1})),
        ("by_name", {"a": {"calls": 1}}, {"a": {"calls": 2}, "b": {}}, {"a": {"calls": (1, 2)}}),
        ("words", ["a"], ["b"], [("a", None)]),
        (
            "auth",
            {"type": "token", "token": "t"},
            {"type": "login"},
            {"type": ("token", "login"), "token": ("t", None)},
        ),
    ],
)
def test_parts_are_paired_by_name_and_items_with_none(member: str, one: Any, other: Any, paired: Any) -> None:
    assert pairs(member, one, other) == paired


def test_a_caller_may_walk_objects_in_its_own_way() -> None:
    def members(shape: Shape, one: Any, other: Any) -> Any:
        return shape.name, one, other

    slot, one = EVERYTHING["by_name"], {"a": {"calls": 1}}
    assert zip_values(slot, one, {}, lambda *_: None, members=members) == {"a": ("Limit", {"calls": 1}, {})}
    assert map_value(slot, one, unchanged, members=members) == {"a": ("Limit", {"calls": 1}, {})}


# ---------------------------------------------------------------- types


def test_every_member_that_a_type_can_reach_is_found() -> None:
    def names(kind: Any) -> list[str]:
        return [slot.name for slot in iter_slots(kind)]

    assert names(Object(Limit)) == ["calls", "share", "hard"]
    assert names(EVERYTHING["by_name"].kind) == names(EVERYTHING["limits"].kind) == names(Object(Limit))
    assert names(EVERYTHING["auth"].kind) == names(Object(Login)) + names(Object(Token))
    assert names(EVERYTHING["steps"].kind) == [*names(Object(Login)), "type", "params"]
    assert names(EVERYTHING["text"].kind) == names(Anything()) == []
    assert set(names(EVERYTHING)) > {slot.name for slot in EVERYTHING}
