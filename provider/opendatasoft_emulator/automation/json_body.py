"""The JSON that the portal takes: what a response can repeat. Surrogates, NaN and deep nesting are refused."""

import json
import math
from typing import Any

_MAX_DEPTH = 100


class InvalidJson(ValueError):
    """A body that is not JSON, or that a response could not repeat."""


def read_json(body: bytes) -> Any:
    """The value of a body. Raises InvalidJson."""
    try:
        value = json.loads(body, parse_constant=_reject, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidJson(str(error)) from error
    _check(value)
    return value


def _reject(constant: str) -> float:
    raise InvalidJson(f"{constant} is no number")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _reject(number)


def _check(whole: Any) -> None:
    level, depth = [whole], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH + 1:
            raise InvalidJson("it is nested too deeply")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.keys())
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and not value.isascii():
                _check_text(value)
        level = below


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidJson("a text holds half of a surrogate pair") from error
