"""The functions that an expression may call, after the service's user guide."""

import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..geometry import as_point, conversion_from, converted_value, metres
from ..values import as_number, as_text, is_empty
from . import datetimes

_MAX_FACTORIAL = 170


@dataclass(frozen=True)
class Function:
    """One function, and the numbers of operands that it takes."""

    call: Callable[..., Any]
    operands: range | tuple[int, ...]


def simplified(value: Any) -> Any:
    """A number without a fraction as a whole one; any other value unchanged."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def power(base: float, exponent: float) -> float:
    """A power; of whole numbers exact as long as it is small. Raises ValueError or OverflowError without a result."""
    if isinstance(base, int) and isinstance(exponent, int) and 0 <= exponent <= 64:
        return int(base**exponent)
    return math.pow(base, exponent)


def _factorial(number: float) -> int:
    if number > _MAX_FACTORIAL:
        raise OverflowError
    return math.factorial(int(number))


def _numeric(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers, which returns None for an empty operand."""

    def called(*operands: Any) -> Any:
        if any(is_empty(operand) for operand in operands):
            return None
        numbers = [as_number(operand) for operand in operands]
        try:
            return call(*numbers)
        except (ValueError, OverflowError, ZeroDivisionError):
            shown = ", ".join(as_text(number) for number in numbers)
            raise ValueError(f"the function has no result for {shown}") from None

    return called


def _textual(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a text, which returns None for an empty one."""

    def called(first: Any, *others: Any) -> Any:
        return None if is_empty(first) else call(as_text(first), *others)

    return called


def _plain(text: str) -> str:
    """A text without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _capitalize_all(text: str) -> str:
    return " ".join(word.capitalize() for word in text.split(" "))


def _substring(text: str, start: Any, length: Any = None) -> str:
    begin = int(as_number(start))
    return text[begin:] if length is None else text[begin : begin + int(as_number(length))]


def _padded(pad: Callable[[str, int, str], str]) -> Callable[..., str]:
    return lambda text, width, fill: pad(text, int(as_number(width)), as_text(fill))


def _match(text: str, pattern: Any) -> bool:
    try:
        return re.search(as_text(pattern), text) is not None
    except re.error:
        raise ValueError(f'"{as_text(pattern)}" is not a regular expression') from None


def _distance(first: Any, second: Any) -> float | None:
    if is_empty(first) or is_empty(second):
        return None
    try:
        return metres(as_point(first), as_point(second))
    except (ValueError, KeyError, TypeError):
        raise ValueError(f'"{as_text(first)}" or "{as_text(second)}" is not a point on the globe') from None


def _random(*bounds: Any) -> float:
    limits = [as_number(bound) for bound in bounds]
    low, high = (0, 1) if not limits else (0, limits[0]) if len(limits) == 1 else (limits[0], limits[1])
    return random.uniform(low, high)


def _to_wgs84(value: Any, epsg: Any) -> str | None:
    if is_empty(value):
        return None
    try:
        return converted_value(value, conversion_from(as_text(epsg)))
    except ValueError as error:
        raise ValueError(f'"{as_text(value)}" cannot be converted: {error}') from None


def _group(calls: dict[str, Callable[..., Any]], operands: Iterable[int]) -> dict[str, Function]:
    return {name: Function(call, tuple(operands)) for name, call in calls.items()}


# The names that Python's math module and its texts share with the language.
# fmt: off
_OF_MATH = (
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "degrees", "exp", "floor", "gamma", "log",
    "log10", "radians", "sin", "sqrt", "tan", "trunc",
)
_OF_STR = (
    "capitalize", "isalnum", "isalpha", "isdecimal", "isdigit", "islower", "isnumeric", "isupper", "lower", "upper",
)
# fmt: on

_OF_ONE_NUMBER: dict[str, Callable[..., Any]] = {name: _numeric(getattr(math, name)) for name in _OF_MATH} | {
    "abs": _numeric(abs),
    "factorial": _numeric(_factorial),
    "sigmoid": _numeric(lambda number: 1 / (1 + math.exp(-number))),
}
_OF_TWO_NUMBERS: dict[str, Callable[..., Any]] = {
    "div": _numeric(lambda first, second: first // second),
    "gcd": _numeric(lambda first, second: math.gcd(int(first), int(second))),
    "mod": _numeric(lambda first, second: first % second),
    "pow": _numeric(power),
}
_OF_ONE_TEXT: dict[str, Callable[..., Any]] = {name: _textual(getattr(str, name)) for name in _OF_STR} | {
    "capitalize_all": _textual(_capitalize_all),
    "length": _textual(len),
    "normalize": _textual(_plain),
    "tolowercase": _textual(str.lower),
    "touppercase": _textual(str.upper),
}
_OF_TWO_TEXTS: dict[str, Callable[..., Any]] = {
    "contains": _textual(lambda text, part: as_text(part) in text),
    "endswith": _textual(lambda text, part: text.endswith(as_text(part))),
    "match": _textual(_match),
    "startswith": _textual(lambda text, part: text.startswith(as_text(part))),
}
_OF_THREE_TEXTS: dict[str, Callable[..., Any]] = {
    "center": _textual(_padded(str.center)),
    "ljust": _textual(_padded(str.ljust)),
    "replace": _textual(lambda text, old, new: text.replace(as_text(old), as_text(new))),
    "rjust": _textual(_padded(str.rjust)),
}

FUNCTIONS: dict[str, Function] = {
    **_group(_OF_ONE_NUMBER, (1,)),
    **_group(_OF_TWO_NUMBERS, (2,)),
    **_group(_OF_ONE_TEXT, (1,)),
    **_group(_OF_TWO_TEXTS, (2,)),
    **_group(_OF_THREE_TEXTS, (3,)),
    **_group(datetimes.PARTS, (1, 2)),
    **_group(datetimes.SHIFTS, (2,)),
    "datediff": Function(datetimes.difference, (3,)),
    "distance": Function(_distance, (2,)),
    "empty": Function(is_empty, (1,)),
    "geopoint2d_towgs84": Function(_to_wgs84, (2,)),
    "geoshape_towgs84": Function(_to_wgs84, (2,)),
    "fromtimestamp": Function(datetimes.from_timestamp, (1,)),
    "max": Function(_numeric(max), range(2, 100)),
    "min": Function(_numeric(min), range(2, 100)),
    "now": Function(lambda: datetime.now(UTC).isoformat(timespec="seconds"), (0,)),
    "random": Function(_random, (0, 1, 2)),
    "round": Function(_numeric(lambda number, digits=0: round(number, int(digits))), (1, 2)),
    "substring": Function(_textual(_substring), (2, 3)),
}
"""Every function by its name, except the guide's `quartertodaterange`."""
