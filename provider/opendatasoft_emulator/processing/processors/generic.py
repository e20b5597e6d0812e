"""Processors that copy and compute fields, and that filter records."""

from collections.abc import Callable, Iterable
from typing import Any

from ..columns import Record
from ..expressions import Malformed, parse
from ..parameters import Parameter, WrongParameter
from ..values import as_text, is_empty
from .step import FIELD, OUTPUT_FIELD, Fail, PreparedProcessor, Processor


def _copy(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    field, output = params["field"], params["new_field"]

    def step(record: Record) -> Iterable[Record]:
        record[output] = record.get(field)
        return (record,)

    return PreparedProcessor(step)


def _expression(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    output = params["output_field"]
    evaluate, reads = _value_of(params["expression"], "expression")

    def step(record: Record) -> Iterable[Record]:
        try:
            record[output] = evaluate(record)
        except ValueError as error:
            record[output] = None
            fail(output, str(error))
        return (record,)

    return PreparedProcessor(step, reads=reads)


def _value_of(text: str, name: str) -> tuple[Callable[[Record], Any], tuple[str, ...]]:
    """The value of a parameter for a record, and the fields it reads: an expression after a `=`, else a text."""
    if not text.startswith("="):
        return lambda record: text, ()
    try:
        expression = parse(text.removeprefix("="))
    except Malformed as error:
        raise WrongParameter(f'parameter "{name}": {error}') from None
    return expression.evaluate, expression.fields


def _skip_record(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    field, exact, keeps = params["field"], params["exact_match"], params["keep_instead_of_skip"]
    evaluate, reads = _value_of(params["value"], "value")

    def step(record: Record) -> Iterable[Record]:
        try:
            unwanted = _text_of(evaluate(record))
        except ValueError as error:
            fail(field, str(error))
            return (record,)
        text = _text_of(record.get(field))
        matches = text == unwanted if exact else unwanted in text
        return (record,) if matches == keeps else ()

    return PreparedProcessor(step, reads=reads)


def _text_of(value: Any) -> str:
    return "" if is_empty(value) else as_text(value)


_VALUE = Parameter("value", "string", "Value to skip", default="", description="An expression behind a =")
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
        "expression",
        "Expression",
        (Parameter("expression", "string", "Expression", is_mandatory=True, description="As =a + b"), OUTPUT_FIELD),
        _expression,
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
