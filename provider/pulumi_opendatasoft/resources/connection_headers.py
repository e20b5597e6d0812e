"""HTTP headers of connections and sources: a mapping in a program, a list of objects on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    """Encode headers as the API has them."""
    return [{"name": name, "value": value} for name, value in headers.items()]


def mapping(actual: Any) -> dict[str, Any] | None:
    """Decode headers as a program has them; None where the response contains none."""
    if not isinstance(actual, list) or not actual:
        return None
    return {str(pair.get("name")): pair.get("value") for pair in actual if isinstance(pair, Mapping)}
