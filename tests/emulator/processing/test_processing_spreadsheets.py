"""Tests of the spreadsheet extractor."""

from datetime import date, datetime
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types
from .workbooks import Formula, ods, xlsx


def test_a_spreadsheet_becomes_typed_records(bench: Bench) -> None:
    result = bench.process(
        bench.source(
            xlsx(
                [
                    ["Station", "Count", "Share", "Day", "Moment", "Open"],
                    ["north", 12, 0.5, datetime(2024, 2, 29), datetime(2024, 2, 29, 12, 30), True],
                    ["south", 3, 2, datetime(2024, 3, 1), datetime(2024, 3, 1), False],
                ]
            ),
            "xlsfile",
        )
    )
    assert types(result) == {
        "station": "text",
        "count": "int",
        "share": "double",
        "day": "date",
        "moment": "datetime",
        "open": "boolean",
    }
    assert bench.rows == [
        {
            "station": "north",
            "count": 12,
            "share": 0.5,
            "day": date(2024, 2, 29),
            "moment": datetime(2024, 2, 29, 12, 30),
            "open": True,
        },
        {
            "station": "south",
            "count": 3,
            "share": 2.0,
            "day": date(2024, 3, 1),
            "moment": datetime(2024, 3, 1),
            "open": False,
        },
    ]


def test_formula_is_read_as_its_result_and_error_as_empty(bench: Bench) -> None:
    result = bench.process(bench.source(xlsx([["a", "b"], [Formula("1+1", 2), Formula("1/0", "#DIV/0!")]]), "xlsfile"))
    assert bench.rows == [{"a": 2, "b": None}]
    (error,) = result.records_errors
    assert (error["field_uid"], error["message"]) == ("b", "The cell contains the error #DIV/0! (row 2)")


@pytest.mark.parametrize("saved", [None, ""])
def test_formula_without_a_saved_result_is_a_lost_value(bench: Bench, saved: str | None) -> None:
    result = bench.process(
        bench.source(xlsx([["a", "Sum"], [1, Formula("A2+1", 2)], [], [2, Formula("A4+1", saved)]]), "xlsfile")
    )
    assert bench.rows == [{"a": 1, "sum": 2}, {"a": 2, "sum": None}]
    (error,) = result.records_errors
    assert (error["field_uid"], error["message"]) == ("sum", "The formula =A4+1 has no saved result (row 4)")


def test_lost_value_is_named_by_its_row_and_sheet(bench: Bench) -> None:
    rule = {"type": "type", "field": "a", "type_param": "int"}
    book = xlsx([["a"], [1]], [["title"], ["a"], [2], ["x"]])
    result = bench.process(bench.source(book, "xlsfile", sheet_no="2", first_row_no=2), fields=(rule,))
    assert [error["message"] for error in result.records_errors] == ['Cannot convert "x" to "int" (row 4 of sheet 2)']


def test_cells_of_text_stay_text(bench: Bench) -> None:
    result = bench.process(bench.source(xlsx([["code", "day"], ["75056", "2024-01-01"]]), "xlsfile"))
    assert types(result) == {"code": "text", "day": "text"}


def test_an_open_document_is_read_too(bench: Bench) -> None:
    bench.process(bench.source(ods([["City", "Size"], ["Basel", 3], ["Bern", 4.5]]), "xlsfile"))
    assert bench.rows == [{"city": "Basel", "size": 3.0}, {"city": "Bern", "size": 4.5}]


def test_empty_rows_are_skipped_and_empty_cells_are_empty(bench: Bench) -> None:
    bench.process(bench.source(xlsx([[None, None], ["a", "b"], [1, None], [None, None], [2, "x"]]), "xlsfile"))
    assert bench.rows == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


def test_the_first_row_is_counted_as_the_sheet_does(bench: Bench) -> None:
    sheet: list[list[Any]] = [["a report"], [None], ["a", "b"], [1, 2]]
    bench.process(bench.source(xlsx(sheet), "xlsfile", first_row_no=3))
    assert bench.rows == [{"a": 1, "b": 2}]


def test_a_sheet_without_headers_gets_numbered_columns(bench: Bench) -> None:
    bench.process(bench.source(xlsx([[1, "x"], [2, "y"]]), "xlsfile", headers_first_row=False))
    assert bench.rows == [{"column_1": 1, "column_2": "x"}, {"column_1": 2, "column_2": "y"}]


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (None, [1]),
        ("2", [2]),
        (2, [2]),
        ("3, 1", [3, 1]),
        ("[2-3]", [2, 3]),
        ("*", [1, 2, 3]),
    ],
)
def test_requested_sheets_follow_one_another(bench: Bench, expected: Any, found: list[int]) -> None:
    book = xlsx([["a"], [1]], [["a"], [2]], [["a"], [3]])
    bench.process(bench.source(book, "xlsfile", **({"sheet_no": expected} if expected else {})))
    assert bench.column("a") == found


def test_sheets_share_the_columns_of_the_same_title(bench: Bench) -> None:
    bench.process(bench.source(xlsx([["a", "b"], [1, 2]], [["b", "c"], [3, 4]]), "xlsfile", sheet_no="*"))
    assert bench.rows == [{"a": 1, "b": 2, "c": None}, {"a": None, "b": 3, "c": 4}]


@pytest.mark.parametrize("expected", ["0", "3", "[1-3]", "[2-1]", "first"])
def test_missing_sheet_is_an_error_with_the_existing_ones(bench: Bench, expected: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(xlsx([["a"], [1]], [["a"], [2]]), "xlsfile", sheet_no=expected))
    assert caught.value.message == (
        f'Source "source 1": parameter "sheet_no": the file has the sheets 1 to 2, {expected} was asked for'
    )


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"PK\x03\x04 and then nothing"])
def test_invalid_spreadsheet_is_an_error(bench: Bench, content: bytes) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(content, "xlsfile"))
    assert caught.value.message.startswith('Source "source 1": it is not a spreadsheet that can be read (')


def test_the_first_row_must_be_one(bench: Bench) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(xlsx([["a"]]), "xlsfile", first_row_no=0))
    assert caught.value.message == 'Source "source 1": parameter "first_row_no" must be 1 or more, not 0'


def test_the_name_of_the_file_can_be_one_more_column(bench: Bench) -> None:
    bench.process(bench.source(xlsx([["a"], [1]]), "xlsfile", extract_filename=True))
    assert bench.rows == [{"a": 1, "filename": "file1.dat"}]


def test_sheets_that_are_not_read_are_noted_unless_chosen(bench: Bench) -> None:
    book = xlsx([["a"], [1]], [["a"], [2]], [["a"], [3]])
    (note,) = bench.process(bench.source(book, "xlsfile")).notes
    assert note == 'Of file1.dat only the first sheet is read, not Sheet 2, Sheet 3; "sheet_no" sets it.'
    assert bench.process(bench.source(book, "xlsfile", sheet_no="1")).notes == []


def test_a_line_above_the_titles_is_noted(bench: Bench) -> None:
    result = bench.process(bench.source(xlsx([["Report 2024"], ["a", "b"], [1, 2]]), "xlsfile"))
    assert result.notes == ['The first row, row 1, has few titles; perhaps "first_row_no" is greater.']
