"""The dotted paths into JSON values of the service's user guide, iJSON rules: `item` steps into a list."""

from collections.abc import Iterator
from typing import Any


def values_at(value: Any, rule: str | None) -> Iterator[Any]:
    """The values at a rule: none, one, or many where a step is a list. Without a rule, the value itself."""
    if not rule:
        yield value
        return
    step, _, rest = rule.partition(".")
    if step == "item" and isinstance(value, list):
        for member in value:
            yield from values_at(member, rest)
    elif isinstance(value, dict) and step in value:
        yield from values_at(value[step], rest)
