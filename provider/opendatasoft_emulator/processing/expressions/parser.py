"""The parser of expressions, made from the grammar in expressions.lark."""

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..values import as_number
from . import nodes
from .functions import FUNCTIONS
from .nodes import Node

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_CONSTANTS: dict[str, Any] = {"pi": math.pi, "e": math.e, "true": True, "false": False}
_MAX_DEPTH = 40
_NESTED = ("group", "call", "negation", "signed", "raised", "conditional")
_ESCAPE = re.compile(r"\\(.)")


class Malformed(Exception):
    """An expression that cannot be parsed. The message gives the reason and the character."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its evaluation for a record, and the fields that it reads."""

    evaluate: Node
    fields: tuple[str, ...]


def parse(text: str) -> Expression:
    """Parse an expression, without the `=` before it. Raises Malformed."""
    tree = _tree(text.rstrip())
    if _depth(tree) > _MAX_DEPTH:
        raise Malformed("it is nested too deeply")
    building = _Building()
    return Expression(building.node(tree.children[0]), tuple(dict.fromkeys(building.fields)))


def _tree(text: str) -> "Tree[Token]":
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return _parser().parse(text)
    except UnexpectedToken as error:
        is_end = error.token.type == "$END"
        position = len(text) + 1 if is_end else error.column
        if "RPAR" in error.accepts:
            raise Malformed(f'")" is missing at character {position}') from None
        what = "something is missing" if is_end else f'"{error.token}" is not expected'
        raise Malformed(f"{what} at character {position}") from None
    except UnexpectedCharacters as error:
        position = len(text[: error.pos_in_stream].rstrip()) + 1
        raise Malformed(f"it cannot be understood from character {position} on") from None


@functools.cache
def _parser() -> "Lark":
    # Lark takes a tenth of a second to load and to build, and most datasets have no expression.
    from lark import Lark

    return Lark(Path(__file__).with_name("expressions.lark").read_text(), parser="lalr")


def _depth(tree: "Tree[Token]") -> int:
    """How deeply parts are nested; Python's stack bears more than the limit, and not any number."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting:
        one, depth = waiting.pop()
        depth += one.data in _NESTED
        deepest = max(deepest, depth)
        waiting += [(child, depth) for child in one.children if not isinstance(child, str)]
    return deepest


class _Building:
    """Makes the nodes of a tree, and notes the fields."""

    def __init__(self) -> None:
        self.fields: list[str] = []

    def node(self, tree: Any) -> Node:
        """The node of a tree. Raises Malformed."""
        make: Callable[..., Node] = getattr(self, f"_{tree.data}")
        return make(*tree.children)

    def _nodes(self, trees: tuple[Any, ...]) -> list[Node]:
        return [self.node(tree) for tree in trees]

    def _conditional(self, *parts: Any) -> Node:
        """Conditions, each with its value, and the value without one of them, if there is an odd part."""
        made = self._nodes(parts)
        otherwise = made.pop() if len(made) % 2 else nodes.none
        return nodes.conditional(list(zip(made[::2], made[1::2], strict=True)), otherwise)

    def _disjunction(self, *parts: Any) -> Node:
        return nodes.disjunction(self._nodes(parts))

    def _conjunction(self, *parts: Any) -> Node:
        return nodes.conjunction(self._nodes(parts))

    def _negation(self, *parts: Any) -> Node:
        return nodes.negation(self.node(parts[-1]))

    def _comparison(self, left: Any, sign: str, right: Any) -> Node:
        return nodes.comparison(str(sign), self.node(left), self.node(right))

    def _concatenation(self, *parts: Any) -> Node:
        return nodes.concatenation(self._nodes(parts))

    def _sum(self, first: Any, *rest: Any) -> Node:
        start = self.node(first)
        return nodes.arithmetic(
            start, [(str(sign), self.node(part)) for sign, part in zip(rest[::2], rest[1::2], strict=True)]
        )

    _product = _sum

    def _signed(self, sign: str, part: Any) -> Node:
        return nodes.arithmetic(nodes.constant(0), [(str(sign), self.node(part))])

    def _raised(self, base: Any, exponent: Any) -> Node:
        return nodes.arithmetic(self.node(base), [("^", self.node(exponent))])

    def _factorial_of(self, part: Any, sign: str) -> Node:
        return nodes.called(FUNCTIONS["factorial"].call, [self.node(part)])

    def _group(self, part: Any) -> Node:
        return self.node(part)

    def _number(self, token: str) -> Node:
        return nodes.constant(as_number(str(token)))

    def _text(self, token: str) -> Node:
        return nodes.constant(_ESCAPE.sub(r"\1", token[1:-1]))

    def _field(self, token: str) -> Node:
        return self._read(token[1:])

    def _word(self, token: str) -> Node:
        name = token.lower()
        return nodes.constant(_CONSTANTS[name]) if name in _CONSTANTS else self._read(str(token))

    def _read(self, name: str) -> Node:
        self.fields.append(name)
        return lambda record: record.get(name)

    def _call(self, name: str, *arguments: Any) -> Node:
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise Malformed(f"there is no function {name}")
        if len(arguments) not in function.operands:
            raise Malformed(f"{name} does not take {len(arguments)} operands")
        return nodes.called(function.call, self._nodes(arguments))
