"""How many calls of the engine a dynamic server runs at once."""

from __future__ import annotations

import threading
from concurrent import futures

from pulumi_opendatasoft.dynamic.frame import widen

QUEUED = 20


def test_calls_queued_before_the_pool_is_wide_run_at_once() -> None:
    everyone = threading.Barrier(QUEUED + 1, timeout=30)
    first_is_queued = threading.Event()

    def first() -> bool:
        first_is_queued.wait()
        is_wide = widen()
        everyone.wait()
        return is_wide

    with futures.ThreadPoolExecutor(4) as pool:
        wide = pool.submit(first)
        results = [pool.submit(everyone.wait) for _ in range(QUEUED)]
        first_is_queued.set()
        # With the four threads that a pool of this size has started, the barrier would never be full.
        assert wide.result() is True
        assert len({result.result() for result in results}) == QUEUED


def test_wide_pool_starts_no_more_threads_than_it_needs() -> None:
    with futures.ThreadPoolExecutor(4) as pool:
        before = threading.active_count()
        assert pool.submit(widen).result() is True
        assert threading.active_count() <= before + 1
