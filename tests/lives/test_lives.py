"""The lives of groups, users and connections, property by property."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..standin.servers import Servers
from .connections import CONNECTIONS
from .groups import GROUP
from .home import Home, Life, home
from .rows import Row, leaves
from .users import USER

LIVES = (GROUP, USER, *CONNECTIONS)


@pytest.fixture(scope="module")
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Home]:
    with home(request.param, tmp_path_factory.mktemp("home"), servers) as place:
        yield place


def each(*, drifting: bool = False) -> list[object]:
    """Every row of every life, or those whose change on the portal shows."""
    return [
        pytest.param(life, row, id=f"{life}-{row}")
        for life in LIVES
        for row in life.rows
        if not drifting or (row.drifts and row.there)
    ]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_every_property_has_a_row(life: Life) -> None:
    assert {row.at for row in life.rows} == set(leaves(life.kind.declaration().shape))


@pytest.mark.parametrize(("here", "row"), each(), indirect=["here"])
def test_a_property_changes_alone_and_back(here: Home, row: Row) -> None:
    here.change(row)


@pytest.mark.parametrize(("here", "row"), each(drifting=True), indirect=["here"])
def test_a_drift_is_shown_and_repaired(here: Home, row: Row) -> None:
    here.drift(row)


@pytest.mark.parametrize(
    ("here", "name"),
    [pytest.param(life, name, id=f"{life}-{name}") for life in LIVES for name in life.releasable],
    indirect=["here"],
)
def test_a_property_is_let_go_of_and_taken_back(here: Home, name: str) -> None:
    here.release(name)


@pytest.mark.parametrize("here", LIVES, ids=str, indirect=True)
def test_what_is_up_is_settled(here: Home) -> None:
    here.stand_on("")
    here.is_settled(here.program())


@pytest.mark.parametrize("here", LIVES, ids=str, indirect=True)
def test_what_was_deleted_is_made_again_and_what_is_destroyed_leaves_nothing(here: Home) -> None:
    here.end()
