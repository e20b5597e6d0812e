"""A few threads that work off a queue, and never keep the process alive."""

import queue
import threading
from collections.abc import Callable


class Workers:
    """A pool of daemon threads: a task that hangs in a fetch does not delay the end of the process."""

    def __init__(self, count: int, name: str) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Callable[[], None]) -> None:
        """Do this when a thread is free; it must not raise."""
        self._tasks.put(task)

    def close(self, seconds: float) -> None:
        """Begin no further task, and wait so long at most for those that run."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
