"""Unknown values in every position of every value: no preview fails, and none replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ..engine_stub.program import registered
from ..engine_stub.servers import Servers
from ..engine_stub.state import UNKNOWN
from ..samples import samples
from .bench import Bench, open_bench
from .subject import Subject

SAMPLES = [(one.subject, sample) for one in samples().values() for sample in one.subject.samples]


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


@pytest.mark.parametrize(
    ("subject", "sample"), [pytest.param(*one, id=f"{one[0]} {one[1]}".strip()) for one in SAMPLES]
)
def test_unknown_in_any_position_neither_fails_nor_replaces(
    subject: Subject, sample: str, tmp_path: Path, servers: Servers
) -> None:
    with open_bench(subject, tmp_path, servers) as bench:
        bench.stand_on(sample)
        wrong = list(_complaints(bench, sample))
    assert wrong == []


def _complaints(bench: Bench, sample: str) -> Iterator[str]:
    old = next(iter(bench.engine.resources.values()))
    (registered_resource,) = registered(bench.program(sample))
    bench.portal.forget()
    with bench.engine.together() as provider:
        for path, news in cases(registered_resource.inputs):
            for olds in ({}, old.inputs):
                checked, failures = provider.check(registered_resource.urn, olds, news)
                yield from (f"{path}: {failure}" for failure in failures)
            diff = provider.diff(old.urn, old.id, old.outputs, old.inputs, checked)
            # The path of a file is never compared, known or not.
            if diff.replaces or (diff.changes == "none" and not path.endswith(".path")):
                yield f"{path}: {diff}"
    yield from bench.portal.requests()
