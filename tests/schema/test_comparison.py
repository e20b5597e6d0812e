"""Desired values compared with prior and with actual ones, and the state after a read."""

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


def is_same(member: str, prior: Any, desired: Any) -> bool:
    return same(EVERYTHING[member], prior, desired)


def is_match(member: str, desired: Any, actual: Any) -> bool:
    return matches(EVERYTHING[member], desired, actual)


def reported(member: str, desired: Any, actual: Any, fingerprints: dict[str, str] | None = None) -> Any:
    return report(EVERYTHING[member], desired, actual, fingerprints or {}, (member,))


# ---------------------------------------------------------------- desired and prior


@pytest.mark.parametrize("member", GOOD)
def test_an_unchanged_value_is_the_same(member: str) -> None:
    assert is_same(member, GOOD[member], GOOD[member])
    assert not is_same(member, GOOD[member], None)


@pytest.mark.parametrize(
    ("member", "prior", "desired"),
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
def test_a_changed_value_is_not_the_same(member: str, prior: Any, desired: Any) -> None:
    assert not is_same(member, prior, desired)


@pytest.mark.parametrize("member", GOOD)
def test_an_unknown_value_is_not_the_same(member: str) -> None:
    assert not is_same(member, GOOD[member], UNKNOWN)


def test_an_unmanaged_member_is_not_compared() -> None:
    assert is_same("limit", {"calls": 1, "share": UNMANAGED}, {"calls": 1})
    assert is_same("labels", {"a": "b", "c": UNMANAGED}, {"a": "b"})
    assert not is_same("labels", {"a": UNMANAGED}, {"a": "b"})


def test_a_local_member_is_not_compared() -> None:
    file = Slot("file", Object(File), Behaviour())
    here = {"path": "here/a.csv", "filename": "a.csv", "sha256": "0", "size": 1}
    assert same(file, here, {**here, "path": "there/a.csv"})
    assert not same(file, here, {**here, "sha256": "1"})


# ---------------------------------------------------------------- desired and actual


@pytest.mark.parametrize("member", GOOD)
def test_the_portal_has_what_it_was_sent(member: str) -> None:
    slot = EVERYTHING[member]
    desired = canonical_slot(slot, GOOD[member])
    answer = json.loads(json.dumps(encode(slot, desired)))
    assert matches(slot, desired, decode(slot, answer))
    assert report(slot, desired, decode(slot, answer), {}, (member,)) == desired


@pytest.mark.parametrize(
    ("member", "desired", "actual"),
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
def test_a_value_that_the_portal_does_not_have_does_not_match(member: str, desired: Any, actual: Any) -> None:
    assert not is_match(member, desired, actual)


@pytest.mark.parametrize(
    ("member", "desired", "actual"),
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
def test_what_the_portal_adds_or_never_returns_still_matches(member: str, desired: Any, actual: Any) -> None:
    assert is_match(member, desired, actual)
    assert reported(member, desired, actual) == desired


@pytest.mark.parametrize("member", GOOD)
def test_an_unknown_value_matches_nothing(member: str) -> None:
    steers_or_never_compared = {"note", "clock"}
    assert is_match(member, UNKNOWN, GOOD[member]) == (member in steers_or_never_compared)


def test_a_member_left_out_differs_once_the_portal_has_a_value() -> None:
    rule = {"group": "g", "rights": ["r"]}
    assert is_match("rules", [rule], [{**rule, "limit": {"calls": None, "hard": False}}])
    assert not is_match("rules", [rule], [{**rule, "limit": {"calls": 1, "hard": False}}])


# ---------------------------------------------------------------- the state after a read


def test_a_matching_value_is_reported_as_desired() -> None:
    desired = [{"group": "g", "rights": ["r"]}]
    actual = [{"group": "g", "rights": ["r"], "limit": {"hard": False}}]
    assert reported("rules", desired, actual) is desired


@pytest.mark.parametrize(
    ("member", "desired", "actual", "reported_value"),
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
def test_drift_is_reported_just_where_it_is(member: str, desired: Any, actual: Any, reported_value: Any) -> None:
    assert reported(member, desired, actual) == reported_value


def test_a_second_read_reports_the_same() -> None:
    chance = random.Random(3)
    names = [slot.name for slot in EVERYTHING]
    for _ in range(400):
        actual = any_json(chance, [*names, "type", "login", "new", "calls", "hard", "group", "rights"])
        for member, desired in GOOD.items():
            slot = EVERYTHING[member]
            decoded = decode(slot, actual)
            once = report(slot, desired, decoded, {}, (member,))
            assert report(slot, once, decoded, {}, (member,)) == once


# ---------------------------------------------------------------- texts that the portal rewrites


def test_a_rewritten_text_is_no_difference() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", "<p>text</p>", ("html",))
    assert fingerprints == {"html": fingerprint("<p>text</p>")}
    assert reported("html", "text", "<p>text</p>", fingerprints) == "text"


def test_a_rewritten_text_that_changes_later_is_a_difference() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", "<p>text</p>", ("html",))
    assert reported("html", "text", "<p>other</p>", fingerprints) == "<p>other</p>"
    assert reported("html", "text", None, fingerprints) is None


def test_a_text_kept_as_written_has_no_fingerprint() -> None:
    assert fingerprints_of(EVERYTHING["html"], "text", "text", ("html",)) == {}


def test_a_text_that_the_response_leaves_out_is_no_difference() -> None:
    fingerprints = fingerprints_of(EVERYTHING["html"], "text", None, ("html",))
    assert reported("html", "text", None, fingerprints) == "text"
    assert reported("html", "text", "<p>other</p>", fingerprints) == "<p>other</p>"


def test_an_unmanaged_or_unnormalised_value_has_no_fingerprint() -> None:
    assert fingerprints_of(EVERYTHING["html"], None, "text", ("html",)) == {}
    assert fingerprints_of(EVERYTHING["name"], "a", "b", ("name",)) == {}


def test_a_fingerprint_is_kept_by_the_path_of_its_text() -> None:
    pages = Slot("pages", MapOf(OneOf({}, Object(Everything))), Behaviour(None))
    desired = {"first": {"name": "n", "html": "text"}, "second": {"name": "n", "html": "text"}}
    actual = {"first": {"name": "n", "html": "<p>text</p>"}, "second": {"name": "n", "html": "text"}}
    fingerprints = fingerprints_of(pages, desired, actual, ("pages",))
    assert fingerprints == {"pages.first.html": fingerprint("<p>text</p>")}
    assert report(pages, desired, actual, fingerprints, ("pages",)) == desired
    actual["second"]["html"] = "other"
    assert report(pages, desired, actual, fingerprints, ("pages",)) == {
        "first": {"name": "n", "html": "text"},
        "second": {"name": "n", "html": "other"},
    }


def test_a_secret_has_no_fingerprint() -> None:
    secret = Slot("key", EVERYTHING["html"].kind, Behaviour(None, secret=True, normalised=True))
    assert fingerprints_of(secret, "key", "KEY", ("key",)) == {}
