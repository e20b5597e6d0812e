"""Tests of the extractors of text files, valid and invalid."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from opendatasoft_emulator.processing import EXTRACTORS, ProcessingError

from .conftest import Bench, types


def test_a_csv_file_becomes_typed_records(bench: Bench) -> None:
    result = bench.process(
        bench.source(
            "Station;Value;Share;Day;Moment;Place\n"
            "north;12;0.5;2024-02-29;2024-02-29T12:00:00+02:00;48.85,2.35\n"
            "south;;;;;\n"
        )
    )
    assert types(result) == {
        "station": "text",
        "value": "int",
        "share": "double",
        "day": "date",
        "moment": "datetime",
        "place": "geo_point_2d",
    }
    assert result.record_count == 2
    assert bench.rows == [
        {
            "station": "north",
            "value": 12,
            "share": 0.5,
            "day": date(2024, 2, 29),
            "moment": datetime(2024, 2, 29, 10, 0),
            "place": {"lon": 2.35, "lat": 48.85},
        },
        {"station": "south", "value": None, "share": None, "day": None, "moment": None, "place": None},
    ]


def test_a_field_keeps_its_title_as_label_and_gets_a_plain_name(bench: Bench) -> None:
    result = bench.process(bench.source("Nom de la Région,Prix (€),prix,,PRIX\na,1,2,3,4\n"))
    assert [(field["name"], field["label"]) for field in result.fields] == [
        ("nom_de_la_region", "Nom de la Région"),
        ("prix", "Prix (€)"),
        ("prix_1", "prix"),
        ("column_4", "column_4"),
        ("prix_2", "PRIX"),
    ]


@pytest.mark.parametrize("value", ["007", "+", "1_000", "12345678901234567890", "1,5", "2024-02-30", "nan"])
def test_near_numbers_and_near_dates_stay_text(bench: Bench, value: str) -> None:
    result = bench.process(bench.source(f'a\n"{value}"\n', separator=";"))
    assert types(result) == {"a": "text"}
    assert bench.column("a") == [value]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1", "2.5", "double"),
        ("1", "x", "text"),
        ("2024-01-01", "2024-01-01T10:00:00Z", "datetime"),
        ("2024/01/01", "2024-01-02", "date"),
        ("1.5,2.5", "91.0,2.5", "text"),
    ],
)
def test_column_gets_the_narrowest_type_of_its_values(bench: Bench, first: str, second: str, expected: str) -> None:
    result = bench.process(bench.source(f"a\n{first}\n{second}\n", separator=";"))
    assert types(result) == {"a": expected}


def test_csv_params_set_separator_escape_and_first_row(bench: Bench) -> None:
    content = 'a report\nmade by hand\nx|y\n1\\|2|"3 | 4"\n'
    bench.process(bench.source(content, separator="|", escapechar="\\", first_row_no=3))
    assert bench.rows == [{"x": "1|2", "y": "3 | 4"}]


def test_separator_is_detected_when_none_is_given(bench: Bench) -> None:
    bench.process(bench.source("a\tb\n1\t2\n"))
    assert bench.rows == [{"a": 1, "b": 2}]


def test_a_tab_may_be_written_as_backslash_t(bench: Bench) -> None:
    bench.process(bench.source("a\tb\n1\t2\n", separator="\\t"))
    assert bench.rows == [{"a": 1, "b": 2}]


def test_a_file_without_headers_gets_numbered_columns(bench: Bench) -> None:
    result = bench.process(bench.source("1,x\n2,y\n", headers_first_row=False))
    assert types(result) == {"column_1": "int", "column_2": "text"}
    assert result.record_count == 2


@pytest.mark.parametrize("params", [{"encoding": "utf-8"}, {}])
def test_the_byte_order_mark_is_not_part_of_the_first_title(bench: Bench, params: dict[str, str]) -> None:
    result = bench.process(bench.source(b"\xef\xbb\xbfa,b\n1,2\n", **params))
    assert [field["label"] for field in result.fields] == ["a", "b"]
    assert bench.rows == [{"a": 1, "b": 2}]


@pytest.mark.parametrize("params", [{}, {"encoding": "latin-1"}, {"encoding": "sloppy-windows-1252"}])
def test_file_of_named_or_detected_encoding_is_read(bench: Bench, params: dict[str, str]) -> None:
    bench.process(bench.source("ville\nOrléans\n".encode("latin-1"), **params))
    assert bench.rows == [{"ville": "Orléans"}]


def test_file_not_in_the_named_encoding_is_an_error(bench: Bench) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source("ville\nOrléans\n".encode("latin-1"), encoding="utf-8"))
    assert caught.value.message == 'Source "source 1": line 2 is not utf-8, choose another encoding'


def test_ragged_row_is_kept_and_surplus_is_reported(bench: Bench) -> None:
    result = bench.process(bench.source("a,b\n1\n\n1,2,3\n"))
    assert bench.rows == [{"a": 1, "b": None}, {"a": 1, "b": 2}]
    assert result.records_errors == [
        {
            "record_id": None,
            "field_uid": None,
            "processor_uid": None,
            "message": "Line 4: 3 values for 2 fields, the last are left out",
        }
    ]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"separator": ";;"}, "parameter \"separator\" must be one character, and no quote, not ';;'"),
        ({"escapechar": '"'}, 'parameter "escapechar" must be one character, and no quote, not \'"\''),
        ({"first_row_no": 0}, 'parameter "first_row_no" must be 1 or more, not 0'),
        ({"first_row_no": "x"}, "parameter \"first_row_no\" must be a whole number, not 'x'"),
        ({"headers_first_row": "perhaps"}, "parameter \"headers_first_row\" must be true or false, not 'perhaps'"),
    ],
)
def test_wrong_parameter_error_names_source_and_parameter(bench: Bench, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source("a\n1\n", **params))
    assert caught.value.message == f'Source "source 1": {message}'


def test_unknown_extractor_error_names_the_known_ones(bench: Bench) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source("a\n", "crystalball"))
    assert caught.value.message == (
        'Source "source 1": there is no extractor crystalball, known are csvfile, jsonfile, jsonlines, geojsonfile, '
        "xlsfile, parquet, files_csv"
    )


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_gives_no_fields_and_no_records(bench: Bench, content: str) -> None:
    result = bench.process(bench.source(content))
    assert (result.fields, result.record_count, bench.rows) == ([], 0, [])


def test_headers_alone_give_fields_without_records(bench: Bench) -> None:
    result = bench.process(bench.source("a,b\n"))
    assert types(result) == {"a": "text", "b": "text"}
    assert result.record_count == 0


def test_file_name_becomes_a_column_on_request(bench: Bench) -> None:
    bench.process(bench.source("a\n1\n", extract_filename=True))
    assert bench.rows == [{"a": 1, "filename": "file1.dat"}]


def test_a_list_of_json_objects_becomes_records(bench: Bench) -> None:
    result = bench.process(
        bench.json(
            [
                {"Name": "x", "n": 1, "ok": True, "tags": ["a", "b"], "in": {"side": [1]}, "mixed": [1, "a"]},
                {"n": 1.5, "extra": None},
            ]
        )
    )
    assert types(result) == {
        "name": "text",
        "n": "double",
        "ok": "boolean",
        "tags": "text",
        "in": "text",
        "mixed": "text",
        "extra": "text",
    }
    assert bench.rows[0] == {
        "name": "x",
        "n": 1.0,
        "ok": True,
        "tags": "a;b",
        "in": '{"side": [1]}',
        "mixed": '[1, "a"]',
        "extra": None,
    }
    tags = next(field for field in result.fields if field["name"] == "tags")
    assert tags["annotations"] == {"multivalued": [";"]}


@pytest.mark.parametrize(
    ("document", "params"),
    [
        ({"items": [{"a": 1}], "other": [{"a": 2}]}, {}),
        ({"title": "x", "results": [{"a": 1}]}, {}),
        ({"deep": {"er": [{"a": 1}]}}, {"json_root": "deep.er"}),
        ({"deep": [{"er": [{"a": 1}]}]}, {"json_root": "deep.item.er"}),
        ([{"id": 7, "info": {"a": 1}}], {"json_object": "info"}),
        ({"list": [{"info": {"a": 1}}, {"info": None}]}, {"json_root": "list", "json_object": "info"}),
    ],
)
def test_the_list_of_records_is_found_within_a_document(bench: Bench, document: object, params: dict[str, str]) -> None:
    bench.process(bench.json(document, **params))
    assert bench.rows == [{"a": 1}]


@pytest.mark.parametrize(
    ("content", "params", "message"),
    [
        ('{"a": 1}', {}, 'it is not a list, say with "json_root" where in it the list of records is'),
        ('{"a": []}', {"json_root": "b.c"}, "there is nothing at the JSON root b.c"),
        ("[1,\n2", {}, "line 2 is not JSON (Expecting ',' delimiter)"),
        (b"[\xff]", {}, "the file is not UTF-8"),
    ],
)
def test_a_json_file_without_a_list_of_records_is_an_error(
    bench: Bench, content: str | bytes, params: dict[str, str], message: str
) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(content, "jsonfile", **params))
    assert caught.value.message == f'Source "source 1": {message}'


def test_item_that_is_no_object_is_skipped_and_reported(bench: Bench) -> None:
    result = bench.process(bench.json([{"a": 1}, 2]))
    assert bench.rows == [{"a": 1}]
    assert [error["message"] for error in result.records_errors] == ["Item 2 is not an object, it is left out"]


def test_json_lines_hold_objects(bench: Bench) -> None:
    content = "\n".join(json.dumps(line) for line in ({"a": 1, "l": ["x"]}, {"b": "é"}, 3))
    result = bench.process(bench.source(content + "\n\n", "jsonlines"))
    assert bench.rows == [{"a": 1, "l": '["x"]', "b": None}, {"a": None, "l": None, "b": "é"}]
    assert [error["message"] for error in result.records_errors] == [
        "Line 3 is neither an object nor a list, it is left out"
    ]


def test_json_lines_may_hold_lists_below_a_line_of_titles(bench: Bench) -> None:
    bench.process(bench.source('["a", "b"]\n[1, 2]\n[3]\n', "jsonlines"))
    assert bench.rows == [{"a": 1, "b": 2}, {"a": 3, "b": None}]


def test_json_lines_may_hold_lists_without_titles(bench: Bench) -> None:
    bench.process(bench.source("comment\n[1, 2]\n", "jsonlines", first_row_no=2, headers_first_row=False))
    assert bench.rows == [{"column_1": 1, "column_2": 2}]


def test_a_line_that_is_not_json_is_an_error_with_its_number(bench: Bench) -> None:
    with pytest.raises(ProcessingError, match='Source "source 1": line 2 is not JSON'):
        bench.process(bench.source('{"a": 1}\n{"a":\n', "jsonlines"))


def test_extractor_catalogue_has_the_form_of_the_service() -> None:
    csvfile = next(extractor for extractor in EXTRACTORS if extractor["type"] == "csvfile")
    assert csvfile["label"] == "CSV File"
    separator = next(parameter for parameter in csvfile["parameters"] if parameter["name"] == "separator")
    assert separator["type"] == "string"
    assert separator["is_mandatory"] is False
    assert all(
        isinstance(parameter.get("default", ""), str)
        for extractor in EXTRACTORS
        for parameter in extractor["parameters"]
    )


@pytest.mark.parametrize(
    ("content", "type"),
    [
        ("[" * 100_000, "jsonfile"),
        ("[" + "9" * 5000 + "]", "jsonfile"),
        ("[" * 100_000, "jsonlines"),
        ("[" + "9" * 5000 + "]", "jsonlines"),
    ],
)
def test_excessive_document_is_a_processing_error(bench: Bench, content: str, type: str) -> None:
    with pytest.raises(ProcessingError, match="a number that is too long, or is nested too deeply"):
        bench.process(bench.source(content, type))


def test_unusual_characters_do_not_fail_a_processing(bench: Bench) -> None:
    bench.process(bench.source('[{"a": "x\\ud800y"}, {"a": "p\\u0000q"}, {"a": "🜚"}]', "jsonfile"))
    assert bench.column("a") == ["x?y", "p\x00q", "🜚"]


def test_numbers_beyond_the_largest_integer_are_doubles(bench: Bench) -> None:
    result = bench.process(bench.json([{"a": 2**63}, {"a": 1}]))
    assert types(result) == {"a": "double"}
    assert bench.column("a") == [float(2**63), 1.0]


def test_an_integer_that_is_no_double_keeps_its_digits(bench: Bench) -> None:
    result = bench.process(bench.json([{"a": 12345678901234567891}, {"a": 1}]))
    assert types(result) == {"a": "text"}
    assert bench.column("a") == ["12345678901234567891", "1"]


def test_an_infinite_number_is_lost_and_no_number_is_empty(bench: Bench) -> None:
    result = bench.process(bench.source('[{"a": 1.5}, {"a": NaN}, {"a": 1e400}]', "jsonfile"))
    assert (types(result), bench.column("a")) == ({"a": "double"}, [1.5, None, None])
    assert [error["message"] for error in result.records_errors] == ['Cannot convert "inf" to "double" (item 3)']


def test_a_number_within_json_is_one_of_json(bench: Bench) -> None:
    bench.process(bench.source('[{"a": {"x": [NaN, 1]}}]', "jsonfile"))
    assert bench.column("a") == ['{"x": [null, 1]}']


def test_a_list_of_json_lines_that_is_too_long_is_named(bench: Bench) -> None:
    result = bench.process(bench.source('["a", "b"]\n[1, 2, 3]\n', "jsonlines"))
    assert bench.rows == [{"a": 1, "b": 2}]
    messages = [error["message"] for error in result.records_errors]
    assert messages == ["Line 2: 3 values for 2 fields, the last are left out"]


@pytest.mark.parametrize("encoding", ["rot13", "hex", "klingon"])
def test_codec_that_is_no_text_encoding_is_refused(bench: Bench, encoding: str) -> None:
    with pytest.raises(ProcessingError, match=f'parameter "encoding": {encoding} is not known'):
        bench.process(bench.source("a\n1\n", encoding=encoding))


def test_a_file_in_utf_16_is_read(bench: Bench) -> None:
    bench.process(bench.source("a;b\né;1\n".encode("utf-16"), encoding="utf-16"))
    assert bench.rows == [{"a": "é", "b": 1}]
