"""The execution of orders in a worker's thread: processing, publishing, unpublishing, and the resulting status."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..processing import LimitReached, ProcessingError, Records, Result, process
from ..state.settings import Settings
from ..state.store import Document, Store
from .jobs import Configuration, DataLocations, job_of, lasting_configuration_of
from .pushed import PushedRecords
from .runs import Discarded, Run, Runs
from .snapshot import Snapshots
from .status import Task, enter

log = logging.getLogger(__name__)


class Execution:
    """Executes the runs of a portal."""

    def __init__(
        self,
        store: Store,
        records: Records,
        pushed: PushedRecords,
        runs: Runs,
        *,
        data_locations: Callable[[], DataLocations],
        settings: Callable[[], Settings],
    ) -> None:
        """Execute runs on the state of one portal.

        Args:
            store: The objects of the portal.
            records: The processed records of its datasets.
            pushed: The records that were pushed to realtime resources.
            runs: The current runs.
            data_locations: Returns the places where data is read from, as the settings are now.
            settings: Returns the settings as they are now.
        """
        self._store = store
        self._records = records
        self._pushed = pushed
        self._runs = runs
        self._data_locations = data_locations
        self._settings = settings
        self.snapshots = Snapshots(store)

    def begin(self, run: Run) -> Task | None:
        """Let a dataset enter the status of its task; returns the task, None if there is nothing to do any more.

        Raises nothing, like `finish`: the dataset's status contains an error.
        """
        with self._errors_in_status(run):
            return self._enter_task(run)
        return None

    def finish(self, run: Run, task: Task) -> None:
        """Execute the task that a run has begun, and end the run."""
        with self._errors_in_status(run):
            self._runs.check(run)
            with self._runs.dataset_lock(run.dataset_uid):
                if task is Task.PUBLISH:
                    self._publish(run)
                elif task is Task.PUBLISH_METADATA:
                    self._end(run, "idle", then=lambda: self.snapshots.update_metadata(run.dataset_uid))
                else:
                    self._unpublish(run)

    @contextmanager
    def _errors_in_status(self, run: Run) -> Iterator[None]:
        try:
            yield
        except Discarded:
            return
        except Exception:
            if not self._runs.is_closing:
                log.exception("the work on dataset %s failed", run.dataset_uid)
                self._end(run, "error", message="A server error occurred.")

    def refresh(self, dataset_uid: str) -> None:
        """Process the data of a published dataset anew, by its configuration at the last publish."""
        run = Run(dataset_uid)
        self._runs.unmark_outdated(dataset_uid)
        try:
            with self._runs.dataset_lock(dataset_uid):
                configuration = self.snapshots.configuration(dataset_uid)
                if configuration is None:
                    return
                result = self._processed(run, configuration)
                with self._store.transaction():
                    self.snapshots.update_data(dataset_uid, result)
                    self._update_idle_status(dataset_uid, _status_of_success(result))
        except Discarded:
            return
        except ProcessingError as error:
            with self._store.transaction():
                self._update_idle_status(dataset_uid, _status_of_failure(error))
        except Exception:
            if not self._runs.is_closing:
                log.exception("what was pushed to dataset %s is not shown", dataset_uid)

    def delete_unused_pushed_records(self, dataset_uid: str) -> None:
        """Delete the records pushed to deleted resources, unless the published data needs them, or a run does."""
        with self._store.transaction():
            run = self._runs.current(dataset_uid)
            used = {resource["uid"] for resource in self._store.all("resource", dataset_uid)}
            used.update(self._published_resources(dataset_uid), run.resources if run else ())
            for uid in self._pushed.resources(dataset_uid) - used:
                self._pushed.delete(dataset_uid, uid)

    def _published_resources(self, dataset_uid: str) -> list[str]:
        configuration = self.snapshots.configuration(dataset_uid) or {}
        return [resource["uid"] for resource in configuration.get("resource", ())]

    def _enter_task(self, run: Run) -> Task:
        """Let the dataset enter the status of its task, and return the task."""
        self._runs.check(run)
        with self._store.transaction():
            status = self._store.get("status", run.dataset_uid)
            if status is None:
                raise Discarded
            task = Task(status["task"])
            if status["status"] == "aborting_processing":
                run.stop.set()
            elif status["status"] != task.status:
                enter(status, task.status)
                self._store.put("status", run.dataset_uid, status)
            return task

    def _publish(self, run: Run) -> None:
        if run.stop.is_set():
            self._end(run, "idle")
            return
        try:
            with self._store.transaction():
                dataset = self._store.get("dataset", run.dataset_uid)
                configuration = lasting_configuration_of(self._store, run.dataset_uid)
                run.resources = frozenset(resource["uid"] for resource in configuration["resource"])
            if dataset is None:
                raise Discarded
            result = self._processed(run, configuration)
        except ProcessingError as error:
            status = _status_of_failure(error)
            if self._settings().failed_first_publish == "published":
                status["is_published"] = True
            failed = "limit_reached" if isinstance(error, LimitReached) else "error"
            self._end(run, "idle" if run.stop.is_set() else failed, **status)
            return
        status = _status_of_success(result)
        if run.stop.is_set():
            self._end(run, "idle", then=lambda: self.snapshots.update_data(run.dataset_uid, result), **status)
        else:
            status["is_published"] = True
            self._end(run, "idle", then=lambda: self.snapshots.publish(dataset, configuration, result), **status)

    def _processed(self, run: Run, configuration: Configuration) -> Result:
        """Process a dataset by a configuration. Raises ProcessingError or Discarded."""

        def aborted() -> bool:
            self._runs.check(run)
            return run.stop.is_set()

        def check(count: int) -> None:
            self._runs.check(run)
            most = self._settings().records_limit
            if most is not None and count > most:
                raise LimitReached(most, count)

        job = job_of(self._data_locations(), run.dataset_uid, configuration)
        return process(job, self._records, aborted=aborted, check=check)

    def _unpublish(self, run: Run) -> None:
        self._records.drop(run.dataset_uid)
        configured = [resource["uid"] for resource in self._store.all("resource", run.dataset_uid)]
        for uid in {*configured, *self._published_resources(run.dataset_uid)}:
            keep = self._settings().realtime_backup and uid in configured
            self._pushed.withdraw(run.dataset_uid, uid, keep=keep)
        self._end(run, "idle", then=lambda: self.snapshots.delete(run.dataset_uid), is_published=False)

    def _end(self, run: Run, name: str, then: Callable[[], None] = lambda: None, **more: Any) -> None:
        """Write the effect of an order and the dataset's new status together, and end the run."""
        with self._store.transaction():
            status = None if run.is_discarded else self._store.get("status", run.dataset_uid)
            if status is not None:
                then()
                enter(status, name, task=None, **more)
                self._store.put("status", run.dataset_uid, status)
                run.resources = frozenset()
                self.delete_unused_pushed_records(run.dataset_uid)
        self._runs.end(run)
        if status is None:
            self._records.drop(run.dataset_uid)

    def _update_idle_status(self, dataset_uid: str, changes: Document) -> None:
        """Write the outcome of a refresh into the status of a dataset that is idle, which stays the same status."""
        status = self._store.get("status", dataset_uid)
        if status is not None and status["status"] == "idle":
            status.update(changes)
            self._store.put("status", dataset_uid, status)


def _status_of_success(result: Result) -> Document:
    return {"message": " ".join(result.notes) or None, "params": {}, "records_errors": result.records_errors}


def _status_of_failure(error: ProcessingError) -> Document:
    return {"message": error.message or None, "params": error.params, "records_errors": error.records_errors}
