"""Values that stand for a text by its hash, compared with the text that a portal returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_opendatasoft.program.descriptors import Member, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.comparison import fingerprints_of, matches, report, same
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.types import MapOf, Object, OneOf, Scalar, Slot, StandIn, stand_in_of


class Length(Value, StandIn):
    """Stands for a text by its length."""

    path: Member[str] = member(local=True)
    length: Member[int] = member()

    @classmethod
    def of(cls, text: str) -> dict[str, Any]:
        return {"length": len(text)}

    @classmethod
    def hash_in(cls, members: Mapping[str, Any]) -> str:
        return str(members["length"])


TEXTS = Slot("html", MapOf(OneOf({}, Object(Length), Scalar((str,)))), Behaviour(None, normalised=True))
FILE = {"path": "a", "length": 3}


def test_only_the_class_of_a_stand_in_is_one() -> None:
    assert stand_in_of(Object(Length)) is Length
    assert stand_in_of(Scalar((str,))) is None


@pytest.mark.parametrize(("actual", "is_same"), [({"en": "one"}, True), ({"en": "four"}, False), ({}, False)])
def test_stand_in_matches_its_text(actual: dict[str, str], is_same: bool) -> None:
    assert matches(TEXTS, {"en": FILE}, actual) is is_same


def test_other_text_is_reported_by_its_hash_and_keeps_the_path() -> None:
    assert report(TEXTS, {"en": FILE, "fr": "un"}, {"en": "four", "fr": "un"}, {}, ("html",)) == {
        "en": {"path": "a", "length": 4},
        "fr": "un",
    }


def test_rewritten_entry_is_known_by_its_own_fingerprint() -> None:
    desired, actual = {"en": FILE, "fr": "un"}, {"en": "four", "fr": "un"}
    known = fingerprints_of(TEXTS, desired, actual, ("html",))

    assert list(known) == ["html.en"]
    assert report(TEXTS, desired, actual, known, ("html",)) == desired
    assert report(TEXTS, desired, {**actual, "fr": "deux"}, known, ("html",)) == {"en": FILE, "fr": "deux"}
    assert report(TEXTS, desired, {"en": "seven", "fr": "un"}, known, ("html",))["en"] == {"path": "a", "length": 5}


def test_mapping_with_more_entries_has_one_fingerprint() -> None:
    assert list(fingerprints_of(TEXTS, {"en": "un"}, {"en": "un", "fr": "x"}, ("html",))) == ["html"]


def test_another_path_is_no_change() -> None:
    assert same(TEXTS, {"en": FILE}, {"en": {"path": "b", "length": 3}})
    assert not same(TEXTS, {"en": FILE}, {"en": {"path": "a", "length": 4}})
    assert not same(TEXTS, {"en": FILE}, {"en": "one"})
