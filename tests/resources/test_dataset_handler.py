"""The life of a dataset, property by property."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi_opendatasoft as ods
import pytest

from ..engine_stub.servers import Servers
from .datasets import DATASET
from .home import Home, home
from .rows import Row, leaves

ELSEWHERE = {"metadata.follow_remote"}
"""What needs another portal: `test_sources.py`."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Home]:
    with home(DATASET, tmp_path_factory.mktemp("home"), servers) as place:
        yield place


ROWS = sorted(DATASET.rows, key=lambda row: row.sample)


def test_every_property_has_a_row() -> None:
    assert {row.at for row in ROWS} == set(leaves(ods.Dataset.declaration().shape)) - ELSEWHERE


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_property_changes_alone_and_back(here: Home, row: Row) -> None:
    here.change(row)


@pytest.mark.parametrize("sample", DATASET.drifting)
def test_drift_is_shown_where_it_is_and_repaired(here: Home, sample: str) -> None:
    here.drift(sample)


@pytest.mark.parametrize("name", DATASET.releasable)
def test_a_property_is_let_go_of_and_taken_back(here: Home, name: str) -> None:
    here.release(name)


def test_what_is_up_is_settled(here: Home) -> None:
    here.stand_on("")
    here.is_settled(here.program())


def test_what_was_deleted_is_made_again_and_what_is_destroyed_leaves_nothing(here: Home) -> None:
    here.end()
