"""The processing of a dataset's data at a publish."""

from typing import Any

from .extractors import KNOWN as _EXTRACTORS
from .files import public_address
from .job import Http, Job, LimitReached, OtherPortalError, ProcessingError, Result, Source, Uploaded
from .processors import KNOWN as _PROCESSORS
from .records import BuildQuery, RecordQuery, Records, ResultSet, column_name
from .run import process
from .values import as_datetime, as_number

__all__ = [
    "EXTRACTORS",
    "PROCESSORS",
    "BuildQuery",
    "Http",
    "Job",
    "LimitReached",
    "OtherPortalError",
    "ProcessingError",
    "RecordQuery",
    "Records",
    "Result",
    "ResultSet",
    "Source",
    "Uploaded",
    "as_datetime",
    "as_number",
    "column_name",
    "process",
    "public_address",
]

EXTRACTORS: list[dict[str, Any]] = [extractor.as_document() for extractor in _EXTRACTORS.values()]
"""The catalogue of extractors, as the API lists it at /extractors/."""

PROCESSORS: list[dict[str, Any]] = [processor.as_document() for processor in _PROCESSORS.values()]
"""The catalogue of processors, as the API lists it at /processors/."""
