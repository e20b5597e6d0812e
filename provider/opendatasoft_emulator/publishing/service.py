"""The publishing service: it takes orders to publish, unpublish or abort at once, and executes them afterwards.

An order is acknowledged once it is in the store. One that was interrupted, because the portal was stopped or killed,
is executed again at the next start: processing replaces all records at its end, so that twice is the same as once.
"""

from collections.abc import Callable
from functools import partial

from ..errors import invalid_dataset_status, not_found
from ..processing import Records
from ..state.settings import Settings
from ..state.store import Document, Store
from .delays import Delays
from .execution import Execution
from .jobs import DataLocations
from .pushed import PushedRecords
from .runs import Run, Runs
from .status import BEING_PROCESSED, FREE, Task, apparent_status, enter, first_status
from .turns import Turns
from .workers import Workers

_WORKERS = 4
_STOP_SECONDS = 1.0


class Publishing:
    """Takes orders for datasets, and lets a few threads execute them."""

    def __init__(
        self,
        store: Store,
        records: Records,
        pushed: PushedRecords,
        *,
        data_locations: Callable[[], DataLocations],
        settings: Callable[[], Settings],
    ) -> None:
        """Start the workers, and execute the orders that were interrupted.

        Args:
            store: The objects of the portal.
            records: The processed records of its datasets.
            pushed: The records that were pushed to realtime resources.
            data_locations: Returns the places where data is read from, as the settings are now.
            settings: Returns the settings as they are now.
        """
        self._store = store
        self._records = records
        self._settings = settings
        self._runs = Runs()
        self._execution = Execution(
            store, records, pushed, self._runs, data_locations=data_locations, settings=settings
        )
        self._workers = Workers(_WORKERS, "publishing")
        self._delays = Delays(self._workers)
        self._turns = Turns(lambda: settings().processing_at_once)
        self.resume()

    def resume(self) -> None:
        """Execute the orders in the store that were interrupted."""
        for status in self._store.all("status"):
            if status["task"]:
                self._start(status["uid"])

    def add_dataset(self, dataset_uid: str) -> None:
        """Write the first status of a new dataset."""
        self._store.put("status", dataset_uid, first_status(dataset_uid))

    def enqueue(self, dataset_uid: str, task: Task) -> None:
        """Take an order. Raises a 400 when the dataset is busy, or not published where it has to be."""
        settings = self._settings()
        with self._store.transaction():
            status = self._status(dataset_uid)
            apparent = apparent_status(self._store, dataset_uid)
            if apparent not in FREE:
                raise invalid_dataset_status(apparent, FREE)
            if task is Task.PUBLISH_METADATA and not status["is_published"]:
                if settings.publish_metadata_of_unpublished == "refuse":
                    raise invalid_dataset_status("unpublished", ["published"])
                return
            if task is Task.PUBLISH_METADATA and settings.publish_metadata_status == "unchanged":
                self._execution.snapshots.update_metadata(dataset_uid)
                return
            status["task"] = task
            if not settings.queued_after_ms:
                enter(status, "queued", next=task.status)
            self._store.put("status", dataset_uid, status)
        self._start(dataset_uid)

    def abort(self, dataset_uid: str) -> None:
        """Stop the processing of a dataset. Raises a 400 when it is not being processed."""
        with self._store.transaction():
            status = self._status(dataset_uid)
            if status["status"] != "processing":
                raise invalid_dataset_status(apparent_status(self._store, dataset_uid), BEING_PROCESSED)
            enter(status, "aborting_processing", next="idle")
            self._store.put("status", dataset_uid, status)
        run = self._runs.current(dataset_uid)
        if run is not None:
            run.stop.set()
            self._delays.wake()

    def refresh(self, dataset_uid: str) -> None:
        """Publish the records that were pushed to a dataset, if it is published; its status stays as it is."""
        if self._runs.mark_outdated(dataset_uid):
            self._workers.submit(lambda: self._execution.refresh(dataset_uid))

    def delete_unused_pushed_records(self, dataset_uid: str) -> None:
        """Delete the records pushed to deleted resources, unless the published data needs them, or a run does."""
        self._execution.delete_unused_pushed_records(dataset_uid)

    def discard(self, dataset_uid: str) -> None:
        """Discard the run of a deleted dataset: it writes nothing any more."""
        self._runs.discard(dataset_uid)
        self._delays.wake()

    def delete_dataset(self, dataset_uid: str) -> None:
        """Discard the run of a deleted dataset, and delete its records."""
        self.discard(dataset_uid)
        self._records.drop(dataset_uid)

    def close(self) -> None:
        """Stop all work; unfinished orders are executed again at the next start."""
        self._runs.close()
        self._delays.close()
        self._workers.close(_STOP_SECONDS)

    def _status(self, dataset_uid: str) -> Document:
        status = self._store.get("status", dataset_uid)
        if status is None:
            raise not_found()
        return status

    def _start(self, dataset_uid: str) -> None:
        run = self._runs.begin(dataset_uid)
        settings = self._settings()  # of the time of the order, whenever its turn comes
        begin = partial(self._workers.submit, partial(self._begin, run, settings.processing_ms / 1000))
        self._delays.after(settings.queued_after_ms / 1000, run.stop, partial(self._turns.request, begin))

    def _begin(self, run: Run, seconds: float) -> None:
        task = self._execution.begin(run)
        if task is None:
            self._turns.end()
        else:
            self._delays.after(seconds, run.stop, partial(self._finish, run, task))

    def _finish(self, run: Run, task: Task) -> None:
        self._execution.finish(run, task)
        self._turns.end()
