"""Desired values as the API's JSON, responses as declared values, and what is secret in both."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from pulumi_opendatasoft.lifecycle.handler import typed_body
from pulumi_opendatasoft.schema.canonical import canonical_json, equal
from pulumi_opendatasoft.schema.codec import (
    decode,
    decode_members,
    encode,
    encode_members,
    references,
    without_write_only,
)
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.secrets import MASKED, redact, secret_texts
from pulumi_opendatasoft.schema.types import UNKNOWN, UNMANAGED, MapOf, Object, Slot

from .declared import EVERYTHING, Limit, Login, Rule, Safe
from .fuzz import any_json

LOGIN = {"type": "login", "name": "n", "password": "p", "code": "c"}


def body(**members: Any) -> dict[str, Any]:
    """The members that were given, on the wire; the rest of `Everything` is left out."""
    return {name: encode(EVERYTHING[name], value) for name, value in members.items()}


# ---------------------------------------------------------------- bodies


def test_a_value_is_encoded_with_its_defaults_and_nulls() -> None:
    assert encode_members(Limit.shape(), {}, {}) == {"calls": None, "hard": False}
    assert encode_members(Limit.shape(), {"calls": 3, "share": 0.5, "hard": True}, {}) == {
        "calls": 3,
        "share": 0.5,
        "hard": True,
    }


def test_the_tag_of_a_union_is_sent() -> None:
    assert encode_members(Login.shape(), {"name": "n"}, {})["type"] == "login"


def test_values_inside_lists_and_mappings_are_sent_whole() -> None:
    whole = {"calls": None, "hard": False}
    assert body(limits=[{}], by_name={"a": {}}, limit={}) == {
        "limits": [whole],
        "by_name": {"a": whole},
        "limit": whole,
    }


def test_a_reference_is_wrapped_in_its_key() -> None:
    assert body(refers=["g", "h"]) == {"refers": [{"uid": "g"}, {"uid": "h"}]}
    assert body(rules=[{"group": "g"}]) == {"rules": [{"group": {"uid": "g"}, "rights": []}]}


def test_local_and_unmanaged_members_are_not_sent() -> None:
    members = encode_members(EVERYTHING, {"name": "n", "note": "for me alone", "html": UNMANAGED}, {})
    assert members == {"name": "n", "auth": None}


def test_what_is_sent_once_is_sent_when_the_program_changes_it() -> None:
    desired = {"name": "n", "password": "p", "code": "c"}
    assert "code" not in encode_members(Login.shape(), desired, desired)
    assert encode_members(Login.shape(), desired, {**desired, "code": "used"})["code"] == "c"
    assert encode_members(Login.shape(), desired, {"name": "n"})["code"] == "c"


def test_what_is_sent_once_is_known_below_maps_and_unions() -> None:
    desired = {"type": "login", "name": "n", "password": "p", "code": "c"}
    slot = EVERYTHING["auth"]
    assert "code" in encode(slot, desired)
    assert "code" not in encode(slot, desired, desired)
    assert "code" in encode(slot, desired, {"type": "token", "token": "t"})


def test_a_write_only_secret_is_sent_with_every_write() -> None:
    desired = {"name": "n", "password": "p"}
    assert encode_members(Login.shape(), desired, desired)["password"] == "p"


def test_references_are_found_at_every_depth() -> None:
    desired = {
        "rules": [{"group": "a", "rights": ["r"]}, {"group": "b"}],
        "refers": ["c"],
        "auth": LOGIN,
        "by_name": {"x": {"calls": 1}},
    }
    found = [reference for slot in EVERYTHING for reference in references(slot, desired.get(slot.name))]
    assert found == [("Group.uid", "a"), ("Group.uid", "b"), ("Group.uid", "c")]
    doors = Slot("doors", MapOf(Object(Rule)), Behaviour(None))
    assert list(references(doors, {"x": {"group": "d"}, "y": {"group": UNKNOWN}})) == [("Group.uid", "d")]


def test_a_body_keeps_its_nulls_and_whole_numbers() -> None:
    body = {"calls": None, "limit": {"calls": 3.0, "none": None}, "list": [1.0, None]}
    assert canonical_json(typed_body(body)) == canonical_json(
        {"calls": None, "limit": {"calls": 3, "none": None}, "list": [1, None]}
    )


# ---------------------------------------------------------------- responses


def test_a_response_is_decoded_to_declared_members() -> None:
    response = {
        "name": "n",
        "size": 3.0,
        "refers": [{"uid": "g", "title": "G"}],
        "rules": [{"group": {"uid": "g", "title": "G"}, "rights": ["r"], "more": 1}],
        "by_name": {"a": {"calls": 2.0, "hard": True, "more": 1}},
        "anything": {"a": None, "b": 1.0},
        "unheard_of": 1,
        "words": None,
    }
    assert decode_members(EVERYTHING, response) == {
        "name": "n",
        "size": 3,
        "refers": ["g"],
        "rules": [{"group": "g", "rights": ["r"]}],
        "by_name": {"a": {"calls": 2, "hard": True}},
        "anything": {"b": 1},
    }


def test_a_write_only_member_is_not_decoded() -> None:
    response = {"type": "login", "name": "n", "password": "********", "code": None}
    assert decode(EVERYTHING["auth"], response) == {"type": "login", "name": "n"}


def test_a_local_member_is_not_decoded() -> None:
    assert decode_members(EVERYTHING, {"name": "n", "note": "theirs"}) == {"name": "n"}


def test_a_value_of_an_undeclared_type_is_decoded() -> None:
    assert decode(EVERYTHING["steps"], [{"type": "of the future", "params": {"a": 1.0}, "label": "l"}]) == [
        {"type": "of the future", "params": {"a": 1}}
    ]
    assert decode(EVERYTHING["auth"], {"type": "of the future", "key": 1.0}) == {"type": "of the future", "key": 1}


@pytest.mark.parametrize(
    ("member", "response", "value"),
    [
        ("limit", "text", "text"),
        ("limits", {"a": 1.0}, {"a": 1}),
        ("labels", [1.0], [1]),
        ("refers", "g", "g"),
        ("refers", ["g", {"other": "g"}], ["g", None]),
        ("size", {"value": 3.0}, {"value": 3}),
        ("steps", ["text"], ["text"]),
        ("text", {"a": 1.0}, {"a": 1}),
    ],
)
def test_a_response_of_another_form_is_decoded_as_it_is(member: str, response: Any, value: Any) -> None:
    assert equal(decode(EVERYTHING[member], response), value)


def test_an_encoded_value_decodes_to_itself() -> None:
    desired: dict[str, Any] = {
        "name": "n",
        "words": ["a"],
        "rules": [{"group": "g", "rights": ["r"], "limit": {"calls": 1, "hard": True}}],
        "steps": [{"type": "new", "params": {"a": 1}}],
        "refers": ["g"],
        "text": ["t"],
    }
    assert decode_members(EVERYTHING, encode_members(EVERYTHING, desired, {})) == desired


def test_no_response_makes_decoding_fail() -> None:
    chance = random.Random(8)
    names = [slot.name for slot in EVERYTHING] + [slot.name for slot in Rule.shape()] + ["type"]
    for _ in range(500):
        response = any_json(chance, names)
        for slot in EVERYTHING:
            json.dumps(decode(slot, response))
        if isinstance(response, dict):
            assert set(decode_members(EVERYTHING, response)) <= {slot.name for slot in EVERYTHING}


# ---------------------------------------------------------------- secrets


def test_write_only_members_are_removed_at_every_depth() -> None:
    desired = {"name": "n", "auth": LOGIN, "steps": [LOGIN, {"type": "new"}], "unheard_of": 1}
    bare = {"type": "login", "name": "n"}
    assert without_write_only(EVERYTHING, desired) == {
        "name": "n",
        "auth": bare,
        "steps": [bare, {"type": "new"}],
        "unheard_of": 1,
    }
    assert without_write_only(Safe.shape(), {"by_name": {"a": {"auth": LOGIN}}, "key": "k"}) == {
        "by_name": {"a": {"auth": bare}}
    }


def test_a_secret_that_the_program_does_not_know_is_masked() -> None:
    actual = {"headers": {"ours": "1", "changed": "2", "theirs": "3"}, "open": {"deep": {"a": "1"}}, "name": "n"}
    desired = {"headers": {"ours": "1", "changed": "1"}, "open": {"deep": {"a": "1"}}}
    assert redact(Safe.shape(), actual, desired) == {
        "headers": {"ours": "1", "changed": MASKED, "theirs": MASKED},
        "open": {"deep": {"a": "1"}},
        "name": "n",
    }


def test_a_secret_member_is_masked_alone() -> None:
    actual = {"by_name": {"a": {"auth": {"type": "token", "token": "theirs"}}}}
    desired = {"by_name": {"a": {"auth": {"type": "token", "token": "ours"}}}}
    assert redact(Safe.shape(), actual, desired) == {"by_name": {"a": {"auth": {"type": "token", "token": MASKED}}}}
    assert redact(Safe.shape(), actual, actual) == actual
    assert redact(Safe.shape(), actual, {}) == redact(Safe.shape(), actual, desired)


def test_a_secret_of_another_form_is_masked_whole() -> None:
    assert redact(Safe.shape(), {"open": {"deep": ["theirs"]}}, {}) == {"open": {"deep": MASKED}}
    assert redact(Safe.shape(), {"key": {"deep": ["theirs"]}}, {}) == {"key": MASKED}
    assert redact(EVERYTHING, {"steps": [{"type": "login", "password": "theirs"}]}, {}) == {
        "steps": [{"type": "login", "password": MASKED}]
    }


def test_every_secret_text_of_a_program_is_found() -> None:
    desired = {
        "name": "n",
        "key": "1",
        "headers": {"a": "2", "b": ""},
        "open": {"deep": {"a": "3", "list": ["4", {"b": "5"}], "number": 6}},
        "by_name": {"a": {"auth": {"type": "token", "token": "7"}}, "b": {"auth": LOGIN}},
        "unheard_of": "8",
    }
    assert sorted(secret_texts(Safe.shape(), desired)) == ["1", "2", "3", "4", "5", "7", "p"]
