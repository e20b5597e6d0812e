"""Values that cannot be carried to the portal unchanged, as the provider's check finds them."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.program.resource import REGISTRY
from pulumi_opendatasoft.schema.carried import DEEPEST, MOST, failures
from pulumi_opendatasoft.schema.types import UNKNOWN

FORMATTED = "Air of Calling __str__ on an Output[T] is not supported.\n\nTo get the value ..."


def deep(levels: int) -> Any:
    """So many mappings inside each other."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value",
    [
        MOST - 1,
        1 - MOST,
        0.1,
        -0.0,
        1e15,
        5e-324,
        True,
        None,
        "",
        "é\n\t\U0001f600",
        UNKNOWN,
        [],
        {},
        deep(DEEPEST - 2),
    ],
    ids=repr,
)
def test_what_can_be_carried_is_no_failure(value: Any) -> None:
    assert failures({"title": value}) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (MOST, "title: numbers of 2^53 (9,007,199,254,740,992) or more lose digits on the way"),
        (-MOST, "title: numbers of 2^53"),
        (1.2345678901234567e19, "title: numbers of 2^53"),
        (10**400, "title: numbers of 2^53"),
        (float("nan"), "title: is nan, which is no number that JSON can contain"),
        (float("-inf"), "title: is -inf, which is no number"),
        ({"a": [1, {"b": 2**60}]}, "title.a[1].b: numbers of 2^53"),
        ("a\0b", "title: contains the character NUL"),
        ("\ud800", "title: contains half a character (a surrogate)"),
        ({"a": FORMATTED}, "title.a: contains an Output as text, whose value is not known yet"),
        ("<pulumi.output.Output object at 0x7f0>", "title: contains an Output"),
        ({FORMATTED: 1}, "title: has a key that contains an Output"),
        ({1: 2}, "title: has a key that is no text but of the type int"),
        (deep(DEEPEST + 5), "title.a.a.a.a.a.a.a…: more than 64 lists and mappings are inside each other"),
    ],
)
def test_what_cannot_be_carried_is_refused_by_path(value: Any, message: str) -> None:
    [failure] = failures({"title": value})
    assert str(failure).startswith(message)


def test_check_of_a_type_refuses_before_anything_else() -> None:
    lifecycle = REGISTRY["Dataset"].lifecycle()
    processors = [{"type": "skip", "params": {"n": 1.2345678901234567e19, "of": FORMATTED}}]
    assert [str(f).partition(":")[0] for f in lifecycle.check({}, {"processors": processors})[1]] == [
        "processors[0].params.n",
        "processors[0].params.of",
    ]
