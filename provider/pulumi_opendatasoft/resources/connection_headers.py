"""HTTP headers: a mapping in a program, where a secret must be reachable by name; a list of pairs on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    """What the API is told."""
    return [{"name": name, "value": value} for name, value in headers.items()]


def mapping(actual: Any) -> dict[str, Any] | None:
    """What the API tells, in a program's words; None where it tells nothing."""
    if not isinstance(actual, list) or not actual:
        return None
    return {str(pair.get("name")): pair.get("value") for pair in actual if isinstance(pair, Mapping)}
