"""The differences of two sides: objects that only one has, and properties with other values."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .nouns import NOUNS
from .things import Content, Secret, Side, Thing
from .unmanaged import is_ignored

ONLY_FROM, ONLY_TO, DIFFERS = "only-from", "only-to", "differs"
"""The kinds of differences."""

LONG = 60
"""Characters of a text that is shown by its changed lines, as is every text of several lines."""

AROUND = 1
"""The lines shown before and after the changed ones."""

MOST_LINES = 60
"""The most lines shown of one property."""


@dataclass(frozen=True)
class Difference:
    """One difference. Secrets are masked in it."""

    what: str
    """`ONLY_FROM`, `ONLY_TO` or `DIFFERS`."""

    noun: str
    key: str
    path: str = ""
    """The property: `metadata.default.title`; empty for a whole object."""

    before: Any = None
    """Its value on the first side, as JSON; None where it has none."""

    after: Any = None
    lines: tuple[str, ...] = ()
    """The changed lines of a long text or a list, as `diff -u` prints them."""


@dataclass
class Result:
    """A comparison."""

    differences: list[Difference] = field(default_factory=list)
    equal: int = 0
    """How many objects are the same on both sides."""

    ignored: int = 0
    unseen: dict[str, str] = field(default_factory=dict)
    """The nouns that were not compared, each with the side on which the API key may not list them."""


def compare(one: Side, other: Side, *, nouns: Sequence[str] = (), ignore: Sequence[str] = ()) -> Result:
    """Compare two sides, object by object and property by property.

    Args:
        one: The first side.
        other: The second side.
        nouns: The nouns that are compared; all without any.
        ignore: Patterns of objects that are left out, as for `unmanaged`.
    """
    result = Result()
    for side in (one, other):
        for noun in sorted(side.unseen):
            if not nouns or noun in nouns:
                result.unseen[noun] = side.name
    order = [noun.name for noun in NOUNS]
    keys = sorted({*one.things, *other.things}, key=lambda key: (order.index(key[0]), key[1]))
    for noun, key in keys:
        if (nouns and noun not in nouns) or noun in result.unseen:
            continue
        if is_ignored(noun, key, ignore):
            result.ignored += 1
            continue
        first, second = one.things.get((noun, key)), other.things.get((noun, key))
        if first is None or second is None:
            # An object that only the portal has is no difference to a program: see `unmanaged`.
            if (one if first is None else other).is_program:
                continue
            result.differences.append(Difference(ONLY_FROM if first else ONLY_TO, noun, key))
            continue
        found = list(_of_thing(noun, key, first, second))
        result.differences += found
        result.equal += not found
    return result


def _of_thing(noun: str, key: str, first: Thing, second: Thing) -> Iterator[Difference]:
    if first.kind != second.kind:
        yield Difference(DIFFERS, noun, key, "type", first.kind, second.kind)
        return
    for path, old, new in _differing(first.values, second.values, ""):
        shown_old, shown_new = _shown(old), _shown(new)
        yield Difference(DIFFERS, noun, key, path, shown_old, shown_new, _lines(shown_old, shown_new))


def _differing(one: Any, other: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """The paths at which two values differ, with the values; those of mappings one by one."""
    if Secret(None) in (one, other):
        if _is_empty(one) or _is_empty(other):
            yield path, one, other
    elif isinstance(one, Secret) and isinstance(other, Secret):
        if one != other:
            yield path, one, other
    elif isinstance(one, Content) and isinstance(other, Content):
        if one.is_other(other):
            yield path, one, other
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in sorted({*one, *other}):
            yield from _differing(one.get(name), other.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(one, Mapping) and other is None and path:
        for name in sorted(one):
            yield from _differing(one[name], None, f"{path}.{name}")
    elif isinstance(other, Mapping) and one is None and path:
        for name in sorted(other):
            yield from _differing(None, other[name], f"{path}.{name}")
    elif one != other and not (_is_empty(one) and _is_empty(other)):
        yield path, one, other


def _is_empty(value: Any) -> bool:
    """Whether a value says the same as none: a portal does not distinguish them."""
    return value in (None, "", [], {}, False)


def _shown(value: Any) -> Any:
    """A value with its secrets masked, as JSON can have it."""
    if isinstance(value, Secret | Content):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _shown(inner) for name, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


def _lines(one: Any, other: Any) -> tuple[str, ...]:
    """The changed lines, where both are lists or texts of which at least one is long."""
    rows = [_rows(value) for value in (one, other)]
    if rows[0] is None or rows[1] is None or not (_is_long(one) or _is_long(other)):
        return ()
    lines = list(difflib.unified_diff(rows[0], rows[1], n=AROUND, lineterm=""))[2:]
    more = [f"… {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return (*lines[:MOST_LINES], *more)


def _rows(value: Any) -> list[str] | None:
    if value is None:
        return []
    if isinstance(value, str):
        return value.splitlines()
    if isinstance(value, list):
        return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, sort_keys=True) for one in value]
    return None


def _is_long(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) > LONG or "\n" in value
    return isinstance(value, list)
