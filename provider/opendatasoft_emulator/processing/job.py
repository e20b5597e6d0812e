"""The input and the result of the processing of a dataset."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .records import ResultSet


@dataclass(frozen=True)
class Uploaded:
    """An uploaded file, stored at `path`, with its original name."""

    path: Path
    filename: str
    length: int | None = None
    """The number of bytes to read of a file that grows; None for the whole file."""


@dataclass(frozen=True)
class Http:
    """A URL, fetched anew at every processing."""

    url: str
    headers: dict[str, str]
    auth: tuple[str, str] | None
    """The username and the password of basic authentication."""


@dataclass(frozen=True)
class Source:
    """One resource of a dataset: the location of its data, its extractor and the extractor's params."""

    uid: str
    title: str
    type: str
    params: dict[str, Any]
    datasource: Uploaded | Http


class OtherPortalError(Exception):
    """A dataset of another portal, which is not read."""


ReadDataset = Callable[[str, str | None], ResultSet | None]
"""Reads a published dataset by its dataset_id and the domain_id of its portal; None when there is none.

It raises OtherPortalError.
"""


def no_dataset(dataset_id: str, domain_id: str | None) -> None:
    """No dataset, for a portal that has none."""


@dataclass(frozen=True)
class Job:
    """The input of the processing of a dataset; `fields` and `processors` are in the API's form."""

    dataset_uid: str
    sources: tuple[Source, ...]
    fields: tuple[dict[str, Any], ...]
    processors: tuple[dict[str, Any], ...]
    read_dataset: ReadDataset = no_dataset
    """Reads the other datasets of the portal, for joins."""


@dataclass(frozen=True)
class Result:
    """The result of a processing.

    `fields` are `{"name", "label", "type", "description", "annotations"}` in the order of the columns.
    `records_errors` are `{"record_id", "field_uid", "processor_uid", "message"}`: values that were lost
    although the processing succeeded. `notes` name the unsupported parts of the configuration.
    """

    fields: list[dict[str, Any]]
    record_count: int
    records_errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ProcessingError(Exception):
    """A processing that failed: message, params and errors for the dataset's status."""

    def __init__(
        self,
        message: str,
        params: dict[str, Any] | None = None,
        records_errors: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.params = params or {}
        self.records_errors = records_errors or []


class LimitReached(ProcessingError):
    """A processing that found more records than the plan of the portal allows.

    The official description names the three values of `params.error`; nothing public shows a message.
    """

    def __init__(self, limit: int, value: int) -> None:
        super().__init__("", {"error": {"limit_type": "records", "limit": limit, "value": value}})


def misconfigured(
    entry: dict[str, Any], message: str, *, position: int, field_name: str | None = None
) -> ProcessingError:
    """The error of a processor or field configuration that is invalid.

    The message follows the service's older documentation: "Processor pr_XXXXXX is misconfigured for field address:
    invalid type".

    Args:
        entry: The processor or the field configuration.
        message: The reason.
        position: Its number in its list, from 1.
        field_name: The field that it concerns, if any.
    """
    target = f" for field {field_name}" if field_name else ""
    params = {"processor_id": entry["uid"], "field": field_name, "msg": message}
    return ProcessingError(
        f"Processor {entry['uid']} ({entry.get('type')}, number {position}) is misconfigured{target}: {message}", params
    )
