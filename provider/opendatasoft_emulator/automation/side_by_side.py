"""Two writes at once in one stack of a dataset: whether the service bears them is unknown; here one can be lost."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_STACK = re.compile(r"/datasets/([^/]+)/(fields|processors)/")

lost: ContextVar[bool] = ContextVar("lost", default=False)
"""Whether the write that is being done met another one, and will be acknowledged and lost."""


class SideBySide:
    """Knows which stacks are being written, from the arrival of a request to its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing: Counter[str] = Counter()

    @contextmanager
    def write(self, method: str, path: str) -> Iterator[None]:
        """While this request is answered, a second one to the same stack is lost."""
        stack = _STACK.match(path)
        if stack is None or method == "GET":
            yield
            return
        with self._lock:
            self._writing[stack[0]] += 1
            met = self._writing[stack[0]] > 1
        token = lost.set(met)
        try:
            yield
        finally:
            lost.reset(token)
            with self._lock:
                self._writing[stack[0]] -= 1
