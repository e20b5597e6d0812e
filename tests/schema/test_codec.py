"""Between a program's words and the API's JSON."""

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


# ---------------------------------------------------------------- sent


def test_a_value_is_sent_whole_with_the_apis_own_defaults_and_nulls() -> None:
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


def test_the_id_of_another_noun_is_wrapped_as_the_api_wants_it() -> None:
    assert body(refers=["g", "h"]) == {"refers": [{"uid": "g"}, {"uid": "h"}]}
    assert body(rules=[{"group": "g"}]) == {"rules": [{"group": {"uid": "g"}, "rights": []}]}


def test_what_is_local_or_let_go_of_is_not_sent() -> None:
    members = encode_members(EVERYTHING, {"name": "n", "note": "for me alone", "html": UNMANAGED}, {})
    assert members == {"name": "n", "auth": None}


def test_what_is_sent_once_is_sent_when_the_program_changes_it() -> None:
    asked = {"name": "n", "password": "p", "code": "c"}
    assert "code" not in encode_members(Login.shape(), asked, asked)
    assert encode_members(Login.shape(), asked, {**asked, "code": "used"})["code"] == "c"
    assert encode_members(Login.shape(), asked, {"name": "n"})["code"] == "c"


def test_what_is_sent_once_is_remembered_below_names_and_unions() -> None:
    asked = {"type": "login", "name": "n", "password": "p", "code": "c"}
    slot = EVERYTHING["auth"]
    assert "code" in encode(slot, asked)
    assert "code" not in encode(slot, asked, asked)
    assert "code" in encode(slot, asked, {"type": "token", "token": "t"})


def test_a_secret_that_is_never_told_again_is_sent_with_every_write() -> None:
    asked = {"name": "n", "password": "p"}
    assert encode_members(Login.shape(), asked, asked)["password"] == "p"


def test_what_a_value_refers_to_is_found_at_every_depth() -> None:
    asked = {
        "rules": [{"group": "a", "rights": ["r"]}, {"group": "b"}],
        "refers": ["c"],
        "auth": LOGIN,
        "by_name": {"x": {"calls": 1}},
    }
    found = [place for slot in EVERYTHING for place in references(slot, asked.get(slot.name))]
    assert found == [("Group.uid", "a"), ("Group.uid", "b"), ("Group.uid", "c")]
    doors = Slot("doors", MapOf(Object(Rule)), Behaviour(None))
    assert list(references(doors, {"x": {"group": "d"}, "y": {"group": UNKNOWN}})) == [("Group.uid", "d")]


def test_numbers_of_a_body_are_as_they_were_written_and_its_nulls_stay() -> None:
    body = {"calls": None, "limit": {"calls": 3.0, "none": None}, "list": [1.0, None]}
    assert canonical_json(typed_body(body)) == canonical_json(
        {"calls": None, "limit": {"calls": 3, "none": None}, "list": [1, None]}
    )


# ---------------------------------------------------------------- told


def test_what_the_portal_tells_is_in_a_programs_words() -> None:
    answer = {
        "name": "n",
        "size": 3.0,
        "refers": [{"uid": "g", "title": "G"}],
        "rules": [{"group": {"uid": "g", "title": "G"}, "rights": ["r"], "more": 1}],
        "by_name": {"a": {"calls": 2.0, "hard": True, "more": 1}},
        "anything": {"a": None, "b": 1.0},
        "unheard_of": 1,
        "words": None,
    }
    assert decode_members(EVERYTHING, answer) == {
        "name": "n",
        "size": 3,
        "refers": ["g"],
        "rules": [{"group": "g", "rights": ["r"]}],
        "by_name": {"a": {"calls": 2, "hard": True}},
        "anything": {"b": 1},
    }


def test_what_is_never_told_again_is_not_read_not_even_its_mask() -> None:
    answer = {"type": "login", "name": "n", "password": "********", "code": None}
    assert decode(EVERYTHING["auth"], answer) == {"type": "login", "name": "n"}


def test_what_is_local_is_not_read() -> None:
    assert decode_members(EVERYTHING, {"name": "n", "note": "theirs"}) == {"name": "n"}


