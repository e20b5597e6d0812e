"""Changes that other clients make while an `up` waits, or between a failed one and the next, are not undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from .observations import is_settled
from .rows import nameless
from .sources import write_files
from .test_datasets import PUBLISH, dataset, endpoint, values

REPLACED = [ods.Processor(type="string_replace", params={"field": "name", "old": "Basel", "new": "Bâle"})]
DESCRIBED = [ods.DescribeField(field="id", description="Its number")]


@pytest.fixture
def facts(engine: Engine, portal: Portal) -> dict[str, Any]:
    """Files to upload."""
    write_files(engine.folder)
    return {"folder": engine.folder}


def publish(portal: Portal, milliseconds: int) -> None:
    """Begin a publication as another client, which takes this many seconds."""
    portal.set(processing_ms=milliseconds)
    portal.post(endpoint(portal, "publish/"))
    portal.set(processing_ms=0)
    portal.forget()


@contextmanager
def colleague(edit: Callable[[], None]) -> Iterator[None]:
    """Run an edit of another client beside the block."""
    with ThreadPoolExecutor(1) as other:
        done = other.submit(edit)
        yield
        done.result()


def test_dataset_published_meanwhile_is_unpublished(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts, published=None))
    publish(portal, 1500)
    refused = engine.up(lambda: dataset(facts, published=False), ok=False)
    assert "it is public on the portal" in refused.errors[0]
    assert portal.writes() == []

    engine.up(lambda: dataset(facts, published=False, allow_data_loss=True))
    assert portal.dataset("air")["is_published"] is False


def test_changes_of_a_dataset_published_meanwhile_are_published(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: dataset(facts, published=None))
    publish(portal, 1500)
    engine.up(lambda: dataset(facts, published=None, processors=REPLACED))
    assert nameless(portal.writes()) == ["POST /datasets/{uid}/processors/", PUBLISH]
    assert portal.records("air")["results"][0]["name"] == "Bâle"


def test_field_written_meanwhile_survives_a_write_of_two(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts, published=None))
    publish(portal, 600_000)

    def edit() -> None:
        eventually(lambda: any("/status/" in call for call in portal.requests("GET")))
        portal.put(endpoint(portal, "metadata/default/publisher/"), {"value": "The canton"})
        portal.post(endpoint(portal, "abort/"))

    with colleague(edit):
        engine.up(lambda: dataset(facts, published=None, metadata=_titled("Clean air")))
    assert values(portal) | {"title": "Clean air", "language": "de", "publisher": "The canton"} == values(portal)


def test_field_written_during_an_upload_survives(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts, published=None))
    engine.config["opendatasoft:maxRetries"] = "9"
    portal.fail({"method": "POST", "path": "/resources/files/", "fault": "status:503"})
    portal.forget()

    def edit() -> None:
        eventually(lambda: any("/resources/files/" in call for call in portal.requests()))
        portal.put(endpoint(portal, "metadata/default/publisher/"), {"value": "The canton"})
        portal.fail()

    with colleague(edit):
        engine.up(lambda: dataset(facts, published=None, file="longer/stations.csv", metadata=_titled("Clean air")))
    assert values(portal) | {"title": "Clean air", "language": "de", "publisher": "The canton"} == values(portal)


def test_update_of_a_missing_dataset_is_refused(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts))
    portal.delete(endpoint(portal))
    failed = engine.up(lambda: dataset(facts, "Clean air"), ok=False)
    assert "is no longer on" in failed.errors[0]
    assert "pulumi refresh" in failed.errors[0]


def test_dataset_unpublished_by_hand_after_a_failure_stays_so(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: dataset(facts))
    portal.fail({"method": "POST", "path": "/fields/$", "fault": "status:500"})
    engine.up(lambda: dataset(facts, published=None, fields=DESCRIBED), ok=False)
    portal.fail()
    portal.post(endpoint(portal, "unpublish/"))
    eventually(lambda: not portal.dataset("air")["is_published"])
    engine.refresh()
    portal.forget()

    engine.up(lambda: dataset(facts, published=None, fields=DESCRIBED))

    assert nameless(portal.writes()) == ["POST /datasets/{uid}/fields/"]
    assert portal.dataset("air")["is_published"] is False
    is_settled(engine, portal, lambda: dataset(facts, published=None, fields=DESCRIBED))


def _titled(title: str) -> ods.Metadata:
    return ods.Metadata(default=ods.DefaultMetadata(title=title, language="de"))
