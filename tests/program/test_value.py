"""Values as a program writes and reads them."""

from __future__ import annotations

import pytest
from pulumi_opendatasoft.program.value import revive
from pulumi_opendatasoft.schema.types import UNMANAGED, MapOf, Object

from ..schema.declared import EVERYTHING, Everything, Limit, Login, OpenStep, Rule, Safe, Token
from .programs import is_secret

pytestmark = pytest.mark.usefixtures("outputs")


def test_a_value_is_what_goes_over_the_wire() -> None:
    limit = Limit(calls=3)
    assert limit == {"calls": 3}
    assert isinstance(limit, dict)


def test_only_the_tag_of_a_union_is_filled_in() -> None:
    assert Rule(group="g") == {"group": "g"}
    assert Login(name="n", password="p").keys() == {"type", "name", "password"}


def test_a_value_is_read_by_the_names_of_its_members() -> None:
    rule = Rule(group="g", limit=Limit(calls=3))
    assert (rule.group, rule.limit) == ("g", {"calls": 3})
    assert (rule.rights, rule.limit and rule.limit.share) == ([], None)
    assert Limit().hard is False
    everything = Everything(name="n")
    assert (everything.words, everything.labels, everything.size) == ([], {}, None)


def test_a_member_can_be_set_later_and_taken_out_again() -> None:
    limit = Limit()
    limit.calls = 3
    assert limit == {"calls": 3}
    limit.calls = None
    assert limit == {}


def test_a_secret_member_is_a_secret_however_it_is_set() -> None:
    login = Login(name="n", password="p")
    assert is_secret(login["password"])
    login.password = "other"
    assert is_secret(login["password"])


def test_of_a_secret_mapping_the_names_stay_legible() -> None:
    headers = Safe(headers={"x-token": "t"})["headers"]
    assert list(headers) == ["x-token"]
    assert is_secret(headers["x-token"])


def test_a_value_names_missing_and_unknown_members() -> None:
    with pytest.raises(TypeError, match=r"^Login needs 'name'$"):
        Login(password="p")  # type: ignore[call-arg]  # the mistake under test
    with pytest.raises(TypeError, match=r"^OpenStep needs 'type'$"):
        OpenStep()  # type: ignore[call-arg]  # the mistake under test
    with pytest.raises(TypeError, match=r"^Limit has no 'speed': it has calls, share, hard$"):
        Limit(speed=3)  # type: ignore[call-arg]  # the mistake under test


# ---------------------------------------------------------------- values from the engine


def test_values_of_the_engine_are_revived_at_every_depth() -> None:
    raw = {
        "name": "n",
        "size": 3.0,
        "limit": {"calls": 1.0},
        "limits": [{"calls": 1.0}],
        "by_name": {"a": {"hard": True}},
        "rules": [{"group": "g", "limit": {"calls": 2.0}}],
        "auth": {"type": "token", "token": "t"},
        "steps": [{"type": "login", "name": "n"}, {"type": "of the future", "params": {"a": 1.0}}],
        "text": ["a"],
        "unheard_of": 1.0,
    }
    value = revive(Object(Everything), raw)
    assert value == raw
    assert [
        type(v) for v in (value, value.limit, value.limits[0], value.by_name["a"], value.rules[0], value.rules[0].limit)
    ] == [Everything, Limit, Limit, Limit, Rule, Limit]
    assert [type(v) for v in (value.auth, *value.steps)] == [Token, Login, OpenStep]
    assert isinstance(value.size, int)
    assert isinstance(value.limit.calls, int)
    assert isinstance(value["unheard_of"], int)


def test_an_unmanaged_member_is_read_as_unmanaged() -> None:
    value = revive(Object(Everything), {"words": UNMANAGED, "labels": UNMANAGED, "text": UNMANAGED, "limit": UNMANAGED})
    assert (value.words, value.labels, value.text, value.limit) == (UNMANAGED,) * 4


def test_a_value_of_an_undeclared_type_is_read_as_json() -> None:
    assert revive(EVERYTHING["auth"].kind, {"type": "of the future", "n": 1.0}) == {"type": "of the future", "n": 1}
    assert revive(Object(Limit), "text") == "text"
    assert revive(Object(Limit), None) is None
    assert revive(MapOf(Object(Limit)), None) == {}
