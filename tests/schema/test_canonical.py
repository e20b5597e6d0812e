"""The canonical form of values, which the engine compares and the state keeps."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.schema.canonical import (
    as_set,
    canonical_json,
    canonical_members,
    canonical_slot,
    equal,
    fingerprint,
    typed,
)
from pulumi_opendatasoft.schema.types import UNKNOWN

from .declared import EVERYTHING


def canonical(**members: Any) -> dict[str, Any]:
    return canonical_members(EVERYTHING, members)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3.0, 3),
        (3.5, 3.5),
        (-0.0, 0),
        (True, True),
        ("3.0", "3.0"),
        ([1.0, [2.0]], [1, [2]]),
        ({"a": 1.0, "b": None, "c": {"d": None}}, {"a": 1, "c": {}}),
        ((1.0, 2), [1, 2]),
        (None, None),
    ],
)
def test_whole_numbers_are_integers_and_none_is_left_out(raw: Any, value: Any) -> None:
    assert canonical_json(typed(raw)) == canonical_json(value)


def test_one_and_true_are_different() -> None:
    assert not equal(1, True)
    assert not equal(0, False)
    assert equal({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_a_fingerprint_is_short_and_the_same_for_equal_values() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint("<p>text</p>") != fingerprint("text")
    assert len(fingerprint("a text of any length" * 100)) == 16


def test_members_are_in_the_order_of_the_declaration() -> None:
    assert list(canonical(words=["a"], size=1, name="n")) == ["name", "size", "words"]


def test_undeclared_keys_stay_for_the_check_to_report() -> None:
    assert canonical(unheard_of=1, name="n") == {"name": "n", "unheard_of": 1}


def test_none_is_left_out() -> None:
    assert canonical(name="n", size=None, labels={"a": None, "b": "c"}, limit={"calls": None}) == {
        "name": "n",
        "labels": {"b": "c"},
        "limit": {},
    }


def test_a_set_is_sorted_and_has_each_item_once() -> None:
    assert canonical(tags=["b", "a", "b"]) == {"tags": ["a", "b"]}


def test_the_order_of_a_list_is_kept() -> None:
    assert canonical(words=["b", "a", "b"]) == {"words": ["b", "a", "b"]}


def test_a_set_inside_a_set_is_sorted_first() -> None:
    one = {"group": "g", "rights": ["b", "a"]}
    other = {"rights": ["a", "b"], "group": "g"}
    assert canonical(rules=[one, {"group": "a", "rights": []}, other]) == {
        "rules": [{"group": "a", "rights": []}, {"group": "g", "rights": ["a", "b"]}]
    }


def test_whole_numbers_are_integers_at_every_depth() -> None:
    given = {
        "size": 3.0,
        "limit": {"calls": 1.0},
        "limits": [{"calls": 1.0}],
        "by_name": {"a": {"calls": 1.0}},
        "steps": [{"type": "new", "params": {"a": [1.0]}}],
        "anything": {"a": 1.0},
    }
    assert canonical_json(canonical(**given)) == canonical_json(
        {
            "size": 3,
            "limit": {"calls": 1},
            "limits": [{"calls": 1}],
            "by_name": {"a": {"calls": 1}},
            "steps": [{"type": "new", "params": {"a": [1]}}],
            "anything": {"a": 1},
        }
    )


def test_a_second_time_changes_nothing() -> None:
    given: dict[str, Any] = {
        "tags": ["b", UNKNOWN, "a"],
        "rules": [{"group": "g", "rights": ["b", "a"]}],
        "text": ["b"],
        "steps": [{"type": "login", "name": "n"}],
    }
    once = canonical(**given)
    assert canonical_members(EVERYTHING, once) == once


@pytest.mark.parametrize("member", [slot.name for slot in EVERYTHING])
def test_an_unknown_stays_what_it_is(member: str) -> None:
    assert canonical_slot(EVERYTHING[member], UNKNOWN) is UNKNOWN


def test_unknown_items_of_a_set_all_stay() -> None:
    assert as_set([UNKNOWN, "b", UNKNOWN, "a"]) == ["a", "b", UNKNOWN, UNKNOWN]
    rule = {"group": UNKNOWN, "rights": ["a"]}
    assert canonical(rules=[rule, rule]) == {"rules": [rule, rule]}


def test_values_of_another_form_stay_for_the_check_to_report() -> None:
    assert canonical(tags="a", labels=["a"], limit=3.0, steps={"type": "new"}) == {
        "tags": "a",
        "labels": ["a"],
        "limit": 3,
        "steps": {"type": "new"},
    }
