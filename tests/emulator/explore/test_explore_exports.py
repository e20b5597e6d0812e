"""Whole datasets as files."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, new_dataset, publish, refused, told


def test_a_csv_export_holds_all_records_behind_a_byte_order_mark(
    public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities()
    answer = public.get("/datasets/cities/exports/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="cities.csv"'
    assert answer.content.decode() == (
        "\ufeffcity;size;day;tags;place\r\nBasel;3.0;2024-02-29;a/b;47.55, 7.59\r\nBern;4.5;;;\r\n"
    )


def test_a_csv_export_is_written_as_its_parameters_say(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities("cities", {"type": "annotate", "field": "tags", "annotation": "multivalued", "args": ["/"]})
    params = {
        "delimiter": ",",
        "with_bom": "false",
        "use_labels": "true",
        "quote_all": "true",
        "list_separator": "+",
        "limit": "1",
    }
    assert public.get("/datasets/cities/exports/csv", params=params).text == (
        '"City","Size","Day","Tags","Place"\r\n"Basel","3.0","2024-02-29","a+b","47.55, 7.59"\r\n'
    )


@pytest.mark.parametrize(
    ("args", "listed", "in_csv"),
    [([7], ["a/b"], "a/b"), ([0, "/"], ["a/b"], "a/b"), ([""], "a/b", "a/b"), (["/"], ["a", "b"], "a,b")],
)
def test_what_separates_several_values_may_be_a_number_or_nothing(
    emulator: Emulator, public: httpx.Client, cities: Callable[..., str], args: list[Any], listed: Any, in_csv: str
) -> None:
    cities("cities", {"type": "annotate", "field": "tags", "annotation": "multivalued", "args": args})

    records = told(public.get("/datasets/cities/records", params={"where": "size = 3"}))["results"]

    assert [record["tags"] for record in records] == [listed]
    assert public.get("/datasets/cities/exports/json").json()[0]["tags"] == listed
    assert f";{in_csv};" in public.get("/datasets/cities/exports/csv").text
    assert httpx.get(f"{emulator.url}/explore/dataset/cities/").status_code == 200
    assert told(public.get("/datasets/cities/records", params={"where": 'tags = "a/b"'}))["total_count"] == (
        0 if args == ["/"] else 1
    )


def test_a_delimiter_that_the_service_does_not_know_is_refused(
    public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities()
    answer = refused(public.get("/datasets/cities/exports/csv", params={"delimiter": "x"}))
    assert answer["error_code"] == "InvalidRESTParameterError"


def test_a_long_csv_export_comes_in_pieces(api: httpx.Client, public: httpx.Client) -> None:
    uid = new_dataset(api, "long")
    add_csv(api, uid, "a\n" + "".join(f"{number}\n" for number in range(5000)))
    publish(api, uid)
    with public.stream("GET", "/datasets/long/exports/csv") as answer:
        assert "content-length" not in answer.headers
        lines = list(answer.iter_lines())
    assert lines[0] == "\ufeffa"
    assert lines[1:] == [str(number) for number in range(5000)]


def test_a_json_export_is_the_list_of_all_records(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    answer = public.get("/datasets/cities/exports/json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="cities.json"'
    assert answer.json() == told(public.get("/datasets/cities/records"))["results"]


def test_a_json_export_of_nothing_is_an_empty_list(api: httpx.Client, public: httpx.Client) -> None:
    publish(api, new_dataset(api, "empty"))
    assert public.get("/datasets/empty/exports/json").text == "[]"


def test_a_jsonl_export_has_one_record_on_each_line(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    lines = public.get("/datasets/cities/exports/jsonl").text.splitlines()
    assert [json.loads(line) for line in lines] == told(public.get("/datasets/cities/records"))["results"]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", "Town;size\r\nBern;4.5\r\n"),
        ("json", '[{"Town": "Bern", "size": 4.5}]'),
        ("jsonl", '{"Town": "Bern", "size": 4.5}\n'),
    ],
)
def test_an_export_holds_what_the_query_asks_for(
    public: httpx.Client, cities: Callable[..., str], form: str, content: str
) -> None:
    cities()
    params = {"where": "size > 3", "select": "city as Town, size", "with_bom": "false"}
    assert public.get(f"/datasets/cities/exports/{form}", params=params).text == content


def test_an_export_can_be_sorted_and_cut(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    params: dict[str, Any] = {"order_by": "size desc", "select": "city", "limit": 1, "offset": 1}
    assert public.get("/datasets/cities/exports/json", params=params).json() == [{"city": "Basel"}]


def test_labels_stand_over_the_fields_but_a_name_of_its_own_wins(
    public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities()
    params = {"select": "city, size as how_big", "use_labels": "true", "with_bom": "false", "limit": "0"}
    assert public.get("/datasets/cities/exports/csv", params=params).text == "City;how_big\r\n"


def test_a_wrong_query_is_refused_before_the_file_begins(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    for form in ("csv", "json", "jsonl"):
        answer = refused(public.get(f"/datasets/cities/exports/{form}", params={"where": "nowhere = 1"}))
        assert answer["error_code"] == "ODSQLError"


def test_a_format_that_the_service_does_not_know_is_refused(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    answer = refused(public.get("/datasets/cities/exports/docx"))
    assert answer["message"].startswith("Invalid value for format API parameter: docx was found but one of csv, json")


def test_a_limit_beyond_all_bounds_is_no_limit(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    assert len(public.get("/datasets/cities/exports/json", params={"limit": 10**30}).json()) == 2
    assert public.get("/datasets/cities/exports/json", params={"offset": 10**30}).json() == []
