"""Tests of processors, and of the errors of misconfigured ones."""

from datetime import date, datetime
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types


@pytest.mark.parametrize(
    ("content", "processor", "expected"),
    [
        (
            "a,b\nx-x,x\n",
            {"type": "string_replace", "field": "a", "old": "x", "new": "y"},
            [{"a": "y-y", "b": "x"}],
        ),
        (
            "a,b\nx-x,x\n",
            {"type": "string_replace", "all_fields": True, "old": "x", "new": "y"},
            [{"a": "y-y", "b": "y"}],
        ),
        ("a\n12 kg\n", {"type": "string_replace", "field": "a", "old": " kg"}, [{"a": 12}]),
        ("zip\n44100\n", {"type": "regexp_replace", "field": "zip", "regexp": "[0-9]{3}$"}, [{"zip": 44}]),
        (
            "a\nAbc\n",
            {"type": "regexp_replace", "field": "a", "regexp": "(B)", "new": r"<\1>", "case_insensitive": True},
            [{"a": "A<b>c"}],
        ),
        (
            "a\n600 Main St\nnone\n",
            {"type": "string_extractor", "field": "a", "regexp": "(?P<number>[0-9]+) (?P<street>.*)"},
            [
                {"a": "600 Main St", "number": 600, "street": "Main St"},
                {"a": "none", "number": None, "street": None},
            ],
        ),
        (
            'a\n"600 Pennsylvania Ave NW, Washington, DC 20500, États-Unis"\n',
            {
                "type": "string_extractor",
                "field": "a",
                "regexp": "(?P<street_number>[0-9]+) (?P<street_name>.*), .*, .*, .*",
            },
            [
                {
                    "a": "600 Pennsylvania Ave NW, Washington, DC 20500, États-Unis",
                    "street_number": 600,
                    "street_name": "Pennsylvania Ave NW",
                }
            ],
        ),
        (
            "zip\n44100\n",
            {"type": "string_extractor", "field": "zip", "regexp": "(?P<area>[0-9]{2})[0-9]{3}"},
            [{"zip": 44100, "area": 44}],
        ),
        (
            "y,x\n48.85,2.35\n1.0,\n",
            {"type": "concat", "left": "y", "right": "x", "separator": ",", "output_field": "p"},
            [{"y": 48.85, "x": 2.35, "p": "48.85,2.35"}, {"y": 1.0, "x": None, "p": "1.0"}],
        ),
        (
            "a\nx/y/z\nr\n",
            {"type": "split", "field": "a", "separator": "/", "index": 1, "output_field": "b"},
            [{"a": "x/y/z", "b": "x"}, {"a": "r", "b": "r"}],
        ),
        (
            "a\nx/y/z\nr\n",
            {"type": "split", "field": "a", "separator": "/", "index": 3, "output_field": "b"},
            [{"a": "x/y/z", "b": "z"}, {"a": "r", "b": None}],
        ),
        (
            "a\np/q\nr\n",
            {"type": "split", "field": "a", "separator": "/", "index": -1, "output_field": "b"},
            [{"a": "p/q", "b": "q"}, {"a": "r", "b": "r"}],
        ),
        (
            "a\np/q\nr\n",
            {"type": "split", "field": "a", "separator": "/", "index": -2, "output_field": "b"},
            [{"a": "p/q", "b": "p"}, {"a": "r", "b": None}],
        ),
        ("a\ne\u0301\n", {"type": "unicode_normalize", "field": "a"}, [{"a": "é"}]),
        ("a\n<b>x</b> &amp; y\n", {"type": "extract_html", "field": "a"}, [{"a": "x & y"}]),
        (
            "a\n<p>1 < 2 <i>3 > 2</i>\n",
            {"type": "extract_html", "field": "a"},
            [{"a": "1 < 2 3 > 2"}],
        ),
        ("a,b\n&lt;b&gt;,&amp;\n", {"type": "decode_html_entities", "field": "a"}, [{"a": "<b>", "b": "&amp;"}]),
        ("a,b\n&lt;b&gt;,&amp;\n", {"type": "decode_html_entities", "all_fields": True}, [{"a": "<b>", "b": "&"}]),
        (
            "a\n' city.org/a '\nhttps://city.org\nmailto:x@city.org\n".replace("'", ""),
            {"type": "normalize_url", "field": "a"},
            [{"a": "http://city.org/a"}, {"a": "https://city.org"}, {"a": "mailto:x@city.org"}],
        ),
        (
            'a\n"<a href=""http://a.org/?x=1&amp;y=2"">x</a> see https://b.org/c."\nnone\n',
            {"type": "extract_urls", "field": "a", "output_field": "urls"},
            [
                {
                    "a": '<a href="http://a.org/?x=1&amp;y=2">x</a> see https://b.org/c.',
                    "urls": "http://a.org/?x=1&y=2 https://b.org/c",
                },
                {"a": "none", "urls": None},
            ],
        ),
        (
            "a\nx;y;x;z;y\n",
            {"type": "deduplicate_multivalued_fields", "duplicated_field": "a", "separator": ";", "output_field": "a"},
            [{"a": "x;y;z"}],
        ),
        (
            "a,b\n1,x;y\n2,\n",
            {"type": "expand_multivalued_field", "multivalued_field": "b", "separator": ";", "output_field": "c"},
            [{"a": 1, "b": "x;y", "c": "x"}, {"a": 1, "b": "x;y", "c": "y"}, {"a": 2, "b": None, "c": None}],
        ),
        (
            "a,tram,bus\nx,true,true\ny,false,true\n",
            {
                "type": "transform_boolean_columns_to_multivalued_field",
                "fields": ["tram", "bus"],
                "separator": ",",
                "output_field": "c",
            },
            [
                {"a": "x", "tram": "true", "bus": "true", "c": "tram,bus"},
                {"a": "y", "tram": "false", "bus": "true", "c": "bus"},
            ],
        ),
        ("a\n1\n", {"type": "add_field", "field": "b"}, [{"a": 1, "b": None}]),
        ("a\n1\n", {"type": "add_field", "field": "a"}, [{"a": 1}]),
        (
            "a,b\n2,3\n",
            {"type": "meta_expression", "meta_expression": "=X * 10 + a", "fields": ["a", "b"]},
            [{"a": 22, "b": 52}],
        ),
        (
            "name\nMy Company\nOther\n",
            {"type": "delete_record", "field": "name", "value": "Company", "exact_match": False},
            [{"name": "Other"}],
        ),
        (
            "name\nMy Company\nCompany\n",
            {"type": "delete_record", "field": "name", "value": "Company"},
            [{"name": "My Company"}],
        ),
        ("n\n1\n9\n", {"type": "delete_record", "value": "=n > 5"}, [{"n": 1}]),
        ("a\n1\n", {"type": "copy", "field": "a", "new_field": "b"}, [{"a": 1, "b": 1}]),
        ("a\nno\nnone\nx\n", {"type": "skip_record", "field": "a", "value": "no"}, [{"a": "none"}, {"a": "x"}]),
        (
            "a\nno\nnone\nx\n",
            {"type": "skip_record", "field": "a", "value": "no", "exact_match": False},
            [{"a": "x"}],
        ),
        (
            "a\nno\nnone\n",
            {"type": "skip_record", "field": "a", "value": "no", "keep_instead_of_skip": True},
            [{"a": "no"}],
        ),
        ("a,b\n,1\nx,2\n", {"type": "skip_record", "field": "a"}, [{"a": "x", "b": 2}]),
        (
            "a\n03/10/2016\n",
            {"type": "date_normalizer", "field": "a", "format": "%d/%m/%Y"},
            [{"a": date(2016, 10, 3)}],
        ),
        (
            "a\n09/10/2017\n",
            {"type": "date_normalizer", "field": "a", "format": "%d/%m/%Y"},
            [{"a": date(2017, 10, 9)}],
        ),
        (
            "a\n2016-12-08T08:51:53\n",
            {"type": "set_timezone", "field": "a", "timezone": "UTC"},
            [{"a": datetime(2016, 12, 8, 8, 51, 53)}],
        ),
        (
            "a\n03.10.2016 17h05\n",
            {"type": "date_normalizer", "field": "a", "format": "%d.%m.%Y %Hh%M"},
            [{"a": datetime(2016, 10, 3, 17, 5)}],
        ),
        (
            "a\n2016-12-08T08:51:53Z\n",
            {"type": "set_timezone", "field": "a", "timezone": "Europe/Paris"},
            [{"a": datetime(2016, 12, 8, 7, 51, 53)}],
        ),
        (
            "lat,lon\n48.85,2.35\n,1\n",
            {"type": "create_geopoint", "latitude": "lat", "longitude": "lon", "output_field": "p"},
            [
                {"lat": 48.85, "lon": 2.35, "p": {"lon": 2.35, "lat": 48.85}},
                {"lat": None, "lon": 1.0, "p": None},
            ],
        ),
    ],
)
def test_a_processor_changes_the_records(
    bench: Bench, content: str, processor: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    result = bench.process(bench.source(content, separator=","), processors=(processor,))
    assert bench.rows == expected
    assert result.records_errors == []
    assert result.notes == []


def test_processors_run_in_order_before_field_configurations(bench: Bench) -> None:
    result = bench.process(
        bench.source("a\n1 kg\n2 kg\n"),
        processors=(
            {"type": "string_replace", "field": "a", "old": " kg", "new": ""},
            {"type": "copy", "field": "a", "new_field": "b"},
            {"type": "skip_record", "field": "b", "value": "2"},
        ),
        fields=({"type": "rename", "from_name": "b", "to_name": "weight", "field_label": "Weight"},),
    )
    assert types(result) == {"a": "int", "weight": "int"}
    assert bench.rows == [{"a": 1, "weight": 1}]


@pytest.mark.parametrize(
    ("processor", "message"),
    [
        (
            {"type": "date_normalizer", "field": "a", "format": "%d/%m/%Y"},
            '"soon" is not a date of the format %d/%m/%Y',
        ),
        ({"type": "set_timezone", "field": "a", "timezone": "UTC"}, 'Cannot convert "soon" to "datetime"'),
    ],
)
def test_unusable_value_in_a_processor_becomes_null(bench: Bench, processor: dict[str, Any], message: str) -> None:
    result = bench.process(bench.source("a,b\nsoon,x\n"), processors=(processor,))
    assert bench.rows == [{"a": None, "b": "x"}]
    (error,) = result.records_errors
    assert (error["message"], error["field_uid"], error["processor_uid"]) == (f"{message} (line 2)", "a", "pr_1")


@pytest.mark.parametrize(
    ("processor", "message"),
    [
        ({"type": "string_replace", "field": "a"}, 'parameter "old" is missing'),
        ({"type": "string_replace", "old": "x"}, 'parameter "field" is missing, and "all_fields" is not true'),
        ({"type": "string_replace", "field": 3, "old": "x"}, 'parameter "field" must be the name of a field, not 3'),
        (
            {"type": "regexp_replace", "field": "a", "regexp": "("},
            'parameter "regexp" is not a regular expression (missing ), unterminated subpattern at position 0)',
        ),
        (
            {"type": "regexp_replace", "field": "a", "regexp": "x", "new": r"\9"},
            'parameter "new": invalid group reference 9 at position 1',
        ),
        (
            {"type": "string_extractor", "field": "a", "regexp": "(x)"},
            'parameter "regexp" has no named group, write (?P<new_field>...)',
        ),
        (
            {"type": "split", "field": "a", "separator": "/", "index": "one", "output_field": "b"},
            "parameter \"index\" must be a whole number, not 'one'",
        ),
        (
            {"type": "split", "field": "a", "separator": "/", "index": 0, "output_field": "b"},
            'parameter "index" counts the parts from 1',
        ),
        (
            {"type": "delete_record", "value": "x"},
            'parameter "field" is missing, and "value" is no expression',
        ),
        (
            {"type": "extract_from_json", "field": "a", "ijson_rules": ["b.item.c"]},
            'parameter "ijson_rules": a rule with "item" leads to an array',
        ),
        (
            {"type": "transform_coordinates", "field": "a", "source_epsg": "Lambert"},
            'parameter "source_epsg": Lambert is not an EPSG code',
        ),
        (
            {"type": "skip_record", "field": "a", "exact_match": "perhaps"},
            "parameter \"exact_match\" must be true or false, not 'perhaps'",
        ),
        (
            {"type": "set_timezone", "field": "a", "timezone": "Mars/Olympus"},
            'parameter "timezone": Mars/Olympus is not known',
        ),
    ],
)
def test_misconfigured_processor_error_names_its_parameter(
    bench: Bench, processor: dict[str, Any], message: str
) -> None:
    good = {"type": "copy", "field": "a", "new_field": "c"}
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source("a\nx\n"), processors=(good, processor))
    assert caught.value.message == (f"Processor pr_2 ({processor['type']}, number 2) is misconfigured: {message}")


def test_processor_may_read_only_earlier_fields(bench: Bench) -> None:
    steps = (
        {"type": "concat", "left": "a", "right": "b", "output_field": "c"},
        {"type": "copy", "field": "a", "new_field": "b"},
    )
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source("a\nx\n"), processors=steps)
    unknown = "unknown field, there are a"
    assert caught.value.message == f"Processor pr_1 (concat, number 1) is misconfigured for field b: {unknown}"
    assert caught.value.params == {"processor_id": "pr_1", "field": "b", "msg": unknown}
