"""The wait for a publication, on a portal that tells of an order only some time after it took it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_opendatasoft.kernel.run import Run
from pulumi_opendatasoft.resources.dataset import publication

from .conftest import Connect, Serve
from .scripted import Asked, Reply, Says, refusal

LATE = 0.6
"""Seconds after which an order shows in the status, and that its processing takes then."""


def told(moment: float) -> str:
    """A moment as a status tells it."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Dataset:
    """A public dataset for which somebody ordered a publication at `ordered`, before ours."""

    def __init__(self, ordered: float) -> None:
        self.orders = [ordered]

    def status(self) -> dict[str, Any]:
        """What the portal tells now."""
        now = time.time()
        changes = [(self.orders[0] + LATE - 0.1, "idle")]
        for order in self.orders:
            changes += [(order + LATE, "processing"), (order + 2 * LATE, "idle")]
        moment, name = max(change for change in changes if change[0] <= now)
        return {"status": name, "since": told(moment), "is_published": True}

    def is_over(self) -> bool:
        """Whether everything that was ordered is done."""
        return time.time() >= self.orders[-1] + 2 * LATE

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Says(self.status())
        if not self.is_over():
            return refusal(400, "invalid_dataset_status", "dataset status is 'processing'")
        self.orders.append(time.time())
        return Says({"detail": "ok"})


@pytest.mark.parametrize(
    "age", [LATE - 0.05, LATE + 0.05, LATE * 2 + 0.05], ids=["before it shows", "while it goes on", "when it is over"]
)
def test_the_end_of_an_earlier_order_is_not_taken_for_that_of_ours(serve: Serve, connect: Connect, age: float) -> None:
    # Early in a second, so that the earlier run shows and is over while that second is left.
    time.sleep(1.1 - time.time() % 1)
    dataset = Dataset(time.time() - age)
    run = Run(connect(serve(dataset)), 'Dataset "air"')

    done = publication.publish(run, "da_x", dataset.status(), metadata_only=False)

    assert len(dataset.orders) == 2
    assert dataset.is_over()
    assert done["status"] == "idle"
