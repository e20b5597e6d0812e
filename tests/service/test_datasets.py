"""Datasets by the service: what they leave alone on the portal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.ownership import mark_of
from pulumi_opendatasoft.lifecycle.results import HalfMade
from pulumi_opendatasoft.service.service import Service

from ..conftest import Portal
from .conftest import PlainCall

URN = "urn:pulumi:dev::city::pulumi-python:dynamic/opendatasoft:Dataset::air"


def test_dataset_marked_by_another_resource_is_not_finished(portal: Portal, service: Callable[[str], Service]) -> None:
    title = {"value": mark_of(f"{URN}-of-another-stack")}
    portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": title}}})
    portal.forget()
    with pytest.raises(ResourceError, match="already has"):
        service("Dataset").create(PlainCall(URN), {"dataset_id": "air"})
    assert portal.writes() == []


def test_realtime_source_added_by_hand_is_not_converted(portal: Portal, service: Callable[[str], Service]) -> None:
    dataset, inputs = service("Dataset"), {"dataset_id": "air", "sources": {}}
    id, state = dataset.create(PlainCall(URN), inputs)
    portal.post(f"/datasets/{id}/resources/", {"type": "realtime", "title": "data"})
    portal.forget()

    other = {"type": "csvfile", "datasource": {"type": "http", "connection": "co_abc123", "relative_url": "/data.csv"}}
    with pytest.raises(HalfMade) as caught:
        dataset.update(PlainCall(URN), id, state, inputs | {"sources": {"data": other}})
    assert 'the records that were pushed to "data" would be lost for good' in caught.value.reasons[0]
    assert portal.writes() == []
