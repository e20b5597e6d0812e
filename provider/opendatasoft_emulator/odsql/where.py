"""How a `where` clause is read."""

from .conditions import All, Compares, Condition, Everything, Holds, IsEmpty, IsTruth, Lies, Not, OneOf, Searches
from .literals import value
from .refusals import NotCarriedOut
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
"""The functions of the service that this portal does not know; any other is wrong there, too."""


def condition(clause: str) -> Condition:
    """What a clause demands. Raises Refused."""
    cursor = Cursor(clause)
    if cursor.next.kind == "end":
        return Everything()
    demand = _either(cursor)
    cursor.expect_kind("end")
    return demand


def _either(cursor: Cursor) -> Condition:
    parts = [_both(cursor)]
    while cursor.took("or"):
        parts.append(_both(cursor))
    return parts[0] if len(parts) == 1 else OneOf(tuple(parts))


def _both(cursor: Cursor) -> Condition:
    parts = [_single(cursor)]
    while cursor.took("and"):
        parts.append(_single(cursor))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _single(cursor: Cursor) -> Condition:
    if cursor.took("not"):
        with cursor.nested():
            return Not(_single(cursor))
    if cursor.took("("):
        with cursor.nested():
            inner = _either(cursor)
        cursor.expect(")")
        return inner
    if cursor.next.kind == "string":
        return Searches(cursor.take().text)
    if cursor.next.kind == "name" and cursor.after_next.says("("):
        return _function(cursor)
    if cursor.next.kind == "number" or (cursor.next.says("date") and cursor.after_next.kind == "string"):
        raise NotCarriedOut("A comparison that does not begin with a field")
    return _about(cursor.field(), cursor)


def _function(cursor: Cursor) -> Condition:
    name = cursor.take()
    if name.says("search"):
        return _search(cursor)
    if name.says(*_FUNCTIONS):
        raise NotCarriedOut(f"The function {name.text.lower()}()")
    raise cursor.unexpected()


def _search(cursor: Cursor) -> Condition:
    """`search("words")`, `search(*, "words")` or `search(field, …, "words")`."""
    cursor.expect("(")
    fields: list[str] = []
    everywhere = cursor.next.kind == "string" or cursor.took("*")
    if everywhere and cursor.next.kind != "string":
        cursor.expect(",")
    while not everywhere and cursor.next.kind != "string":
        fields.append(cursor.field())
        cursor.expect(",")
    text = cursor.expect_kind("string").text
    cursor.expect(")")
    return Searches(text, None if everywhere else tuple(fields))


def _about(field: str, cursor: Cursor) -> Condition:
    """The demand on a field that was just named."""
    if cursor.next.says(*_ARITHMETIC):
        raise NotCarriedOut("Arithmetic")
    if cursor.next.says(":") and cursor.after_next.says("[", "]"):
        cursor.take()
        return _range(field, cursor)
    if cursor.next.says(*_COMPARISONS):
        operator = cursor.take().text
        return Compares(field, "=" if operator == ":" else operator, value(cursor))
    if cursor.took("like"):
        return Holds(field, cursor.expect_kind("string").text)
    if cursor.took("in"):
        return _list(field, cursor) if cursor.next.says("(") else _range(field, cursor)
    if cursor.took("is"):
        return _being(field, cursor)
    return IsTruth(field, wanted=True)


def _list(field: str, cursor: Cursor) -> Condition:
    cursor.expect("(")
    parts = [Compares(field, "=", value(cursor))]
    while cursor.took(","):
        parts.append(Compares(field, "=", value(cursor)))
    cursor.expect(")")
    return OneOf(tuple(parts))


def _range(field: str, cursor: Cursor) -> Condition:
    with_low = cursor.expect("[", "]").text == "["
    low = value(cursor)
    cursor.expect("..", "to")
    high = value(cursor)
    with_high = cursor.expect("[", "]").text == "]"
    return Lies(field, low, high, with_low, with_high)


def _being(field: str, cursor: Cursor) -> Condition:
    contrary = cursor.took("not")
    word = cursor.expect("null", "true", "false").text.lower()
    demand: Condition = IsEmpty(field) if word == "null" else IsTruth(field, wanted=word == "true")
    return Not(demand) if contrary else demand
