"""The life of a dataset between idle and idle: queued, processing, deleting, and what the public sees afterwards.

A publish is acknowledged once it is in the store. One that was interrupted, because the portal was stopped or killed,
is done again at the next start: processing replaces all records at its end, so that doing it twice is the same.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .errors import bad_request, invalid_dataset_status, not_found
from .files import Files
from .identifiers import now
from .jobs import job_of
from .processing import ProcessingError, Records, Result, process
from .settings import Settings
from .store import Document, Store
from .workers import Workers

log = logging.getLogger(__name__)

FREE = ("idle", "error", "limit_reached")
"""The statuses in which a dataset can be published, unpublished or deleted."""

_PROCESSING = ("processing_all_dataset_data", "processing_dataset", "processing_resource_records")
_SIDE_BY_SIDE = 4
_FAREWELL = 1.0


class Task(StrEnum):
    """What is to be done with a dataset."""

    PUBLISH = "publish"
    PUBLISH_METADATA = "publish_metadata"
    UNPUBLISH = "unpublish"


_DURING = {
    Task.PUBLISH: "processing",
    Task.PUBLISH_METADATA: "processing",
    Task.UNPUBLISH: "deleting",
}


def apparent_status(store: Store, dataset_uid: str) -> str:
    """The status that lifecycle actions go by: a publish that is acknowledged counts as queued."""
    status = store.get("status", dataset_uid)
    if status is None:
        return "idle"
    return "queued" if status["task"] and status["status"] in FREE else str(status["status"])


def _enter(status: Document, name: str, next: str | None = None, **more: Any) -> None:
    """Go over to another status, now."""
    fresh: Document = {"message": None, "records_errors": [], "params": {}}
    status.update(fresh, previous=status["status"], status=name, since=now(), next=next, **more)


@dataclass
class _Run:
    """One order that is being carried out."""

    dataset_uid: str
    stop: threading.Event = field(default_factory=threading.Event)
    dropped: bool = False


class _Dropped(Exception):
    """The result of a run is of no use any more: its dataset is gone, or the portal stops."""


class Publishing:
    """Publishes, unpublishes and aborts: takes orders at once and does the work in threads."""

    def __init__(self, store: Store, records: Records, files: Files, settings: Callable[[], Settings]) -> None:
        self._store = store
        self._records = records
        self._files = files
        self._settings = settings
        self._lock = threading.Lock()
        self._runs: dict[str, _Run] = {}
        self._closing = False
        self._workers = Workers(_SIDE_BY_SIDE, "publishing")
        for status in store.all("status"):
            if status["task"]:
                self._start(status["uid"])

    def begin(self, dataset_uid: str) -> None:
        """Give a new dataset its first status."""
        status: Document = {
            "uid": dataset_uid,
            "status": "idle",
            "since": now(),
            "previous": None,
            "next": None,
            "is_published": False,
            "message": None,
            "records_errors": [],
            "params": {},
            "task": None,
        }
        self._store.put("status", dataset_uid, status)

    def order(self, dataset_uid: str, task: Task) -> None:
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
                self._publish_metadata(dataset_uid)
                return
            status["task"] = task
            if not settings.queued_after_ms:
                _enter(status, "queued", next=_DURING[task])
            self._store.put("status", dataset_uid, status)
        self._start(dataset_uid)

    def abort(self, dataset_uid: str) -> None:
        """Stop the processing of a dataset; raises a 400 when it is not being processed."""
        with self._store.transaction():
            status = self._status(dataset_uid)
            if status["status"] != "processing":
                raise invalid_dataset_status(apparent_status(self._store, dataset_uid), _PROCESSING)
            _enter(status, "aborting_processing", next="idle")
            self._store.put("status", dataset_uid, status)
        with self._lock:
            run = self._runs.get(dataset_uid)
        if run is not None:
            run.stop.set()

    def forget(self, dataset_uid: str) -> None:
        """Stop what runs for a dataset that is gone, and drop its records and files."""
        with self._lock:
            run = self._runs.pop(dataset_uid, None)
        if run is not None:
            run.dropped = True
            run.stop.set()
        self._records.drop(dataset_uid)
        self._files.drop(dataset_uid)

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
            if task is Task.PUBLISH:
                self._process(run)
            elif task is Task.PUBLISH_METADATA:
                self._end(run, "idle", then=self._publish_metadata)
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
            elif status["status"] != _DURING[task]:
                _enter(status, _DURING[task])
                self._store.put("status", run.dataset_uid, status)
            return task

    def _process(self, run: _Run) -> None:
        if run.stop.is_set():
            self._alive(run)
            self._end(run, "idle")
            return

        def aborted() -> bool:
            self._alive(run)
            return run.stop.is_set()

        try:
            with self._store.transaction():
                dataset = self._store.get("dataset", run.dataset_uid)
                if dataset is None:
                    raise _Dropped
                job = job_of(self._store, self._files, run.dataset_uid)
            result = process(job, self._records, aborted=aborted)
        except ProcessingError as error:
            told: dict[str, Any] = {
                "message": error.message,
                "params": error.params,
                "records_errors": error.records_errors,
            }
            if self._settings().failed_first_publish == "published":
                told["is_published"] = True
            self._end(run, "idle" if run.stop.is_set() else "error", **told)
            return
        outcome: dict[str, Any] = {
            "message": " ".join(result.notes) or None,
            "records_errors": result.records_errors,
        }
        if not run.stop.is_set():
            outcome["is_published"] = True
        self._end(run, "idle", then=lambda uid: self._go_live(dataset, result, outcome), **outcome)

    def _end(self, run: _Run, name: str, then: Callable[[str], None] = lambda uid: None, **more: Any) -> None:
        """The last step of an order: its effect and the dataset's new status together."""
        with self._store.transaction():
            status = None if run.dropped else self._store.get("status", run.dataset_uid)
            if status is not None:
                then(run.dataset_uid)
                _enter(status, name, task=None, **more)
                self._store.put("status", run.dataset_uid, status)
        with self._lock:
            if self._runs.get(run.dataset_uid) is run:
                del self._runs[run.dataset_uid]
        if status is None:
            self._records.drop(run.dataset_uid)

    def _go_live(self, dataset: Document, result: Result, outcome: Document) -> None:
        """What the public sees from now on: the configuration of when processing began, and its result.

        A run that was aborted makes no dataset public; of one that is public it leaves the records so far.
        """
        uid, moment = dataset["uid"], now()
        if "is_published" not in outcome and self._store.get("published", uid) is None:
            return
        fresh = self._store.get("dataset", uid)
        if fresh and fresh["metadata"].get("default", {}).get("modified_updates_on_data_change") is True:
            fresh["metadata"]["default"]["modified"] = moment
            dataset["metadata"].setdefault("default", {})["modified"] = moment
            self._store.put("dataset", uid, fresh)
        names = ("uid", "dataset_id", "is_restricted", "metadata", "default_security")
        self._store.put(
            "published",
            uid,
            {
                **{name: dataset[name] for name in names},
                "fields": result.fields,
                "record_count": result.record_count,
                "data_processed": moment,
                "metadata_processed": moment,
            },
        )

    def _publish_metadata(self, dataset_uid: str) -> None:
        dataset = self._store.get("dataset", dataset_uid)
        published = self._store.get("published", dataset_uid)
        if dataset and published:
            published.update(metadata=dataset["metadata"], metadata_processed=now())
            self._store.put("published", dataset_uid, published)

    def _unpublish(self, run: _Run) -> None:
        self._alive(run)
        self._records.drop(run.dataset_uid)

        def hidden(uid: str) -> None:
            self._store.delete("published", uid)

        self._end(run, "idle", then=hidden, is_published=False)
