"""The functions of ODSQL, compiled to the SQL of DuckDB."""

from collections.abc import Callable
from dataclasses import replace

from . import dates, geography, grouping, text_search
from .errors import Malformed, NotSupported
from .expressions import DATES, NUMBERS, TEXTS, Call, Expression
from .reference import FUNCTIONS
from .table import Column

SEARCHED = ("text", "file", "int", "double", "date", "datetime")
"""The types of the fields that a search for words reads."""

Compile = Callable[[Call], Expression]


def _length(call: Call) -> Expression:
    call.expect(1)
    text = call.argument(0, *TEXTS)
    return Expression(f"length({text.sql})", "int", text.values)


def _lower(call: Call) -> Expression:
    call.expect(1)
    text = call.argument(0, *TEXTS)
    return Expression(f"lower({text.sql})", "text", text.values)


def _ifnull(call: Call) -> Expression:
    call.expect(2)
    first, other = call.argument(0), call.argument(1)
    type = "double" if {first.type, other.type} == {*NUMBERS} else first.type
    if type != other.type and not (type in TEXTS and other.type in TEXTS) and type != "double":
        raise Malformed(f"ifnull() of {first.type} and {other.type}")
    return Expression(f"coalesce({first.sql}, {other.sql})", type, (*first.values, *other.values))


def _json_format(call: Call) -> Expression:
    call.expect(1, 2)
    text = call.argument(0, *TEXTS)
    if len(call.arguments) == 1:
        return Expression(text.sql, "json", text.values)
    other = call.argument(1, "text", "null")
    return Expression(
        f"CASE WHEN json_valid({text.sql}) THEN {text.sql} ELSE {other.sql} END",
        "json",
        (*text.values, *text.values, *other.values),
    )


def _random(call: Call) -> Expression:
    call.expect(1)
    seed = call.argument(0, "int").values[0]
    return Expression("hash(position, ?)", "int", (seed,))


def _columns(call: Call, types: tuple[str, ...]) -> tuple[list[Column], str]:
    """The searched fields of a call, and the text."""
    *fields, words = call.arguments or [Expression("", "")]
    if words.type != "text" or words.literal is None:
        raise Malformed(f"{call.name}() expects a text as its last argument")
    if not fields or [field.type for field in fields] == ["anything"]:
        return [column for column in call.table.columns if column.type in types], str(words.values[0])
    columns = [field.column for field in fields if field.column is not None]
    if len(columns) < len(fields):
        raise Malformed(f"{call.name}() expects fields before the text")
    return columns, str(words.values[0])


def contains_words(columns: list[Column], words: list[text_search.Word]) -> Expression:
    """Whether the fields together contain all words."""
    if not columns or not words:
        return Expression("FALSE" if words else "TRUE", "boolean")
    text = text_search.PLAIN.format(f"concat_ws(' ', {', '.join(f'{column.sql}::VARCHAR' for column in columns)})")
    tests = [word.test(text) for word in words]
    values = tuple(value for _, found in tests for value in found)
    return Expression(f"({' AND '.join(sql for sql, _ in tests)})", "boolean", values)


def _search(call: Call) -> Expression:
    columns, text = _columns(call, SEARCHED)
    return contains_words(columns, text_search.fuzzy(text))


def _suggest(call: Call) -> Expression:
    columns, text = _columns(call, SEARCHED)
    return contains_words(columns, text_search.beginnings(text))


def _startswith(call: Call) -> Expression:
    columns, text = _columns(call, TEXTS)
    tests = [f"coalesce(starts_with({column.sql}::VARCHAR, ?), FALSE)" for column in columns]
    return Expression(f"({' OR '.join(tests) or 'FALSE'})", "boolean", (text,) * len(columns))


def _count(call: Call) -> Expression:
    call.expect(1)
    counted = call.argument(0)
    if counted.type == "anything":
        return Expression("count(*)", "int", is_aggregate=True)
    if counted.column is not None and counted.column.separator is not None and counted.is_distinct:
        sql = f"len(list_distinct(flatten(list(string_split({counted.sql}, ?)))))"
        return Expression(f"coalesce({sql}, 0)", "int", (counted.column.separator,), is_aggregate=True)
    distinct = "DISTINCT " if counted.is_distinct else ""
    return Expression(f"count({distinct}{counted.sql})", "int", counted.values, is_aggregate=True)


def _number(call: Call, *more: str) -> Expression:
    """The aggregated expression. The message was observed."""
    number = call.argument(0)
    if number.type not in (*NUMBERS, *more):
        raise Malformed("StatAggregation only supports numeric or date expression")
    return number


def _statistic(call: Call) -> Expression:
    call.expect(1)
    is_extreme = call.name in ("min", "max")
    number = _number(call, *(DATES if is_extreme else ()))
    sql = f"{call.name}({number.sql})"
    if call.name == "sum" and number.type == "int":
        sql = f"TRY_CAST({sql} AS BIGINT)"
    type = "double" if call.name in ("avg", "median") else number.type
    return Expression(sql, type, number.values, is_aggregate=True)


def _percentile(call: Call) -> Expression:
    call.expect(2)
    number, share = _number(call), call.argument(1, *NUMBERS)
    percent = float(share.values[0]) if share.literal else -1.0
    if not 0 <= percent <= 100:
        raise Malformed("percentile() expects a number from 0 to 100")
    return Expression(f"quantile_cont({number.sql}, {percent / 100!r})", "double", number.values, is_aggregate=True)


def _refused(call: Call) -> Expression:
    raise NotSupported(f"The function {FUNCTIONS[call.name].refusal}")


_COMPILED: dict[str, Compile] = {
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second"), dates.part),
    **dict.fromkeys(("intersects", "disjoint", "within"), geography.relation),
    **dict.fromkeys(("envelope", "bbox"), geography.gathered),
    **dict.fromkeys(("sum", "avg", "min", "max", "median"), _statistic),
    "count": _count,
    "date_format": dates.date_format,
    "distance": geography.distance,
    "ifnull": _ifnull,
    "in_bbox": geography.in_bbox,
    "json_format": _json_format,
    "length": _length,
    "lower": _lower,
    "percentile": _percentile,
    "random": _random,
    "range": grouping.interval,
    "search": _search,
    "startswith": _startswith,
    "suggest": _suggest,
    "within_distance": geography.within_distance,
}


def compiled(call: Call, clause: str) -> Expression:
    """The expression of a call in a clause. Raises QueryError."""
    if clause not in FUNCTIONS[call.name].places:
        raise Malformed(f"{call.name}() cannot be used here")
    found = _COMPILED.get(call.name, _refused)(call)
    if not any(argument.is_aggregate for argument in call.arguments):
        return found
    if found.is_aggregate:
        raise Malformed(f"{call.name}() of an aggregation")
    return replace(found, is_aggregate=True)
