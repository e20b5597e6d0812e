"""Tests of the Parquet extractor."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types


def parquet(folder: Path, columns: str) -> bytes:
    """A Parquet file with the result of a SELECT of these columns."""
    path = folder / "made.parquet"
    duckdb.connect().execute(f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def test_a_parquet_file_becomes_typed_records(bench: Bench, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        "'north' AS \"Station Name\", 12 AS count, 2.5::DECIMAL(10, 2) AS price, 3::DOUBLE AS share, "
        "DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:30:00' AS moment, true AS open, "
        "TIMESTAMPTZ '2024-02-29 12:30:00+02' AS zoned, '007' AS code",
    )
    result = bench.process(bench.source(content, "parquet"))
    assert types(result) == {
        "station_name": "text",
        "count": "int",
        "price": "double",
        "share": "double",
        "day": "date",
        "moment": "datetime",
        "open": "boolean",
        "zoned": "datetime",
        "code": "text",
    }
    assert result.fields[0]["label"] == "Station Name"
    assert bench.rows == [
        {
            "station_name": "north",
            "count": 12,
            "price": 2.5,
            "share": 3.0,
            "day": date(2024, 2, 29),
            "moment": datetime(2024, 2, 29, 12, 30),
            "open": True,
            "zoned": datetime(2024, 2, 29, 10, 30),
            "code": "007",
        }
    ]


def test_parquet_list_of_texts_is_multivalued_rest_is_json(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "['a', 'b'] AS tags, [1, 2] AS numbers, {'x': 1, 'y': DATE '2024-01-02'} AS inner_")
    result = bench.process(bench.source(content, "parquet"))
    assert bench.rows == [{"tags": "a;b", "numbers": "[1, 2]", "inner": '{"x": 1, "y": "2024-01-02"}'}]
    assert [field["annotations"] for field in result.fields] == [{"multivalued": [";"]}, {}, {}]


def test_types_of_the_file_are_kept(bench: Bench, tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        "unnest(['75056', '13055']) AS code, 7::UBIGINT AS large, 18446744073709551615::UBIGINT AS larger, "
        "0.1::FLOAT AS share, 2::DOUBLE AS whole, '2024-01-01' AS day, '48.5,2.5' AS place",
    )
    result = bench.process(bench.source(content, "parquet"))
    assert types(result) == {
        "code": "text",
        "large": "int",
        "larger": "double",
        "share": "double",
        "whole": "double",
        "day": "text",
        "place": "text",
    }
    assert bench.rows[0] == {
        "code": "75056",
        "large": 7,
        "larger": 18446744073709551615.0,
        "share": 0.1,
        "whole": 2.0,
        "day": "2024-01-01",
        "place": "48.5,2.5",
    }


def test_type_rules_cast_typed_columns(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "unnest([1, 2]) AS a, DATE '2024-01-02' AS b, '2.5' AS c, true AS d")
    rules = tuple(
        {"type": "type", "field": name, "type_param": kind}
        for name, kind in (("a", "text"), ("b", "datetime"), ("c", "double"), ("d", "int"))
    )
    result = bench.process(bench.source(content, "parquet"), fields=rules)
    assert bench.rows[0] == {"a": "1", "b": datetime(2024, 1, 2), "c": 2.5, "d": None}
    assert [error["message"] for error in result.records_errors] == [
        'Cannot convert "true" to "int" (row 1)',
        'Cannot convert "true" to "int" (row 2)',
    ]


def test_days_beyond_the_calendar_are_lost(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "unnest([DATE '2024-01-02', DATE '20240-01-01', DATE 'infinity']) AS a")
    result = bench.process(bench.source(content, "parquet"))
    assert bench.column("a") == [date(2024, 1, 2), None, None]
    assert [error["message"] for error in result.records_errors] == [
        'Cannot convert "20240-01-01" to "date" (row 2)',
        'Cannot convert "infinity" to "date" (row 3)',
    ]


def test_processors_may_change_the_types_of_the_file(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "12 AS a, DATE '2024-01-02' AS b, 1.5::DOUBLE AS c, '7' AS d")
    step = {"type": "expression", "expression": "=a & ' EUR'", "output_field": "a"}
    result = bench.process(bench.source(content, "parquet"), processors=(step,))
    assert types(result) == {"a": "text", "b": "date", "c": "double", "d": "text"}
    assert bench.rows == [{"a": "12 EUR", "b": date(2024, 1, 2), "c": 1.5, "d": "7"}]


def test_null_and_nan_are_empty(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "unnest([NULL, 'nan', '1.5'])::DOUBLE AS a, NULL::VARCHAR AS b")
    result = bench.process(bench.source(content, "parquet"))
    assert bench.rows == [{"a": None, "b": None}, {"a": None, "b": None}, {"a": 1.5, "b": None}]
    assert result.records_errors == []


def test_an_infinite_number_of_a_parquet_file_is_lost(bench: Bench, tmp_path: Path) -> None:
    result = bench.process(bench.source(parquet(tmp_path, "unnest(['inf', '1.5'])::DOUBLE AS a"), "parquet"))
    assert bench.column("a") == [None, 1.5]
    assert [error["message"] for error in result.records_errors] == ['Cannot convert "inf" to "double" (row 1)']


def test_a_file_without_rows_keeps_its_columns(bench: Bench, tmp_path: Path) -> None:
    result = bench.process(bench.source(parquet(tmp_path, "1 AS a, 'x' AS b WHERE false"), "parquet"))
    assert (list(types(result)), result.record_count) == (["a", "b"], 0)


def test_many_rows_keep_their_order(bench: Bench, tmp_path: Path) -> None:
    content = parquet(tmp_path, "unnest(range(2500)) AS a")
    assert bench.process(bench.source(content, "parquet")).record_count == 2500
    assert bench.column("a") == list(range(100))


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PAR1" + b"x" * 40 + b"PAR1"])
def test_invalid_parquet_is_an_error_without_its_path(bench: Bench, content: bytes) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(content, "parquet"))
    assert caught.value.message.startswith('Source "source 1": it is not a Parquet file that can be read (')
    assert str(bench.folder) not in caught.value.message
    assert "\n" not in caught.value.message
