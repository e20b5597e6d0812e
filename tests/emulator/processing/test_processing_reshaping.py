"""Tests of the processors that turn fields into records, and of numbers in bits."""

from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench

INHABITANTS = """Country name,2020,2030,2050
France,70,80,100
UK,65,70,90
USA,350,,450
"""
"""The example of the service's user guide, in millions, with one value left out."""

TRANSPOSED = [
    ("France", 2020, 70),
    ("France", 2030, 80),
    ("France", 2050, 100),
    ("UK", 2020, 65),
    ("UK", 2030, 70),
    ("UK", 2050, 90),
    ("USA", 2020, 350),
    ("USA", 2030, None),
    ("USA", 2050, 450),
]

TRANSPOSE = {
    "type": "transpose_fields",
    "fixed_fields": ["country_name"],
    "label_for_title_column": "Year",
    "label_for_value_column": "Inhabitants",
}


@pytest.mark.parametrize(
    "choice", [{}, {"fixed_fields": ["2020", "2030", "2050"], "invert_fixed_fields": True}, {"one_line": False}]
)
def test_fields_become_records(bench: Bench, choice: dict[str, Any]) -> None:
    result = bench.process(bench.source(INHABITANTS), processors=({**TRANSPOSE, **choice},))
    assert [tuple(row.values()) for row in bench.rows] == TRANSPOSED
    assert [(field["name"], field["label"]) for field in result.fields] == [
        ("country_name", "Country name"),
        ("year", "Year"),
        ("inhabitants", "Inhabitants"),
    ]


def test_fields_become_one_line(bench: Bench) -> None:
    bench.process(bench.source(INHABITANTS), processors=({**TRANSPOSE, "one_line": True, "separator": "|"},))
    assert [tuple(row.values()) for row in bench.rows] == [
        ("France", "2020|2030|2050", "70|80|100"),
        ("UK", "2020|2030|2050", "65|70|90"),
        ("USA", "2020|2050", "350|450"),
    ]


def test_a_field_that_was_transposed_is_gone(bench: Bench) -> None:
    with pytest.raises(ProcessingError, match="unknown field, there are country_name, year, inhabitants"):
        bench.process(
            bench.source(INHABITANTS), processors=(TRANSPOSE, {"type": "copy", "field": "2020", "new_field": "x"})
        )


@pytest.mark.parametrize(
    ("text", "parameters", "number"),
    [
        ("0x1649", (0, 8, "int"), 22),
        ("0x1649", (8, 12, "uint"), 4),
        ("0x1649", (12, 13, "uint"), 1),
        ("1649", (0, 8, "int"), 22),
        ("f6", (0, 8, "int"), -10),
        ("f6", (0, 8, "uint"), 246),
        ("41c80000", (0, 32, "float"), 25.0),
    ],
)
def test_a_number_is_read_from_bits(bench: Bench, text: str, parameters: tuple[int, int, str], number: float) -> None:
    start, stop, kind = parameters
    step = {
        "type": "extract_bit_range",
        "field": "a",
        "start_bit_offset": start,
        "stop_bit_offset": stop,
        "convert_to": kind,
        "output_field": "n",
    }
    bench.process(bench.json([{"a": text}]), processors=(step,))
    assert bench.column("n") == [number]
