"""What the engine remembers of resources, and how it compares and tells what a command did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import rpc

Properties = dict[str, Any]

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""How a value says that it is a secret: the signature is its key, this its value."""

UNKNOWN = rpc.UNKNOWN


@dataclass(frozen=True)
class Registration:
    """A resource as a program declared it; its inputs are without the marks of secrets."""

    urn: str
    inputs: Properties
    delete_before_replace: bool

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)


@dataclass(frozen=True)
class Resource:
    """A resource as the state holds it."""

    urn: str
    id: str
    inputs: Properties
    outputs: Properties
    unfinished: tuple[str, ...] = ()
    """What is left to do, if its creation did not come to an end."""

    delete_before_replace: bool = False

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)


@dataclass(frozen=True)
class Line:
    """What the provider said while it worked."""

    severity: str
    """`DEBUG`, `INFO`, `WARNING` or `ERROR`."""

    name: str
    """The resource that it was said of."""

    text: str
    ephemeral: bool
    """Whether the next line replaces it."""


@dataclass
class Outcome:
    """What a command did."""

    steps: dict[str, str] = field(default_factory=dict)
    """By name, what is not as it was: create, update, replace, delete."""

    changed: dict[str, list[str]] = field(default_factory=dict)
    """By name, the paths of the inputs that differ; of a refresh, those that the portal changed."""

    errors: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def said(self, *severities: str) -> list[str]:
        """What stays in the output, without the lines that others replaced and those for `--debug`."""
        wanted = severities or ("INFO", "WARNING", "ERROR")
        return [line.text for line in self.lines if line.severity in wanted and not line.ephemeral]


def name_of(urn: str) -> str:
    """The name at the end of a URN."""
    return urn.rpartition("::")[2]


def revealed(value: Any) -> Any:
    """A value without the marks of secrets: the provider says that it takes none, so the engine strips them."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return revealed(value["value"])
        return {name: revealed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def differing(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths at which two values differ, as the engine prints them: lists position by position."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from differing(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            yield from differing(_at(before, place), _at(after, place), f"{path}[{place}]")
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield path


def _at(items: list[Any], place: int) -> Any:
    return items[place] if place < len(items) else None
