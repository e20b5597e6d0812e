"""The statuses of a dataset: what they are called, which actions they allow, how one is left for another."""

from enum import StrEnum
from typing import Any

from ..state.identifiers import now
from ..state.store import Document, Store

FREE = ("idle", "error", "limit_reached")
"""The statuses in which a dataset can be published, unpublished or deleted."""

BEING_PROCESSED = ("processing_all_dataset_data", "processing_dataset", "processing_resource_records")
"""The names by which a refused abort calls the one status that it needs (the service's description)."""


class Task(StrEnum):
    """What is to be done with a dataset."""

    PUBLISH = "publish"
    PUBLISH_METADATA = "publish_metadata"
    UNPUBLISH = "unpublish"

    @property
    def status(self) -> str:
        """The status of a dataset while this is done."""
        return "deleting" if self is Task.UNPUBLISH else "processing"


def first_status(dataset_uid: str) -> Document:
    """The status of a new dataset. `task` is what is to be done or being done; it is never told."""
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
    """Leave a status for another, now: what was told about the last one is forgotten."""
    fresh: Document = {"message": None, "records_errors": [], "params": {}}
    status.update(fresh, previous=status["status"], status=name, since=now(), next=next, **more)


def apparent_status(store: Store, dataset_uid: str) -> str:
    """The status that actions go by: an order that is acknowledged, but does not show yet, counts as queued."""
    status = store.get("status", dataset_uid)
    if status is None:
        return "idle"
    return "queued" if status["task"] and status["status"] in FREE else str(status["status"])
