"""The options of a declaration, and those that contradict each other."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pulumi_opendatasoft.schema.property import NAME, REQUIRED, Behaviour, MemberOptions, Options


def test_what_has_no_default_must_be_given() -> None:
    assert Behaviour().required
    assert not Behaviour(None).required
    assert not Behaviour(NAME).required


def test_the_special_defaults_have_names() -> None:
    assert repr(REQUIRED) == "required"
    assert repr(NAME) == "the resource's name"


def test_a_reference_has_the_key_that_wraps_its_id() -> None:
    assert Behaviour(refers_to="User.username").wire_key == "username"
    assert Behaviour().wire_key is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"computed": True}, "never given"),
        ({"computed": True, "default": "x"}, "never given"),
        ({"computed": True, "default": None, "immutable": True}, "never given"),
        ({"computed": True, "default": None, "write_only": True}, "never given"),
        ({"computed": True, "default": None, "local": True}, "never given"),
        ({"is_id": True}, "only a computed property"),
        ({"once": True}, "write-only"),
        ({"local": True, "secret": True}, "never sent"),
        ({"local": True, "write_only": True}, "never sent"),
        ({"local": True, "null": True}, "never sent"),
        ({"local": True, "refers_to": "Group.uid"}, "never sent"),
        ({"secret": True, "unordered": True}, "no secret may be reachable through a list"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        Behaviour(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"default": None, "computed": True, "is_id": True},
        {"default": None, "computed": True, "secret": True},
        {"write_only": True, "secret": True, "once": True},
        {"default": None, "unordered": True, "refers_to": "Group.uid"},
        {"default": False, "local": True, "immutable": True},
        {"default": None, "normalised": True, "loose": True, "open": True},
    ],
)
def test_options_that_agree_are_kept(options: dict[str, Any]) -> None:
    behaviour = Behaviour(**options)
    assert {name: getattr(behaviour, name) for name in options} == options


def test_each_behaviour_that_a_program_sets_is_an_option() -> None:
    set_by_computed = {"computed", "is_id"}
    fields = {field.name for field in dataclasses.fields(Behaviour)} - set_by_computed
    assert set(MemberOptions.__annotations__) == fields
    assert set(Options.__annotations__) == fields - {"once", "loose"}
