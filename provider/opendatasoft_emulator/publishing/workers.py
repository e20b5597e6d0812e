"""A pool of daemon threads with a queue of tasks."""

import queue
import threading
from collections.abc import Callable


class Workers:
    """A pool of daemon threads: a task that hangs does not keep the process alive."""

    def __init__(self, count: int, name: str) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Callable[[], None]) -> None:
        """Execute a task when a thread is free. The task must not raise."""
        self._tasks.put(task)

    def close(self, seconds: float) -> None:
        """Begin no further task, and wait at most so many seconds for the running ones."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
