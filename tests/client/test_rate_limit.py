"""The number of requests under way at once."""

from __future__ import annotations

import threading
import time

import pytest
from pulumi_opendatasoft.client.polling import unguarded
from pulumi_opendatasoft.client.rate_limit import LONGEST_PAUSE, RateLimiter
from pulumi_opendatasoft.errors import Throttled

from .conftest import Connect, Serve
from .scripted import Reply, Request, Response, in_turn, refusal
from .simulated_clock import SimulatedClock


class Crowd:
    """A script that counts how many requests it holds at once, and refuses those above `most`.

    It responds to none before `expected` of them were there together, so that the count does not depend on timing.
    """

    def __init__(self, expected: int, most: int = 1000) -> None:
        self.changed = threading.Condition()
        self.inside = 0
        self.peak = 0
        self.refused = 0
        self.expected = expected
        self.most = most

    def __call__(self, _: Request) -> Reply:
        with self.changed:
            self.inside += 1
            self.peak = max(self.peak, self.inside)
            self.changed.notify_all()
            too_many = self.inside > self.most
            self.refused += too_many
            self.changed.wait_for(lambda: self.peak >= self.expected, timeout=60)
        time.sleep(0.005)  # so that one more than allowed would be seen
        with self.changed:
            self.inside -= 1
        return refusal(429, "throttled") if too_many else Response({})


def in_threads(count: int, work: object) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("width", [1, 3])
def test_no_more_requests_than_the_width_are_under_way(serve: Serve, connect: Connect, width: int) -> None:
    crowd = Crowd(width)
    client = connect(serve(crowd), concurrency=width)
    in_threads(16, lambda: client.get("/groups/"))
    assert crowd.peak == width


def test_portal_that_allows_fewer_requests_is_served_anyway(serve: Serve, connect: Connect) -> None:
    crowd = Crowd(3, most=2)
    portal = serve(crowd)
    client = connect(portal, concurrency=8)
    done: list[object] = []
    in_threads(24, lambda: done.append(client.get("/groups/")))
    assert done == [{}] * 24
    assert crowd.refused > 0


def test_burst_of_429s_halves_the_width_once() -> None:
    limiter = RateLimiter(16, backoff=0.0)
    epochs = []
    with limiter.slot(unguarded) as first, limiter.slot(unguarded) as second:
        epochs += [first, second]
    for epoch in epochs:
        limiter.throttled(epoch, None)
    assert limiter.width == 8
    with limiter.slot(unguarded) as third:
        limiter.throttled(third, None)
    assert limiter.width == 4


def test_width_never_falls_below_one() -> None:
    limiter = RateLimiter(3, backoff=0.0)
    for _ in range(4):
        with limiter.slot(unguarded) as epoch:
            limiter.throttled(epoch, None)
    assert limiter.width == 1


def test_width_recovers_step_by_step_up_to_the_initial() -> None:
    limiter = RateLimiter(4, backoff=0.0)
    with limiter.slot(unguarded) as late, limiter.slot(unguarded) as epoch:
        limiter.throttled(epoch, None)
    limiter.succeeded(late)  # it began before the narrowing, so it proves nothing
    widths = []
    for _ in range(12):
        with limiter.slot(unguarded) as epoch:
            limiter.succeeded(epoch)
        widths.append(limiter.width)
    assert widths == [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]


def test_429_holds_back_all_requests_for_the_requested_time(serve: Serve, connect: Connect) -> None:
    clock = SimulatedClock()
    arrivals: list[float] = []
    replies = in_turn(Response({"error_code": "throttled"}, 429, {"Retry-After": "20"}), Response({}))

    def script(request: Request) -> Reply:
        arrivals.append(clock.seconds)
        return replies(request)

    client = connect(serve(script), retries=0, clock=clock)
    with pytest.raises(Throttled):
        client.get("/groups/")
    client.get("/users/")
    assert arrivals[1] - arrivals[0] >= 20


def test_pause_doubles_with_each_429_until_a_success() -> None:
    clock = SimulatedClock()
    limiter = RateLimiter(1, backoff=0.5, clock=clock)

    def pause_after_a_refusal() -> float:
        with limiter.slot(unguarded) as epoch:
            limiter.throttled(epoch, None)
        left = limiter.paused_for
        clock.seconds += left
        return left

    assert [pause_after_a_refusal() for _ in range(8)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE]
    with limiter.slot(unguarded) as epoch:
        limiter.succeeded(epoch)
    assert pause_after_a_refusal() == 0.5


def test_guard_ends_the_wait_for_a_slot(serve: Serve, connect: Connect) -> None:
    arrived, may_respond, has_ended = threading.Event(), threading.Event(), threading.Event()

    def script(_: Request) -> Reply:
        arrived.set()
        may_respond.wait(60)
        return Response({})

    def guard() -> None:
        if has_ended.is_set():
            raise InterruptedError("the engine has ended")

    portal = serve(script)
    client = connect(portal, concurrency=1, guard=guard)
    holder = threading.Thread(target=client.put, args=("/groups/", {}))  # a write that was sent is not given up
    holder.start()
    arrived.wait(60)
    outcome: list[str] = []

    def wait() -> None:
        try:
            client.get("/users/")
        except InterruptedError as error:
            outcome.append(str(error))

    waiter = threading.Thread(target=wait)
    waiter.start()
    has_ended.set()
    waiter.join(30)
    assert outcome == ["the engine has ended"], "before the slot was free"
    may_respond.set()
    holder.join(60)
    assert portal.calls() == ["PUT /groups/"]
