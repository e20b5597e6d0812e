"""The rows of a resource type's table: another value for each property, and what must then be on the portal."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_opendatasoft.schema.types import Kind, ListOf, MapOf, Object, OneOf, Scalar, Shape, Slot

Properties = dict[str, Any]

Given = Callable[[Mapping[str, Any]], Properties]
"""Makes the properties of a resource from facts about the portal, such as the uids of other objects."""

ANYTHING: Any = object()
"""An expected value that may be any other value than before."""


@dataclass(frozen=True)
class Fact:
    """An expected value that depends on the portal, such as a uid, by the name of the fact."""

    name: str


MOVES_BY_ITSELF = frozenset({"created_at", "updated_at", "updated_by", "joined_at", "since"})
"""The members of a response that contain when something happened, which are not compared."""


@dataclass(frozen=True)
class Follows:
    """An expected value that the portal derives from another one by itself."""

    value: Any


@dataclass(frozen=True)
class Row:
    """One property given another value, all others as they were."""

    path: str
    """The path of its declaration: `explore_limits.api_calls.limit`, `fields[rename].from_name`."""

    other: Given
    """The properties of the resource with the other value; made anew for every run of a program."""

    actual: Mapping[str, Any] = field(default_factory=dict)
    """The differences that an independent client then reads, by their paths in its document."""

    writes: tuple[str, ...] = ()
    """The writing calls, in order; uids are written `{uid}`."""

    step: str | None = "update"
    """The engine's step; None where the two values are equal."""

    back: tuple[str, ...] | None = None
    """The writing calls of the change back, where they are others."""

    drifts: bool = True
    """Whether a refresh finds a change of the portal's value."""

    reads: int = 1
    """The most reads that such an update may make."""

    sample: str = ""
    """The name of the sample that it starts from."""

    moved: tuple[str, ...] = ()
    """The paths that differ after the change and the change back, because the portal gives new values."""

    keys: tuple[str, ...] = ()
    """The keys of mappings on the path to the property."""

    refused: str = ""
    """The portal's message about every other value, where it accepts only one."""

    def __str__(self) -> str:
        return self.path

    @property
    def name(self) -> str:
        """The name of the resource's own property that it is, or is in."""
        return re.split(r"[.\[]", self.path)[0]

    @property
    def shows(self) -> bool:
        """Whether another client can change it and a refresh finds that."""
        return self.drifts and bool(self.actual)


def leaves(shape: Shape) -> list[str]:
    """Every settable property of a declaration, down to the members of its values; without the tags of unions."""
    return [path for path, _ in slots(shape)]


def slots(shape: Shape, at: str = "") -> Iterator[tuple[str, Slot]]:
    """The same with the declaration of each; an entry of a list or mapping has that of the whole."""
    for slot in shape.settable:
        path = f"{at}.{slot.name}" if at else slot.name
        if not (isinstance(slot.kind, Scalar) and len(slot.kind.choices) == 1):
            yield from _inside(slot.kind, path, slot)


def _inside(kind: Kind, at: str, slot: Slot) -> Iterator[tuple[str, Slot]]:
    match kind:
        case Object():
            yield from slots(kind.shape, at)
        case OneOf() if kind.tagged or kind.open:
            for tag, alternative in kind.tagged.items():
                yield from slots(alternative.shape, f"{at}[{tag}]")
            if kind.open:
                yield from slots(kind.open.shape, f"{at}[…]")
        case ListOf(item=Object() | OneOf()) | MapOf(item=Object() | OneOf()) if _is_deep(kind.item):
            yield from _inside(kind.item, f"{at}[]" if isinstance(kind.item, Object) else at, slot)
        case _:
            yield at, slot


def _is_deep(kind: Kind) -> bool:
    return isinstance(kind, Object) or (isinstance(kind, OneOf) and bool(kind.tagged or kind.open))


# ---------------------------------------------------------------- the document of an independent client


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
    """The differences between two documents, by path: the later value, None where there is none."""
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


def agrees(found: Mapping[str, Any], expected: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether exactly the expected differences were found."""
    return found.keys() == expected.keys() and all(
        value is ANYTHING or found[path] == resolved(value, facts) for path, value in expected.items()
    )


def resolved(value: Any, facts: Mapping[str, Any]) -> Any:
    """An expected value on this portal."""
    if isinstance(value, Follows):
        return value.value
    return facts[value.name] if isinstance(value, Fact) else value


def nameless(calls: list[str]) -> list[str]:
    """Calls without the uids that differ from portal to portal."""
    return [re.sub(r"/(da|co|re|pr|sc|sp|at|ae|ak)_[a-z0-9]{6}/", r"/{uid}/", call) for call in calls]
