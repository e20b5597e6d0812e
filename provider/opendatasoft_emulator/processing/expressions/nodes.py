"""The parts of a parsed expression: what each is worth for a record."""

import operator
from collections.abc import Callable
from typing import Any

from ..columns import Record
from ..values import as_number, as_text, is_empty
from .functions import power, whole

Node = Callable[[Record], Any]
"""What a part of an expression is worth for a record; ValueError when its values do not allow it."""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
"""The signs that compare."""

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "^": power,
}


def nothing(record: Record) -> None:
    """What a condition without an else is worth when it does not hold."""


def constant(value: Any) -> Node:
    """The same for every record."""
    return lambda record: value


def called(call: Callable[..., Any], arguments: list[Node]) -> Node:
    """What a function makes of its operands."""
    return lambda record: whole(call(*(argument(record) for argument in arguments)))


def any_of(nodes: list[Node]) -> Node:
    """Whether one of the conditions holds."""
    return lambda record: any(is_true(node(record)) for node in nodes)


def all_of(nodes: list[Node]) -> Node:
    """Whether all conditions hold."""
    return lambda record: all(is_true(node(record)) for node in nodes)


def chosen(cases: list[tuple[Node, Node]], otherwise: Node) -> Node:
    """What stands behind the first condition that holds."""

    def node(record: Record) -> Any:
        for condition, then in cases:
            if is_true(condition(record)):
                return then(record)
        return otherwise(record)

    return node


def inverted(node: Node) -> Node:
    """Whether a condition does not hold."""
    return lambda record: not is_true(node(record))


def concatenated(nodes: list[Node]) -> Node:
    """Texts as one; nothing adds nothing."""

    def node(record: Record) -> str:
        parts = [part(record) for part in nodes]
        return "".join(as_text(part) for part in parts if not is_empty(part))

    return node


def calculated(first: Node, steps: list[tuple[str, Node]]) -> Node:
    """Arithmetic from left to right; with nothing on one side there is no result."""

    def node(record: Record) -> Any:
        result = first(record)
        for sign, operand in steps:
            result = _calculation(result, sign, operand(record))
        return result

    return node


def _calculation(first: Any, sign: str, second: Any) -> Any:
    if is_empty(first) or is_empty(second):
        return None
    operands = as_number(first), as_number(second)
    try:
        return whole(_ARITHMETIC[sign](*operands))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{as_text(first)} {sign} {as_text(second)} has no result") from None


def compared(sign: str, left: Node, right: Node) -> Node:
    """Numbers are compared as such, even where a text writes them; nothing is only equal to nothing."""
    compare = COMPARISONS[sign]

    def node(record: Record) -> bool:
        first, second = left(record), right(record)
        if is_empty(first) or is_empty(second):
            same = is_empty(first) and is_empty(second)
            return same if sign == "==" else not same if sign == "!=" else False
        try:
            return compare(as_number(first), as_number(second))
        except ValueError:
            return compare(as_text(first), as_text(second))

    return node


def is_true(value: Any) -> bool:
    """Whether a condition holds; nothing and the text `false` do not."""
    return not is_empty(value) and value is not False and value != 0 and as_text(value).lower() != "false"
