"""The statuses of a dataset: their names, the actions that they allow, and the changes between them."""

from enum import StrEnum
from typing import Any

from ..state.identifiers import now
from ..state.store import Document, Store

FREE = ("idle", "error", "limit_reached")
"""The statuses in which a dataset can be published, unpublished or deleted."""

NAMES = (*FREE, "queued", "aborting_processing", "processing", "deleting", "saving_version")
"""Every status of a dataset."""

BEING_PROCESSED = ("processing_all_dataset_data", "processing_dataset", "processing_resource_records")
"""The names of the required status in the error of a refused abort (the service's description)."""


class Task(StrEnum):
    """A task for a dataset."""

    PUBLISH = "publish"
    PUBLISH_METADATA = "publish_metadata"
    UNPUBLISH = "unpublish"

    @property
    def status(self) -> str:
        """The status of a dataset during the task."""
        return "deleting" if self is Task.UNPUBLISH else "processing"


def first_status(dataset_uid: str) -> Document:
    """The status of a new dataset. `task` is the task that is queued or being executed; responses omit it."""
    return {
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


def enter(status: Document, name: str, next: str | None = None, **more: Any) -> None:
    """Enter a new status now, without the message and errors of the last one."""
    cleared: Document = {"message": None, "records_errors": [], "params": {}}
    status.update(cleared, previous=status["status"], status=name, since=now(), next=next, **more)


def apparent_status(store: Store, dataset_uid: str) -> str:
    """The status that decides which actions are allowed: an acknowledged order counts as queued before it shows."""
    status = store.get("status", dataset_uid)
    if status is None:
        return "idle"
    return "queued" if status["task"] and status["status"] in FREE else str(status["status"])
