"""Tests of field configurations."""

from datetime import date, datetime
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types


def test_rename_changes_name_and_label_for_later_rules(bench: Bench) -> None:
    result = bench.process(
        bench.source("old,b\n1,2\n"),
        fields=(
            {"type": "rename", "from_name": "old", "to_name": "new", "field_label": "New!"},
            {"type": "description", "field": "new", "description": "what it is"},
        ),
    )
    assert result.fields[0] == {
        "name": "new",
        "label": "New!",
        "type": "int",
        "description": "what it is",
        "annotations": {},
    }
    assert bench.rows == [{"new": 1, "b": 2}]


def test_rename_to_a_name_with_special_characters_is_noted(bench: Bench) -> None:
    rename = {"type": "rename", "from_name": "a", "to_name": "Prix TTC (€)", "field_label": "Prix TTC (€)"}
    result = bench.process(bench.source("a\n1\n"), fields=(rename,))
    assert bench.rows == [{"Prix TTC (€)": 1}]
    assert result.notes == [
        "Field configuration pr_1 (rename, number 1) sets the name Prix TTC (€): the service allows neither spaces nor "
        "special characters."
    ]


@pytest.mark.parametrize(
    ("value", "count", "notes"),
    [
        ("x", 151, ["The dataset has 151 fields of text, and the service allows 150."]),
        ("1", 501, ["The dataset has 501 fields, and the service allows 500."]),
        ("1", 500, []),
        ("x", 150, []),
    ],
)
def test_limits_of_the_service_are_noted(bench: Bench, value: str, count: int, notes: list[str]) -> None:
    titles = ",".join(f"field {number}" for number in range(count))
    result = bench.process(bench.source(f"{titles}\n{','.join([value] * count)}\n"))
    assert (len(result.fields), result.record_count, result.notes) == (count, 1, notes)


def test_a_rename_to_the_same_name_sets_only_the_label(bench: Bench) -> None:
    result = bench.process(
        bench.source("a,b\n1,2\n"),
        fields=({"type": "rename", "from_name": "a", "to_name": "a", "field_label": "The A"},),
    )
    assert [(field["name"], field["label"]) for field in result.fields] == [("a", "The A"), ("b", "b")]


def test_two_fields_may_differ_in_their_capitals_only(bench: Bench) -> None:
    bench.process(
        bench.source("a,b\n1,2\n"),
        fields=({"type": "rename", "from_name": "b", "to_name": "A", "field_label": "A"},),
    )
    assert bench.rows == [{"a": 1, "A": 2}]


@pytest.mark.parametrize(
    ("value", "to", "expected"),
    [
        ("12", "text", "12"),
        ("1.50", "text", "1.50"),
        ("2.9", "int", 2),
        ("2,5", "double", 2.5),
        ("3", "double", 3.0),
        ("TRUE", "boolean", True),
        ("2024-02-29", "date", date(2024, 2, 29)),
        ("2024/02/29", "date", date(2024, 2, 29)),
        ("12/04/2016", "date", date(2016, 4, 12)),
        ("31/12/2016", "date", date(2016, 12, 31)),
        ("2016", "date", date(2016, 1, 1)),
        ("2024-02-29T23:00:00Z", "date", date(2024, 2, 29)),
        ("2024-02-29T23:00:00-02:00", "datetime", datetime(2024, 3, 1, 1, 0)),
        ("20240229T230000Z", "datetime", datetime(2024, 2, 29, 23, 0)),
        ("2024-02-29-23:01:02", "datetime", datetime(2024, 2, 29, 23, 1, 2)),
        ("2024-02-29", "datetime", datetime(2024, 2, 29)),
        ("48.85, 2.35", "geo_point_2d", {"lon": 2.35, "lat": 48.85}),
        ("48.85,2.35", "text", "48.85,2.35"),
        ("x.png", "file", "x.png"),
    ],
)
def test_type_rule_casts_the_values_of_the_source(bench: Bench, value: str, to: str, expected: Any) -> None:
    result = bench.process(
        bench.source(f'a\n"{value}"\n', separator=";"),
        fields=({"type": "type", "field": "a", "type_param": to},),
    )
    assert types(result) == {"a": to}
    assert result.records_errors == []
    assert bench.column("a") == [expected]


def test_geometry_or_feature_is_stored_as_geojson(bench: Bench) -> None:
    point = {"type": "Point", "coordinates": [2.35, 48.85]}
    rule = ({"type": "type", "field": "a", "type_param": "geo_shape"},)
    bench.process(bench.json([{"a": point}, {"a": {"type": "Feature", "geometry": point}}]), fields=rule)
    assert bench.column("a") == ['{"type": "Point", "coordinates": [2.35, 48.85]}'] * 2


