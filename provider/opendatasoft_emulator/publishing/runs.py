"""The runs of the publishing service: one for each order, and at most one current run for each dataset."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Run:
    """The execution of one order, from its acknowledgement to the dataset's next lasting status."""

    dataset_uid: str
    stop: threading.Event = field(default_factory=threading.Event)
    is_discarded: bool = False
    resources: frozenset[str] = frozenset()
    """The uids of the resources that are being read: they may be deleted meanwhile."""


class Discarded(Exception):
    """The result of a run is of no use: its dataset is deleted, or the portal stops."""


class Runs:
    """The current runs by dataset; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: dict[str, Run] = {}
        self._dataset_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._outdated: set[str] = set()
        self.is_closing = False

    def begin(self, dataset_uid: str) -> Run:
        """Return a new run, which is the current one of its dataset from now on."""
        run = Run(dataset_uid)
        with self._lock:
            self._current[dataset_uid] = run
        return run

    def current(self, dataset_uid: str) -> Run | None:
        """The current run of a dataset, if there is one."""
        with self._lock:
            return self._current.get(dataset_uid)

    def end(self, run: Run) -> None:
        """Remove a run, unless another one has taken its place."""
        with self._lock:
            if self._current.get(run.dataset_uid) is run:
                del self._current[run.dataset_uid]

    def discard(self, dataset_uid: str) -> None:
        """Stop the current run of a dataset, if there is one, and discard its result."""
        with self._lock:
            run = self._current.pop(dataset_uid, None)
        if run is not None:
            run.is_discarded = True
            run.stop.set()

    def check(self, run: Run) -> None:
        """Raise Discarded when the result of a run is of no use any more."""
        if run.is_discarded or self.is_closing:
            raise Discarded

    def dataset_lock(self, dataset_uid: str) -> threading.Lock:
        """The lock that is held while the data of a dataset is processed or deleted."""
        with self._lock:
            return self._dataset_locks[dataset_uid]

    def mark_outdated(self, dataset_uid: str) -> bool:
        """Note that the published data of a dataset must be processed anew; False when that is noted already."""
        with self._lock:
            if dataset_uid in self._outdated:
                return False
            self._outdated.add(dataset_uid)
            return True

    def unmark_outdated(self, dataset_uid: str) -> None:
        """Note that the processing anew begins: what is pushed from now on needs another one."""
        with self._lock:
            self._outdated.discard(dataset_uid)

    def close(self) -> None:
        """Stop every run, and discard every result."""
        self.is_closing = True
        with self._lock:
            for run in self._current.values():
                run.stop.set()
