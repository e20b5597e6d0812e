"""Observations of a portal and a stack: the public records, the sources of a dataset, and whether all is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..conftest import Portal
from ..engine_stub.engine import Engine

Program = Callable[[], Any]


def records(portal: Portal, dataset_id: str = "air") -> list[dict[str, Any]]:
    """The records that are public."""
    return list(portal.records(dataset_id, 100)["results"])


def sources(portal: Portal, dataset_id: str = "air") -> list[dict[str, Any]]:
    """The sources as the API returns them."""
    return portal.all(f"/datasets/{portal.dataset(dataset_id)['uid']}/resources/")


def is_settled(engine: Engine, portal: Portal, program: Program) -> None:
    """Check that neither a preview nor a refresh shows a change, and that neither writes."""
    portal.forget()
    with engine.together():
        assert engine.preview(program).steps == {}
        refreshed = engine.refresh()
        assert refreshed.steps == {}, refreshed.changed
        assert engine.preview(program).steps == {}
    assert portal.writes() == []
