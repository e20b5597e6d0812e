"""The destroy of a dataset while a publication of it is under way."""

from __future__ import annotations

import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .sources import write_files
from .test_datasets import dataset
from .test_meanwhile import publish


@pytest.mark.reaches("Dataset", "POST /datasets/{dataset_uid}/abort/")
def test_destroy_aborts_a_publication_that_is_under_way(engine: Engine, portal: Portal) -> None:
    write_files(engine.folder)
    engine.config["opendatasoft:processingTimeout"] = "20"
    engine.up(lambda: dataset({"folder": engine.folder}, published=None))
    publish(portal, 600_000)
    engine.destroy()
    assert portal.all("/datasets/") == []
    assert [call.rsplit("/", 2)[-2] for call in portal.requests("POST")] == ["abort"]
