"""The types that annotations declare. Python evaluates the annotations here; in `declared.py` they stay text."""

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
    """The class in whose body the annotations of these tests are read."""


class Twin(Value):
    """Has the same tag as Login."""

    type: Member[Literal["token", "login"]] = member(default="login")


class Untagged(Value):
    """Has no `type` by which a union could tell it apart."""

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
def test_an_annotation_is_read_as_its_type(annotation: Any, kind: Kind) -> None:
    assert kind_of(annotation) == kind


def test_text_and_evaluated_annotations_are_read_alike() -> None:
    def slot(cls: type, annotation: Any) -> Slot:
        return slot_of(cls, "auth", annotation, REST)

    assert slot(Here, "Member[Login | Token | None]") == slot(Here, Member[Login | Token | None])
    assert EVERYTHING["auth"].kind == kind_of(Member[Login | Token])


@pytest.mark.parametrize(
    "annotation",
    [
        Member[Untagged | Limit],
        Member[Login | Twin],
        Member[list[str] | list[int]],
        Member[dict[str, str] | str],
        Member[Any | str],
    ],
)
def test_a_union_of_alternatives_that_look_alike_is_refused(annotation: Any) -> None:
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


def test_a_shape_has_its_members_in_the_order_of_declaration() -> None:
    shape = Login.shape()
    assert [slot.name for slot in shape] == ["type", "name", "password", "code"]
    assert "password" in shape
    assert "pass" not in shape
    assert shape["password"].behaviour.secret
    assert shape is Login.shape()


def test_a_shape_separates_settable_from_computed_members() -> None:
    given, made = Slot("given", Scalar((str,)), REST), Slot("made", Scalar((str,)), Behaviour(None, computed=True))
    uid = Slot("uid", Scalar((str,)), Behaviour(None, computed=True, is_id=True))
    shape = Shape("Thing", {slot.name: slot for slot in (given, made, uid)})
    assert shape.settable == (given,)
    assert shape.computed == (made, uid)
    assert shape.id_name == "uid"
    assert Shape("Nothing").id_name is None


def test_the_base_of_declared_values_has_no_shape() -> None:
    with pytest.raises(NotImplementedError):
        Declared.shape()


def test_the_unknown_value_has_a_name() -> None:
    assert repr(UNKNOWN) == "unknown"
