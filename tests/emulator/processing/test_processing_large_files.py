"""Tests of CSV files that DuckDB reads, and of the same as small ones, which Python reads."""

from typing import Any

import pytest

from .conftest import Bench, types

LARGE = b"\n" * 70_000
"""Empty lines, which are skipped, behind a file that is to be large."""

SIZES = pytest.mark.parametrize("more", [b"", LARGE], ids=["small", "large"])


@SIZES
@pytest.mark.parametrize(
    ("content", "params", "rows"),
    [
        (b"a,b\n1,2\n\n3\n", {}, [{"a": 1, "b": 2}, {"a": 3, "b": None}]),
        (b"a,b\n1,2,\n3,4,\n", {}, [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        (b'a,b\n"x\ny",2\n"p ""q""",4\n', {}, [{"a": "x\ny", "b": 2}, {"a": 'p "q"', "b": 4}]),
        (b'"a\nb",c\n1,2\n', {}, [{"a_b": 1, "c": 2}]),
        (b'\n\n"a",b\n1,2\n', {}, [{"a": 1, "b": 2}]),
        (b"a\n1\n\n\n2\n", {"separator": ","}, [{"a": 1}, {"a": 2}]),
        (b"a,b\r1,2\r", {}, [{"a": 1, "b": 2}]),
        (b"a,b\r\n1,2\n3,4\r5,6\r\n", {}, [{"a": 1, "b": 2}, {"a": 3, "b": 4}, {"a": 5, "b": 6}]),
        (b'a,b\nx"y,z\n', {"separator": ","}, [{"a": 'x"y', "b": "z"}]),
        (b"a,b\n007,12345678901234567890\n", {}, [{"a": "007", "b": "12345678901234567890"}]),
        (b"a,b\nNaN,Infinity\n1.5,2\n", {}, [{"a": "NaN", "b": "Infinity"}, {"a": "1.5", "b": "2"}]),
        (b"a,b\nNULL,NA\n", {}, [{"a": "NULL", "b": "NA"}]),
        (b"\xef\xbb\xbfa,b\n1,2\n", {}, [{"a": 1, "b": 2}]),
        ("ville,n\nOrléans,1\n".encode("cp1252"), {"encoding": "cp1252"}, [{"ville": "Orléans", "n": 1}]),
        (b'one "line\n\na;b\n1;2\n', {"first_row_no": 3, "separator": ";"}, [{"a": 1, "b": 2}]),
        (
            b"1,x\n2,y\n",
            {"headers_first_row": False},
            [{"column_1": 1, "column_2": "x"}, {"column_1": 2, "column_2": "y"}],
        ),
        (b'a|b\n1\\|2|"3 | 4"\n', {"separator": "|", "escapechar": "\\"}, [{"a": "1|2", "b": "3 | 4"}]),
        (b"a\xe2\x82\xacb\n1\xe2\x82\xac2\n", {"separator": "€"}, [{"a": 1, "b": 2}]),
        ("é,A,a,,É\n1,2,3,4,5\n".encode(), {}, [{"e": 1, "a": 2, "a_1": 3, "column_4": 4, "e_1": 5}]),
    ],
)
def test_small_and_large_files_are_read_alike(
    bench: Bench, content: bytes, params: dict[str, Any], rows: list[dict[str, Any]], more: bytes
) -> None:
    end = b"\r" * len(more) if b"\r" in content and b"\n" not in content else more
    result = bench.process(bench.source(content + end, **params))
    assert (bench.rows, result.record_count, result.records_errors) == (rows, len(rows), [])


@SIZES
@pytest.mark.parametrize("content", [b"a,b\n", b"a,b\r\n\r\n", b"a,b"])
def test_titles_alone_give_fields_of_any_size(bench: Bench, content: bytes, more: bytes) -> None:
    result = bench.process(bench.source(content + more))
    assert (types(result), result.record_count) == ({"a": "text", "b": "text"}, 0)


@SIZES
def test_lost_values_are_named_by_the_lines_where_they_begin(bench: Bench, more: bytes) -> None:
    rule = {"type": "type", "field": "n", "type_param": "int"}
    content = b'name,n\n"two\nlines",1\n\nx,many\n"three\n\nlines",few\n' + more
    result = bench.process(bench.source(content), fields=(rule,))
    assert [error["message"] for error in result.records_errors] == [
        'Cannot convert "many" to "int" (line 5)',
        'Cannot convert "few" to "int" (line 6)',
    ]
    assert [error["field_uid"] for error in result.records_errors] == ["n", "n"]


@SIZES
def test_surplus_values_are_named_by_their_lines(bench: Bench, more: bytes) -> None:
    result = bench.process(bench.source(b"a,b\n1,2\n3,4,,x\n" + more))
    assert bench.rows == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    assert [error["message"] for error in result.records_errors] == [
        "Line 3: 4 values for 2 fields, the last are left out"
    ]


def test_lost_value_of_several_files_names_its_file(bench: Bench) -> None:
    rule = {"type": "type", "field": "a", "type_param": "int"}
    result = bench.process(bench.source("a\n1\n2\n"), bench.source("a\n3\nx\n"), fields=(rule,))
    assert [error["message"] for error in result.records_errors] == [
        'Cannot convert "x" to "int" (line 3 of file2.dat)'
    ]
    assert bench.column("a") == [1, 2, 3, None]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("7", "int"),
        ("7.5", "double"),
        ("x", "text"),
        ("007", "text"),
        ("1e999", "text"),
        ("9223372036854775808", "text"),
        ("", "int"),
    ],
)
def test_last_of_many_values_decides_the_type(bench: Bench, last: str, expected: str) -> None:
    result = bench.process(bench.source("a,b\n" + "1,1\n" * 20_000 + f"{last},2\n"))
    assert types(result) == {"a": expected, "b": "int"}
    assert result.records_errors == []


