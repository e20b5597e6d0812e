"""Tests of the forms of dates and times that a type rule reads."""

from datetime import date, datetime
from typing import Any

import pytest

from .conftest import Bench, types


def typed(bench: Bench, values: list[str], to: str) -> list[Any]:
    """The values of a column, cast to a type, and the messages of those that were lost."""
    rule = {"type": "type", "field": "a", "type_param": to}
    content = "a\n" + "".join(f'"{value}"\n' for value in values)
    result = bench.process(bench.source(content, separator=";"), fields=(rule,))
    return [*bench.column("a"), *(error["message"] for error in result.records_errors)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("31-12-2024", date(2024, 12, 31)),
        ("2011.01.02", date(2011, 1, 2)),
        ("2011/1/2", date(2011, 1, 2)),
        ("31-OCT-2023", date(2023, 10, 31)),
        ("1 January 2020", date(2020, 1, 1)),
        ("January 1st, 2020", date(2020, 1, 1)),
        ("02/01/2020", date(2020, 1, 2)),
        ("01/31/2024", date(2024, 1, 31)),
        ("31.12.2012 14:30", date(2012, 12, 31)),
        ("2024-02", date(2024, 2, 1)),
        ("2024", date(2024, 1, 1)),
    ],
)
def test_dates_are_read_with_the_day_before_the_month(bench: Bench, value: str, expected: date) -> None:
    assert typed(bench, [value], "date") == [expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("01/31/2024 03:15:00 PM", datetime(2024, 1, 31, 15, 15)),
        ("19/07/2018 10:20", datetime(2018, 7, 19, 10, 20)),
        ("31.12.2012 14:30", datetime(2012, 12, 31, 14, 30)),
        ("2018/07/19 10:20", datetime(2018, 7, 19, 10, 20)),
        ("2018/07/19-10:20:30", datetime(2018, 7, 19, 10, 20, 30)),
        ("Wed, 01 May 2024 10:00:00 GMT", datetime(2024, 5, 1, 10, 0)),
        ("1 May 2024 10:00 +0200", datetime(2024, 5, 1, 8, 0)),
        ("02/01/2020 3 pm", datetime(2020, 1, 2, 15, 0)),
    ],
)
def test_times_are_read_in_many_forms(bench: Bench, value: str, expected: datetime) -> None:
    assert typed(bench, [value], "datetime") == [expected]


@pytest.mark.parametrize(
    "value",
    [
        "31/12/24",
        "1 May 24",
        "12",
        "5th of May",
        "May 2024",
        "10:30",
        "Monday",
        "Order 2024 of 12 May",
        "room 12",
        "12 5 2024 7",
        "5 May 2024 7",
        "31 12 2024 CET",
        "2024-30-02",
        "2024/13/45",
        "1.2.3",
        "12312024",
        "1720000000",
        "32/01/2024",
    ],
)
def test_text_that_is_no_whole_date_is_lost(bench: Bench, value: str) -> None:
    assert typed(bench, [value], "date") == [None, f'Cannot convert "{value}" to "date" (line 2)']


def test_dates_of_other_forms_are_not_detected(bench: Bench) -> None:
    result = bench.process(bench.source("a;b\n31/12/2024;1 May 2024\n"))
    assert types(result) == {"a": "text", "b": "text"}


def test_every_distinct_value_of_many_is_cast(bench: Bench) -> None:
    values = [f"{day}.{month}.2024" for month in range(1, 13) for day in range(1, 29)] * 5
    found = typed(bench, values, "date")
    assert found[:30] == [date(2024, 1, day) for day in range(1, 29)] + [date(2024, 2, 1), date(2024, 2, 2)]
    assert len(found) == 100


def test_times_beyond_the_years_of_a_calendar_are_lost(bench: Bench) -> None:
    value = "0001-01-01T00:00:00+02:00"
    assert typed(bench, [value], "datetime") == [None, f'Cannot convert "{value}" to "datetime" (line 2)']
    assert types(bench.process(bench.source("a\n0000-01-01\n"))) == {"a": "text"}