@pytest.mark.parametrize(
    ("value", "to"),
    [
        ("x", "int"),
        ("1.2.3", "double"),
        ("99999999999999999999", "int"),
        ("maybe", "boolean"),
        ("2024-13-45", "date"),
        ("soon", "datetime"),
        ("95.0, 2.0", "geo_point_2d"),
        ("nowhere", "geo_point_2d"),
        ("{}", "geo_shape"),
        ('{""type"": ""FeatureCollection"", ""features"": []}', "geo_shape"),
    ],
)
def test_invalid_value_becomes_null_and_is_reported(bench: Bench, value: str, to: str) -> None:
    result = bench.process(
        bench.source(f'a;b\n"{value}";good\n'),
        fields=(
            {"type": "rename", "from_name": "a", "to_name": "c", "field_label": "C"},
            {"type": "type", "field": "c", "type_param": to},
        ),
    )
    assert bench.rows == [{"c": None, "b": "good"}]
    text = value.replace('""', '"')
    (error,) = result.records_errors
    assert error["message"] == f'Cannot convert "{text}" to "{to}" (line 2)'
    assert (error["field_uid"], error["processor_uid"]) == ("c", "pr_2")
    assert len(error["record_id"]) == 40


def test_a_field_typed_twice_is_cast_twice(bench: Bench) -> None:
    bench.process(
        bench.source("a\n2.9\n"),
        fields=(
            {"type": "type", "field": "a", "type_param": "int"},
            {"type": "type", "field": "a", "type_param": "text"},
        ),
    )
    assert bench.column("a") == ["2"]


def test_hundred_errors_are_listed_and_the_rest_counted(bench: Bench) -> None:
    result = bench.process(
        bench.source("a\n" + "x\n" * 103), fields=({"type": "type", "field": "a", "type_param": "int"},)
    )
    assert len(result.records_errors) == 100
    assert result.notes == ["3 more errors of records are not listed."]
    assert result.record_count == 103


def test_annotations_keep_their_arguments_and_may_have_none(bench: Bench) -> None:
    result = bench.process(
        bench.source("a\n1.25\n"),
        fields=(
            {"type": "annotate", "field": "a", "annotation": "decimals", "args": [5]},
            {"type": "annotate", "field": "a", "annotation": "unit", "args": ["km2"]},
            {"type": "annotate", "field": "a", "annotation": "sortable"},
        ),
    )
    assert result.fields[0]["annotations"] == {"decimals": [5], "unit": ["km2"], "sortable": []}


@pytest.mark.parametrize("key", ["order", "args"])
def test_order_puts_the_named_fields_first(bench: Bench, key: str) -> None:
    result = bench.process(bench.source("a,b,c\n1,2,3\n"), fields=({"type": "order", key: ["c", "b"]},))
    assert [field["name"] for field in result.fields] == ["c", "b", "a"]
    assert list(bench.rows[0].items()) == [("c", 3), ("b", 2), ("a", 1)]


def test_a_deleted_field_is_not_published(bench: Bench) -> None:
    result = bench.process(bench.source("a,b\n1,2\n"), fields=({"type": "delete", "field": "a"},))
    assert types(result) == {"b": "int"}
    assert bench.rows == [{"b": 2}]


def test_all_fields_may_be_deleted(bench: Bench) -> None:
    result = bench.process(bench.source("a\n1\n2\n"), fields=({"type": "delete", "field": "a"},))
    assert (result.fields, result.record_count, bench.rows) == ([], 2, [{}, {}])


def test_of_records_with_the_same_id_the_last_one_stays(bench: Bench) -> None:
    result = bench.process(
        bench.source("key,value\n1,a\n2,b\n1,c\n"),
        fields=({"type": "annotate", "field": "key", "annotation": "id"},),
    )
    assert result.record_count == 2
    assert bench.rows == [{"key": 2, "value": "b"}, {"key": 1, "value": "c"}]


def test_without_an_id_equal_records_are_all_kept(bench: Bench) -> None:
    assert bench.process(bench.source("a\n1\n1\n")).record_count == 2


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"type": "delete", "field": "z"}, "for field z: unknown field, there are a, b"),
        ({"type": "rename", "from_name": "z", "to_name": "y"}, "for field z: unknown field, there are a, b"),
        ({"type": "rename", "from_name": "a", "to_name": "b"}, "for field a: there is already a field b"),
        ({"type": "type", "field": "a", "type_param": "colour"}, "for field a: invalid type"),
        ({"type": "order", "order": ["b", "z"]}, "for field z: unknown field, there are a, b"),
        ({"type": "annotate", "field": "a"}, ': parameter "annotation" is missing'),
        ({"type": "description", "description": "x"}, ': parameter "field" is missing'),
    ],
)
def test_a_rule_that_cannot_be_applied_is_an_error_that_names_it(
    bench: Bench, rule: dict[str, Any], message: str
) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(
            bench.source("a,b\n1,2\n"), fields=({"type": "description", "field": "a", "description": "x"}, rule)
        )
    separator = "" if message.startswith(":") else " "
    assert caught.value.message == (f"Processor pr_2 ({rule['type']}, number 2) is misconfigured{separator}{message}")
    assert caught.value.params["processor_id"] == "pr_2"


def test_rule_of_an_unknown_type_is_noted(bench: Bench) -> None:
    result = bench.process(bench.source("a\n1\n"), fields=({"type": "sparkle", "field": "a"},))
    assert result.notes == [
        "Field configuration pr_1 (sparkle, number 1) is accepted, but not carried out by this portal."
    ]


def test_rules_are_not_applied_without_fields(bench: Bench) -> None:
    rules = ({"type": "rename", "from_name": "a", "to_name": "b", "field_label": "B"},)
    assert bench.process(fields=rules).fields == []
    assert bench.process(bench.source(""), fields=rules).fields == []
