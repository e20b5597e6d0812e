"""What a program gives and Pulumi's engine could not carry unchanged: refused with its path where the program runs."""

from __future__ import annotations

import datetime
import decimal
import enum
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest

from .programs import run

pytestmark = pytest.mark.usefixtures("outputs")

UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Level(enum.Enum):
    """A value that is sent as its text."""

    HIGH = "high"


def processor(value: Any) -> None:
    """A dataset with a value among the parameters of a processor."""
    ods.Dataset("air", processors=[ods.Processor(type="skip", params={"x": value})])


def cyclic() -> Any:
    """A mapping that contains itself."""
    value: dict[str, Any] = {}
    value["a"] = value
    return value


REFUSED: list[tuple[Any, str]] = [
    (12345678901234567890, "numbers of 2^53 (9,007,199,254,740,992) or more lose digits on the way"),
    (float("nan"), "is nan, which is no number that JSON can contain"),
    (b"abc", "is bytes, which cannot be sent: give text, such as value.decode()"),
    (datetime.date(2026, 1, 1), "is a date, which cannot be sent: give text, such as value.isoformat()"),
    (datetime.datetime(2026, 1, 1), "is a datetime, which cannot be sent: give text, such as value.isoformat()"),
    (decimal.Decimal("0.1"), "is a Decimal, which cannot be sent: give float(value), or str(value)"),
    (Path("a.csv"), "is a PosixPath, which cannot be sent: give text, such as str(value)"),
    ({"b", "a"}, "is a set, which cannot be sent: give a list, such as sorted(value)"),
    (range(3), "is a range, which cannot be sent: give text, a number, a list or a dict"),
    (pulumi.FileAsset("a.csv"), 'is a FileAsset, which cannot be sent: give ods.File("…") instead'),
    ("a\0b", "contains the character NUL"),
    ("\ud800", "contains half a character"),
    (UNKNOWN_ON_THE_WIRE, "is a text that Pulumi itself uses as a mark"),
]


@pytest.mark.parametrize(
    ("value", "message"), REFUSED, ids=[type(v).__name__ + str(n) for n, (v, _) in enumerate(REFUSED)]
)
@pytest.mark.parametrize("wrap", [lambda v: v, pulumi.Output.from_input], ids=["plain", "Output"])
def test_what_cannot_be_carried_is_refused_by_path(value: Any, message: str, wrap: Callable[[Any], Any]) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run(lambda: processor(wrap([value])))
    assert re.match(r'Dataset "air": processors\[0\]\.params\.x\[0\]: ', str(refused.value))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({1: 2}, "processors[0].params.x: has a key that is no text but of the type int"),
        ({"a": {b"b": 2}}, "processors[0].params.x.a: has a key that is no text but of the type bytes"),
        (cyclic(), "processors[0].params.x.a.a.a.a…: more than 64 lists and mappings are inside each other"),
    ],
)
def test_keys_and_depth_are_refused_by_path(given: Any, message: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run(lambda: processor(given))
    assert str(refused.value).startswith(f'Dataset "air": {message}')


def test_what_can_be_carried_arrives_as_it_is() -> None:
    value = {"a": [1, 2.5, -0.0, 2**53 - 1, True, None, "é"], "b": (1, 2), "c": Level.HIGH, "": {}}
    inputs = run(lambda: processor(value))[1].inputs["air"]
    assert inputs["processors"][0]["params"]["x"] == value | {"b": [1, 2], "c": "high"}


def refused_with_an_output(declare: Callable[[pulumi.Output[str]], Any]) -> str:
    """The refusal of a program that uses the uid of a group as text."""
    with pytest.raises(pulumi.RunError) as refused:
        run(lambda: declare(ods.Group("editors", title="Editors").uid))
    return str(refused.value)


@pytest.mark.parametrize(
    ("declare", "where"),
    [
        (lambda uid: ods.Group("air", title=f"Air of {uid}"), 'Group "air": title: contains an Output'),
        (lambda uid: ods.Group("air", title=f"Air of {uid!r}"), 'Group "air": title: contains an Output'),
        (
            lambda uid: ods.Dataset("air", metadata=ods.Metadata(default=ods.DefaultMetadata(keyword=["a", str(uid)]))),
            'Dataset "air": metadata.default.keyword[1]: contains an Output',
        ),
        (
            lambda uid: ods.HTTPConnection("air", url="u", auth=ods.BasicAuth(username="u", password=f"p{uid}")),
            'HTTPConnection "air": auth.password: contains an Output',
        ),
        (
            lambda uid: ods.HTTPConnection("air", url="u", headers={f"x-{uid}": "v"}),
            'HTTPConnection "air": headers: has a key that contains an Output',
        ),
        (lambda uid: processor({uid: 1}), 'Dataset "air": processors[0].params.x: has an Output as a key'),
        (lambda uid: ods.Group(f"air-{uid}", title="Air"), "the name of a Group contains an Output"),
        (lambda uid: ods.Group.get("air", f"{uid}-1"), 'Group "air": id: contains an Output'),
        (lambda uid: ods.File(f"data/{uid}.csv"), "the path of an ods.File contains an Output as text"),
        (ods.File, "ods.File needs a path that the program knows, and this one is an Output"),
    ],
    ids=["title", "repr", "list", "secret", "key", "output as key", "name", "get", "path in text", "path"],
)
def test_output_as_text_is_refused_by_path(declare: Callable[[Any], Any], where: str) -> None:
    assert refused_with_an_output(declare).startswith(where)


def test_output_formatted_as_pulumi_does_is_accepted() -> None:
    def program() -> None:
        uid = ods.Group("editors", title="Editors").uid
        ods.Group("air", title=pulumi.Output.concat("Air of ", uid))
        ods.Group("water", title=pulumi.Output.format("Water of {0}", uid))

    inputs = run(program)[1].inputs
    assert [inputs[name]["title"] for name in ("air", "water")] == ["Air of editors-id", "Water of editors-id"]


def test_whole_resource_is_refused_with_its_id_property() -> None:
    def program() -> None:
        server: Any = ods.HTTPConnection("server", url="u")
        ods.Dataset("air", sources={"a": ods.Source(type="csvfile", datasource=ods.HTTPDatasource(connection=server))})

    with pytest.raises(pulumi.RunError) as refused:
        run(program)
    assert str(refused.value) == (
        'Dataset "air": sources.a.datasource.connection: is a whole resource (HTTPConnection): give one of its '
        "properties, such as .uid"
    )


def test_refusal_never_contains_a_value() -> None:
    def program() -> None:
        ods.HTTPConnection("a", url="u", auth=ods.BasicAuth(username="u", password=b"c4n4ry"))  # type: ignore[arg-type]

    with pytest.raises(pulumi.RunError) as refused:
        run(program)
    assert "c4n4ry" not in str(refused.value)
