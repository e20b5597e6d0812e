"""The forms of the functions of `history` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..history import DatasetVersion, Feedback, get_feedback, get_version, list_feedbacks, list_versions
from ..later import later


def list_versions_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetVersion]]:
    """Return the versions of a dataset, of which the uid or the dataset_id is given.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_versions, {"dataset": dataset, "portal": portal})


def get_version_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetVersion]:
    """Return a version of a dataset by its uid (`ch_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_version, {"dataset": dataset, "uid": uid, "portal": portal})


def list_feedbacks_output(
    dataset: pulumi.Input[str],
    *,
    record_id: pulumi.Input[str | None] = None,
    is_archived: pulumi.Input[bool | None] = None,
    sort: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[Feedback]]:
    """Return the feedback of visitors on a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        record_id: only the feedback on this record.
        is_archived: the archived feedback; left out, the one that is not archived.
        sort: a member to sort by, with a `-` before it for descending: `-created_at`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        list_feedbacks,
        {"dataset": dataset, "record_id": record_id, "is_archived": is_archived, "sort": sort, "portal": portal},
    )


def get_feedback_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[Feedback]:
    """Return the feedback of a visitor by its uid (`df_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_feedback, {"dataset": dataset, "uid": uid, "portal": portal})
