"""The properties of groups, users and connections, one by one: changed, left out, drifting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ..engine_stub.servers import Servers
from ..samples import samples
from .alike import marked, together
from .bench import Bench, open_bench
from .connections import HTTP, SHARED_ROWS
from .rows import Row, leaves
from .subject import Subject

ELSEWHERE = ("AmazonS3ConnectionRole", "Dataset", "Image")
"""Walked through in `test_roles.py`, `test_dataset_handler.py` and `test_images.py`."""

SUBJECTS = tuple(sample.subject for kind, sample in samples().items() if kind not in ELSEWHERE)

BenchOf = Callable[[Subject], Bench]


@pytest.fixture(scope="module")
def bench_of(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[BenchOf]:
    """The bench of a type: a portal and a stack of its own, for all tests of this module."""
    benches: dict[str, Bench] = {}
    with ExitStack() as opened:

        def opened_bench(subject: Subject) -> Bench:
            if str(subject) not in benches:
                benches[str(subject)] = opened.enter_context(
                    open_bench(subject, tmp_path_factory.mktemp("bench"), servers)
                )
            return benches[str(subject)]

        yield opened_bench


def walked(subject: Subject) -> list[Row]:
    """The rows of a type, each once: those that all connections share only for the first of them."""
    return [row for row in subject.rows if subject is HTTP or row not in SHARED_ROWS]


def unmanaged(subject: Subject) -> dict[str, list[str]]:
    """The properties that can become unmanaged, each once, by the sample that shows them."""
    own = {row.name for row in walked(subject)}
    found = {sample: [name for name in names if name in own] for sample, names in subject.released.items()}
    return {sample: names for sample, names in found.items() if names}


ROWS = [
    pytest.param(subject, row, marks=marks, id=f"{subject}-{row}")
    for subject in SUBJECTS
    for row, marks in marked(subject, sorted(walked(subject), key=lambda row: row.sample))
]
ALIKE = [
    pytest.param(subject, rows, id=f"{subject}-{sample}")
    for subject in SUBJECTS
    for sample, rows in together(subject, walked(subject)).items()
]
SAMPLES = [pytest.param(subject, name, id=f"{subject}-{name}") for subject in SUBJECTS for name in subject.drifting]
TOGETHER = [
    pytest.param(subject, names, id=f"{subject}-{sample}")
    for subject in SUBJECTS
    for sample, names in unmanaged(subject).items()
]
ALONE = [
    pytest.param(subject, name, id=f"{subject}-{name}")
    for subject in SUBJECTS
    for names in unmanaged(subject).values()
    if len(names) > 1
    for name in names
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_every_property_has_a_row(subject: Subject) -> None:
    assert {row.path for row in subject.rows} == set(leaves(subject.kind.declaration().shape))


@pytest.mark.parametrize(("subject", "row"), ROWS)
def test_property_changes_alone_and_back(bench_of: BenchOf, subject: Subject, row: Row) -> None:
    bench_of(subject).change(row)


@pytest.mark.parametrize(("subject", "rows"), ALIKE)
def test_properties_declared_alike_change_at_once_and_back(
    bench_of: BenchOf, subject: Subject, rows: list[Row]
) -> None:
    bench_of(subject).change_together(rows)


@pytest.mark.parametrize(("subject", "sample"), SAMPLES)
def test_drift_is_shown_at_its_path_and_repaired(bench_of: BenchOf, subject: Subject, sample: str) -> None:
    bench_of(subject).drift(sample)


@pytest.mark.parametrize(("subject", "names"), TOGETHER)
def test_properties_are_left_out_and_managed_again(bench_of: BenchOf, subject: Subject, names: list[str]) -> None:
    bench_of(subject).release(*names)


@pytest.mark.trust
@pytest.mark.parametrize(("subject", "name"), ALONE)
def test_property_is_left_out_and_managed_again(bench_of: BenchOf, subject: Subject, name: str) -> None:
    bench_of(subject).release(name)


def test_property_left_out_gets_its_default_again(bench_of: BenchOf) -> None:
    bench = bench_of(HTTP)
    bench.stand_on("")
    bench.engine.up(bench.program(other=lambda _: {"is_reusable": False}))
    assert bench.seen()["is_reusable"] is False
    left_out = bench.engine.up(bench.program(without=("is_reusable",)))
    assert bench.seen()["is_reusable"] is True
    assert left_out.said() == []
    bench.is_settled(bench.program(without=("is_reusable",)))


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_deleted_is_created_again_settled_and_destroyed(bench_of: BenchOf, subject: Subject) -> None:
    bench_of(subject).end()
