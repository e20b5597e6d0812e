"""Finds the values that cannot be carried from a program to the portal unchanged, each with its path."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .failure import Failure, format_path
from .traversal import Path

MOST: Final = 2**53
"""From this number on, neighbouring whole numbers become the same one on their way: the engine has floats only."""

DEEPEST: Final = 64
"""So many lists and mappings may be inside each other."""

FORMATTED: Final = ("Calling __str__ on an Output[T] is not supported", "<pulumi.output.Output object at ")
"""Texts that Python puts into a string in the place of an Output, by `str` and by `repr`."""

NOT_KNOWN: Final = (
    "contains an Output as text, whose value is not known yet: instead of an f-string or str(), write "
    'pulumi.Output.concat("…", output) or pulumi.Output.format("… {0}", output)'
)

KEYS: Final = "keys are texts that the program knows when it runs"


def failures(inputs: Mapping[str, Any]) -> list[Failure]:
    """The inputs of a resource that cannot have arrived unchanged, or could not be sent unchanged."""
    return list(_failures(inputs, ()))


def _failures(value: Any, path: Path) -> Iterator[Failure]:
    found = reason(value) or (TOO_DEEP if len(path) > DEEPEST else None)
    if found:
        yield Failure(shortened(path), found)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            wrong = key_reason(key)
            if wrong:
                yield Failure(shortened(path), wrong)
            else:
                yield from _failures(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _failures(inner, (*path, number))


TOO_DEEP: Final = f"more than {DEEPEST} lists and mappings are inside each other"


def reason(value: Any) -> str | None:
    """The reason why a number or a text cannot be carried unchanged; None for any other value."""
    if isinstance(value, str):
        return _text_reason(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return f"is {value}, which is no number that JSON can contain: leave it out, or give a number"
    if abs(value) >= MOST:
        return "numbers of 2^53 (9,007,199,254,740,992) or more lose digits on the way: give it as text, in quotes"
    return None


def key_reason(key: Any) -> str | None:
    """The reason why a key of a mapping cannot be carried unchanged."""
    if not isinstance(key, str):
        return f"has a key that is no text but of the type {type(key).__name__}: write it in quotes"
    found = _text_reason(key)
    if found == NOT_KNOWN:
        return f"has a key that contains an Output as text: {KEYS}"
    return f"has a key that {found}" if found else None


def _text_reason(text: str) -> str | None:
    if any(mark in text for mark in FORMATTED):
        return NOT_KNOWN
    if "\0" in text:
        return "contains the character NUL (\\0), which no text of a portal contains: take it out"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "contains half a character (a surrogate), mostly from a file that was read with another encoding"
    return None


def shortened(path: Path) -> str:
    """A path as messages contain it. Of a deep one, the beginning."""
    return format_path(path[:8]) + ("…" if len(path) > 8 else "")
