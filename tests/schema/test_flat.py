"""Members that lie flat on the wire: spread into the object that they belong to, and collected from it again."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.program.descriptors import Member, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.codec import decode_members, decode_property, encode_members, encode_property
from pulumi_opendatasoft.schema.comparison import matches, report
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.secrets import secret_texts
from pulumi_opendatasoft.schema.types import Object, Slot

from .declared import Login, OpenStep, Token


class Server(Value):
    """Its login lies beside its address."""

    url: Member[str] = member()
    login: Member[Login | Token | None] = member(default=None, flat=True)


class Step(Value):
    """Whatever it needs lies beside its type."""

    type: Member[str] = member()
    params: Member[dict[str, Any] | None] = member(default=None, open=True, flat=True)


SERVER, STEP = Server.shape(), Step.shape()
TOKEN = {"type": "token", "token": "t"}


@pytest.mark.parametrize(
    ("desired", "body"),
    [
        ({"url": "u", "login": TOKEN}, {"url": "u", "type": "token", "token": "t"}),
        (
            {"url": "u", "login": {"type": "login", "name": "n", "password": "p"}},
            {"url": "u", "type": "login", "name": "n", "password": "p"},
        ),
        ({"url": "u"}, {"url": "u"}),
    ],
)
def test_a_flat_union_is_spread_into_its_object(desired: Any, body: Any) -> None:
    assert encode_members(SERVER, desired, {}) == body


def test_a_flat_member_is_not_sent_again_if_sent_once() -> None:
    prior = {"url": "u", "login": {"type": "login", "name": "n", "password": "p", "code": "c"}}
    assert encode_members(SERVER, prior, {})["code"] == "c"
    assert "code" not in encode_members(SERVER, prior, prior)


@pytest.mark.parametrize(
    ("response", "actual"),
    [
        ({"url": "u", "type": "token", "token": "t", "created_at": "now"}, {"url": "u", "login": TOKEN}),
        ({"url": "u", "type": "login", "name": "n"}, {"url": "u", "login": {"type": "login", "name": "n"}}),
        ({"url": "u", "type": "new", "key": 1.0}, {"url": "u", "login": {"type": "new", "key": 1}}),
        ({"url": "u", "created_at": "now"}, {"url": "u"}),
        ({"url": "u"}, {"url": "u"}),
    ],
)
def test_a_flat_union_is_collected_from_its_object(response: Any, actual: Any) -> None:
    assert decode_members(SERVER, response) == actual


def test_a_flat_mapping_is_all_that_has_no_other_name() -> None:
    desired = {"type": "skip", "params": {"records": 3}}
    assert encode_members(STEP, desired, {}) == {"type": "skip", "records": 3}
    assert decode_members(STEP, {"type": "skip", "records": 3.0, "more": 1, "none": None}) == {
        "type": "skip",
        "params": {"records": 3, "more": 1},
    }
    assert decode_members(STEP, {"type": "skip"}) == {"type": "skip"}


def test_the_type_beside_a_flat_mapping_stays_the_objects_own() -> None:
    body = encode_members(STEP, {"type": "skip", "params": {"type": "other", "records": 3}}, {})
    assert body == {"type": "skip", "records": 3}


def test_what_lies_flat_is_compared_like_any_other_value() -> None:
    slot = Slot("server", Object(Server), Behaviour())
    desired = {"url": "u", "login": {"type": "login", "name": "n", "password": "p"}}
    same, other = ({"url": "u", "type": "login", "name": name} for name in ("n", "m"))
    assert matches(slot, desired, decode_members(SERVER, same))
    assert not matches(slot, desired, decode_members(SERVER, other))
    drifted = {"url": "u", "login": {"type": "login", "name": "m", "password": "p"}}
    assert report(slot, desired, decode_members(SERVER, other), {}, ("server",)) == drifted
    assert list(secret_texts(SERVER, desired)) == ["p"]


def test_one_property_is_encoded_and_decoded_by_itself() -> None:
    login, url = SERVER["login"], SERVER["url"]
    assert encode_property(login, TOKEN) == TOKEN
    assert encode_property(login, None) == {"login": None}
    assert encode_property(url, "u") == {"url": "u"}
    response = {"url": "u", **TOKEN}
    assert (decode_property(SERVER, login, response), decode_property(SERVER, url, response)) == (TOKEN, "u")
    assert (decode_property(SERVER, login, {"url": "u"}), decode_property(SERVER, url, {})) == (None, None)


def test_members_of_one_name_side_by_side_are_refused() -> None:
    class Twice(Value):
        type: Member[str] = member()
        step: Member[Login | OpenStep] = member(flat=True)

    with pytest.raises(TypeError, match=r"^Twice\.step lies flat beside members of the same name: \['type'\]$"):
        Twice.shape()


def test_only_an_object_or_a_mapping_can_lie_flat() -> None:
    class Text(Value):
        text: Member[str] = member(flat=True)

    with pytest.raises(TypeError, match=r"^Text\.text cannot lie flat: it is neither an object nor a mapping$"):
        Text.shape()


@pytest.mark.parametrize("option", [{"local": True}, {"write_only": True}, {"null": True}, {"refers_to": "A.b"}])
def test_options_that_contradict_flat_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="what lies flat"):
        Behaviour(flat=True, **option)
