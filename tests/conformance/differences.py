"""The differences between two descriptions, and the list of those that are known, each with its reason."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .shapes import ASPECTS, Operation, Shape, merged

LIST = Path(__file__).parent / "differences.txt"

KINDS = {
    "absent": "the official description has it, the emulator does not",
    "additional": "the emulator has it, the official description does not",
    "optional": "the official description requires it, the emulator does not",
    "required": "the emulator requires it, the official description does not",
    "nullable": "it may be null on the emulator only",
    "not_nullable": "it may be null in the official description only",
    "values": "the two enumerate different values, or only one enumerates them",
    "open": "the emulator declares nothing about its value, the official description does",
    "type": "its value has another type",
    "form": "its value breaks another rule: a format, a pattern, a length; seen in calls alone",
}
"""The kinds of differences."""


@dataclass(frozen=True, order=True)
class Difference:
    """One difference in one place of one operation.

    `aspect` is query, path, status, request, response, or error (the body of a refusal). `place` is a property such as
    `results[].title`; in it `*` is any name, and `[word]` the alternative that a discriminator's word chooses.
    """

    operation: str
    aspect: str
    place: str
    kind: str

    @property
    def is_seen_in_calls(self) -> bool:
        """Whether only calls show it: the form of a value, the body of a refusal, an alternative of a response.

        The emulator's description has one schema for all alternatives of a response.
        """
        is_alternative = self.aspect == "response" and bool(re.search(r"\[\w+\]", self.place))
        return self.kind == "form" or self.aspect == "error" or is_alternative

    def __str__(self) -> str:
        """The line of the list."""
        return f"    {self.operation}  {self.aspect}  {self.place}  {self.kind}"


_MEANINGLESS = {
    "response": ("required", "not_nullable"),
    "query": ("nullable", "not_nullable", "type"),
}
"""A response may be more precise than its description; a parameter in an address is a text."""


def differences(official: Mapping[str, Operation], emulated: Mapping[str, Operation]) -> Iterator[Difference]:
    """Every difference in the operations that both descriptions have.

    A response may be more precise than the description: it may always have what is optional there, and never be null
    where that is possible. What a place lacks as a whole is one difference, however much is below it.
    """
    for name in sorted(official.keys() & emulated.keys()):
        for aspect in ASPECTS:
            found = _between(getattr(official[name], aspect), getattr(emulated[name], aspect), "", aspect)
            for place, kind in found:
                if kind not in _MEANINGLESS.get(aspect, ()):
                    yield Difference(name, aspect, place, kind)


def _between(official: Shape, emulated: Shape, at: str, aspect: str, facts: bool = True) -> Iterator[tuple[str, str]]:
    """The differences of two shapes.

    Args:
        official: the official shape.
        emulated: the emulator's.
        at: the place of both.
        aspect: request, response, …: on whose side a narrower type is none of the differences.
        facts: whether to compare more than the names of members: not where only one of the two tells alternatives
            apart, for the facts of an alternative are none of the whole.
    """
    if official.has_alternatives != emulated.has_alternatives:
        official, emulated, facts = merged(official), merged(emulated), False
    for name in sorted(official.members.keys() | emulated.members.keys()):
        place = f"{at}{name}" if name.startswith("[") or not at else f"{at}.{name}"
        if name not in emulated.members:
            yield place, "absent"
            continue
        if name not in official.members:
            yield place, "additional"
            continue
        one, other = official.members[name], emulated.members[name]
        if facts and (name in official.required) != (name in emulated.required):
            yield place, "optional" if name in official.required else "required"
        if other.is_open:
            if not one.is_open:
                yield place, "open"
            continue
        if facts and one.takes_null != other.takes_null:
            yield place, "not_nullable" if one.takes_null else "nullable"
        if facts and one.values != other.values:
            yield place, "values"
        if facts and not _takes_types(*((other, one) if aspect == "response" else (one, other))):
            yield place, "type"
        yield from _between(one, other, place, aspect, facts)


def _takes_types(sent: Shape, received: Shape) -> bool:
    """Whether values of the types of one shape have types of the other."""
    if sent.types is None or received.types is None:
        return True
    return sent.types <= received.types | ({"integer"} if "number" in received.types else set())


@functools.cache
def known_differences() -> Mapping[Difference, str]:
    """The list: each difference with its reason. Raises ValueError for a line that is none, or is there twice."""
    found: dict[Difference, str] = {}
    reason = ""
    for number, line in enumerate(LIST.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            reason = line
            continue
        words = line.strip().split("  ")
        if len(words) != 4 or words[3] not in KINDS or words[1] not in (*ASPECTS, "error") or not reason:
            expected = "expected `operation  aspect  place  kind`, below a reason"
            raise ValueError(f"{LIST.name}:{number}: {expected}: {line!r}")
        difference = Difference(*words)
        if difference in found:
            raise ValueError(f"{LIST.name}:{number}: this difference is in the list twice: {line!r}")
        found[difference] = reason
    return found


def is_explained(violation: Difference) -> bool:
    """Whether a line of the list explains what a call showed.

    Beside its own line, that is the line of the place whose names are open (`metadata.*` for `metadata.dcat`), of a
    property that is required without being declared, and of the kinds of objects that the description lacks.
    """
    known = known_differences()
    is_known = violation in known
    if violation.kind == "additional":
        return is_known or replace(violation, place=re.sub(r"[^.\[\]]+$", "*", violation.place)) in known
    if violation.kind == "optional":
        return is_known or replace(violation, kind="additional") in known
    if (violation.place, violation.kind) == ("*", "form"):
        collection = violation.operation.split()[1].partition("{")[0]
        return is_known or Difference(f"POST {collection}", "request", "[*]", "additional") in known
    return is_known
