"""Functions that read what happened to a dataset: its versions, and the feedback of its visitors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .calls import Portal
from .info import Info
from .related import RelatedUser


class DatasetVersion(Info):
    """An earlier version of a dataset's configuration."""

    uid: str
    sections: Sequence[str]
    created_by: RelatedUser | None
    can_restore: bool | None
    created_at: str | None


class FeedbackValue(Info):
    """The value of a field that a visitor proposes."""

    type: str | None
    value: Any


class Feedback(Info):
    """The feedback of a visitor on one record."""

    uid: str
    record_id: str | None
    user: RelatedUser | None
    comment: str | None
    values: FeedbackValue | None  # type: ignore[assignment]  # a method of dict, which `Info` replaces
    is_archived: bool | None
    created_at: str | None


def list_versions(dataset: str, *, portal: str | None = None) -> list[DatasetVersion]:
    """Return the versions of a dataset, of which the uid or the dataset_id is given."""
    at = Portal(portal)
    return DatasetVersion.of(at.all("/datasets/{}/versions/", at.dataset(dataset)))


def get_version(dataset: str, uid: str, *, portal: str | None = None) -> DatasetVersion:
    """Return a version of a dataset by its uid (`ch_…`)."""
    at = Portal(portal)
    return DatasetVersion(at.get("/datasets/{}/versions/{}/", at.dataset(dataset), uid))


def list_feedbacks(
    dataset: str,
    *,
    record_id: str | None = None,
    is_archived: bool | None = None,
    sort: str | None = None,
    portal: str | None = None,
) -> list[Feedback]:
    """Return the feedback of visitors on a dataset.

    Args:
        dataset: its uid or its dataset_id.
        record_id: only the feedback on this record.
        is_archived: the archived feedback; left out, the one that is not archived.
        sort: a member to sort by, with a `-` before it for descending: `-created_at`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    query = {"record_id": record_id, "is_archived": _truth(is_archived), "sort": sort}
    return Feedback.of(at.all("/datasets/{}/feedbacks/", at.dataset(dataset), **query))


def get_feedback(dataset: str, uid: str, *, portal: str | None = None) -> Feedback:
    """Return the feedback of a visitor by its uid (`df_…`)."""
    at = Portal(portal)
    return Feedback(at.get("/datasets/{}/feedbacks/{}/", at.dataset(dataset), uid))


def _truth(value: bool | None) -> str | None:
    """A truth value as a query has it."""
    return None if value is None else str(value).lower()
