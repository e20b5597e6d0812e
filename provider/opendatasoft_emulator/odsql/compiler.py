"""The compiler of expressions and conditions to the SQL of DuckDB; no text of a query is in the SQL."""

import re
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from ..processing import as_datetime, as_number
from .dates import now
from .errors import Malformed, QueryError
from .expressions import DATES, NUMBERS, TEXTS, Call, Expression, Settings
from .functions import SEARCHED, compiled, contains_words
from .geography import literal_geometry
from .grammar import text_of
from .table import Table
from .text_search import words

if TYPE_CHECKING:
    from lark import Token, Tree

_IN_SQL = {"=": "=", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BOOLEANS = {"true": True, "false": False}


class Compiler:
    """Compiles the trees of one clause for the fields of a table. Its methods raise QueryError."""

    def __init__(self, table: Table, settings: Settings, clause: str, text: str) -> None:
        self._table = table
        self._settings = settings
        self._clause = clause
        self._text = text

    def expression(self, tree: "Tree[Token]") -> Expression:
        """The expression of a tree: a value, or a condition that is true, false or null."""
        compile: Callable[..., Expression] = getattr(self, f"_{tree.data}")
        return compile(tree, *tree.children)

    def condition(self, tree: "Tree[Token]") -> Expression:
        """The condition of a tree: a text is searched for, a boolean field is true."""
        found = self.expression(tree)
        if found.literal is not None and found.type == "text":
            columns = [column for column in self._table.columns if column.type in SEARCHED]
            return contains_words(columns, words(found.values[0]))
        if found.type != "boolean":
            what = found.name if found.column else text_of(tree, self._text)
            raise Malformed(f"{what}{f' of type {found.type}' if found.column else ''} is neither true nor false")
        return found

    def _disjunction(self, tree: Any, *parts: Any) -> Expression:
        return _joined(" OR ", [self.condition(part) for part in parts])

    def _conjunction(self, tree: Any, *parts: Any) -> Expression:
        return _joined(" AND ", [self.condition(part) for part in parts])

    def _negated(self, tree: Any, part: Any) -> Expression:
        """The exact complement: true for records without a value, since the condition is not true for them."""
        found = self.condition(part)
        return Expression(f"(NOT coalesce({found.sql}, FALSE))", "boolean", found.values)

    def _compared(self, tree: Any, left: Any, operator: str, right: Any) -> Expression:
        return self._comparison(self.expression(left), str(operator), self.expression(right))

    def _equal(self, tree: Any, field: Any, value: Any) -> Expression:
        return self._comparison(self.expression(field), "=", self.expression(value))

    def _comparison(self, left: Expression, operator: str, right: Expression) -> Expression:
        if left.literal is not None and right.literal is None:
            left, right, operator = right, left, _MIRRORED.get(operator, operator)
        value = converted(right, left) if right.literal is not None else right.values
        if right.literal is None and not _are_alike(left.type, right.type):
            raise incompatible(left, f"{right.name[0].lower()}{right.name[1:]} of type {right.type}")
        column = left.column
        if column and column.separator is not None and operator in ("=", "!=") and right.literal is not None:
            contained = f"list_contains(string_split({column.sql}, ?), ?)"
            sql = contained if operator == "=" else f"(NOT {contained})"
            return Expression(sql, "boolean", (column.separator, *value))
        compared = "?" if right.literal is not None else right.sql
        return Expression(f"({left.sql} {_IN_SQL[operator]} {compared})", "boolean", (*left.values, *value))

    def _in_interval(self, tree: Any, field: Any, interval: Any) -> Expression:
        opening, low, high, closing = interval.children
        left = self.expression(field)
        ends = []
        for operator, end in ((">=" if opening == "[" else ">", low), ("<=" if closing == "]" else "<", high)):
            value = converted(self.expression(end), left, is_date_loose=True)
            ends.append(Expression(f"({left.sql} {operator} ?)", "boolean", value))
        return _joined(" AND ", ends)

    def _in_list(self, tree: Any, field: Any, *items: Any) -> Expression:
        left = self.expression(field)
        return _joined(" OR ", [self._comparison(left, "=", self.expression(item)) for item in items])

    def _contained(self, tree: Any, value: Any, field: Any) -> Expression:
        return self._comparison(self.expression(field), "=", self.expression(value))

    def _like(self, tree: Any, field: Any, text: Any) -> Expression:
        column = self.expression(field).column
        return contains_words([column] if column else [], words(self.expression(text).values[0]))

    def _is_value(self, tree: Any, field: Any, *tokens: "Token") -> Expression:
        found = self.expression(field)
        negation = "NOT " if len(tokens) == 2 else ""
        if tokens[-1].type == "NULL":
            return Expression(f"({found.sql} IS {negation}NULL)", "boolean")
        if found.type != "boolean":
            raise Malformed(f"{found.name} of type {found.type} is neither true nor false")
        return Expression(f"({found.sql} IS {negation}{str(tokens[-1]).upper()})", "boolean")

    def _sum(self, tree: Any, *parts: Any) -> Expression:
        first, *rest = parts
        found = self._operand(first)
        sql, values, type, is_aggregate = found.sql, found.values, found.type, found.is_aggregate
        for sign, part in zip(rest[::2], rest[1::2], strict=True):
            other = self._operand(part)
            if sign == "/":
                sql, type = f"({sql} / nullif({other.sql}, 0))", "double"
            else:
                sql = f"({sql} {sign} {other.sql})"
                type = "double" if "double" in (type, other.type) else type
            values += other.values
            is_aggregate = is_aggregate or other.is_aggregate
        return Expression(sql, type, values, is_aggregate=is_aggregate)

    _product = _sum

    def _operand(self, tree: Any) -> Expression:
        found = self.expression(tree)
        if found.type not in NUMBERS:
            raise Malformed(f"Arithmetic operators are only defined on numbers: {text_of(tree, self._text)}")
        return found

    def _call(self, tree: Any, name: "Token", *arguments: Any) -> Expression:
        function = str(name).lower()
        if function == "now":
            return now(dict(self._parameter(argument) for argument in arguments), self._settings.now)
        call = Call(function, [self.expression(one) for one in arguments], self._table, self._settings)
        return compiled(call, self._clause)

    def _parameter(self, tree: Any) -> tuple[str, int]:
        """A parameter of now(), `years=-1`, which is parsed as a comparison."""
        try:
            field, operator, value = tree.children
            name, number = str(field.children[0].children[0]).lower(), self.expression(value)
        except (ValueError, AttributeError, IndexError, QueryError):
            name, operator, number = "", "", Expression("", "")
        if operator != "=" or number.type != "int" or number.literal is None:
            raise Malformed(f"Invalid parameter of now(): {text_of(tree, self._text)}")
        return name, number.values[0]

    def _field(self, tree: Any, name: Any) -> Expression:
        column = self._table.column(name_of(name))
        return Expression(column.sql, column.type, column=column)

    def _number(self, tree: Any, *tokens: "Token") -> Expression:
        text = "".join(tokens)
        try:
            number = as_number(text)
        except ValueError:
            raise Malformed(f"Invalid number: {text}") from None
        return Expression("?", "int" if isinstance(number, int) else "double", (number,), literal=text)

    def _string(self, tree: Any, token: "Token") -> Expression:
        text = _ESCAPED.sub(r"\1", token[1:-1])
        return Expression("?::VARCHAR", "text", (text,), literal=text)

    def _date(self, tree: Any, token: "Token") -> Expression:
        text = token.strip()[4:].strip()[1:-1]
        try:
            time = as_datetime(text).astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise Malformed(f"Invalid date: {text}") from None
        return Expression("?::TIMESTAMP", "datetime", (time,), literal=text)

    def _geometry(self, tree: Any, token: "Token") -> Expression:
        text = token.strip()[4:].strip()[1:-1]
        return Expression("?", "geometry", (literal_geometry(text),), literal=text)

    def _boolean(self, tree: Any, token: "Token") -> Expression:
        return Expression("?::BOOLEAN", "boolean", (_BOOLEANS[token.lower()],), literal=token.lower())

    def _anything(self, tree: Any, token: "Token") -> Expression:
        return Expression("*", "anything")

    def _null(self, tree: Any, token: "Token") -> Expression:
        return Expression("NULL", "null")

    def _quantity(self, tree: Any, token: "Token") -> Expression:
        return Expression("", "quantity", literal=str(token))

    def _distinct(self, tree: Any, part: Any) -> Expression:
        found = self.expression(part)
        return Expression(found.sql, found.type, found.values, column=found.column, is_distinct=True)


def name_of(tree: "Tree[Token]") -> str:
    """The name of a field or an alias, without its back-quotes."""
    return str(tree.children[0]).strip("`")


def converted(literal: Expression, left: Expression, *, is_date_loose: bool = False) -> tuple[Any, ...]:
    """The value of a literal in the type of what it is compared with. Raises Malformed."""
    type, text = left.type, str(literal.literal)
    try:
        if type in TEXTS:
            return (text,)
        if type in NUMBERS and literal.type in NUMBERS:
            return literal.values
        if type in DATES and literal.type == "datetime":
            return literal.values
        if type in DATES and is_date_loose:
            return (as_datetime(text).astimezone(UTC).replace(tzinfo=None),)
        if type == "boolean" and literal.type in ("boolean", "text"):
            return (_BOOLEANS[text.lower()],)
    except (ValueError, KeyError, OverflowError):
        pass
    raise incompatible(left, text)


def incompatible(left: Expression, what: str) -> Malformed:
    """The error of a comparison. Its first word was observed, the rest is our own."""
    return Malformed(
        f"IncompatibleTypesInComparisonFilter: {left.name} of type {left.type} cannot be compared with {what}"
    )


def _are_alike(first: str, second: str) -> bool:
    return any(first in kinds and second in kinds for kinds in (NUMBERS, DATES, TEXTS, ("boolean",)))


def _joined(operator: str, parts: list[Expression]) -> Expression:
    values = tuple(value for part in parts for value in part.values)
    return Expression(f"({operator.join(part.sql for part in parts)})", "boolean", values)
