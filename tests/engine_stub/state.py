"""The engine's state of resources, the result of a command, and the comparison of inputs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import rpc

Properties = dict[str, Any]
"""Properties as JSON, with the engine's own word for unknown values."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""A secret on the wire is an object that has the signature as a key, with this value."""

UNKNOWN = rpc.UNKNOWN


@dataclass(frozen=True)
class Registration:
    """A resource as a program declared it; its inputs are without the marks of secrets."""

    urn: str
    inputs: Properties
    delete_before_replace: bool
    ignore_changes: tuple[str, ...] = ()
    """Property paths at which the inputs of the state stay."""

    dependencies: tuple[str, ...] = ()
    """The URNs of the resources whose outputs it uses."""

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
    """The reasons for which its last create or update is not finished."""

    delete_before_replace: bool = False
    ignore_changes: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)


@dataclass(frozen=True)
class Line:
    """A line that the provider logged."""

    severity: str
    """`DEBUG`, `INFO`, `WARNING` or `ERROR`."""

    name: str
    """The name of its resource."""

    text: str
    ephemeral: bool
    """Whether the next line replaces it."""


@dataclass
class Outcome:
    """The result of a command."""

    steps: dict[str, str] = field(default_factory=dict)
    """By name, the step of each resource that changed: create, update, replace, delete."""

    changed: dict[str, list[str]] = field(default_factory=dict)
    """By name, the paths of the inputs that differ; of a refresh, those that the portal changed."""

    errors: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """By error, the resource whose check refused it, as the engine names it before the error."""

    lines: list[Line] = field(default_factory=list)

    def said(self, *severities: str) -> list[str]:
        """Return the lines that stay in the output: not those that others replace, nor those for `--debug`."""
        return [text for lines in self.said_of(*severities).values() for text in lines]

    def said_of(self, *severities: str) -> dict[str, list[str]]:
        """Return the same lines by the name of their resource."""
        wanted = severities or ("INFO", "WARNING", "ERROR")
        lines: dict[str, list[str]] = {}
        for line in self.lines:
            if line.severity in wanted and not line.ephemeral:
                lines.setdefault(line.name, []).append(line.text)
        return lines


def name_of(urn: str) -> str:
    """The name at the end of a URN."""
    return urn.rpartition("::")[2]


def revealed(value: Any) -> Any:
    """Return a value without the marks of secrets: the engine strips them, because the provider does not accept any."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return revealed(value["value"])
        return {name: revealed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def with_ignored(inputs: Properties, old: Properties, paths: tuple[str, ...]) -> Properties:
    """Return the inputs with the values of `old` at the ignored paths; what `old` lacks is taken away."""
    inputs = copy.deepcopy(inputs)
    for path in paths:
        *containers, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        old_place, place = _inside(old, containers), _inside(inputs, containers)
        if place is None:
            continue
        if _has(old_place, last):
            place[last] = copy.deepcopy(old_place[last])
        elif _has(place, last):
            del place[last]
    return inputs


def _inside(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if not _has(value, step):
            return None
        value = value[step]
    return value


def _has(container: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(container, list) and step < len(container)
    return isinstance(container, dict) and step in container


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
