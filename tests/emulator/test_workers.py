"""Tests of the threads that execute the orders to publish."""

import threading
from functools import partial

from opendatasoft_emulator.publishing.workers import Workers


def test_tasks_run_at_the_same_time_as_many_as_allowed() -> None:
    workers = Workers(3, "test")
    met = threading.Barrier(4)

    def meet() -> None:
        met.wait(30)

    for _ in range(3):
        workers.submit(meet)
    met.wait(30)

    names = {thread.name for thread in threading.enumerate() if thread.name.startswith("test-")}
    assert names <= {"test-0", "test-1", "test-2"}
    workers.close(30)


def test_no_task_begins_after_the_end() -> None:
    done: list[int] = []
    workers = Workers(2, "test")
    for number in range(5):
        workers.submit(partial(done.append, number))
    workers.close(30)

    workers.submit(partial(done.append, 5))

    assert sorted(done) == [0, 1, 2, 3, 4]
