"""Tests of the processors for fields that contain JSON, with the examples of the service's user guide."""

import json
from typing import Any

import pytest

from .conftest import Bench

ITEMS = [{"metaB": "value1", "int": 5, "boolean": False}, {"metaB": "value2", "int": 6, "boolean": True}]
BLOC = [
    {**ITEMS[0], "sub": {"sub_sub": "sub_value"}},
    {**ITEMS[1], "sub": {"sub_sub": "other_sub_value"}},
]
NESTED = {"metaA": "Joe", "bloc": BLOC}


def published(bench: Bench, value: Any, processor: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of one with a JSON text, without that field."""
    result = bench.process(bench.json([{"n": 1, "data": json.dumps(value)}]), processors=(processor,))
    assert (result.notes, result.records_errors) == ([], [])
    return [{name: value for name, value in row.items() if name != "data"} for row in bench.rows]


@pytest.mark.parametrize(
    ("value", "rule", "elements"),
    [
        (ITEMS, "item", [json.dumps(one) for one in ITEMS]),
        (NESTED, "bloc.item", [json.dumps(one) for one in BLOC]),
        (NESTED, "bloc.item.sub", [json.dumps(one["sub"]) for one in BLOC]),
        (NESTED, "bloc.item.metaB", ["value1", "value2"]),
        ([1, 2], "item", [1, 2]),
        ([], "item", [None]),
        (NESTED, "elsewhere.item", [None]),
    ],
)
def test_each_value_of_a_json_array_becomes_a_record(bench: Bench, value: Any, rule: str, elements: list[Any]) -> None:
    step = {"type": "expand_json_array", "json_array_field": "data", "ijson_rule_to_array": rule, "output_field": "e"}
    assert published(bench, value, step) == [{"n": 1, "e": element} for element in elements]


@pytest.mark.parametrize(
    ("value", "rule", "joined"),
    [
        ({"a": ["b", "c", "d"]}, "a.item", "b,c,d"),
        (ITEMS, "item.metaB", "value1,value2"),
        (ITEMS, "item.int", "5,6"),
        (ITEMS, "item.boolean", "false,true"),
        (NESTED, "bloc.item.metaB", "value1,value2"),
        (NESTED, "bloc.item.sub.sub_sub", "sub_value,other_sub_value"),
    ],
)
def test_values_of_a_json_array_are_joined(bench: Bench, value: Any, rule: str, joined: str) -> None:
    step = {
        "type": "json_array_to_multivalued",
        "field": "data",
        "ijson_rule_to_array": rule,
        "separator": ",",
        "output_field": "e",
    }
    assert published(bench, value, step) == [{"n": 1, "e": joined}]


def test_values_of_a_json_object_become_fields(bench: Bench) -> None:
    bloc = {"metaB": "valueB", "int": 5, "boolean": False}
    value = {"metaA": "Joe", "bloc": bloc, "sub": {"sub_sub": "sub_value"}}
    rules = ["metaA", "bloc.metaB", "bloc.int", "sub.sub_sub", "bloc", "none.such"]
    assert published(bench, value, {"type": "extract_from_json", "field": "data", "ijson_rules": rules}) == [
        {
            "n": 1,
            "metaA": "Joe",
            "bloc_metaB": "valueB",
            "bloc_int": 5,
            "sub_sub_sub": "sub_value",
            "bloc": json.dumps(bloc),
            "none_such": None,
        }
    ]


def test_a_text_that_is_no_json_is_reported(bench: Bench) -> None:
    step = {"type": "extract_from_json", "field": "data", "ijson_rules": ["a"]}
    result = bench.process(bench.json([{"data": "{a"}, {"data": None}, {"data": '{"a": 1}'}]), processors=(step,))
    assert bench.column("a") == [None, None, 1]
    (error,) = result.records_errors
    assert (error["field_uid"], error["message"]) == ("data", '"{a" is not JSON (item 1)')


def test_a_field_from_json_can_be_configured(bench: Bench) -> None:
    step = {"type": "expand_json_array", "json_array_field": "j", "output_field": "e"}
    rename = {"type": "rename", "from_name": "e", "to_name": "f"}
    result = bench.process(bench.json([{"j": [1, 2]}]), processors=(step,), fields=(rename,))
    assert bench.column("f") == [1, 2]
    assert result.notes == []
