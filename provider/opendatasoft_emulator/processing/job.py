"""What one processing of a dataset is given, and what it gives back."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Uploaded:
    """A file that was sent to the portal, kept at `path` under the name its sender gave it."""

    path: Path
    filename: str
    length: int | None = None
    """How many bytes count of a file to which lines are added all the time; of every other file all do."""


@dataclass(frozen=True)
class Http:
    """An address from which the data is fetched anew at every processing."""

    url: str
    headers: dict[str, str]
    auth: tuple[str, str] | None
    """Username and password of basic authentication."""


@dataclass(frozen=True)
class Source:
    """One resource of a dataset: where its bytes are, and which extractor reads them with which params."""

    uid: str
    title: str
    type: str
    params: dict[str, Any]
    datasource: Uploaded | Http


@dataclass(frozen=True)
class Job:
    """All that a dataset's processing depends on; `fields` and `processors` are as the API keeps them."""

    dataset_uid: str
    sources: tuple[Source, ...]
    fields: tuple[dict[str, Any], ...]
    processors: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Result:
    """What a processing made.

    `fields` are `{"name", "label", "type", "description", "annotations"}` in the order of the columns.
    `records_errors` are `{"record_id", "field_uid", "processor_uid", "message"}`: values that were lost
    although the processing went well. `notes` say what was accepted but not carried out.
    """

    fields: list[dict[str, Any]]
    record_count: int
    records_errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ProcessingError(Exception):
    """A processing that ended without a result: what the dataset's status then says."""

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


def misconfigured(
    entry: dict[str, Any], message: str, *, position: int, field_name: str | None = None
) -> ProcessingError:
    """The error of a processor or field configuration, `entry`, that cannot be carried out.

    The words follow the service's older documentation: "Processor pr_XXXXXX is misconfigured for field
    address: invalid type". `place` is its number in its list, from 1.
    """
    target = f" for field {field_name}" if field_name else ""
    params = {"processor_id": entry["uid"], "field": field_name, "msg": message}
    return ProcessingError(
        f"Processor {entry['uid']} ({entry.get('type')}, number {position}) is misconfigured{target}: {message}", params
    )
