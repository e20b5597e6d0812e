"""Processors that add, copy and compute fields, and that filter records."""

from collections.abc import Callable, Iterable
from typing import Any

from ..columns import Record
from ..expressions import Malformed, is_true, parse
from ..parameters import Parameter, WrongParameter
from ..values import as_text, is_empty
from .step import FIELD, OPTIONAL_FIELD, OUTPUT_FIELD, Output, PreparedProcessor, Processor, Setup, computing, one_field


def _add_field(setup: Setup) -> PreparedProcessor:
    column = setup.column(setup.params["field"])

    def step(record: Record) -> Iterable[Record]:
        record.setdefault(column.name, None)
        return (record,)

    return PreparedProcessor(step, (Output(column.name, type=column.type),))


def _copy(setup: Setup) -> PreparedProcessor:
    field = setup.params["field"]
    return computing(setup, setup.params["new_field"], lambda record: record.get(field), setup.column(field).type)


def _expression(setup: Setup) -> PreparedProcessor:
    evaluate, reads = _value_of(setup.params["expression"], "expression")
    output = setup.params["output_field"]
    prepared = computing(setup, output, evaluate)
    return PreparedProcessor(prepared.step, prepared.writes, reads)


def _meta_expression(setup: Setup) -> PreparedProcessor:
    evaluate, reads = _value_of(setup.params["meta_expression"], "meta_expression")
    fields = setup.params["fields"]

    def step(record: Record) -> Iterable[Record]:
        for name in fields:
            scope = {**record, "X": record.get(name)}
            record[name] = setup.attempt(lambda scope=scope: evaluate(scope), name)  # type: ignore[misc]
        return (record,)

    return PreparedProcessor(step, reads=tuple(name for name in reads if name != "X"))


def _value_of(text: str, name: str) -> tuple[Callable[[Record], Any], tuple[str, ...]]:
    """The value of a parameter for a record, and the fields it reads: an expression after a `=`, else a text."""
    if not text.startswith("="):
        return lambda record: text, ()
    try:
        expression = parse(text.removeprefix("="))
    except Malformed as error:
        raise WrongParameter(f'parameter "{name}": {error}') from None
    return expression.evaluate, expression.fields


def _skip_record(setup: Setup) -> PreparedProcessor:
    params = setup.params
    field, exact, keeps = params["field"], params["exact_match"], params["keep_instead_of_skip"]
    evaluate, reads = _value_of(params["value"], "value")

    def step(record: Record) -> Iterable[Record]:
        matches = _matches(record.get(field), evaluate(record), exact=exact)
        return (record,) if matches == keeps else ()

    return PreparedProcessor(step, reads=reads)


def _delete_record(setup: Setup) -> PreparedProcessor:
    field, text, exact = setup.params["field"], setup.params["value"], setup.params["exact_match"]
    evaluate, reads = _value_of(text, "value")
    if not field and not text.startswith("="):
        raise WrongParameter('parameter "field" is missing, and "value" is no expression')

    def step(record: Record) -> Iterable[Record]:
        value = evaluate(record)
        deletes = is_true(value) if text.startswith("=") else _matches(record.get(field), value, exact=exact)
        return () if deletes else (record,)

    return PreparedProcessor(step, reads=reads)


def _matches(value: Any, unwanted: Any, *, exact: bool) -> bool:
    text, part = _text_of(value), _text_of(unwanted)
    return text == part if exact else part in text


def _text_of(value: Any) -> str:
    return "" if is_empty(value) else as_text(value)


_VALUE = Parameter("value", "string", "Value to skip", default="", description="An expression behind a =")
_EXACT = Parameter("exact_match", "boolean", "Exact match", default=True)

PROCESSORS = (
    Processor(
        "add_field",
        "Add a field",
        "adds an empty field",
        (Parameter("field", "field", "Field", is_mandatory=True, can_create_field=True),),
        _add_field,
    ),
    Processor(
        "copy",
        "Copy a field",
        "copies a field",
        (
            one_field("field", "Field to copy"),
            Parameter("new_field", "field", "New field", is_mandatory=True, can_create_field=True),
        ),
        _copy,
    ),
    Processor(
        "expression",
        "Expression",
        "computes a field from others; it knows all functions of the user guide but `quartertodaterange`",
        (Parameter("expression", "string", "Expression", is_mandatory=True, description="As =a + b"), OUTPUT_FIELD),
        _expression,
    ),
    Processor(
        "meta_expression",
        "Meta expression",
        "computes each of some fields anew; `X` stands for the field",
        (
            Parameter("meta_expression", "string", "Meta expression", is_mandatory=True, description="As =X * 2"),
            Parameter("fields", "fields", "Fields", is_mandatory=True),
        ),
        _meta_expression,
    ),
    Processor(
        "skip_record",
        "Skip records",
        "leaves out the records with a value, or the others",
        (
            FIELD,
            _VALUE,
            _EXACT,
            Parameter("keep_instead_of_skip", "boolean", "Keep instead of skip", default=False),
        ),
        _skip_record,
    ),
    Processor(
        "delete_record",
        "Delete record",
        "leaves out the records with a value, or those for which an expression is true",
        (OPTIONAL_FIELD, _VALUE, _EXACT),
        _delete_record,
    ),
)
"""The types of `expression`, `skip_record` and `delete_record` are the service's own. All other names follow the labels
in its user guide.

A deleted record is one that earlier publications may have left; here each of them begins anew, so it is left out.
"""
