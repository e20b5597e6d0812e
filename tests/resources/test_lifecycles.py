"""The lives of groups, users and connections, property by property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ..engine_stub.servers import Servers
from ..samples import samples
from .connections import HTTP, SHARED_ROWS
from .home import Home, home
from .life import Life
from .rows import Row, leaves

ELSEWHERE = ("AmazonS3ConnectionRole", "Dataset")
"""Walked through in `test_roles.py` and `test_dataset_handler.py`."""

LIVES = tuple(sample.life for kind, sample in samples().items() if kind not in ELSEWHERE)

At = Callable[[Life], Home]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[At]:
    """Where each of them lives: on a portal of its own, for all tests of this module."""
    homes: dict[str, Home] = {}
    with ExitStack() as opened:

        def place(life: Life) -> Home:
            if str(life) not in homes:
                homes[str(life)] = opened.enter_context(home(life, tmp_path_factory.mktemp("home"), servers))
            return homes[str(life)]

        yield place


def walked(life: Life) -> list[Row]:
    """The rows of a life, each once: what all connections have from one class is walked with the first of them."""
    return [row for row in life.rows if life is HTTP or row not in SHARED_ROWS]


def let_go(life: Life) -> list[str]:
    """The properties that are let go of, each once."""
    own = {re.split(r"[.\[]", row.at)[0] for row in walked(life)}
    return [name for name in life.releasable if name in own]


ROWS = [pytest.param(life, row, id=f"{life}-{row}") for life in LIVES for row in walked(life)]
SAMPLES = [pytest.param(life, name, id=f"{life}-{name}") for life in LIVES for name in life.drifting]
RELEASABLE = [pytest.param(life, name, id=f"{life}-{name}") for life in LIVES for name in let_go(life)]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_every_property_has_a_row(life: Life) -> None:
    assert {row.at for row in life.rows} == set(leaves(life.kind.declaration().shape))


@pytest.mark.parametrize(("life", "row"), ROWS)
def test_a_property_changes_alone_and_back(at: At, life: Life, row: Row) -> None:
    at(life).change(row)


@pytest.mark.parametrize(("life", "sample"), SAMPLES)
def test_drift_is_shown_where_it_is_and_repaired(at: At, life: Life, sample: str) -> None:
    at(life).drift(sample)


@pytest.mark.parametrize(("life", "name"), RELEASABLE)
def test_a_property_is_let_go_of_and_taken_back(at: At, life: Life, name: str) -> None:
    at(life).release(name)


def test_a_property_with_a_default_that_is_left_out_is_that_again(at: At) -> None:
    here = at(HTTP)
    here.stand_on("")
    here.engine.up(here.program(other=lambda _: {"is_reusable": False}))
    assert here.seen()["is_reusable"] is False
    left_out = here.engine.up(here.program(without="is_reusable"))
    assert here.seen()["is_reusable"] is True
    assert left_out.said() == []
    here.is_settled(here.program(without="is_reusable"))


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_what_is_up_is_settled(at: At, life: Life) -> None:
    here = at(life)
    here.stand_on("")
    here.is_settled(here.program())


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_what_was_deleted_is_made_again_and_what_is_destroyed_leaves_nothing(at: At, life: Life) -> None:
    at(life).end()
