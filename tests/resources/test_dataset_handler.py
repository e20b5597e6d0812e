"""The properties of a dataset, one by one: changed, left out, drifting."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi_opendatasoft as ods
import pytest

from ..engine_stub.servers import Servers
from .alike import marked, together
from .bench import Bench, open_bench
from .datasets import DATASET
from .rows import Row, leaves

ELSEWHERE = {"metadata.follow_remote"}
"""The properties that need another portal: see `test_sources.py`."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Bench]:
    with open_bench(DATASET, tmp_path_factory.mktemp("bench"), servers) as opened_bench:
        yield opened_bench


ROWS = sorted(DATASET.rows, key=lambda row: row.sample)


def test_every_property_has_a_row() -> None:
    assert {row.path for row in ROWS} == set(leaves(ods.Dataset.declaration().shape)) - ELSEWHERE


@pytest.mark.parametrize("row", [pytest.param(row, marks=marks, id=str(row)) for row, marks in marked(DATASET, ROWS)])
def test_property_changes_alone_and_back(bench: Bench, row: Row) -> None:
    bench.change(row)


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in together(DATASET, ROWS).items()])
def test_properties_declared_alike_change_at_once(bench: Bench, rows: list[Row]) -> None:
    bench.change_together(rows)


@pytest.mark.parametrize("sample", DATASET.drifting)
def test_drift_is_shown_at_its_path_and_repaired(bench: Bench, sample: str) -> None:
    bench.drift(sample)


@pytest.mark.parametrize("sample", DATASET.released)
def test_properties_are_left_out_and_managed_again(bench: Bench, sample: str) -> None:
    bench.release(*DATASET.released[sample])


@pytest.mark.trust
@pytest.mark.parametrize("name", DATASET.releasable)
def test_property_is_left_out_and_managed_again(bench: Bench, name: str) -> None:
    bench.release(name)


def test_deleted_is_created_again_settled_and_destroyed(bench: Bench) -> None:
    bench.end()
