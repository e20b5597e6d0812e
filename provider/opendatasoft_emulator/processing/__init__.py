"""The processing of data: what a portal does when a dataset is published."""

from typing import Any

from .extractors import KNOWN as _EXTRACTORS
from .fetching import public_address
from .job import Http, Job, ProcessingError, Result, Source, Uploaded
from .processors import KNOWN as _PROCESSORS
from .records import Reading, Records
from .run import process

__all__ = [
    "EXTRACTORS",
    "PROCESSORS",
    "Http",
    "Job",
    "ProcessingError",
    "Reading",
    "Records",
    "Result",
    "Source",
    "Uploaded",
    "process",
    "public_address",
]

EXTRACTORS: list[dict[str, Any]] = [extractor.described() for extractor in _EXTRACTORS.values()]
"""The catalogue of extractors, as the API lists it at /extractors/."""

PROCESSORS: list[dict[str, Any]] = [processor.described() for processor in _PROCESSORS.values()]
"""The catalogue of processors, as the API lists it at /processors/."""
