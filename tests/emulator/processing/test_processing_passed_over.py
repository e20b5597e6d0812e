"""Tests of processors that are passed over, with what depends on them, and of errors within a step."""

from typing import Any

import pytest
from opendatasoft_emulator.processing import PROCESSORS, ProcessingError

from .conftest import Bench


@pytest.mark.parametrize("kind", ["geojoin", "moon_phase"])
def test_unsupported_processor_is_noted(bench: Bench, kind: str) -> None:
    result = bench.process(bench.source("a\n1\n"), processors=({"type": kind, "field": "a"},))
    assert result.notes == [f"Processor pr_1 ({kind}, number 1) is accepted, but not carried out by this portal."]
    assert bench.rows == [{"a": 1}]


MOON = {"type": "moon_phase", "field": "j", "output_field": "e"}


def test_what_depends_on_an_unsupported_processor_is_too(bench: Bench) -> None:
    steps = (
        MOON,
        {"type": "skip_record", "field": "e"},
        {"type": "copy", "field": "e", "new_field": "g"},
        {"type": "expression", "expression": "=g & 'x'", "output_field": "h"},
        {"type": "copy", "field": "a", "new_field": "b"},
    )
    rules = (
        {"type": "rename", "from_name": "e", "to_name": "f"},
        {"type": "description", "field": "f", "description": "x"},
        {"type": "order", "order": ["b", "e"]},
        {"type": "type", "field": "a", "type_param": "text"},
    )
    result = bench.process(bench.source("a;j\n1;2\n"), processors=steps, fields=rules)
    assert bench.rows == [{"b": 1, "a": "1", "j": 2}]
    assert result.records_errors == []
    source = "would be made by processor pr_1 (moon_phase, number 1)."
    assert result.notes == [
        "Processor pr_1 (moon_phase, number 1) is accepted, but not carried out by this portal.",
        f"Processor pr_2 (skip_record, number 2) is passed over: the field e {source}",
        f"Processor pr_3 (copy, number 3) is passed over: the field e {source}",
        "Processor pr_4 (expression, number 4) is passed over: the field g would be made by "
        "processor pr_3 (copy, number 3).",
        f"Field configuration pr_1 (rename, number 1) is passed over: the field e {source}",
        "Field configuration pr_2 (description, number 2) is passed over: the field f would be made by "
        "field configuration pr_1 (rename, number 1).",
        f"Field configuration pr_3 (order, number 3) is passed over: the field e {source}",
    ]


def test_groups_of_a_passed_over_extraction_are_too(bench: Bench) -> None:
    steps: tuple[dict[str, Any], ...] = (
        {**MOON, "type": "join_dataset", "dataset": {"dataset_id": "x"}, "domain": {"domain_id": "other"}}
        | {"local_key": "a", "remote_key": "a", "output_fields": ["e"]},
        {"type": "string_extractor", "field": "e", "regexp": "(?P<f>x)"},
        {"type": "copy", "field": "f", "new_field": "g"},
    )
    result = bench.process(bench.source("a;j\n1;2\n"), processors=steps)
    assert bench.rows == [{"a": 1, "j": 2}]
    assert [note.partition(" is ")[0] for note in result.notes] == [
        f"Processor pr_{number} ({step['type']}, number {number})" for number, step in enumerate(steps, start=1)
    ]
    with pytest.raises(ProcessingError, match="misconfigured for field h: unknown field"):
        bench.process(bench.source("a;j\n1;2\n"), processors=(*steps, {"type": "copy", "field": "h", "new_field": "i"}))


def test_a_parameter_without_effect_is_noted(bench: Bench) -> None:
    step = {"type": "copy", "label": "Copy", "field": "a", "new_field": "b", "phase": 3, "empty": None}
    result = bench.process(bench.source("a\n1\n"), processors=(step,))
    assert bench.rows == [{"a": 1, "b": 1}]
    assert result.notes == ['Processor pr_1 (copy, number 1) is carried out without its parameter "phase".']


def test_an_extractor_parameter_without_effect_is_noted(bench: Bench) -> None:
    result = bench.process(bench.source("a\n1\n", phase=3))
    assert result.notes == ['Source "source 1" is read without its parameter "phase".']


BITS = {"start_bit_offset": 0, "stop_bit_offset": 99, "convert_to": "int"}


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({"type": "expression", "expression": "=factorial(a) * 1.5 + 10 ^ 400", "output_field": "b"}, "b"),
        ({"type": "set_timezone", "field": "a", "timezone": "Europe/Paris"}, "a"),
        ({"type": "extract_bit_range", "field": "a", "output_field": "b", **BITS}, "b"),
        ({"type": "expand_json_array", "json_array_field": "a", "output_field": "b"}, "b"),
        ({"type": "skip_record", "field": "a", "value": "=factorial(a)"}, "a"),
    ],
)
def test_an_error_in_a_step_costs_one_value(bench: Bench, step: dict[str, Any], field: str) -> None:
    values = ("9" * 30, "[" * 2000)
    result = bench.process(bench.json([{"a": value, "c": value[0]} for value in values]), processors=(step,))
    assert bench.column("c") == ["9", "["]
    assert step["type"] == "skip_record" or None in bench.column(field)
    assert {(one["field_uid"], one["processor_uid"]) for one in result.records_errors} == {(field, "pr_1")}
    assert all(len(one["message"]) < 300 for one in result.records_errors)


def test_processor_catalogue_includes_unsupported_ones() -> None:
    by_type = {processor["type"]: processor for processor in PROCESSORS}
    assert [parameter["name"] for parameter in by_type["string_replace"]["parameters"]] == [
        "field",
        "all_fields",
        "old",
        "new",
    ]
    assert by_type["split"]["parameters"][-1] == {
        "name": "output_field",
        "label": "Output field",
        "type": "field",
        "is_mandatory": True,
        "can_create_field": True,
    }
    assert "join_dataset" in by_type
