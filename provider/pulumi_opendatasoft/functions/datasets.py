"""Functions that read datasets: the datasets themselves, their rules, schedules and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .calls import Portal, exactly_one
from .info import Info
from .metadata import MetadataValueInfo
from .related import RelatedUser, SecurityInfo


class DatasetInfo(Info):
    """A dataset."""

    uid: str
    dataset_id: str
    is_published: bool | None
    is_restricted: bool | None
    created_at: str | None
    updated_at: str | None
    created_by: RelatedUser | None
    updated_by: RelatedUser | None
    asset_type: str | None
    default_security: SecurityInfo | None
    metadata: Mapping[str, Mapping[str, MetadataValueInfo]]


class RecordError(Info):
    """An error in one record that a dataset's processing found."""

    record_id: str | None
    field_uid: str | None
    processor_uid: str | None
    message: str | None


class DatasetStatus(Info):
    """The processing status of a dataset: `idle`, `queued`, `processing_dataset`, `error`, …"""

    status: str
    previous: str | None
    next: str | None
    since: str | None
    is_published: bool | None
    message: str | None
    records_errors: Sequence[RecordError]
    params: Mapping[str, Any]


class DatasetFieldInfo(Info):
    """A field rule of a dataset; its other members depend on its type: `field`, `annotation`, `to_name`, …"""

    uid: str
    type: str
    label: str | None


class DatasetProcessorInfo(Info):
    """A processor of a dataset; its parameters are further members."""

    uid: str
    type: str
    label: str | None


class DatasetScheduleInfo(Info):
    """A schedule by which a dataset is processed."""

    uid: str
    cron_schedule: str | None


def get_dataset(uid: str | None = None, *, dataset_id: str | None = None, portal: str | None = None) -> DatasetInfo:
    """Return a dataset by its uid (`da_…`) or its dataset_id."""
    name, value = exactly_one("get_dataset", uid=uid, dataset_id=dataset_id)
    at = Portal(portal)
    return DatasetInfo(at.get("/datasets/{}/", value) if name == "uid" else at.dataset_by_id(value))


def list_datasets(*, portal: str | None = None) -> list[DatasetInfo]:
    """Return the datasets that the API key may edit, published or not."""
    return DatasetInfo.of(Portal(portal).all("/datasets/"))


def get_dataset_status(dataset: str, *, portal: str | None = None) -> DatasetStatus:
    """Return the processing status of a dataset, of which the uid or the dataset_id is given."""
    at = Portal(portal)
    return DatasetStatus(at.get("/datasets/{}/status/", at.dataset(dataset)))


def list_dataset_fields(dataset: str, *, portal: str | None = None) -> list[DatasetFieldInfo]:
    """Return the field rules of a dataset, in their order."""
    at = Portal(portal)
    return DatasetFieldInfo.of(at.all("/datasets/{}/fields/", at.dataset(dataset)))


def get_dataset_field(dataset: str, uid: str, *, portal: str | None = None) -> DatasetFieldInfo:
    """Return a field rule of a dataset by its uid (`pr_…`)."""
    at = Portal(portal)
    return DatasetFieldInfo(at.get("/datasets/{}/fields/{}/", at.dataset(dataset), uid))


def list_dataset_processors(dataset: str, *, portal: str | None = None) -> list[DatasetProcessorInfo]:
    """Return the processors of a dataset, in their order."""
    at = Portal(portal)
    return DatasetProcessorInfo.of(at.all("/datasets/{}/processors/", at.dataset(dataset)))


def get_dataset_processor(dataset: str, uid: str, *, portal: str | None = None) -> DatasetProcessorInfo:
    """Return a processor of a dataset by its uid (`pr_…`)."""
    at = Portal(portal)
    return DatasetProcessorInfo(at.get("/datasets/{}/processors/{}/", at.dataset(dataset), uid))


def list_dataset_schedules(dataset: str, *, portal: str | None = None) -> list[DatasetScheduleInfo]:
    """Return the schedules of a dataset."""
    at = Portal(portal)
    return DatasetScheduleInfo.of(at.all("/datasets/{}/schedules/", at.dataset(dataset)))


def get_dataset_schedule(dataset: str, uid: str, *, portal: str | None = None) -> DatasetScheduleInfo:
    """Return a schedule of a dataset by its uid (`sc_…`)."""
    at = Portal(portal)
    return DatasetScheduleInfo(at.get("/datasets/{}/schedules/{}/", at.dataset(dataset), uid))
