"""Tests of the processor that joins another dataset, with the examples of the service's user guide."""

from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types

STATIONS = """station_id,station_name,station_address
1,Tour Eiffel,"69 quai Branly, 75007 Paris"
2,Rennes - Montparnasse,"1 place du dix huit Juin 1940, 75006 Paris"
"""
TWO_FOR_ONE = STATIONS + '1,Quai Branly,"69 quai Branly, 75007 Paris"\n'
WAITING = "station_id,number\n1,10\n2,15\n3,20\n"


def join(**more: Any) -> dict[str, Any]:
    return {
        "type": "join_dataset",
        "dataset": {"dataset_id": "stations"},
        "local_key": ["station_id"],
        "remote_key": ["station_id"],
        "output_fields": ["station_name"],
        **more,
    }


def joined(bench: Bench, remote: str, local: str, step: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The values of the records of a dataset after a join."""
    bench.process(bench.source(remote), dataset_uid="stations")
    result = bench.process(bench.source(local), processors=(step,))
    assert (result.notes, result.records_errors) == ([], [])
    return [tuple(row.values()) for row in bench.rows]


def test_records_get_the_fields_of_another_dataset(bench: Bench) -> None:
    rows = joined(bench, STATIONS, WAITING, join(output_fields=["station_name", "station_address"]))
    assert rows == [
        (1, 10, "Tour Eiffel", "69 quai Branly, 75007 Paris"),
        (2, 15, "Rennes - Montparnasse", "1 place du dix huit Juin 1940, 75006 Paris"),
        (3, 20, None, None),
    ]


@pytest.mark.parametrize("kind", ["join_dataset", "bound_join_dataset"])
def test_all_fields_but_the_key_are_retrieved(bench: Bench, kind: str) -> None:
    rows = joined(bench, STATIONS, WAITING, join(type=kind, output_fields=None, retrieve_all_fields=True))
    assert rows[0] == (1, 10, "Tour Eiffel", "69 quai Branly, 75007 Paris")


def test_several_partners_make_several_records(bench: Bench) -> None:
    rows = joined(bench, TWO_FOR_ONE, WAITING, join())
    assert rows == [
        (1, 10, "Tour Eiffel"),
        (1, 10, "Quai Branly"),
        (2, 15, "Rennes - Montparnasse"),
        (3, 20, None),
    ]


def test_several_partners_are_joined_in_one_line(bench: Bench) -> None:
    rows = joined(bench, TWO_FOR_ONE, WAITING, join(one_line=True, separator="|"))
    assert rows == [(1, 10, "Tour Eiffel|Quai Branly"), (2, 15, "Rennes - Montparnasse"), (3, 20, None)]


CITIES = "city,insee_code,postal_code\nMontluel,1262,01120\nBelfort,90010,90000\nKalhausen,57355,57412\n"


def test_numbers_are_found_whatever_their_type(bench: Bench) -> None:
    step = join(local_key="insee_code", remote_key="insee_code", output_fields=["city", "postal_code"])
    rows = joined(bench, CITIES, "insee_code,result\n01262,2.0\n57355,2.0\n99999,4.0\n", step)
    assert [(code, city) for code, _, city, _ in rows] == [
        ("01262", "Montluel"),
        ("57355", "Kalhausen"),
        ("99999", None),
    ]
    assert [postal_code for *_, postal_code in rows] == ["01120", "57412", None]


def test_a_whole_number_finds_a_decimal(bench: Bench) -> None:
    step = join(local_key="ranks", remote_key="result", output_fields=["insee_code"])
    rows = joined(bench, "insee_code,result\n01262,2.0\n90010,4.0\n57355,2.0\n", "ranks\n2\n", step)
    assert rows == [(2, "01262"), (2, "57355")]


@pytest.mark.parametrize(("is_sensitive", "found"), [(False, "x"), (True, None)])
def test_case_of_keys(bench: Bench, is_sensitive: bool, found: str | None) -> None:
    step = join(local_key="k", remote_key="k", output_fields=["v"], case_sensitive=is_sensitive)
    assert joined(bench, "k,v\nParis,x\n,y\n", "k\nPARIS\n", step) == [("PARIS", found)]


def test_empty_keys_have_no_partner(bench: Bench) -> None:
    step = join(local_key=["k", "l"], remote_key=["k", "l"], output_fields=["v"])
    assert joined(bench, "k,l,v\na,,x\na,b,y\n", "k,l\na,\na,b\n", step) == [("a", None, None), ("a", "b", "y")]


def test_retrieved_fields_keep_their_type_and_label(bench: Bench) -> None:
    bench.process(bench.source('k;Der Tag;p;code\n1;2024-02-03;"48.85, 2.35";01\n'), dataset_uid="stations")
    step = join(local_key="k", remote_key="k", output_fields=None, retrieve_all_fields=True)
    result = bench.process(bench.source("k\n2\n"), processors=(step,))
    assert types(result) == {"k": "int", "der_tag": "date", "p": "geo_point_2d", "code": "text"}
    assert [field["label"] for field in result.fields] == ["k", "Der Tag", "p", "code"]
    bench.process(bench.source("k\n1\n"), processors=(step,))
    (row,) = bench.rows
    assert (str(row["der_tag"]), row["p"], row["code"]) == ("2024-02-03", {"lon": 2.35, "lat": 48.85}, "01")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dataset": {"dataset_id": "nowhere"}}, "dataset nowhere is not published"),
        ({"dataset": {}}, 'parameter "dataset" has no dataset_id'),
        ({"dataset": "stations"}, "parameter \"dataset\" must be an object, not 'stations'"),
        ({"remote_key": ["a", "b"]}, 'parameters "local_key" and "remote_key" must have the same number of fields'),
        (
            {"output_fields": ["x"]},
            "dataset stations has no field x, there are station_id, station_name, station_address",
        ),
        ({"output_fields": None}, 'parameter "output_fields" is missing, and "retrieve_all_fields" is not true'),
    ],
)
def test_misconfigured_join_is_an_error(bench: Bench, change: dict[str, Any], message: str) -> None:
    bench.process(bench.source(STATIONS), dataset_uid="stations")
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(WAITING), processors=(join(**change),))
    assert caught.value.message == f"Processor pr_1 (join_dataset, number 1) is misconfigured: {message}"


def test_join_with_another_portal_is_passed_over(bench: Bench) -> None:
    step = join(domain={"domain_id": "canton"})
    rename = {"type": "rename", "from_name": "station_name", "to_name": "name"}
    result = bench.process(bench.source(WAITING), processors=(step,), fields=(rename,))
    assert bench.column("number") == [10, 15, 20]
    assert result.notes == [
        "Processor pr_1 (join_dataset, number 1) is not carried out: dataset stations is on another portal.",
        "Field configuration pr_1 (rename, number 1) is passed over: the field station_name would be made by "
        "processor pr_1 (join_dataset, number 1).",
    ]


def test_parameter_of_a_join_without_effect_is_noted(bench: Bench) -> None:
    bench.process(bench.source(STATIONS), dataset_uid="stations")
    step = join(republish_all_records_upon_update=True)
    result = bench.process(bench.source(WAITING), processors=(step,))
    assert result.notes == [
        "Processor pr_1 (join_dataset, number 1) is carried out without its parameter "
        '"republish_all_records_upon_update".'
    ]
