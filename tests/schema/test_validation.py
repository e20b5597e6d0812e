"""The inputs of a program: each mistake is reported with its path, and never with its value."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.program.descriptors import ListMember, Member, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.failure import Failure, format_path
from pulumi_opendatasoft.schema.types import UNKNOWN, UNMANAGED
from pulumi_opendatasoft.schema.validation import failures

from .declared import EVERYTHING

CANARY = "c4n4ry"

GOOD: dict[str, Any] = {
    "name": "n",
    "size": 3,
    "share": 0.5,
    "on": True,
    "either": "x",
    "one_of_two": "b",
    "suggested": "something new",
    "anything": [{"a": 1}],
    "words": ["b", "a"],
    "tags": ["a"],
    "labels": {"a": "b"},
    "extra": {"a": {"b": [1]}},
    "limit": {"calls": 1, "share": 2},
    "limits": [{"hard": True}],
    "by_name": {"first": {"calls": 1}},
    "rules": [{"group": "g", "rights": ["r"], "limit": {"calls": 1}}],
    "auth": {"type": "login", "name": "n", "password": "p", "code": "c"},
    "steps": [{"type": "login", "name": "n", "password": "p"}, {"type": "of the future", "params": {"a": 1}}],
    "text": ["a"],
    "note": "n",
    "html": "h",
    "clock": "c",
    "refers": ["g"],
}


def reported(inputs: dict[str, Any]) -> list[str]:
    return sorted(map(str, failures(EVERYTHING, inputs)))


def mistakes(**members: Any) -> list[str]:
    return reported({"name": "n", **members})


def test_valid_inputs_pass() -> None:
    assert reported(GOOD) == []


def test_a_missing_member_is_reported() -> None:
    assert reported({}) == ["name: must be given"]


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("name", 3, "name: must be a string"),
        ("size", "3", "size: must be a whole number"),
        ("size", 1.5, "size: must be a whole number"),
        ("size", True, "size: must be a whole number"),
        ("share", "1", "share: must be a number"),
        ("share", False, "share: must be a number"),
        ("on", 1, "on: must be true or false"),
        ("on", "true", "on: must be true or false"),
        ("either", 3, "either: must be true or false or a string"),
        ("one_of_two", "c", "one_of_two: must be 'a' or 'b'"),
        ("suggested", 3, "suggested: must be a string"),
        ("words", "a", 'words: must be a list, in square brackets: ["…"]'),
        ("words", ["a", 3], "words[1]: must be a string"),
        ("labels", ["a"], 'labels: must be a mapping, in curly brackets: {"…": …}'),
        ("labels", {"a": 3}, "labels.a: must be a string"),
        ("extra", 3, 'extra: must be a mapping, in curly brackets: {"…": …}'),
        ("limit", 3, "limit: must be ods.Limit(…)"),
        ("limit", {"calls": "3"}, "limit.calls: must be a whole number"),
        ("limits", [{}, {"hard": "no"}], "limits[1].hard: must be true or false"),
        ("by_name", {"first": {"calls": True}}, "by_name.first.calls: must be a whole number"),
        ("rules", [{"group": "g", "limit": {"hard": 1}}], "rules[0].limit.hard: must be true or false"),
        ("rules", [{"rights": []}], "rules[0].group: must be given"),
        ("auth", {"type": "login", "name": "n"}, "auth.password: must be given"),
        ("auth", {"type": "token", "token": 3}, "auth.token: must be a string"),
        ("auth", {"type": "magic"}, "auth: must be one of these: ods.Login(…), ods.Token(…)"),
        ("auth", {"name": "n"}, "auth: must be one of these: ods.Login(…), ods.Token(…)"),
        ("auth", [3], "auth: must be one of these: ods.Login(…), ods.Token(…)"),
        ("auth", 3, "auth: must be one of these: ods.Login(…), ods.Token(…)"),
        ("steps", [{"type": "new", "params": 3}], 'steps[0].params: must be a mapping, in curly brackets: {"…": …}'),
        ("steps", [{"type": "login", "name": "n"}], "steps[0].password: must be given"),
        ("steps", [{}], "steps[0]: must be one of these: ods.Login(…), ods.OpenStep(…)"),
        ("steps", [{"name": "n", "more": 1}], "steps[0]: must be one of these: ods.Login(…), ods.OpenStep(…)"),
        ("steps", [3], "steps[0]: must be one of these: ods.Login(…), ods.OpenStep(…)"),
        ("text", 3, "text: must be a string"),
        ("text", [3], "text[0]: must be a string"),
        ("text", {}, "text: must be one of these: a string, a list"),
    ],
)
def test_a_mistake_is_reported_with_its_path(member: str, value: Any, message: str) -> None:
    assert mistakes(**{member: value}) == [message]


def test_an_absent_reference_is_explained_by_its_property() -> None:
    class Explained(Value):
        people: ListMember[str] = member(default=None, refers_to="Person.name", absent="has none before Monday")
        owner: Member[str] = member(refers_to="Person.name", absent="has none before Monday")
        words: ListMember[str] = member(default=None, refers_to="Word.text")

    def messages(**members: Any) -> list[str]:
        return [str(failure) for failure in failures(Explained.shape(), {"owner": "o", **members})]

    assert messages(people=["p", None]) == ["people[1]: has none before Monday"]
    assert messages(owner=None) == ["owner: has none before Monday"]
    assert messages(people=["p", 3]) == ["people[1]: must be a string"]
    assert messages(words=[None]) == ["words[0]: must be a string"]
    assert [str(failure) for failure in failures(Explained.shape(), {})] == ["owner: has none before Monday"]


def test_an_undeclared_key_is_reported_with_the_declared_ones() -> None:
    assert mistakes(limit={"xyz": 1}) == ["limit.xyz: is not a property of Limit; it has calls, share, hard"]
    assert mistakes(steps=[{"type": "new", "xyz": 1}]) == [
        "steps[0].xyz: is not a property of OpenStep; it has type, params"
    ]
    assert mistakes(by_name={"first": {"xyz": 1}}) == [
        "by_name.first.xyz: is not a property of Limit; it has calls, share, hard"
    ]


def test_a_mistyped_name_is_reported_with_the_closest_one() -> None:
    assert mistakes(limit={"cals": 1}) == ["limit.cals: is not a property of Limit; did you mean calls?"]


def test_every_mistake_is_reported_at_once() -> None:
    assert reported({"size": "1", "limits": [{"hard": 1}, {"hard": 2}]}) == [
        "limits[0].hard: must be true or false",
        "limits[1].hard: must be true or false",
        "name: must be given",
        "size: must be a whole number",
    ]


def test_a_whole_number_is_a_number() -> None:
    assert mistakes(share=3) == []


def test_the_names_of_the_derived_model_are_not_properties() -> None:
    assert mistakes(m0="x") == [
        f"m0: is not a property of Everything; it has {', '.join(s.name for s in EVERYTHING.settable)}"
    ]


def positions(value: Any) -> list[Any]:
    """The value again and again, with something unknown at each of its positions in turn."""
    found: list[Any] = [UNKNOWN]
    if isinstance(value, dict):
        found += [{**value, k: inner} for k, v in value.items() for inner in positions(v)]
    if isinstance(value, list):
        found += [[*value[:i], inner, *value[i + 1 :]] for i, v in enumerate(value) for inner in positions(v)]
    return found


@pytest.mark.parametrize("member", GOOD)
def test_an_unknown_value_passes_in_every_position(member: str) -> None:
    for variant in positions(GOOD[member]):
        assert reported({**GOOD, member: variant}) == []


def test_an_unknown_beside_a_mistake_does_not_hide_it() -> None:
    assert mistakes(limits=[UNKNOWN, {"hard": 1}]) == ["limits[1].hard: must be true or false"]


def test_only_a_loose_member_can_be_unmanaged() -> None:
    assert mistakes(html=UNMANAGED, text=UNMANAGED) == []
    assert mistakes(size=UNMANAGED) == ["size: must be a whole number"]


def poisoned(value: Any) -> list[Any]:
    """The value again and again, with the canary where it does not belong: as every value, and under every name."""
    found: list[Any] = [CANARY, [CANARY], {"x": CANARY}, {"type": CANARY}, [[CANARY]]]
    if isinstance(value, dict):
        found += [{**value, k: inner} for k, v in value.items() for inner in poisoned(v)]
        found.append({**value, "unheard_of": CANARY})
    if isinstance(value, list):
        found += [[*value[:i], inner, *value[i + 1 :]] for i, v in enumerate(value) for inner in poisoned(v)]
    return found


def test_no_value_is_ever_in_a_message() -> None:
    messages = [
        message
        for member, value in GOOD.items()
        for bad in poisoned(value)
        for message in reported({**GOOD, member: bad})
    ]
    assert len(messages) > 100
    assert [m for m in messages if CANARY in m] == []


def test_a_path_reads_as_pulumi_writes_it() -> None:
    assert format_path(("fields", 3, "from_name")) == "fields[3].from_name"
    assert format_path(("sources", "stations", "type")) == "sources.stations.type"
    assert format_path(()) == ""


def test_a_mistake_without_a_path_is_its_reason() -> None:
    assert str(Failure("", "nothing is right")) == "nothing is right"
