"""A change that would lose records or the public page is refused in the preview, by the path of the property."""

from __future__ import annotations

from typing import Any

import httpx
import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program

ALL_THE_SAME = "; set allow_data_loss=True to do it all the same"
LOSSES = {
    "published": "published: the dataset would be unpublished and its records deleted",
    "dataset_id": 'dataset_id: "air" would become "luft": the dataset is unpublished meanwhile, its records '
    'are made anew, and links to it break (if only the resource is renamed: dataset_id="air")',
    "source": "sources.pushed: the records that were pushed to it would be lost for good",
}


def _air(dataset_id: str = "air", source: str = "pushed", published: bool = True, **more: Any) -> Program:
    sources = {source: ods.Source(type="realtime")}
    return lambda: ods.Dataset("air", dataset_id=dataset_id, sources=sources, published=published, **more)


def test_a_loss_is_refused_until_the_program_allows_it(engine: Engine, portal: Portal) -> None:
    engine.up(_air())
    uid = engine.ids()["air"]
    url = engine.get("air").outputs["push_urls"]["pushed"]
    httpx.post(url, json=[{"day": "2026-01-01", "value": 3}], timeout=30).raise_for_status()
    eventually(lambda: portal.records("air")["total_count"] == 1)
    portal.forget()

    changes: tuple[dict[str, Any], ...] = ({"published": False}, {"dataset_id": "luft", "source": "other"})
    for change in changes:
        refused = [LOSSES[name] + ALL_THE_SAME for name in change]
        assert engine.preview(_air(**change), ok=False).errors == refused
        assert engine.up(_air(**change), ok=False).errors == refused

    assert engine.destroy(ok=False).errors == [
        'Dataset "air": deleting the dataset: the records that were pushed to "pushed" would be lost for good. '
        "Nothing was written; if they may be deleted, set allow_data_loss=True and run `up` once before"
    ]
    assert portal.writes() == []
    assert portal.records("air")["total_count"] == 1

    allowed = _air(dataset_id="luft", allow_data_loss=True)
    engine.up(allowed)
    assert engine.ids()["air"] == uid
    assert portal.dataset("luft")["is_published"]
    engine.is_settled(allowed)
    engine.destroy()
    assert portal.all("/datasets/") == []
