"""Unknown values in every position of every value: no preview fails, and none replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft.schema.types import Shape

from ..engine_stub.servers import Servers
from ..engine_stub.state import UNKNOWN
from ..samples import samples
from .bench import Bench, open_bench
from .rows import slots
from .subject import Subject

SUBJECTS = [one.subject for one in samples().values()]


def blurred(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """A value with an unknown in each of its positions, one at a time, by its path."""
    yield at, UNKNOWN
    if isinstance(value, Mapping):
        for name, item in value.items():
            for path, other in blurred(item, f"{at}.{name}"):
                yield path, {**value, name: other}
    if isinstance(value, list):
        for index, item in enumerate(value):
            for path, other in blurred(item, f"{at}[{index}]"):
                yield path, [*value[:index], other, *value[index + 1 :]]


def cases(inputs: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The inputs of a resource with an unknown in each position."""
    for name, value in inputs.items():
        if name != "__provider":
            for path, other in blurred(value, name):
                yield path, {**inputs, name: other}


def repeated(shape: Shape) -> set[str]:
    """The members of objects that are declared as another member of the same object is."""
    found: set[object] = set()
    paths = set()
    for path, slot in slots(shape):
        likeness = (path.rpartition(".")[0], repr(slot.kind), repr(slot.behaviour))
        if likeness in found:
            paths.add(path)
        found.add(likeness)
    return paths


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.trust)], ids=["", "every position"])
@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_unknown_in_any_position_neither_fails_nor_replaces(
    subject: Subject, every: bool, tmp_path: Path, servers: Servers
) -> None:
    """Of members that are declared alike, without `every` only the first is unknown."""
    left_out = set() if every else repeated(subject.kind.declaration().shape)
    with open_bench(subject, tmp_path, servers) as bench:
        for sample in subject.samples:
            bench.stand_on(sample)
            assert list(_complaints(bench, sample, left_out)) == [], sample


def _complaints(bench: Bench, sample: str, left_out: set[str]) -> Iterator[str]:
    old = next(iter(bench.engine.resources.values()))
    (registered,) = bench.engine.recorded(bench.program(sample)).registrations
    bench.portal.forget()
    with bench.engine.together() as provider:
        for path, news in cases(registered.inputs):
            if path.partition("[")[0] in left_out:
                continue
            checked, failures = provider.check(registered.urn, old.inputs, news)
            if path in registered.inputs:  # that there are no old inputs matters to whole properties at most
                failures += provider.check(registered.urn, {}, news)[1]
            yield from (f"{path}: {failure}" for failure in failures)
            diff = provider.diff(old.urn, old.id, old.outputs, old.inputs, checked)
            # The path of a file is never compared, known or not.
            if diff.replaces or (diff.changes == "none" and not path.endswith(".path")):
                yield f"{path}: {diff}"
    yield from bench.portal.requests()
