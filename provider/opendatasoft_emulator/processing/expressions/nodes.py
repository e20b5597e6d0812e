"""The nodes of a parsed expression, as functions that evaluate them for a record."""

import math
import operator
from collections.abc import Callable
from typing import Any

from ..columns import Record
from ..values import as_number, as_text, is_empty
from .functions import power, simplified

Node = Callable[[Record], Any]
"""The evaluation of a node for a record. Raises ValueError when the record's values do not allow it."""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
"""The comparison operators."""

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "^": power,
}


def none(record: Record) -> None:
    """The value of a condition that is false and has no else."""


def constant(value: Any) -> Node:
    """A constant value."""
    return lambda record: value


def called(call: Callable[..., Any], arguments: list[Node]) -> Node:
    """The result of a function for its operands."""
    return lambda record: simplified(call(*(argument(record) for argument in arguments)))


def disjunction(nodes: list[Node]) -> Node:
    """Whether one of the conditions is true."""
    return lambda record: any(is_true(node(record)) for node in nodes)


def conjunction(nodes: list[Node]) -> Node:
    """Whether all conditions are true."""
    return lambda record: all(is_true(node(record)) for node in nodes)


def conditional(cases: list[tuple[Node, Node]], otherwise: Node) -> Node:
    """The value after the first condition that is true."""

    def node(record: Record) -> Any:
        for condition, then in cases:
            if is_true(condition(record)):
                return then(record)
        return otherwise(record)

    return node


def negation(node: Node) -> Node:
    """The negation of a condition."""
    return lambda record: not is_true(node(record))


def concatenation(nodes: list[Node]) -> Node:
    """The concatenation of texts, without empty ones."""

    def node(record: Record) -> str:
        parts = [part(record) for part in nodes]
        return "".join(as_text(part) for part in parts if not is_empty(part))

    return node


def arithmetic(first: Node, steps: list[tuple[str, Node]]) -> Node:
    """Arithmetic from left to right; None for an empty operand."""

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
        result = simplified(_ARITHMETIC[sign](*operands))
        if math.isfinite(result):
            return result
        raise OverflowError
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{as_text(first)} {sign} {as_text(second)} has no result") from None


def comparison(sign: str, left: Node, right: Node) -> Node:
    """A comparison: of numbers if both texts are numbers; an empty value is equal to empty values only."""
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
    """Whether a condition is true; empty values and the text `false` are not."""
    return not is_empty(value) and value is not False and value != 0 and as_text(value).lower() != "false"