@pytest.mark.parametrize(
    ("usual", "last", "expected"),
    [
        ("2024-01-01", "2024/01/02", "date"),
        ("2024-01-01", "2024-02-30", "text"),
        ("2024-01-01", "2024-01-01T10:00:00+02:00", "datetime"),
        ("2024-01-01 10:00", "2024-01-01T25:00:00", "text"),
        ("48.5;2.5", "90.5;2.5", "text"),
        ("48.5;2.5", "-48.5; -2.5", "geo_point_2d"),
    ],
)
def test_last_of_many_times_and_points_decides(bench: Bench, usual: str, last: str, expected: str) -> None:
    lines = [usual] * 6000 + [last]
    content = "a\tb\n" + "".join(f"{line.replace(';', ',')}\t1\n" for line in lines)
    assert types(bench.process(bench.source(content, separator="\t"))) == {"a": expected, "b": "int"}


def test_order_and_values_of_many_records_are_kept(bench: Bench) -> None:
    content = "n,half,day\n" + "".join(f"{n},{n / 2},2024-01-{n % 28 + 1:02}\n" for n in range(130_000))
    rule = {"type": "type", "field": "day", "type_param": "text"}
    bench.process(bench.source(content), fields=(rule,))
    rows = list(bench.records.read("da_abc123").rows)
    assert rows == [(n, n / 2, f"2024-01-{n % 28 + 1:02}") for n in range(130_000)]


def test_many_records_with_lost_values_keep_their_order(bench: Bench) -> None:
    content = "n,day\n" + "".join(f"{n},{n % 28 + 1}.1.2024\n" for n in range(50_000)) + "x,never\n"
    rules = tuple({"type": "type", "field": name, "type_param": to} for name, to in (("n", "int"), ("day", "date")))
    result = bench.process(bench.source(content), fields=rules)
    assert [row[0] for row in bench.records.read("da_abc123").rows] == [*range(50_000), None]
    assert [error["message"] for error in result.records_errors] == [
        'Cannot convert "x" to "int" (line 50002)',
        'Cannot convert "never" to "date" (line 50002)',
    ]


@pytest.mark.parametrize("count", [2_500, 45_000])
def test_processors_see_every_record_of_a_large_file(bench: Bench, count: int) -> None:
    lines = "".join(f"{number}\n" for number in range(count))
    step = {"type": "copy", "field": "a", "new_field": "b"}
    result = bench.process(bench.source(f"a\n{lines}"), processors=(step,))
    assert (result.record_count, bench.column("b")[:100]) == (count, list(range(100)))
