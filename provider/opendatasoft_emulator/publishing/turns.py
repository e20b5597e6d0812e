"""The turns of orders: so many are executed at once, the others wait for one to end."""

import threading
from collections import deque
from collections.abc import Callable


class Turns:
    """Gives turns in the order in which they are requested. Every method may be called from any thread.

    `at_once` returns how many may be taken at present; a change has effect when the next one is requested or ends.
    """

    def __init__(self, at_once: Callable[[], int]) -> None:
        self._at_once = at_once
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], None]] = deque()
        self._taken = 0

    def request(self, begin: Callable[[], None]) -> None:
        """Call `begin` when it is its turn, perhaps at once; the turn lasts until `end`."""
        with self._lock:
            self._waiting.append(begin)
        self._give()

    def end(self) -> None:
        """End a turn."""
        with self._lock:
            self._taken -= 1
        self._give()

    def _give(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._taken >= self._at_once():
                    return
                begin = self._waiting.popleft()
                self._taken += 1
            begin()
