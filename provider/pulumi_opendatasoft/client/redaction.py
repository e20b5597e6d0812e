"""What must never be read in an error or a log, and how it is taken out."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

MASK = "[secret]"

SHORTEST = 4
"""Shorter values are not looked for: masking every "ab" would make a message unreadable and hide nothing."""

# A key in a query or a header, and user and password in a URL, whoever wrote them.
_KEY = re.compile(r"(?i)\b(apikey|pushkey)([=:\s]+)[^\s&\"'<>]+")
_USER = re.compile(r"//[^/\s@\"'<>]+@")


def _spellings(value: str) -> tuple[str, ...]:
    as_json = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    return value, quote(value, safe=""), *as_json, html.escape(value), html.escape(value, quote=False)


class Secrets:
    """The secret values that this process has met; any thread may add one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()

    def add(self, *values: str) -> None:
        """From now on, these values are masked wherever they appear, also as a URL, JSON or HTML spells them."""
        canonical_json = {form for value in values for form in _spellings(value)}
        with self._lock:
            self._values |= {form for form in canonical_json if len(form) >= SHORTEST}

    def masked(self, text: str) -> str:
        """`text` without any known secret, without keys, and without users and passwords in URLs."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, MASK)
        text = _KEY.sub(rf"\1\2{MASK}", text)
        return _USER.sub(f"//{MASK}@", text)


def masked_deep(value: Any, masked: Callable[[str], str]) -> Any:
    """JSON in which every text, and every name, went through `masked`."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [masked_deep(inner, masked) for inner in value]
    if isinstance(value, dict):
        return {masked(name): masked_deep(inner, masked) for name, inner in value.items()}
    return value
