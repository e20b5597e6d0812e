"""Processors that make several records of one, or a few fields of many."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from ..columns import Names, Record
from ..ijson import values_at
from ..parameters import Parameter, WrongParameter
from ..values import as_text, is_empty
from .step import (
    FIELD,
    OUTPUT_FIELD,
    SEPARATOR,
    Output,
    PreparedProcessor,
    Processor,
    Setup,
    computing,
    deriving,
    one_field,
    shown,
)


def _expand_json_array(setup: Setup) -> PreparedProcessor:
    rule = setup.params["ijson_rule_to_array"]
    return _one_record_each(
        setup, setup.params["json_array_field"], lambda value: [_simple(one) for one in _values_at(value, rule)]
    )


def _expand_multivalued_field(setup: Setup) -> PreparedProcessor:
    separator = setup.params["separator"]
    return _one_record_each(setup, setup.params["multivalued_field"], lambda value: as_text(value).split(separator))


def _one_record_each(setup: Setup, field: str, split: Callable[[Any], list[Any]]) -> PreparedProcessor:
    """A step that makes a record of each part of a value; a record without parts is kept."""
    output = setup.params["output_field"]

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        parts = [] if is_empty(value) else setup.attempt(lambda: split(value), output) or []
        return [{**record, output: part} for part in parts or [None]]

    return PreparedProcessor(step)


def _extract_from_json(setup: Setup) -> PreparedProcessor:
    field, rules = setup.params["field"], setup.params["ijson_rules"]
    if any("item" in rule.split(".") for rule in rules):
        raise WrongParameter('parameter "ijson_rules": a rule with "item" leads to an array')
    names = {rule: rule.replace(".", "_") for rule in rules}

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        found = {} if is_empty(value) else setup.attempt(lambda: _json(value), field) or {}
        for rule, name in names.items():
            record[name] = next((_simple(one) for one in values_at(found, rule)), None)
        return (record,)

    return PreparedProcessor(step, tuple(Output(name) for name in names.values()))


def _json_array_to_multivalued(setup: Setup) -> PreparedProcessor:
    rule, separator = setup.params["ijson_rule_to_array"], setup.params["separator"]

    def joined(value: Any) -> str:
        return str(separator.join(as_text(one) for one in _values_at(value, rule) if not is_empty(one)))

    return deriving(setup, setup.params["field"], setup.params["output_field"], joined)


def _transform_boolean_columns(setup: Setup) -> PreparedProcessor:
    labels = {name: setup.column(name).label for name in setup.params["fields"]}
    separator = setup.params["separator"]

    def labels_of_true(record: Record) -> str:
        return str(
            separator.join(label for name, label in labels.items() if as_text(record.get(name)).lower() in _TRUE)
        )

    return computing(setup, setup.params["output_field"], labels_of_true)


def _transpose_fields(setup: Setup) -> PreparedProcessor:
    chosen, inverted = setup.params["fixed_fields"], bool(setup.params["invert_fixed_fields"])
    fixed = [column.name for column in setup.columns if (column.name in chosen) is not inverted]
    moved = {column.name: column.label for column in setup.columns if column.name not in fixed}
    names = Names(fixed)
    titles, values = setup.params["label_for_title_column"], setup.params["label_for_value_column"]
    title, value = names.new(titles), names.new(values)
    separator = setup.params["separator"]

    def step(record: Record) -> Iterable[Record]:
        kept = {name: record.get(name) for name in fixed}
        if not setup.params["one_line"]:
            return [{**kept, title: label, value: record.get(name)} for name, label in moved.items()]
        filled = {label: as_text(record[name]) for name, label in moved.items() if not is_empty(record.get(name))}
        return ({**kept, title: separator.join(filled), value: separator.join(filled.values())},)

    return PreparedProcessor(step, (Output(title, titles), Output(value, values)), drops=tuple(moved))


def _values_at(value: Any, rule: str) -> list[Any]:
    return list(values_at(_json(value), rule))


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError(f'"{shown(value)}" is not JSON') from None


def _simple(value: Any) -> Any:
    """A value of JSON as records contain it: objects and lists as JSON text."""
    return as_text(value) if isinstance(value, dict | list) else value


_TRUE = ("true", "1")
_RULE = Parameter(
    "ijson_rule_to_array",
    "string",
    "iJSON rule to array",
    default="item",
    description="Dotted path to the array; `item` steps into it",
)

PROCESSORS = (
    Processor(
        "expand_json_array",
        "Expand JSON array",
        "makes a record of each value of a JSON array",
        (one_field("json_array_field", "JSON array field"), _RULE, OUTPUT_FIELD),
        _expand_json_array,
    ),
    Processor(
        "expand_multivalued_field",
        "Expand multivalued field",
        "makes a record of each value of a multivalued field",
        (one_field("multivalued_field", "Multivalued field"), SEPARATOR, OUTPUT_FIELD),
        _expand_multivalued_field,
    ),
    Processor(
        "extract_from_json",
        "Extract from JSON",
        "writes the values at dotted paths of a JSON object into fields of these names",
        (FIELD, Parameter("ijson_rules", "list", "iJSON rules", is_mandatory=True, description="As block.metaB")),
        _extract_from_json,
    ),
    Processor(
        "json_array_to_multivalued",
        "JSON array to multivalued",
        "joins the values of a JSON array",
        (FIELD, _RULE, Parameter("separator", "string", "Separator", default=","), OUTPUT_FIELD),
        _json_array_to_multivalued,
    ),
    Processor(
        "transform_boolean_columns_to_multivalued_field",
        "Transform boolean columns to multivalued field",
        "joins the labels of those of some fields that are true",
        (Parameter("fields", "fields", "Fields", is_mandatory=True), SEPARATOR, OUTPUT_FIELD),
        _transform_boolean_columns,
    ),
    Processor(
        "transpose_fields",
        "Transpose fields",
        "makes a record of each field but the fixed ones, with its label and its value",
        (
            Parameter("fixed_fields", "fields", "Fixed fields", is_mandatory=True),
            Parameter("invert_fixed_fields", "boolean", "Invert fixed fields", default=False),
            Parameter("label_for_title_column", "string", "Label for title column", is_mandatory=True),
            Parameter("label_for_value_column", "string", "Label for value column", default="value"),
            Parameter("one_line", "boolean", "One line", default=False),
            Parameter("separator", "string", "Separator", default="/"),
        ),
        _transpose_fields,
    ),
)
"""`expand_json_array` and its `json_array_field` are the service's own names. All other names follow the labels in its
user guide, which does not say what becomes of empty values: they are kept.
"""
