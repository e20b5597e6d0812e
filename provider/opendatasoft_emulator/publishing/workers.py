"""A pool of daemon threads with a queue of tasks."""

import queue
import threading
from collections.abc import Callable


class Workers:
    """A pool of daemon threads, each started when it is first needed.

    A task that hangs does not keep the process alive.
    """

    def __init__(self, count: int, name: str) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._count = count
        self._name = name
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0
        self._is_closed = False

    def submit(self, task: Callable[[], None]) -> None:
        """Execute a task when a thread is free. The task must not raise."""
        with self._lock:
            if self._is_closed:
                return
            self._tasks.put(task)
            self._unfinished += 1
            if len(self._threads) < min(self._count, self._unfinished):
                thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self, seconds: float) -> None:
        """Begin no further task, and wait at most so many seconds for the running ones."""
        with self._lock:
            self._is_closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            with self._lock:
                self._unfinished -= 1
