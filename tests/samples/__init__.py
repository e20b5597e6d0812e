"""One sample of each resource type: a module of this folder for each, or one for several that are alike.

From the registry and these samples derive the golden states, the lenient reads, the walks through all properties, the
table of writable properties, and the programs of the type checkers. Programs on the real engine import this package,
so it needs nothing but `pulumi_opendatasoft`.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from pulumi_opendatasoft.program.resource import Resource

from ..conformance.rules import Unwritten, Writes
from ..resources.subject import Subject

R = TypeVar("R", bound=Resource)

RECORDS = "d,no2\n2026-01-01,12.5\n2026-01-02,-\n"
"""The content of `air.csv`, which is expected beside the program and on the web server."""

USER, PASSWORD = "portal", "canary-password"
"""The login of the web server."""


class Site:
    """A portal on which samples are declared, each once; those that others refer to come first."""

    def __init__(self, files: str) -> None:
        self.files = files
        """The address of a web server with `air.csv`."""
        self._declared: dict[type[Resource], Resource] = {}

    def get(self, kind: type[R]) -> R:
        """The sample of a type, for another one that refers to it."""
        if kind not in self._declared:
            self._declared[kind] = samples()[kind.__name__].declare(self)
        return cast(R, self._declared[kind])


Declare = Callable[[Site], Resource]


@dataclass(frozen=True)
class Sample:
    """One resource type for the tests of all types."""

    declare: Declare
    """Declares a resource with as many properties as its state can contain, called by the name of its type."""

    subject: Subject
    """Another value for each property, and what is then on the portal."""

    variants: tuple[Declare, ...] = ()
    """Further forms, for responses that the first one does not get; called by the type and a number."""

    writes: tuple[Writes, ...] = ()
    """Which properties write the writable ones of the official description."""

    unwritten: tuple[Unwritten, ...] = ()
    """The official properties that none writes, and why."""

    proofs: Mapping[str, str] = field(default_factory=dict)
    """The test of each property that no row of `subject` reads back: `module::function` of tests/resources."""

    @property
    def kind(self) -> type[Resource]:
        """The resource type."""
        return self.subject.kind


@functools.cache
def samples() -> Mapping[str, Sample]:
    """Every sample, by the name of its resource type."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("test_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Sample)]
    return {sample.kind.__name__: sample for sample in sorted(found, key=lambda sample: sample.kind.__name__)}


def declare(files: str, *, variants: bool = False) -> None:
    """Declare the sample of every type, and their variants."""
    site = Site(files)
    for sample in samples().values():
        site.get(sample.kind)
        for variant in sample.variants if variants else ():
            variant(site)
