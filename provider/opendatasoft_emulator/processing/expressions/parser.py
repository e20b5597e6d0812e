"""The parser of expressions."""

import math
from collections.abc import Callable
from typing import Any

from ..values import as_number
from .functions import FUNCTIONS
from .nodes import (
    COMPARISONS,
    Node,
    arithmetic,
    called,
    comparison,
    concatenation,
    conditional,
    conjunction,
    constant,
    disjunction,
    negation,
    none,
)
from .tokens import Malformed, Token

_CONSTANTS: dict[str, Any] = {"pi": math.pi, "e": math.e, "true": True, "false": False}
_MAX_DEPTH = 40


class Parser:
    """Reads tokens from left to right. Each method parses one level of precedence, the lowest first."""

    def __init__(self, found: list[Token]) -> None:
        self.fields: list[str] = []
        self._tokens = found
        self._position = 0
        self._depth = 0

    def parse(self) -> Node:
        """Parse the whole expression. Raises Malformed."""
        node = self._ternary()
        if self._next.kind != "end":
            raise Malformed(f'"{self._next.text}" is not expected at character {self._next.position}')
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _accept(self, *requested: str) -> str | None:
        """Read the next sign or word if it is one of these; return it, or None."""
        token = self._next
        text = token.text.lower()
        if token.kind not in ("sign", "word") or text not in requested:
            return None
        self._position += 1
        return text

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise Malformed(f'"{sign}" is missing at character {self._next.position}')

    def _nested(self, read: Callable[[], Node]) -> Node:
        """Parse a nested part. Raises Malformed when it is too deep for Python's stack."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Malformed("it is nested too deeply")
        node = read()
        self._depth -= 1
        return node

    def _ternary(self) -> Node:
        node = self._or()
        cases: list[tuple[Node, Node]] = []
        while self._accept("?"):
            cases.append((node, self._nested(self._ternary)))
            if not self._accept(":"):
                return conditional(cases, none)
            node = self._or()
        return conditional(cases, node) if cases else node

    def _or(self) -> Node:
        nodes = [self._and()]
        while self._accept("||", "or"):
            nodes.append(self._and())
        return disjunction(nodes) if len(nodes) > 1 else nodes[0]

    def _and(self) -> Node:
        nodes = [self._not()]
        while self._accept("&&", "and"):
            nodes.append(self._not())
        return conjunction(nodes) if len(nodes) > 1 else nodes[0]

    def _not(self) -> Node:
        return negation(self._nested(self._not)) if self._accept("not") else self._comparison()

    def _comparison(self) -> Node:
        left = self._concatenation()
        sign = self._accept(*COMPARISONS)
        return comparison(sign, left, self._concatenation()) if sign else left

    def _concatenation(self) -> Node:
        nodes = [self._sum()]
        while self._accept("&"):
            nodes.append(self._sum())
        return concatenation(nodes) if len(nodes) > 1 else nodes[0]

    def _sum(self) -> Node:
        return self._operators(self._product, "+", "-")

    def _product(self) -> Node:
        return self._operators(self._unary, "*", "//", "/", "%")

    def _operators(self, operand: Callable[[], Node], *signs: str) -> Node:
        """Parse operands of equal precedence, from left to right."""
        first = operand()
        steps: list[tuple[str, Node]] = []
        while sign := self._accept(*signs):
            steps.append((sign, operand()))
        return arithmetic(first, steps) if steps else first

    def _unary(self) -> Node:
        sign = self._accept("-", "+", "!")
        if sign is None:
            return self._power()
        node = self._nested(self._unary)
        return negation(node) if sign == "!" else arithmetic(constant(0), [(sign, node)])

    def _power(self) -> Node:
        base = self._factorial()
        return arithmetic(base, [("^", self._nested(self._unary))]) if self._accept("^") else base

    def _factorial(self) -> Node:
        node = self._operand()
        while self._accept("!"):
            node = called(FUNCTIONS["factorial"].call, [node])
        return node

    def _operand(self) -> Node:
        token = self._next
        self._position += 1
        if token.kind == "number":
            return constant(as_number(token.text))
        if token.kind == "text":
            return constant(token.text)
        if token.kind == "field":
            return self._field(token.text)
        if token.kind == "word":
            return self._word(token)
        if token.text == "(":
            node = self._nested(self._ternary)
            self._expect(")")
            return node
        what = f'"{token.text}" is not expected' if token.text else "something is missing"
        raise Malformed(f"{what} at character {token.position}")

    def _word(self, token: Token) -> Node:
        if self._accept("("):
            return self._call(token)
        if token.text.lower() in _CONSTANTS:
            return constant(_CONSTANTS[token.text.lower()])
        return self._field(token.text)

    def _field(self, name: str) -> Node:
        self.fields.append(name)
        return lambda record: record.get(name)

    def _call(self, token: Token) -> Node:
        function = FUNCTIONS.get(token.text.lower())
        if function is None:
            raise Malformed(f"there is no function {token.text}")
        arguments: list[Node] = []
        if not self._accept(")"):
            arguments.append(self._nested(self._ternary))
            while self._accept(","):
                arguments.append(self._nested(self._ternary))
            self._expect(")")
        if len(arguments) not in function.operands:
            raise Malformed(f"{token.text} does not take {len(arguments)} operands")
        return called(function.call, arguments)
