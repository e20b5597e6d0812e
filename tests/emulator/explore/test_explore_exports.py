"""Tests of exports."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import add_csv, body_of, error_detail, new_dataset, publish


def test_a_csv_export_holds_all_records_behind_a_byte_order_mark(
    public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities()
    response = public.get("/datasets/cities/exports/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="cities.csv"'
    assert response.content.decode() == (
        "\ufeffcity;size;day;tags;place\r\nBasel;3.0;2024-02-29;a/b;47.55, 7.59\r\nBern;4.5;;;\r\n"
    )


def test_csv_export_follows_its_parameters(public: httpx.Client, cities: Callable[..., str]) -> None:
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
def test_separator_of_values_may_be_a_number_or_empty(
    emulator: Emulator, public: httpx.Client, cities: Callable[..., str], args: list[Any], listed: Any, in_csv: str
) -> None:
    cities("cities", {"type": "annotate", "field": "tags", "annotation": "multivalued", "args": args})

    records = body_of(public.get("/datasets/cities/records", params={"where": "size = 3"}))["results"]

    assert [record["tags"] for record in records] == [listed]
    assert public.get("/datasets/cities/exports/json").json()[0]["tags"] == listed
    assert f";{in_csv};" in public.get("/datasets/cities/exports/csv").text
    assert httpx.get(f"{emulator.url}/explore/dataset/cities/", timeout=30).status_code == 200
    assert body_of(public.get("/datasets/cities/records", params={"where": 'tags = "a/b"'}))["total_count"] == (
        0 if args == ["/"] else 1
    )


def test_unknown_delimiter_is_refused(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    response = error_detail(public.get("/datasets/cities/exports/csv", params={"delimiter": "x"}))
    assert response["error_code"] == "InvalidRESTParameterError"


def test_a_long_csv_export_comes_in_pieces(api: httpx.Client, public: httpx.Client) -> None:
    uid = new_dataset(api, "long")
    values = [f"the stop with the number {number}" for number in range(5000)]
    add_csv(api, uid, "\n".join(["a", *values]))
    publish(api, uid)
    with public.stream("GET", "/datasets/long/exports/csv") as response:
        assert "content-length" not in response.headers
        lines = list(response.iter_lines())
    assert lines[0] == "\ufeffa"
    assert lines[1:] == values


def test_a_json_export_is_the_list_of_all_records(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    response = public.get("/datasets/cities/exports/json")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-disposition"] == 'attachment; filename="cities.json"'
    assert response.json() == body_of(public.get("/datasets/cities/records"))["results"]


def test_json_export_without_records_is_an_empty_list(api: httpx.Client, public: httpx.Client) -> None:
    publish(api, new_dataset(api, "empty"))
    assert public.get("/datasets/empty/exports/json").text == "[]"


def test_a_jsonl_export_has_one_record_on_each_line(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    lines = public.get("/datasets/cities/exports/jsonl").text.splitlines()
    assert [json.loads(line) for line in lines] == body_of(public.get("/datasets/cities/records"))["results"]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", "Town;size\r\nBern;4.5\r\n"),
        ("json", '[{"Town": "Bern", "size": 4.5}]'),
        ("jsonl", '{"Town": "Bern", "size": 4.5}\n'),
    ],
)
def test_export_contains_the_records_of_the_query(
    public: httpx.Client, cities: Callable[..., str], form: str, content: str
) -> None:
    cities()
    params = {"where": "size > 3", "select": "city as Town, size", "with_bom": "false"}
    assert public.get(f"/datasets/cities/exports/{form}", params=params).text == content


def test_an_export_can_be_sorted_and_cut(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    params: dict[str, Any] = {"order_by": "size desc", "select": "city", "limit": 1, "offset": 1}
    assert public.get("/datasets/cities/exports/json", params=params).json() == [{"city": "Basel"}]


def test_export_labels_yield_to_an_alias(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    params = {"select": "city, size as how_big", "use_labels": "true", "with_bom": "false", "limit": "0"}
    assert public.get("/datasets/cities/exports/csv", params=params).text == "City;how_big\r\n"


def test_a_wrong_query_is_refused_before_the_file_begins(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    for form in ("csv", "json", "jsonl"):
        response = error_detail(public.get(f"/datasets/cities/exports/{form}", params={"where": "nowhere = 1"}))
        assert response["error_code"] == "ODSQLError"


def test_unknown_format_is_refused(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    response = error_detail(public.get("/datasets/cities/exports/docx"))
    assert response["message"].startswith("Invalid value for format API parameter: docx was found but one of csv, json")


def test_excessive_limit_is_no_limit(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    assert len(public.get("/datasets/cities/exports/json", params={"limit": 10**30}).json()) == 2
    assert public.get("/datasets/cities/exports/json", params={"offset": 10**30}).json() == []
