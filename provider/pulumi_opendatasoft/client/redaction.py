"""Secrets that must not appear in an error or a log, and their removal from texts."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

MASK = "[secret]"
"""Stands in a text in the place of a secret."""

SHORTEST = 4
"""Shorter values are not redacted: masking every "ab" would make a message unreadable and hide nothing."""

# A key in a query or a header, and user and password in a URL, known to this process or not.
_KEY = re.compile(r"(?i)\b(apikey|pushkey)([=:\s]+)[^\s&\"'<>]+")
_USER = re.compile(r"//[^/\s@\"'<>]+@")


def _spellings(value: str) -> tuple[str, ...]:
    as_json = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    return value, quote(value, safe=""), *as_json, html.escape(value), html.escape(value, quote=False)


class Secrets:
    """The secret values that this process knows. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()

    def add(self, *values: str) -> None:
        """Redact these values from now on, also as a URL, JSON or HTML spells them."""
        spellings = {spelling for value in values for spelling in _spellings(value)}
        with self._lock:
            self._values |= {spelling for spelling in spellings if len(spelling) >= SHORTEST}

    def redact(self, text: str) -> str:
        """Return `text` without any known secret, without keys, and without users and passwords in URLs."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, MASK)
        text = _KEY.sub(rf"\1\2{MASK}", text)
        return _USER.sub(f"//{MASK}@", text)


def redact_deep(value: Any, redact: Callable[[str], str]) -> Any:
    """Return JSON in which every text, and every name, is redacted."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [redact_deep(inner, redact) for inner in value]
    if isinstance(value, dict):
        return {redact(name): redact_deep(inner, redact) for name, inner in value.items()}
    return value
