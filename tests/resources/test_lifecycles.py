"""The lives of groups, users and connections, property by property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ..engine_stub.servers import Servers
from ..samples import samples
from .bench import Bench, open_bench
from .connections import HTTP, SHARED_ROWS
from .rows import Row, leaves
from .subject import Subject

ELSEWHERE = ("AmazonS3ConnectionRole", "Dataset")
"""Walked through in `test_roles.py` and `test_dataset_handler.py`."""

SUBJECTS = tuple(sample.subject for kind, sample in samples().items() if kind not in ELSEWHERE)

At = Callable[[Subject], Bench]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[At]:
    """Where each of them lives: on a portal of its own, for all tests of this module."""
    benches: dict[str, Bench] = {}
    with ExitStack() as opened:

        def place(subject: Subject) -> Bench:
            if str(subject) not in benches:
                benches[str(subject)] = opened.enter_context(
                    open_bench(subject, tmp_path_factory.mktemp("bench"), servers)
                )
            return benches[str(subject)]

        yield place


def walked(subject: Subject) -> list[Row]:
    """The rows of a life, each once: what all connections have from one class is walked with the first of them."""
    return [row for row in subject.rows if subject is HTTP or row not in SHARED_ROWS]


def let_go(subject: Subject) -> list[str]:
    """The properties that are let go of, each once."""
    own = {re.split(r"[.\[]", row.path)[0] for row in walked(subject)}
    return [name for name in subject.releasable if name in own]


ROWS = [pytest.param(subject, row, id=f"{subject}-{row}") for subject in SUBJECTS for row in walked(subject)]
SAMPLES = [pytest.param(subject, name, id=f"{subject}-{name}") for subject in SUBJECTS for name in subject.drifting]
RELEASABLE = [pytest.param(subject, name, id=f"{subject}-{name}") for subject in SUBJECTS for name in let_go(subject)]


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_every_property_has_a_row(subject: Subject) -> None:
    assert {row.path for row in subject.rows} == set(leaves(subject.kind.declaration().shape))


@pytest.mark.parametrize(("subject", "row"), ROWS)
def test_property_changes_alone_and_back(at: At, subject: Subject, row: Row) -> None:
    at(subject).change(row)


@pytest.mark.parametrize(("subject", "sample"), SAMPLES)
def test_drift_is_shown_at_its_path_and_repaired(at: At, subject: Subject, sample: str) -> None:
    at(subject).drift(sample)


@pytest.mark.parametrize(("subject", "name"), RELEASABLE)
def test_property_is_left_out_and_managed_again(at: At, subject: Subject, name: str) -> None:
    at(subject).release(name)


def test_property_left_out_gets_its_default_again(at: At) -> None:
    bench = at(HTTP)
    bench.stand_on("")
    bench.engine.up(bench.program(other=lambda _: {"is_reusable": False}))
    assert bench.seen()["is_reusable"] is False
    left_out = bench.engine.up(bench.program(without="is_reusable"))
    assert bench.seen()["is_reusable"] is True
    assert left_out.said() == []
    bench.is_settled(bench.program(without="is_reusable"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_created_resource_is_settled(at: At, subject: Subject) -> None:
    bench = at(subject)
    bench.stand_on("")
    bench.is_settled(bench.program())


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_deleted_is_created_again_and_destroyed_is_gone(at: At, subject: Subject) -> None:
    at(subject).end()