def test_a_kind_that_this_version_does_not_know_is_read_all_the_same() -> None:
    assert decode(EVERYTHING["steps"], [{"type": "of the future", "params": {"a": 1.0}, "label": "l"}]) == [
        {"type": "of the future", "params": {"a": 1}}
    ]
    assert decode(EVERYTHING["auth"], {"type": "of the future", "key": 1.0}) == {"type": "of the future", "key": 1}


@pytest.mark.parametrize(
    ("member", "live", "value"),
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
def test_an_answer_of_another_form_is_read_as_it_is(member: str, live: Any, value: Any) -> None:
    assert equal(decode(EVERYTHING[member], live), value)


def test_what_was_sent_and_is_answered_is_what_was_asked() -> None:
    asked: dict[str, Any] = {
        "name": "n",
        "words": ["a"],
        "rules": [{"group": "g", "rights": ["r"], "limit": {"calls": 1, "hard": True}}],
        "steps": [{"type": "new", "params": {"a": 1}}],
        "refers": ["g"],
        "text": ["t"],
    }
    assert decode_members(EVERYTHING, encode_members(EVERYTHING, asked, {})) == asked


def test_no_answer_makes_a_read_fail() -> None:
    chance = random.Random(8)
    names = [slot.name for slot in EVERYTHING] + [slot.name for slot in Rule.shape()] + ["type"]
    for _ in range(500):
        answer = any_json(chance, names)
        for slot in EVERYTHING:
            json.dumps(decode(slot, answer))
        if isinstance(answer, dict):
            assert set(decode_members(EVERYTHING, answer)) <= {slot.name for slot in EVERYTHING}


# ---------------------------------------------------------------- secrets


def test_what_the_portal_never_tells_can_be_taken_off_at_every_depth() -> None:
    asked = {"name": "n", "auth": LOGIN, "steps": [LOGIN, {"type": "new"}], "unheard_of": 1}
    bare = {"type": "login", "name": "n"}
    assert without_write_only(EVERYTHING, asked) == {
        "name": "n",
        "auth": bare,
        "steps": [bare, {"type": "new"}],
        "unheard_of": 1,
    }
    assert without_write_only(Safe.shape(), {"by_name": {"a": {"auth": LOGIN}}, "key": "k"}) == {
        "by_name": {"a": {"auth": bare}}
    }


def test_a_secret_that_the_portal_tells_and_the_program_does_not_know_is_hidden() -> None:
    told = {"headers": {"ours": "1", "changed": "2", "theirs": "3"}, "open": {"deep": {"a": "1"}}, "name": "n"}
    asked = {"headers": {"ours": "1", "changed": "1"}, "open": {"deep": {"a": "1"}}}
    assert redact(Safe.shape(), told, asked) == {
        "headers": {"ours": "1", "changed": MASKED, "theirs": MASKED},
        "open": {"deep": {"a": "1"}},
        "name": "n",
    }


def test_a_secret_inside_a_value_is_hidden_by_itself() -> None:
    told = {"by_name": {"a": {"auth": {"type": "token", "token": "theirs"}}}}
    asked = {"by_name": {"a": {"auth": {"type": "token", "token": "ours"}}}}
    assert redact(Safe.shape(), told, asked) == {"by_name": {"a": {"auth": {"type": "token", "token": MASKED}}}}
    assert redact(Safe.shape(), told, told) == told
    assert redact(Safe.shape(), told, {}) == redact(Safe.shape(), told, asked)


def test_a_secret_of_any_form_is_hidden_whole() -> None:
    assert redact(Safe.shape(), {"open": {"deep": ["theirs"]}}, {}) == {"open": {"deep": MASKED}}
    assert redact(Safe.shape(), {"key": {"deep": ["theirs"]}}, {}) == {"key": MASKED}
    assert redact(EVERYTHING, {"steps": [{"type": "login", "password": "theirs"}]}, {}) == {
        "steps": [{"type": "login", "password": MASKED}]
    }


def test_every_secret_text_of_a_program_is_found() -> None:
    asked = {
        "name": "n",
        "key": "1",
        "headers": {"a": "2", "b": ""},
        "open": {"deep": {"a": "3", "list": ["4", {"b": "5"}], "number": 6}},
        "by_name": {"a": {"auth": {"type": "token", "token": "7"}}, "b": {"auth": LOGIN}},
        "unheard_of": "8",
    }
    assert sorted(secret_texts(Safe.shape(), asked)) == ["1", "2", "3", "4", "5", "7", "p"]
