"""The values of a dataset for the templates: its state, its fields, its first records."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..explore.links import EXPLORE_ROOT
from ..explore.rendering import csv_value
from ..processing import ResultSet
from ..state.public_view import DatasetView

_MAX_TEXT_LENGTH = 120
_MAX_ERRORS = 5


@dataclass(frozen=True)
class State:
    """A label for the state of a dataset, and its tone: good, bad, busy or none."""

    label: str
    tone: str


_STATES = {
    "queued": State("waiting", "busy"),
    "processing": State("processing", "busy"),
    "aborting_processing": State("aborting", "busy"),
    "deleting": State("deleting", "busy"),
    "saving_version": State("saving", "busy"),
    "limit_reached": State("limit reached", "bad"),
    "error": State("error", "bad"),
}
_PUBLISHED = State("published", "good")
_UNPUBLISHED = State("unpublished", "")


def state_of(dataset: DatasetView) -> State:
    """The state of a dataset in one word."""
    return _STATES.get(dataset.status["status"]) or (_PUBLISHED if dataset.is_published else _UNPUBLISHED)


class ShownDataset:
    """The values of one dataset for the templates; every value is a plain text or a list of them."""

    def __init__(self, dataset: DatasetView, result: ResultSet) -> None:
        """Read the dataset and all records of `result`."""
        status = dataset.status
        self.title = dataset.title
        self.dataset_id = dataset.dataset_id
        self.uid = dataset.uid
        self.is_published = dataset.is_published
        self.is_restricted = dataset.is_restricted
        self.is_draft = dataset.metadata.get("internal", {}).get("draft") is True
        self.state = state_of(dataset)
        self.status = status["status"]
        self.since = status["since"]
        self.message = status["message"] or ""
        self.errors = _errors(status["records_errors"] or [])
        self.updated_at = dataset.updated_at
        self.description = str(dataset.metadata.get("default", {}).get("description") or "")
        self.metadata = _metadata(dataset.metadata)
        self.fields = result.fields
        self.records = [_record(result.fields, row) for row in result.rows]
        self.record_count_text = _record_count_text(result.total_count)
        self.address = f"/explore/dataset/{quote(dataset.dataset_id, safe='')}/"
        self.explore = f"{EXPLORE_ROOT}/catalog/datasets/{quote(dataset.dataset_id, safe='')}"


def _errors(errors: list[dict[str, Any]]) -> list[str]:
    """The first errors of records, each with its field, and the number of the others."""
    shown = [
        f"{error['field_uid']}: {error['message']}" if error["field_uid"] else error["message"] for error in errors
    ]
    if len(shown) > _MAX_ERRORS:
        shown[_MAX_ERRORS:] = [f"and {len(shown) - _MAX_ERRORS} more"]
    return shown


def _metadata(metadata: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Template, field and value of each metadata field; lists with commas."""
    return [
        (template, name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for template, values in metadata.items()
        for name, value in values.items()
    ]


def _record(fields: list[dict[str, Any]], row: tuple[Any, ...]) -> list[str]:
    texts = [csv_value(field, value) for field, value in zip(fields, row, strict=True)]
    return [text if len(text) <= _MAX_TEXT_LENGTH else text[: _MAX_TEXT_LENGTH - 1] + "…" for text in texts]


def _record_count_text(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"
