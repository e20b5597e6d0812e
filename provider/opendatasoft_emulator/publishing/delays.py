"""Tasks that are executed later: one thread waits for all of them, so that no worker does."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from .workers import Workers


class _Delayed(NamedTuple):
    due: float
    stop: threading.Event
    task: Callable[[], None]


class Delays:
    """Passes tasks on to workers after a time. Every method may be called from any thread."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._changed = threading.Condition()
        self._delayed: list[_Delayed] = []
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, stop: threading.Event, task: Callable[[], None]) -> None:
        """Execute a task after so many seconds; earlier, if `stop` is set and `wake` called."""
        with self._changed:
            if seconds > 0 and not stop.is_set():
                self._delayed.append(_Delayed(time.monotonic() + seconds, stop, task))
                if self._thread is None:
                    self._thread = threading.Thread(target=self._wait, name="delays", daemon=True)
                    self._thread.start()
                self._changed.notify()
                return
        self._workers.submit(task)

    def wake(self) -> None:
        """Execute the tasks whose `stop` is set."""
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """Execute no further task."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _wait(self) -> None:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                due: list[_Delayed] = []
                later: list[_Delayed] = []
                for one in self._delayed:
                    (due if one.due <= now or one.stop.is_set() else later).append(one)
                self._delayed = later
                for one in sorted(due, key=lambda one: one.due):
                    self._workers.submit(one.task)
                next_due = min((one.due for one in self._delayed), default=None)
                self._changed.wait(None if next_due is None else max(0.0, next_due - now))
