"""The words of a table of properties: another value for each, and what must then be seen on the portal."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_opendatasoft.schema.types import Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape

Properties = dict[str, Any]

Given = Callable[[Mapping[str, Any]], Properties]
"""Properties of a resource, made of facts about the portal (uids of what they refer to)."""

ANYTHING: Any = object()
"""Stands, among what must be seen, for some other value than before."""


@dataclass(frozen=True)
class Fact:
    """Stands, among what must be seen, for what is only known when the portal is there: a uid, by its name."""

    name: str


MOVES_BY_ITSELF = frozenset({"created_at", "updated_at", "updated_by", "joined_at", "since"})
"""What says when something happened, not what there is."""


@dataclass(frozen=True)
class Follows:
    """Stands, among what must be seen, for what the portal derives of another value by itself."""

    value: Any


@dataclass(frozen=True)
class Row:
    """One property given another value, all others as they were."""

    at: str
    """Where it is declared: `explore_limits.api_calls.limit`, `fields[rename].from_name`."""

    other: Given
    """The properties of the resource that say it; made anew for every run of a program."""

    there: Mapping[str, Any] = field(default_factory=dict)
    """What then differs on the portal, by path, as an independent client reads it."""

    writes: tuple[str, ...] = ()
    """The calls that change something, in order; uids are written `{uid}`."""

    step: str | None = "update"
    """What the engine does; None where the two values mean the same."""

    back: tuple[str, ...] | None = None
    """The calls of the way back, where they are others."""

    drifts: bool = True
    """Whether a refresh sees it when the portal's value changes."""

    reads: int = 1
    """How many reads such an update may make."""

    sample: str = ""
    """From which of the samples it starts."""

    moved: tuple[str, ...] = ()
    """What is another on the portal after the way there and back: the portal moved it, or named it anew."""

    keys: tuple[str, ...] = ()
    """The names of the program, in mappings, on the way to the property."""

    refused: str = ""
    """What the portal says of every other value, where it knows only one."""

    def __str__(self) -> str:
        return self.at

    @property
    def shows(self) -> bool:
        """Whether it can be changed behind the program's back, and a refresh sees it."""
        return self.drifts and bool(self.there)


def leaves(shape: Shape, at: str = "") -> Iterator[str]:
    """Every settable property of a declaration, down to the members of its values; without the tags of unions."""
    for slot in shape.settable:
        path = f"{at}.{slot.name}" if at else slot.name
        if not (isinstance(slot.kind, Scalar) and len(slot.kind.choices) == 1):
            yield from _inside(slot.kind, path)


def _inside(kind: Kind, at: str) -> Iterator[str]:
    match kind:
        case Object():
            yield from leaves(kind.shape, at)
        case OneOf() if kind.tagged or kind.open:
            for tag, alternative in kind.tagged.items():
                yield from leaves(alternative.shape, f"{at}[{tag}]")
            if kind.open:
                yield from leaves(kind.open.shape, f"{at}[…]")
        case ListOf(item=Object() | OneOf()) | MapOf(item=Object() | OneOf()) if _is_deep(kind.item):
            yield from _inside(kind.item, f"{at}[]" if isinstance(kind.item, Object) else at)
        case _:
            yield at


def _is_deep(kind: Kind) -> bool:
    return isinstance(kind, Object) or (isinstance(kind, OneOf) and bool(kind.tagged or kind.open))


# ---------------------------------------------------------------- what an independent client sees


def flat(seen: Any, at: str = "") -> dict[str, Any]:
    """A document by the paths of its leaves; a list of plain values is one leaf."""
    if isinstance(seen, Mapping) and seen:
        found: dict[str, Any] = {}
        for name, value in seen.items():
            if name not in MOVES_BY_ITSELF:
                found |= flat(value, f"{at}.{name}" if at else name)
        return found
    if isinstance(seen, list) and any(isinstance(item, Mapping) for item in seen):
        return {path: leaf for n, item in enumerate(seen) for path, leaf in flat(item, f"{at}[{n}]").items()}
    return {at: seen}


def differences(before: Any, after: Any) -> dict[str, Any]:
    """What differs between two looks, by path: the value that is there now, None where there is none."""
    old, new = flat(before), flat(after)
    return {path: new.get(path) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def changed(document: Any, path: str, value: Any) -> Any:
    """A copy of a document with another value at a path: `explore_limits.api_calls.limit`, `[0].title`."""
    whole = copy.deepcopy(document)
    *steps, last = [int(number) if number else name for number, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)]
    at = whole
    for step in steps:
        at = at[step]
    at[last] = value
    return whole


def agrees(found: Mapping[str, Any], wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether exactly the wanted differences were found."""
    return found.keys() == wanted.keys() and all(
        value is ANYTHING or found[path] == resolved(value, facts) for path, value in wanted.items()
    )


def resolved(value: Any, facts: Mapping[str, Any]) -> Any:
    """A value that must be seen, with the facts of this portal."""
    if isinstance(value, Follows):
        return value.value
    return facts[value.name] if isinstance(value, Fact) else value


def nameless(calls: list[str]) -> list[str]:
    """Calls without the uids that differ from portal to portal."""
    return [re.sub(r"/(da|co|re|pr|sc|at|ae|ak)_[a-z0-9]{6}/", r"/{uid}/", call) for call in calls]
