"""Tests of expressions: their values, and the errors of malformed ones."""

import math
import re
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError
from opendatasoft_emulator.processing.expressions import Malformed, parse

from .conftest import Bench, types

RECORD = {
    "price": "12",
    "share": 2.5,
    "name": "Héloïse",
    "day": "2014-06-07",
    "nothing": "",
    "20_to_25": 7,
    "e": "field e",
    "here": "48.85,2.35",
    "there": "48.85,2.36",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 1", 2),
        ("-3 + .1", -2.9),
        ("15 / 6", 2.5),
        ("15 / 5", 3),
        ("15 % 6", 3),
        ("15 // 6", 2),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4),
        ("2 + 3 * (4 - 1)", 11),
        ("10 - 4 - 3", 3),
        ("3!", 6),
        ("price * 2", 24),
        ("geopoint2d_towgs84('2428000,600000', 27572)", "48.85034659,2.33650566"),
        ("geopoint2d_towgs84(here, '4326')", "48.85,2.35"),
        ("geoshape_towgs84(nothing, 2154)", None),
        ("share * 2", 5),
        ("'1,5' * 2", 3),
        ("nothing + 1", None),
        ("$20_to_25 + 1", 8),
        ("$e", "field e"),
        ("e == $e", False),
        ("1 > 2", False),
        ("'10' > '9'", True),
        ("'b' > 'a'", True),
        ("name != 'x'", True),
        ("nothing == ''", True),
        ("nothing < 1", False),
        ("not 4 > 5", True),
        ("!(5 <= 10)", False),
        ("true AND false or TRUE", True),
        ("true && false || false", False),
        ("1 >= 1 ? 2 : 3", 2),
        ("price == 1 ? 'one' : price == 12 ? 'dozen' : 'many'", "dozen"),
        ("false ? 'hello'", None),
        ("true ? false ? 1 : 2 : 3", 2),
        ('"foo" & "," & "bar"', "foo,bar"),
        ("nothing & 1 + 1 & 'x'", "2x"),
        (r"'it\'s'", "it's"),
        ("cos(2 * pi)", 1),
        ("log(e)", 1),
        ("round(2.7)", 3),
        ("round(2.345, 2)", 2.35),
        ("ceil(2.3) & floor(2.3) & trunc(-2.7)", "32-2"),
        ("max(1, 3, price)", 12),
        ("min(2, 1)", 1),
        ("pow(2, 0.5)", math.sqrt(2)),
        ("div(7, 2) & mod(7, 2) & gcd(12, 18)", "316"),
        ("sqrt(nothing)", None),
        ('islower("aBc")', False),
        ('lower("aBc") & toUpperCase("aBc")', "abcABC"),
        ('isalnum("123")', True),
        ('capitalize("foo bar")', "Foo bar"),
        ('capitalize_all("foo bar")', "Foo Bar"),
        ("normalize(name)", "heloise"),
        ("length(name)", 7),
        ('ljust("4400", 5, "0")', "44000"),
        ('rjust("4400", 5, "0")', "04400"),
        ('center("4400", 6, "0")', "044000"),
        ('replace("abcd", "b", "e")', "aecd"),
        ('substring("abcd", 1) & substring("abcd", 1, 2)', "bcdbc"),
        ('startswith("hello", "he")', True),
        ('endswith("hello", "he")', False),
        ('contains("hello", "A")', False),
        ('match("44100", "^44")', True),
        ('empty("") & empty(name)', "truefalse"),
        ("year(day) & month(day) & day(day)", "201467"),
        ("quarter(day) & week(day)", "223"),
        ('hour("2014-06-07 17:00")', 17),
        ('hour("2014-06-07 17:00", "Europe/Paris")', 19),
        ('datediff("2014-02-28", "2015-02-28", "year")', 1),
        ('datediff("2014-02-28", "2015-02-28", "month")', 12),
        ('datediff("2014-02-28", "2015-02-27", "year")', 0),
        ('datediff("2014-02-28", "2015-02-28", "day")', 365),
        ('datediff("2014-02-28T20:00:00Z", "2014-02-28T21:00:00Z", "minute")', 60),
        ('datediff(nothing, day, "day")', None),
        ('add_months("2014-11-14", "3")', "2015-02-14"),
        ('add_months("2014-01-31", 1)', "2014-02-28"),
        ('add_years("2016-02-29", 1)', "2017-02-28"),
        ('add_days("2014-12-31", 1)', "2015-01-01"),
        ('add_hours("2014-12-31T23:30:00Z", 1)', "2015-01-01T00:30:00+00:00"),
        ("fromtimestamp(0)", "1970-01-01T00:00:00+00:00"),
        ("round(distance(here, there))", 732),
    ],
)
def test_expression_has_its_value(expression: str, expected: Any) -> None:
    found = parse(expression).evaluate(dict(RECORD))
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)
    assert isinstance(found, type(expected))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("name * 2", '"Héloïse" is not a number'),
        ("1 / 0", "1 / 0 has no result"),
        ("1 + 0.5 ^ -99999", "0.5 ^ -99999 has no result"),
        ("(0 - 8) ^ 0.5", "-8 ^ 0.5 has no result"),
        ("9 ^ 9 ^ 9", "9 ^ 387420489 has no result"),
        ("(10 ^ 300 + 0.5) * 10 ^ 30", "1e+300 * 1000000000000000000000000000000 has no result"),
        ("sqrt(-1)", "the function has no result for -1"),
        ("999!", "the function has no result for 999"),
        ("year(name)", '"Héloïse" is not a date'),
        ("hour(day, 'Mars/Olympus')", '"Mars/Olympus" is not a timezone'),
        ("datediff(day, day, 'eon')", '"eon" is not one of year, month, day, hour, minute, second'),
        ("match(name, '(')", '"(" is not a regular expression'),
        ("geopoint2d_towgs84(here, 'x')", '"48.85,2.35" cannot be converted: x is not an EPSG code'),
        ("add_years(day, 99999)", "2014-06-07 cannot be moved by 99999"),
    ],
)
def test_evaluation_error_of_an_expression_is_reported(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse(expression).evaluate(dict(RECORD))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "something is missing at character 1"),
        ("1 +", "something is missing at character 4"),
        ("(1", '")" is missing at character 3'),
        ("1 2", '"2" is not expected at character 3'),
        ("a * / b", '"/" is not expected at character 5'),
        ("a # b", "it cannot be understood from character 2 on"),
        ("'open", "it cannot be understood from character 1 on"),
        ("fly(a)", "there is no function fly"),
        ("year()", "year does not take 0 operands"),
        ("replace(a, b)", "replace does not take 2 operands"),
        ("(" * 100 + "1" + ")" * 100, "it is nested too deeply"),
        ("not " * 100 + "a", "it is nested too deeply"),
        ("-" * 100 + "1", "it is nested too deeply"),
        ("2" + "^2" * 100, "it is nested too deeply"),
    ],
)
def test_malformed_expression_names_the_position(expression: str, message: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(expression)
    assert str(caught.value) == message


def test_long_expression_is_evaluated() -> None:
    assert parse("+".join(["1"] * 3000)).evaluate({}) == 3000
    cases = "".join(f"x == {number} ? {number * 10} : " for number in range(500))
    assert parse(cases + "0").evaluate({"x": 499}) == 4990


def test_expression_lists_the_fields_that_it_reads() -> None:
    assert parse("a + $b * a & pi & year(c)").fields == ("a", "b", "c")


def test_random_numbers_are_between_their_bounds() -> None:
    expression = parse("random(10, 11)")
    assert all(10 <= expression.evaluate({}) <= 11 for _ in range(20))


def test_expression_processor_writes_new_or_existing_field(bench: Bench) -> None:
    result = bench.process(
        bench.source("a,b\n1,2\n3,x\n"),
        processors=(
            {"type": "expression", "expression": "=a + b", "output_field": "sum"},
            {"type": "expression", "expression": "fixed", "output_field": "b"},
        ),
    )
    assert types(result) == {"a": "int", "b": "text", "sum": "int"}
    assert bench.rows == [{"a": 1, "b": "fixed", "sum": 3}, {"a": 3, "b": "fixed", "sum": None}]
    (error,) = result.records_errors
    assert (error["message"], error["field_uid"], error["processor_uid"]) == (
        '"x" is not a number (line 3)',
        "sum",
        "pr_1",
    )


def test_a_record_may_be_skipped_by_an_expression(bench: Bench) -> None:
    bench.process(bench.source("a,b\n1,1\n1,2\n"), processors=({"type": "skip_record", "field": "a", "value": "=b"},))
    assert bench.rows == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("=a +", 'is misconfigured: parameter "expression": something is missing at character 4'),
        ("=a + z", "is misconfigured for field z: unknown field, there are a"),
    ],
)
def test_malformed_expression_fails_the_processing(bench: Bench, expression: str, message: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(
            bench.source("a\n1\n"),
            processors=({"type": "expression", "expression": expression, "output_field": "b"},),
        )
    assert caught.value.message == f"Processor pr_1 (expression, number 1) {message}"
