"""Publishing, unpublishing and aborting: orders are taken at once, the work is done afterwards.

An order is acknowledged once it is in the store. One that was interrupted, because the portal was stopped or killed,
is carried out again at the next start: processing replaces all records at its end, so that twice is the same as once.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import bad_request, invalid_dataset_status, not_found
from ..processing import ProcessingError, Records, Result, process
from ..state.settings import Settings
from ..state.store import Document, Store
from .jobs import Configuration, DataLocations, job_of, lasting_configuration_of
from .pushed import PushedRecords
from .snapshot import Snapshots
from .status import BEING_PROCESSED, FREE, Task, apparent_status, enter, first_status
from .workers import Workers

log = logging.getLogger(__name__)

_SIDE_BY_SIDE = 4
_FAREWELL = 1.0


@dataclass
class _Run:
    """One order that is being carried out."""

    dataset_uid: str
    stop: threading.Event = field(default_factory=threading.Event)
    dropped: bool = False
    resources: frozenset[str] = frozenset()
    """The resources that it reads, by their uid, while it does: they may be deleted meanwhile."""


class _Dropped(Exception):
    """The result of a run is of no use any more: its dataset is gone, or the portal stops."""


class Publishing:
    """Takes orders, and carries them out in a few threads."""

    def __init__(
        self,
        store: Store,
        records: Records,
        pushed: PushedRecords,
        *,
        data_locations: Callable[[], DataLocations],
        settings: Callable[[], Settings],
    ) -> None:
        self._store = store
        self._records = records
        self._pushed = pushed
        self._places = data_locations
        self._settings = settings
        self._snapshots = Snapshots(store)
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._runs: dict[str, _Run] = {}
        self._outdated: set[str] = set()
        self._closing = False
        self._workers = Workers(_SIDE_BY_SIDE, "publishing")
        for status in store.all("status"):
            if status["task"]:
                self._start(status["uid"])

    def add_dataset(self, dataset_uid: str) -> None:
        """Give a new dataset its first status."""
        self._store.put("status", dataset_uid, first_status(dataset_uid))

    def enqueue(self, dataset_uid: str, task: Task) -> None:
        """Take an order; raises a 400 when the dataset is busy, or not published where it has to be."""
        settings = self._settings()
        with self._store.transaction():
            status = self._status(dataset_uid)
            apparent = apparent_status(self._store, dataset_uid)
            if apparent not in FREE:
                raise invalid_dataset_status(apparent, FREE)
            if task is Task.PUBLISH_METADATA and not status["is_published"]:
                if settings.publish_metadata_of_unpublished == "refuse":
                    raise bad_request("The dataset is not published.")
                return
            if task is Task.PUBLISH_METADATA and settings.publish_metadata_status == "unchanged":
                self._snapshots.update_metadata(dataset_uid)
                return
            status["task"] = task
            if not settings.queued_after_ms:
                enter(status, "queued", next=task.status)
            self._store.put("status", dataset_uid, status)
        self._start(dataset_uid)

    def abort(self, dataset_uid: str) -> None:
        """Stop the processing of a dataset; raises a 400 when it is not being processed."""
        with self._store.transaction():
            status = self._status(dataset_uid)
            if status["status"] != "processing":
                raise invalid_dataset_status(apparent_status(self._store, dataset_uid), BEING_PROCESSED)
            enter(status, "aborting_processing", next="idle")
            self._store.put("status", dataset_uid, status)
        with self._lock:
            run = self._runs.get(dataset_uid)
        if run is not None:
            run.stop.set()

    def refresh(self, dataset_uid: str) -> None:
        """Show what was pushed to a dataset, if it is public; its status stays as it is."""
        with self._lock:
            if dataset_uid in self._outdated:
                return
            self._outdated.add(dataset_uid)
        self._workers.submit(lambda: self._refresh(dataset_uid))

    def forget_pushed(self, dataset_uid: str) -> None:
        """Drop what was pushed to resources of a dataset that are gone, unless it is public or about to be so."""
        with self._store.transaction():
            with self._lock:
                run = self._runs.get(dataset_uid)
            used = {resource["uid"] for resource in self._store.all("resource", dataset_uid)}
            used.update(self._shown_resources(dataset_uid), run.resources if run else ())
            for uid in self._pushed.resources(dataset_uid) - used:
                self._pushed.forget(dataset_uid, uid)

    def _shown_resources(self, dataset_uid: str) -> list[str]:
        configuration = self._snapshots.configuration(dataset_uid) or {}
        return [resource["uid"] for resource in configuration.get("resource", ())]

    def forget(self, dataset_uid: str) -> None:
        """Stop what runs for a dataset that is gone, and drop its records."""
        with self._lock:
            run = self._runs.pop(dataset_uid, None)
        if run is not None:
            run.dropped = True
            run.stop.set()
        self._records.drop(dataset_uid)

    def close(self) -> None:
        """Stop all work; what is not done is done again at the next start."""
        self._closing = True
        with self._lock:
            for run in self._runs.values():
                run.stop.set()
        self._workers.close(_FAREWELL)

    def _status(self, dataset_uid: str) -> Document:
        status = self._store.get("status", dataset_uid)
        if status is None:
            raise not_found()
        return status

    def _turn(self, dataset_uid: str) -> threading.Lock:
        with self._lock:
            return self._turns[dataset_uid]

    def _start(self, dataset_uid: str) -> None:
        run = _Run(dataset_uid)
        with self._lock:
            self._runs[dataset_uid] = run
        self._workers.submit(lambda: self._carry_out(run))

    def _carry_out(self, run: _Run) -> None:
        """One order from its beginning to its end, in a worker's thread."""
        try:
            run.stop.wait(self._settings().queued_after_ms / 1000)
            task = self._begin(run)
            run.stop.wait(self._settings().processing_ms / 1000)
            self._alive(run)
            with self._turn(run.dataset_uid):
                if task is Task.PUBLISH:
                    self._publish(run)
                elif task is Task.PUBLISH_METADATA:
                    self._end(run, "idle", then=lambda: self._snapshots.update_metadata(run.dataset_uid))
                else:
                    self._unpublish(run)
        except _Dropped:
            return
        except Exception:
            if not self._closing:
                log.exception("the work on dataset %s failed", run.dataset_uid)
                self._end(run, "error", message="A server error occurred.")

    def _alive(self, run: _Run) -> None:
        if run.dropped or self._closing:
            raise _Dropped

    def _begin(self, run: _Run) -> Task:
        self._alive(run)
        with self._store.transaction():
            status = self._store.get("status", run.dataset_uid)
            if status is None:
                raise _Dropped
            task = Task(status["task"])
            if status["status"] == "aborting_processing":
                run.stop.set()
            elif status["status"] != task.status:
                enter(status, task.status)
                self._store.put("status", run.dataset_uid, status)
            return task

    def _publish(self, run: _Run) -> None:
        if run.stop.is_set():
            self._end(run, "idle")
            return
        try:
            with self._store.transaction():
                dataset = self._store.get("dataset", run.dataset_uid)
                configuration = lasting_configuration_of(self._store, run.dataset_uid)
                run.resources = frozenset(resource["uid"] for resource in configuration["resource"])
            if dataset is None:
                raise _Dropped
            result = self._processed(run, configuration)
        except ProcessingError as error:
            told = _told_of_failure(error)
            if self._settings().failed_first_publish == "published":
                told["is_published"] = True
            self._end(run, "idle" if run.stop.is_set() else "error", **told)
            return
        told = _told_of_success(result)
        if run.stop.is_set():
            self._end(run, "idle", then=lambda: self._snapshots.update_data(run.dataset_uid, result), **told)
        else:
            self._end(
                run,
                "idle",
                then=lambda: self._snapshots.publish(dataset, configuration, result),
                is_published=True,
                **told,
            )

    def _processed(self, run: _Run, configuration: Configuration) -> Result:
        """What comes of a dataset that is configured so. Raises ProcessingError."""

        def aborted() -> bool:
            self._alive(run)
            return run.stop.is_set()

        return process(job_of(self._places(), run.dataset_uid, configuration), self._records, aborted=aborted)

    def _unpublish(self, run: _Run) -> None:
        self._records.drop(run.dataset_uid)
        configured = [resource["uid"] for resource in self._store.all("resource", run.dataset_uid)]
        for uid in {*configured, *self._shown_resources(run.dataset_uid)}:
            keep = self._settings().realtime_backup and uid in configured
            self._pushed.withdraw(run.dataset_uid, uid, keep=keep)
        self._end(run, "idle", then=lambda: self._snapshots.delete(run.dataset_uid), is_published=False)

    def _end(self, run: _Run, name: str, then: Callable[[], None] = lambda: None, **more: Any) -> None:
        """The last step of an order: its effect and the dataset's new status, together."""
        with self._store.transaction():
            status = None if run.dropped else self._store.get("status", run.dataset_uid)
            if status is not None:
                then()
                enter(status, name, task=None, **more)
                self._store.put("status", run.dataset_uid, status)
                run.resources = frozenset()
                self.forget_pushed(run.dataset_uid)
        with self._lock:
            if self._runs.get(run.dataset_uid) is run:
                del self._runs[run.dataset_uid]
        if status is None:
            self._records.drop(run.dataset_uid)

    def _tell(self, dataset_uid: str, told: dict[str, Any]) -> None:
        """Say what came of what was pushed, in a status that tells of nothing else; it stays the same status."""
        status = self._store.get("status", dataset_uid)
        if status is not None and status["status"] == "idle":
            status.update(told)
            self._store.put("status", dataset_uid, status)

    def _refresh(self, dataset_uid: str) -> None:
        """Process the data of a public dataset anew, as it was configured at its last publish, in a worker's thread."""
        run = _Run(dataset_uid)
        with self._lock:
            self._outdated.discard(dataset_uid)
        try:
            with self._turn(dataset_uid):
                configuration = self._snapshots.configuration(dataset_uid)
                if configuration is None:
                    return
                result = self._processed(run, configuration)
                with self._store.transaction():
                    self._snapshots.update_data(dataset_uid, result)
                    self._tell(dataset_uid, _told_of_success(result))
        except _Dropped:
            return
        except ProcessingError as error:
            with self._store.transaction():
                self._tell(dataset_uid, _told_of_failure(error))
        except Exception:
            if not self._closing:
                log.exception("what was pushed to dataset %s is not shown", dataset_uid)


def _told_of_success(result: Result) -> dict[str, Any]:
    return {"message": " ".join(result.notes) or None, "params": {}, "records_errors": result.records_errors}


def _told_of_failure(error: ProcessingError) -> dict[str, Any]:
    return {"message": error.message, "params": error.params, "records_errors": error.records_errors}
