"""The forms of the functions of `datasets` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..datasets import (
    DatasetFieldInfo,
    DatasetInfo,
    DatasetProcessorInfo,
    DatasetScheduleInfo,
    DatasetStatus,
    get_dataset,
    get_dataset_field,
    get_dataset_processor,
    get_dataset_schedule,
    get_dataset_status,
    list_dataset_fields,
    list_dataset_processors,
    list_dataset_schedules,
    list_datasets,
)
from ..later import later


def get_dataset_output(
    uid: pulumi.Input[str | None] = None,
    *,
    dataset_id: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[DatasetInfo]:
    """Return a dataset by its uid (`da_…`) or its dataset_id.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset, {"uid": uid, "dataset_id": dataset_id, "portal": portal})


def list_datasets_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[DatasetInfo]]:
    """Return the datasets that the API key may edit, published or not.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_datasets, {"portal": portal})


def get_dataset_status_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetStatus]:
    """Return the processing status of a dataset, of which the uid or the dataset_id is given.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset_status, {"dataset": dataset, "portal": portal})


def list_dataset_fields_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetFieldInfo]]:
    """Return the field rules of a dataset, in their order.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_dataset_fields, {"dataset": dataset, "portal": portal})


def get_dataset_field_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetFieldInfo]:
    """Return a field rule of a dataset by its uid (`pr_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset_field, {"dataset": dataset, "uid": uid, "portal": portal})


def list_dataset_processors_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetProcessorInfo]]:
    """Return the processors of a dataset, in their order.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_dataset_processors, {"dataset": dataset, "portal": portal})


def get_dataset_processor_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetProcessorInfo]:
    """Return a processor of a dataset by its uid (`pr_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset_processor, {"dataset": dataset, "uid": uid, "portal": portal})


def list_dataset_schedules_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetScheduleInfo]]:
    """Return the schedules of a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_dataset_schedules, {"dataset": dataset, "portal": portal})


def get_dataset_schedule_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetScheduleInfo]:
    """Return a schedule of a dataset by its uid (`sc_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset_schedule, {"dataset": dataset, "uid": uid, "portal": portal})
