"""The parser of `where` clauses."""

from .conditions import (
    All,
    Always,
    Comparison,
    Condition,
    ContainsWords,
    FullTextSearch,
    InRange,
    IsBoolean,
    IsEmpty,
    Not,
    OneOf,
)
from .errors import NotSupported
from .literals import value
from .tokens import Cursor

_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=", ":")
_ARITHMETIC = ("+", "-", "*", "/")
_FUNCTIONS = (
    "date_format",
    "day",
    "dayofweek",
    "disjoint",
    "distance",
    "geometry",
    "hour",
    "in_bbox",
    "intersects",
    "length",
    "lower",
    "minute",
    "month",
    "now",
    "polygon",
    "second",
    "startswith",
    "suggest",
    "upper",
    "within",
    "within_distance",
    "year",
)
"""The functions of the service that this portal does not support. Any other is an error there, too."""


def parse_where(clause: str) -> Condition:
    """Parse a clause. Raises QueryError."""
    cursor = Cursor(clause)
    if cursor.next.kind == "end":
        return Always()
    parsed = _or(cursor)
    cursor.expect_kind("end")
    return parsed


def _or(cursor: Cursor) -> Condition:
    parts = [_and(cursor)]
    while cursor.accept("or"):
        parts.append(_and(cursor))
    return parts[0] if len(parts) == 1 else OneOf(tuple(parts))


def _and(cursor: Cursor) -> Condition:
    parts = [_operand(cursor)]
    while cursor.accept("and"):
        parts.append(_operand(cursor))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _operand(cursor: Cursor) -> Condition:
    if cursor.accept("not"):
        with cursor.nested():
            return Not(_operand(cursor))
    if cursor.accept("("):
        with cursor.nested():
            inner = _or(cursor)
        cursor.expect(")")
        return inner
    if cursor.next.kind == "string":
        return FullTextSearch(cursor.advance().text)
    if cursor.next.kind == "name" and cursor.after_next.is_text("("):
        return _function(cursor)
    if cursor.next.kind == "number" or (cursor.next.is_text("date") and cursor.after_next.kind == "string"):
        raise NotSupported("A comparison that does not begin with a field")
    return _field_condition(cursor.field(), cursor)


def _function(cursor: Cursor) -> Condition:
    name = cursor.advance()
    if name.is_text("search"):
        return _search(cursor)
    if name.is_text(*_FUNCTIONS):
        raise NotSupported(f"The function {name.text.lower()}()")
    raise cursor.unexpected()


def _search(cursor: Cursor) -> Condition:
    """`search("words")`, `search(*, "words")` or `search(field, …, "words")`."""
    cursor.expect("(")
    fields: list[str] = []
    everywhere = cursor.next.kind == "string" or cursor.accept("*")
    if everywhere and cursor.next.kind != "string":
        cursor.expect(",")
    while not everywhere and cursor.next.kind != "string":
        fields.append(cursor.field())
        cursor.expect(",")
    text = cursor.expect_kind("string").text
    cursor.expect(")")
    return FullTextSearch(text, None if everywhere else tuple(fields))


def _field_condition(field: str, cursor: Cursor) -> Condition:
    """Parse the condition on the field that was just read."""
    if cursor.next.is_text(*_ARITHMETIC):
        raise NotSupported("Arithmetic")
    if cursor.next.is_text(":") and cursor.after_next.is_text("[", "]"):
        cursor.advance()
        return _range(field, cursor)
    if cursor.next.is_text(*_COMPARISONS):
        operator = cursor.advance().text
        return Comparison(field, "=" if operator == ":" else operator, value(cursor))
    if cursor.accept("like"):
        return ContainsWords(field, cursor.expect_kind("string").text)
    if cursor.accept("in"):
        return _list(field, cursor) if cursor.next.is_text("(") else _range(field, cursor)
    if cursor.accept("is"):
        return _is(field, cursor)
    return IsBoolean(field, expected=True)


def _list(field: str, cursor: Cursor) -> Condition:
    cursor.expect("(")
    parts = [Comparison(field, "=", value(cursor))]
    while cursor.accept(","):
        parts.append(Comparison(field, "=", value(cursor)))
    cursor.expect(")")
    return OneOf(tuple(parts))


def _range(field: str, cursor: Cursor) -> Condition:
    with_low = cursor.expect("[", "]").text == "["
    low = value(cursor)
    cursor.expect("..", "to")
    high = value(cursor)
    with_high = cursor.expect("[", "]").text == "]"
    return InRange(field, low, high, with_low, with_high)


def _is(field: str, cursor: Cursor) -> Condition:
    negated = cursor.accept("not")
    word = cursor.expect("null", "true", "false").text.lower()
    parsed: Condition = IsEmpty(field) if word == "null" else IsBoolean(field, expected=word == "true")
    return Not(parsed) if negated else parsed
