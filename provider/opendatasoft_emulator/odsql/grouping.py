"""range(), which groups numbers and dates by intervals."""

import itertools
import re
from typing import Any

from .errors import Malformed, NotSupported
from .expressions import DATES, NUMBERS, Call, Expression, local

_UNITS = {
    "millisecond": ("ms", "milliseconds"),
    "second": ("s", "seconds"),
    "minute": ("m", "minutes"),
    "hour": ("h", "hours"),
    "day": ("d", "days"),
    "week": ("w", "weeks"),
    "month": ("M", "months"),
    "quarter": ("q", "quarters"),
    "year": ("y", "years"),
}
_ONE_AT_A_TIME = ("week", "month", "quarter", "year")
_INTERVALS = {"millisecond": "1 millisecond", "quarter": "3 months"}
_ISO = "%Y-%m-%dT%H:%M:%S.%gZ"
_QUANTITY = re.compile(r"(\d+)\s*([A-Za-z]+)")


def interval(call: Call) -> Expression:
    """The intervals of a field: of equal widths for one step, else between the ends. Raises Malformed."""
    field = call.argument(0, *NUMBERS, *DATES)
    steps = call.arguments[1:]
    if len(steps) == 1 and steps[0].type in NUMBERS and field.type in NUMBERS:
        return _widths(field, steps[0].values[0])
    if len(steps) == 1 and steps[0].type == "quantity" and field.type in DATES:
        return _periods(field, str(steps[0].literal), call)
    return _ends(field, steps)


def _widths(field: Expression, width: float) -> Expression:
    if width <= 0:
        raise Malformed("The width of range() is not positive")
    key = f"(floor({field.sql} / {width!r}) * {width!r})"
    if field.type == "int" and isinstance(width, int):
        shown = f"'[' || {{key}}::BIGINT || ', ' || ({{key}}::BIGINT + {width - 1}) || ']'"
    else:
        shown = f"'[' || {_plain('{key}')} || ', ' || {_plain(f'({{key}} + {width!r})')} || '['"
    return Expression(key, "text", field.values, shown=shown)


def _periods(field: Expression, quantity: str, call: Call) -> Expression:
    found = _QUANTITY.fullmatch(quantity)
    unit = next((name for name, others in _UNITS.items() if found and found[2] in (name, *others)), None)
    if found is None or unit is None:
        raise Malformed(f"Invalid interval: {quantity}")
    count = int(found[1])
    if count < 1 or (count > 1 and unit in _ONE_AT_A_TIME):
        raise Malformed(f"Invalid interval: {quantity}. Only 1 {unit} is supported")
    time = local(field, call.settings)
    step = f"INTERVAL '{count * 3 if unit == 'quarter' else count} {'month' if unit == 'quarter' else unit}'"
    if count == 1:
        key = f"date_trunc('{unit}', {time.sql}::TIMESTAMP)"
    else:
        key = f"time_bucket({step}, {time.sql}::TIMESTAMP, TIMESTAMP '1970-01-01')"
    shown_values: tuple[Any, ...] = ()
    start, end = "{key}", f"({{key}} + {step})"
    if field.type == "datetime" and call.settings.zone != "UTC":
        start, end = (f"timezone('UTC', timezone(?, {moment}))" for moment in (start, end))
        shown_values = (call.settings.zone, call.settings.zone)
    shown = f"'[' || strftime({start}, '{_ISO}') || ', ' || strftime({end}, '{_ISO}') || '['"
    return Expression(key, "text", time.values, shown=shown, shown_values=shown_values)


def _ends(field: Expression, steps: "tuple[Expression, ...] | Any") -> Expression:
    ends = [None if step.type == "anything" else step for step in steps]
    if len(ends) < 2 or None in ends[1:-1] or not any(ends):
        raise Malformed("range() expects a width, or ends from the lowest to the highest")
    kinds = DATES if field.type in DATES else NUMBERS
    if any(end and (end.type not in kinds or end.literal is None) for end in ends):
        raise NotSupported("range() with these ends")
    cases, labels = [], []
    values: list[Any] = []
    for position, (low, high) in enumerate(itertools.pairwise(ends)):
        tests = []
        for end, operator in ((low, ">="), (high, "<")):
            if end is not None:
                tests.append(f"{field.sql} {operator} ?")
                values += [*field.values, end.values[0]]
        cases.append(f"WHEN {' AND '.join(tests)} THEN {position}")
        labels.append(_label(low, high, field.type))
    return Expression(
        f"CASE {' '.join(cases)} END",
        "text",
        tuple(values),
        shown="list_extract(?::VARCHAR[], {key} + 1)",
        shown_values=(labels,),
        drops_empty=True,
    )


def _label(low: Expression | None, high: Expression | None, type: str) -> str:
    first, last = _end(low), _end(high)
    if type == "int" and all(end is None or end.type == "int" for end in (low, high)):
        return f"[{first}, {last if high is None else high.values[0] - 1}]"
    return f"[{first}, {last}["


def _end(end: Expression | None) -> str:
    if end is None:
        return "*"
    value = end.values[0]
    return f"{value.isoformat(timespec='milliseconds')}Z" if end.type in DATES else f"{value:g}"


def _plain(number: str) -> str:
    return rf"regexp_replace({number}::VARCHAR, '\.0$', '')"
