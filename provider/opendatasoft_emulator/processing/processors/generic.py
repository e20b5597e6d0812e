"""Processors that copy fields and choose records."""

from collections.abc import Iterable
from typing import Any

from ..columns import Record
from ..parameters import Parameter
from ..values import as_text, is_empty
from .step import FIELD, Fail, Made, Processor


def _copy(params: dict[str, Any], _: Fail) -> Made:
    field, output = params["field"], params["new_field"]

    def step(record: Record) -> Iterable[Record]:
        record[output] = record.get(field)
        return (record,)

    return Made(step)


def _skip_record(params: dict[str, Any], _: Fail) -> Made:
    field, unwanted, exact = params["field"], params["value"], params["exact_match"]
    keeps = params["keep_instead_of_skip"]

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        text = "" if is_empty(value) else as_text(value)
        matches = text == unwanted if exact else unwanted in text
        return (record,) if matches == keeps else ()

    return Made(step)


_VALUE = Parameter("value", "string", "Value to skip", default="")
_EXACT = Parameter("exact_match", "boolean", "Exact match", default=True)

PROCESSORS = (
    Processor(
        "copy",
        "Copy a field",
        (
            Parameter("field", "field", "Field to copy", is_mandatory=True),
            Parameter("new_field", "field", "New field", is_mandatory=True, can_create_field=True),
        ),
        _copy,
    ),
    Processor(
        "skip_record",
        "Skip records",
        (
            FIELD,
            _VALUE,
            _EXACT,
            Parameter("keep_instead_of_skip", "boolean", "Keep instead of skip", default=False),
        ),
        _skip_record,
    ),
    Processor("delete_record", "Delete record by ID", (FIELD, _VALUE, _EXACT)),
)
"""The types are the service's own, but for `copy`; the parameters are named after the labels in its user guide."""
