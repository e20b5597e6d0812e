"""The wait for a publication, on a portal that tells of an order only some time after it took it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.resources.dataset import publication

from .conftest import Connect, Serve
from .scripted import Asked, Reply, Says, refusal

LATE = 1.0
"""Seconds after which an order shows in the status, and that its processing takes then."""


def told(moment: float) -> str:
    """A moment as a status tells it."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Dataset:
    """A public dataset for which somebody ordered a publication before ours, and when that goes on and is over."""

    def __init__(self, was_idle: float, goes_on: float, is_over: float) -> None:
        self._changes = [(was_idle, "idle"), (goes_on, "processing"), (is_over, "idle")]
        self.orders = 0

    def status(self, ago: float = 0.0) -> dict[str, Any]:
        """What the portal tells now, or told so many seconds ago."""
        moment, name = max(change for change in self._changes if change[0] <= time.time() - ago)
        return {"status": name, "since": told(moment), "is_published": True}

    def is_over(self) -> bool:
        """Whether everything that was ordered is done."""
        return time.time() >= self._changes[-1][0]

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Says(self.status())
        if not self.is_over():
            return refusal(400, "invalid_dataset_status", "dataset status is 'processing'")
        self.orders += 1
        self._changes += [(time.time() + LATE, "processing"), (time.time() + 2 * LATE, "idle")]
        return Says({"detail": "ok"})


@pytest.mark.parametrize(
    "moments",
    [(-0.5, 0.1, 0.5), (-5.0, -0.5, 0.5), (-5.0, -1.5, -0.2), (-5.0, -1.5, -1.0)],
    ids=["before it shows", "while it goes on", "right before it was over", "after it was over"],
)
def test_the_end_of_an_earlier_order_is_not_taken_for_that_of_ours(
    serve: Serve, connect: Connect, moments: tuple[float, float, float]
) -> None:
    dataset = Dataset(*(time.time() + moment for moment in moments))
    run = Context(connect(serve(dataset)), 'Dataset "air"')

    done = publication.publish(run, "da_x", dataset.status(ago=0.4), metadata_only=False)

    assert dataset.orders == 1
    assert dataset.is_over()
    assert done["status"] == "idle"
