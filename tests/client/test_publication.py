"""The wait for a publication, on portals whose status shows an order late or has another machine's time."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.clock import LATE
from pulumi_opendatasoft.client.polling import FIRST_POLL
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.operations import Update
from pulumi_opendatasoft.resources.dataset import publication
from pulumi_opendatasoft.resources.dataset.handler import STATUS

from .conftest import Connect, Serve
from .scripted import Reply, Request, Response, refusal
from .simulated_clock import START, SimulatedClock

DELAY = 1.0
"""Seconds after which an order shows in the status, and that its processing takes then."""


def timestamp(seconds: float) -> str:
    """A moment of the simulated clock as `since` has it: in whole seconds."""
    return (START + timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")


class Dataset:
    """A public dataset with an earlier order, not ours: when it was idle last, is processed, and is idle again."""

    def __init__(self, clock: SimulatedClock, was_idle: float, goes_on: float, is_over: float) -> None:
        self._clock = clock
        now = clock.seconds
        self._changes = [(now + was_idle, "idle"), (now + goes_on, "processing"), (now + is_over, "idle")]
        self.orders = 0

    def status(self, ago: float = 0.0) -> dict[str, Any]:
        """The status at a time so many seconds ago."""
        moment, name = max(change for change in self._changes if change[0] <= self._clock.seconds - ago)
        return {"status": name, "since": timestamp(moment), "is_published": True}

    def is_over(self) -> bool:
        """Whether every order is processed."""
        return self._clock.seconds >= self._changes[-1][0]

    def __call__(self, request: Request) -> Reply:
        if request.method == "GET":
            return Response(self.status())
        if not self.is_over():
            return refusal(400, "invalid_dataset_status", "dataset status is 'processing'")
        self.orders += 1
        now = self._clock.seconds
        self._changes += [(now + DELAY, "processing"), (now + 2 * DELAY, "idle")]
        return Response({"detail": "ok"})


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    "moments",
    [(-0.5, 0.1, 0.5), (-5.0, -0.5, 0.5), (-5.0, -1.5, -0.2), (-5.0, -1.5, -1.0)],
    ids=["before it shows", "while it goes on", "right before it was over", "after it was over"],
)
def test_end_of_an_earlier_order_is_not_taken_for_ours(
    serve: Serve, connect: Connect, moments: tuple[float, float, float], fraction: float
) -> None:
    clock = SimulatedClock()
    clock.seconds += fraction
    dataset = Dataset(clock, *moments)
    context = Context(connect(serve(dataset), clock=clock), 'Dataset "air"')

    done = publication.publish(context, "da_x", dataset.status(ago=0.4), metadata_only=False)

    assert dataset.orders == 1
    assert dataset.is_over()
    assert done["status"] == "idle"


def test_status_changed_by_our_writes_is_not_the_end(serve: Serve, connect: Connect) -> None:
    clock = SimulatedClock()
    dataset = Dataset(clock, -30.0, -20.0, -10.0)
    context = Context(connect(serve(dataset), clock=clock), 'Dataset "air"')
    before_the_writes = {"status": "idle", "since": timestamp(clock.seconds - 60), "is_published": True}
    response = {"is_published": True, STATUS: before_the_writes}
    desired = {"dataset_id": "air", "fields": []}
    update = Update(context, "da_x", {"dataset_id": "air"}, desired, frozenset({"fields"}), response)

    done = ods.Dataset.lifecycle().handler.finish(update)

    assert dataset.orders == 1
    assert dataset.is_over()
    assert done["status"] == "idle"


class TwoMachines:
    """A portal that processes at once. Its last status comes from a machine whose clock is `ahead` seconds ahead."""

    def __init__(self, clock: SimulatedClock, ahead: float) -> None:
        self._clock = clock
        self._since = timestamp(clock.seconds + ahead)

    def status(self) -> dict[str, Any]:
        """The status, with nothing but its second to tell one publication from the last."""
        return {"status": "idle", "since": self._since, "is_published": True}

    def __call__(self, request: Request) -> Reply:
        if request.method == "POST":
            self._since = timestamp(self._clock.seconds)
        return Response(self.status(), headers={"Date": format_datetime(self._clock.now(), usegmt=True)})


@pytest.mark.parametrize("fraction", [0.0, 0.5])
@pytest.mark.parametrize("ahead", [0.0, 1.0, 1.5, LATE.total_seconds()])
def test_publication_leaves_the_second_of_a_clock_ahead(
    serve: Serve, connect: Connect, ahead: float, fraction: float
) -> None:
    clock = SimulatedClock()
    clock.seconds += fraction
    portal = TwoMachines(clock, ahead)
    context = Context(connect(serve(portal), clock=clock), 'Dataset "air"', processing_timeout=60.0)

    done = publication.publish(context, "da_x", portal.status(), metadata_only=False)

    assert done["status"] == "idle", "its end was not recognised: it is in the second of the status from before"


def test_clock_an_hour_ahead_is_not_waited_for(serve: Serve, connect: Connect) -> None:
    clock = SimulatedClock()
    portal = TwoMachines(clock, ahead=3600.0)
    context = Context(connect(serve(portal), clock=clock), 'Dataset "air"')

    done = publication.publish(context, "da_x", portal.status(), metadata_only=False)

    assert done["status"] == "idle"
    assert sum(clock.sleeps) == pytest.approx(1 + LATE.total_seconds() + FIRST_POLL)
