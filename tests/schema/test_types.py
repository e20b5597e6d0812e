"""What annotations declare. This module lets Python evaluate its annotations; `declared.py` leaves them as text."""

from typing import Any, Literal, Optional, Union

import pytest
from pulumi_opendatasoft.program.descriptors import ListMember, ListProp, MapMember, MapProp, Member, Prop, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.property import Behaviour
from pulumi_opendatasoft.schema.types import (
    UNKNOWN,
    Anything,
    Declared,
    Kind,
    ListOf,
    MapOf,
    Object,
    OneOf,
    Scalar,
    Shape,
    Slot,
    slot_of,
)

from .declared import EVERYTHING, Limit, Login, OpenStep, Token

REST = Behaviour()


class Here:
    """Whose body the annotations of these tests are said to stand in."""


class Twin(Value):
    """Has the same tag as Login."""

    type: Member[Literal["token", "login"]] = member(default="login")


class Unsaid(Value):
    """Has nothing by which it could be told from another."""

    name: Member[str] = member()


def kind_of(annotation: Any) -> Kind:
    return slot_of(Here, "it", annotation, REST).kind


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (Member[str], Scalar((str,))),
        (Prop[int], Scalar((int,))),
        (Prop[bool | None], Scalar((bool,))),
        (Prop[Optional[float]], Scalar((float,))),  # noqa: UP045  # the older spelling
        (Prop[bool | str], Scalar((bool, str))),
        (Prop[Union[str, int, None]], Scalar((str, int))),  # noqa: UP007  # the older spelling
        (Member[Literal["a", "b"]], Scalar((str,), ("a", "b"))),
        (Member[Literal["a", "b"] | None], Scalar((str,), ("a", "b"))),
        (Member[Literal["a", "b"] | str], Scalar((str,), known=("a", "b"))),
        (Member[Any], Anything()),
        (ListProp[str], ListOf(Scalar((str,)))),
        (ListMember[str | int], ListOf(Scalar((str, int)))),
        (MapProp[list[str]], MapOf(ListOf(Scalar((str,))))),
        (MapMember[Any], MapOf(Anything())),
        (Prop[dict[str, Any]], MapOf(Anything())),
        (Prop[list[dict[str, Any]] | None], ListOf(MapOf(Anything()))),
        (Prop[Limit], Object(Limit)),
        (Prop[Limit | None], Object(Limit)),
        (Member[Login | Token], OneOf({"login": Object(Login), "token": Object(Token)})),
        (ListMember[Login | OpenStep], ListOf(OneOf({"login": Object(Login)}, Object(OpenStep)))),
        (Member[Limit | str], OneOf({}, Object(Limit), Scalar((str,)))),
        (Member[str | list[str]], OneOf({}, None, Scalar((str,)), ListOf(Scalar((str,))))),
    ],
)
def test_an_annotation_is_read_as_the_kind_that_it_says(annotation: Any, kind: Kind) -> None:
    assert kind_of(annotation) == kind


def test_text_and_evaluated_annotations_say_the_same() -> None:
    def slot(cls: type, annotation: Any) -> Slot:
        return slot_of(cls, "auth", annotation, REST)

    assert slot(Here, "Member[Login | Token | None]") == slot(Here, Member[Login | Token | None])
    assert EVERYTHING["auth"].kind == kind_of(Member[Login | Token])


@pytest.mark.parametrize(
    "annotation",
    [
        Member[Unsaid | Limit],
        Member[Login | Twin],
        Member[list[str] | list[int]],
        Member[dict[str, str] | str],
        Member[Any | str],
    ],
)
def test_a_union_that_nobody_could_tell_apart_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match=r"Here\.it: the alternatives of this union cannot be told apart"):
        kind_of(annotation)


@pytest.mark.parametrize("annotation", [Member[bytes], Member[set[str]], Member[tuple[int, ...]], Prop[object]])
def test_what_json_cannot_hold_cannot_be_declared(annotation: Any) -> None:
    with pytest.raises(TypeError, match=r"Here\.it: .* is not a kind of value that can be declared"):
        kind_of(annotation)


@pytest.mark.parametrize("annotation", [str, "str", list[str], "dict[str, int]", None])
def test_an_annotation_without_a_container_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match=r"Here\.it must be annotated with a container such as Prop"):
        kind_of(annotation)


# ---------------------------------------------------------------- alternatives


STEP = OneOf({"login": Object(Login)}, Object(OpenStep))
TEXT = OneOf({}, None, Scalar((str,)), ListOf(Scalar((str,))))


@pytest.mark.parametrize(
    ("union", "value", "picked"),
    [
        (STEP, {"type": "login"}, Object(Login)),
        (STEP, {"type": "of the future"}, Object(OpenStep)),
        (STEP, {}, Object(OpenStep)),
        (STEP, {"type": UNKNOWN}, Anything()),
        (STEP, "text", Anything()),
        (STEP, ["a"], Anything()),
        (TEXT, "text", Scalar((str,))),
        (TEXT, ["a"], ListOf(Scalar((str,)))),
        (TEXT, ("a",), ListOf(Scalar((str,)))),
        (TEXT, {"type": "login"}, Anything()),
        (OneOf({"login": Object(Login)}), {"type": "of the future"}, Anything()),
    ],
)
def test_a_value_belongs_to_the_alternative_of_its_type(union: OneOf, value: Any, picked: Kind) -> None:
    assert union.pick(value) == picked


# ---------------------------------------------------------------- shapes


def test_a_shape_keeps_the_order_of_the_declaration_and_knows_its_members() -> None:
    shape = Login.shape()
    assert [slot.name for slot in shape] == ["type", "name", "password", "code"]
    assert "password" in shape
    assert "pass" not in shape
    assert shape["password"].behaviour.secret
    assert shape is Login.shape()


def test_a_shape_tells_what_is_given_from_what_the_portal_sets() -> None:
    given, made = Slot("given", Scalar((str,)), REST), Slot("made", Scalar((str,)), Behaviour(None, computed=True))
    uid = Slot("uid", Scalar((str,)), Behaviour(None, computed=True, is_id=True))
    shape = Shape("Thing", {slot.name: slot for slot in (given, made, uid)})
    assert shape.settable == (given,)
    assert shape.computed == (made, uid)
    assert shape.id_name == "uid"
    assert Shape("Nothing").id_name is None


def test_what_only_says_that_it_is_declared_has_no_shape() -> None:
    with pytest.raises(NotImplementedError):
        Declared.shape()


def test_the_unknown_says_what_it_is() -> None:
    assert repr(UNKNOWN) == "unknown"
