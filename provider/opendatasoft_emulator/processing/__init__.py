"""The processing of a dataset's data at a publish."""

from typing import Any

from .extractors import KNOWN as _EXTRACTORS
from .files import public_address
from .geometry import as_shape, shape_of_text
from .job import Http, Job, LimitReached, OtherPortalError, ProcessingError, Result, Source, Uploaded
from .processors import KNOWN as _PROCESSORS
from .queries import Group, Part, Positions, RecordQuery, ValueCount
from .records import BuildQuery, Records, ResultSet, column_name
from .run import process
from .values import as_datetime, as_number

__all__ = [
    "EXTRACTORS",
    "PROCESSORS",
    "BuildQuery",
    "Group",
    "Http",
    "Job",
    "LimitReached",
    "OtherPortalError",
    "Part",
    "Positions",
    "ProcessingError",
    "RecordQuery",
    "Records",
    "Result",
    "ResultSet",
    "Source",
    "Uploaded",
    "ValueCount",
    "as_datetime",
    "as_number",
    "as_shape",
    "column_name",
    "process",
    "public_address",
    "shape_of_text",
]

EXTRACTORS: list[dict[str, Any]] = [extractor.as_document() for extractor in _EXTRACTORS.values()]
"""The catalogue of extractors, as the API lists it at /extractors/."""

PROCESSORS: list[dict[str, Any]] = [processor.as_document() for processor in _PROCESSORS.values()]
"""The catalogue of processors, as the API lists it at /processors/."""
