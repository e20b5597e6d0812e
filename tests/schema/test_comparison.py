"""When two things are the same: program and program, program and portal, and what a read then reports."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from pulumi_opendatasoft.program.file import File
from pulumi_opendatasoft.schema.canonical import canonical_slot, fingerprint
from pulumi_opendatasoft.schema.codec import decode, encode
from pulumi_opendatasoft.schema.comparison import fingerprints_of, matches, report, same
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.types import UNKNOWN, UNMANAGED, MapOf, Object, OneOf, Slot

from .declared import EVERYTHING, Everything
from .fuzz import any_json
from .test_validation import GOOD


def is_same(member: str, before: Any, after: Any) -> bool:
    return same(EVERYTHING[member], before, after)


def is_there(member: str, asked: Any, live: Any) -> bool:
    return matches(EVERYTHING[member], asked, live)


def reported(member: str, asked: Any, live: Any, fingerprints: dict[str, str] | None = None) -> Any:
    return report(EVERYTHING[member], asked, live, fingerprints or {}, (member,))


# ---------------------------------------------------------------- program and program


@pytest.mark.parametrize("member", GOOD)
def test_what_is_asked_again_is_the_same(member: str) -> None:
    assert is_same(member, GOOD[member], GOOD[member])
    assert not is_same(member, GOOD[member], None)


@pytest.mark.parametrize(
    ("member", "before", "after"),
    [
        ("size", 1, True),
        ("words", ["a", "b"], ["b", "a"]),
        ("limit", {"calls": 1}, {"calls": 2}),
        ("limits", [{"calls": 1}], [{"calls": 1}, {"calls": 1}]),
        ("limits", [{}, {"calls": 1}], [{}, {"calls": 2}]),
        ("by_name", {"a": {"calls": 1}}, {"b": {"calls": 1}}),
        ("auth", {"type": "token", "token": "a"}, {"type": "token", "token": "b"}),
        ("steps", [{"type": "new", "params": {"a": 1}}], [{"type": "new", "params": {"a": 1, "b": 2}}]),
        ("html", "a", "b"),
        ("clock", "a", "b"),
        ("extra", {"a": 1}, {"a": 1, "b": 2}),
    ],
)
def test_another_wish_is_not_the_same(member: str, before: Any, after: Any) -> None:
    assert not is_same(member, before, after)


@pytest.mark.parametrize("member", GOOD)
def test_an_unknown_wish_is_not_the_same(member: str) -> None:
    assert not is_same(member, GOOD[member], UNKNOWN)


def test_a_member_that_was_let_go_of_does_not_count() -> None:
    assert is_same("limit", {"calls": 1, "share": UNMANAGED}, {"calls": 1})
    assert is_same("labels", {"a": "b", "c": UNMANAGED}, {"a": "b"})
    assert not is_same("labels", {"a": UNMANAGED}, {"a": "b"})


def test_a_local_member_inside_a_value_does_not_count() -> None:
    file = Slot("file", Object(File), Behaviour())
    here = {"path": "here/a.csv", "filename": "a.csv", "sha256": "0", "size": 1}
    assert same(file, here, {**here, "path": "there/a.csv"})
    assert not same(file, here, {**here, "sha256": "1"})


# ---------------------------------------------------------------- program and portal


@pytest.mark.parametrize("member", GOOD)
def test_the_portal_has_what_it_was_sent(member: str) -> None:
    slot = EVERYTHING[member]
    asked = canonical_slot(slot, GOOD[member])
    answer = json.loads(json.dumps(encode(slot, asked)))
    assert matches(slot, asked, decode(slot, answer))
    assert report(slot, asked, decode(slot, answer), {}, (member,)) == asked


@pytest.mark.parametrize(
    ("member", "asked", "live"),
    [
        ("name", "a", "b"),
        ("name", "a", None),
        ("on", False, None),
        ("words", ["a", "b"], ["b", "a"]),
        ("words", ["a"], ["a", "a"]),
        ("words", ["a"], "a"),
        ("tags", ["a"], ["a", "b"]),
        ("tags", ["a", "b"], ["a", "c"]),
        ("labels", {"a": "b"}, {"a": "b", "c": "d"}),
        ("labels", {"a": "b"}, ["a"]),
        ("limit", {"calls": 1}, {"calls": 1, "hard": True}),
        ("limit", {"calls": 1}, None),
        ("limits", [{"calls": 1}], [{"calls": 1}, {"calls": 2}]),
        ("by_name", {"a": {}}, {"a": {"calls": 1}}),
        ("rules", [{"group": "g"}], [{"group": "h"}]),
        ("auth", {"type": "login", "name": "n", "password": "p"}, {"type": "token"}),
        ("auth", {"type": "login", "name": "n", "password": "p"}, None),
        ("steps", [{"type": "new"}], [{"type": "newer"}]),
        ("steps", [{"type": "new", "params": {"a": 1}}], [{"type": "new", "params": {"a": 2}}]),
        ("text", ["a"], "a"),
        ("extra", {"a": {"b": [1]}}, {"a": {"b": [1, 2]}}),
        ("extra", {"a": 1}, None),
    ],
)
def test_what_the_portal_does_not_have_is_seen(member: str, asked: Any, live: Any) -> None:
    assert not is_there(member, asked, live)


@pytest.mark.parametrize(
    ("member", "asked", "live"),
    [
        ("tags", ["b", "a"], ["a", "b"]),
        ("tags", [], None),
        ("words", [], None),
        ("labels", {}, None),
        ("name", "", None),
        ("limit", {}, {"calls": None, "share": None, "hard": False}),
        ("limit", {"hard": False}, {"calls": None, "hard": False}),
        ("rules", [{"group": "a"}, {"group": "b"}], [{"group": "b"}, {"group": "a"}]),
        ("rules", [{"group": "a"}], [{"group": "a", "limit": {"hard": False}, "rights": []}]),
        ("auth", {"type": "login", "name": "n", "password": "p"}, {"type": "login", "name": "n"}),
        ("extra", {"a": {"b": 1}}, {"a": {"b": 1, "more": 2}, "more": 3}),
        ("extra", {"a": [{"b": 1}]}, {"a": [{"b": 1, "more": 2}]}),
        ("note", "n", None),
        ("clock", "then", "now"),
        ("html", UNMANAGED, "<p>theirs</p>"),
    ],
)
def test_what_the_portal_adds_or_never_tells_makes_no_difference(member: str, asked: Any, live: Any) -> None:
    assert is_there(member, asked, live)
    assert reported(member, asked, live) == asked


@pytest.mark.parametrize("member", GOOD)
def test_what_is_unknown_is_never_there_yet(member: str) -> None:
    steers_or_never_compared = {"note", "clock"}
    assert is_there(member, UNKNOWN, GOOD[member]) == (member in steers_or_never_compared)


def test_a_member_that_was_left_out_is_neutral_only_while_the_portal_says_so() -> None:
    rule = {"group": "g", "rights": ["r"]}
    assert is_there("rules", [rule], [{**rule, "limit": {"calls": None, "hard": False}}])
    assert not is_there("rules", [rule], [{**rule, "limit": {"calls": 1, "hard": False}}])


# ---------------------------------------------------------------- what a read reports


def test_what_holds_is_reported_as_it_was_asked() -> None:
    asked = [{"group": "g", "rights": ["r"]}]
    live = [{"group": "g", "rights": ["r"], "limit": {"hard": False}}]
    assert reported("rules", asked, live) is asked


@pytest.mark.parametrize(
    ("member", "asked", "live", "told"),
    [
        ("name", "a", "b", "b"),
        ("name", "a", None, None),
        ("limit", {"calls": 1, "share": 0.5}, {"calls": 2, "share": 0.5, "hard": False}, {"calls": 2, "share": 0.5}),
        ("limit", {"calls": 1}, {"calls": 1, "hard": True}, {"calls": 1, "hard": True}),
        ("by_name", {"a": {"calls": 1}, "b": {"calls": 2}}, {"a": {"calls": 9, "hard": False}}, {"a": {"calls": 9}}),
        ("by_name", {"a": {}}, {"a": {}, "b": {"calls": 1}}, {"a": {}, "b": {"calls": 1}}),
        ("labels", {"a": "b"}, {"a": "c", "d": "e"}, {"a": "c", "d": "e"}),
        ("extra", {"a": 1, "b": {"c": 1}}, {"a": 1, "b": {"c": 2, "more": 3}, "more": 4}, {"a": 1, "b": {"c": 2}}),
        ("extra", {"a": 1}, {}, {}),
        ("tags", ["a", "b"], ["c", "b"], ["b", "c"]),
        (
            "auth",
            {"type": "login", "name": "n", "password": "p"},
            {"type": "login", "name": "other"},
            {"type": "login", "name": "other", "password": "p"},
        ),
        ("auth", {"type": "login", "name": "n", "password": "p"}, {"type": "token"}, {"type": "token"}),
        ("auth", {"type": "login", "name": "n", "password": "p"}, None, None),
        (
            "limits",
            [{"calls": 1}, {"calls": 2}, {"calls": 3}],
            [{"calls": 1, "hard": False}, {"calls": 9, "hard": False}, {"calls": 3, "hard": False}],
            [{"calls": 1}, {"calls": 9}, {"calls": 3}],
        ),
        (
            "limits",
            [{"calls": 1}, {"calls": 2}],
            [{"calls": 2, "hard": False}, {"calls": 1, "hard": False}, {"calls": 3, "hard": True}],
            [{"calls": 2}, {"calls": 1}, {"calls": 3, "hard": True}],
        ),
        ("limits", [{}, {"calls": 1}], [{"calls": None, "hard": False}, {"calls": 2}], [{}, {"calls": 2}]),
        ("rules", [{"group": "a"}, {"group": "b"}], [{"group": "b"}], [{"group": "b"}]),
        ("text", "a", ["a"], ["a"]),
        ("text", "a", {"of": "another form"}, {"of": "another form"}),
    ],
)
def test_drift_is_reported_just_where_it_is(member: str, asked: Any, live: Any, told: Any) -> None:
    assert reported(member, asked, live) == told


def test_a_second_look_at_the_same_portal_reports_the_same() -> None:
    chance = random.Random(3)
    names = [slot.name for slot in EVERYTHING]
    for _ in range(400):
        live = any_json(chance, [*names, "type", "login", "new", "calls", "hard", "group", "rights"])
        for member, asked in GOOD.items():
            slot = EVERYTHING[member]
            there = decode(slot, live)
            once = report(slot, asked, there, {}, (member,))
            assert report(slot, once, there, {}, (member,)) == once


# ---------------------------------------------------------------- what the portal rewrites


def test_what_the_portal_made_of_our_text_is_no_difference() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", "<p>text</p>", ("html",))
    assert fingerprints == {"html": fingerprint("<p>text</p>")}
    assert reported("html", "text", "<p>text</p>", fingerprints) == "text"


def test_what_somebody_made_of_it_later_is_a_difference() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", "<p>text</p>", ("html",))
    assert reported("html", "text", "<p>other</p>", fingerprints) == "<p>other</p>"
    assert reported("html", "text", None, fingerprints) is None


def test_what_was_not_rewritten_leaves_no_fingerprint() -> None:
    assert fingerprints_of(EVERYTHING["html"], "text", "text", ("html",)) == {}


def test_what_the_portal_leaves_out_of_its_answer_is_no_difference_either() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", None, ("html",))
    assert reported("html", "text", None, fingerprints) == "text"
    assert reported("html", "text", "<p>other</p>", fingerprints) == "<p>other</p>"


def test_what_was_not_asked_leaves_no_fingerprint() -> None:
    assert fingerprints_of(EVERYTHING["html"], None, "text", ("html",)) == {}
    assert fingerprints_of(EVERYTHING["name"], "a", "b", ("name",)) == {}


def test_a_fingerprint_stands_under_the_path_of_its_text() -> None:
    pages = Slot("pages", MapOf(OneOf({}, Object(Everything))), Behaviour(None))
    asked = {"first": {"name": "n", "html": "text"}, "second": {"name": "n", "html": "text"}}
    live = {"first": {"name": "n", "html": "<p>text</p>"}, "second": {"name": "n", "html": "text"}}
    fingerprints = fingerprints_of(pages, asked, live, ("pages",))
    assert fingerprints == {"pages.first.html": fingerprint("<p>text</p>")}
    assert report(pages, asked, live, fingerprints, ("pages",)) == asked
    live["second"]["html"] = "other"
    assert report(pages, asked, live, fingerprints, ("pages",)) == {
        "first": {"name": "n", "html": "text"},
        "second": {"name": "n", "html": "other"},
    }


def test_no_fingerprint_is_ever_kept_of_a_secret() -> None:
    secret = Slot("key", EVERYTHING["html"].kind, Behaviour(None, secret=True, normalised=True))
    assert fingerprints_of(secret, "key", "KEY", ("key",)) == {}
