"""Values of a portal as text that a terminal or another program may read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that JSON may contain as they are, and that a terminal may obey."""


def printable(text: str) -> str:
    """A text in one line, without characters that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def cell(value: Any) -> str:
    """A value in one line: nothing for None, yes or no for a truth, a list's entries, and an object as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(cell(entry) for entry in value)
    if isinstance(value, Mapping):
        return printable(json.dumps(value, ensure_ascii=False, default=str))
    return printable(str(value))


def member(value: Any, path: str) -> Any:
    """The member of an object at a dotted path; None where there is none."""
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def json_text(value: Any) -> str:
    """A value as JSON, for programs."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def plain_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for programs and logs: a line for each row, its cells separated by tabs, the names first."""
    return "\n".join("\t".join(row) for row in (header, *rows))
