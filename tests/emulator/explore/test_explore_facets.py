"""Tests of facets: counting and refining records."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..calls import add_csv, body_of, error_detail, new_dataset, publish

CONTENT = (
    "City,Size,Day,Tags\n"
    "Basel,3,2024-02-29,a/b\n"
    "Bern,10,2024-03-01,b\n"
    "Basel,10,2023-03-01,\n"
    "Chur,2,,b/b\n"
)  # fmt: skip


@pytest.fixture
def trips(api: httpx.Client) -> Callable[..., str]:
    """Publishes a dataset of four trips with these field configurations and facets; returns its uid."""

    def make(*rules: dict[str, Any], facets: list[dict[str, Any]] | None = None) -> str:
        uid = new_dataset(api, "trips")
        add_csv(api, uid, CONTENT)
        tags = {"type": "annotate", "field": "tags", "annotation": "multivalued", "args": ["/"]}
        for rule in (tags, *rules):
            body_of(api.post(f"/datasets/{uid}/fields/", json={"label": "rule", **rule}), 201)
        if facets is not None:
            path = f"/datasets/{uid}/metadata/asset_content_configuration/facets/"
            body_of(api.put(path, json={"value": facets}))
        assert publish(api, uid)["status"] == "idle"
        return uid

    return make


def counts_of(public: httpx.Client, **params: Any) -> dict[str, list[tuple[str, int]]]:
    """Each facet with its values and their counts."""
    response = body_of(public.get("/datasets/trips/facets", params=params))
    return {one["name"]: [(value["name"], value["count"]) for value in one["facets"]] for one in response["facets"]}


def test_facet_contains_each_value_with_its_count(public: httpx.Client, trips: Callable[..., str]) -> None:
    trips()
    assert body_of(public.get("/datasets/trips/facets", params={"facet": "city", "where": "size > 2"})) == {
        "links": [],
        "facets": [
            {
                "name": "city",
                "facets": [
                    {"count": 2, "state": "displayed", "name": "Basel", "value": "Basel"},
                    {"count": 1, "state": "displayed", "name": "Bern", "value": "Bern"},
                ],
            }
        ],
    }


def test_several_facets_come_in_the_requested_order(public: httpx.Client, trips: Callable[..., str]) -> None:
    trips()
    assert counts_of(public, facet=["day", "tags", "size"]) == {
        "day": [("2024", 2), ("2023", 1)],
        "tags": [("b", 3), ("a", 1)],
        "size": [("10", 2), ("2", 1), ("3", 1)],
    }


def test_default_facets_are_those_of_the_dataset(public: httpx.Client, trips: Callable[..., str]) -> None:
    trips(
        {"type": "annotate", "field": "day", "annotation": "facet"},
        facets=[{"field_name": "city", "facetsort": "-alphanum"}, {"field_name": "size", "facetsort": "num"}],
    )
    assert counts_of(public) == {
        "city": [("Chur", 1), ("Bern", 1), ("Basel", 2)],
        "size": [("2", 1), ("3", 1), ("10", 2)],
        "day": [("2024", 2), ("2023", 1)],
    }


def test_a_dataset_without_facets_has_none(public: httpx.Client, trips: Callable[..., str]) -> None:
    trips()
    assert counts_of(public) == {}


def test_a_dataset_without_data_has_no_values(api: httpx.Client, public: httpx.Client) -> None:
    publish(api, new_dataset(api, "trips"))
    assert counts_of(public) == {}
    error_detail(public.get("/datasets/trips/facets", params={"facet": "city"}))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("count", ["Bern", "Chur", "Basel"]),
        ("-count", ["Basel", "Bern", "Chur"]),
        ("alphanum", ["Basel", "Bern", "Chur"]),
        ("-alphanum", ["Chur", "Bern", "Basel"]),
    ],
)
def test_values_are_sorted_as_their_field_is_configured(
    public: httpx.Client, trips: Callable[..., str], sort: str, names: list[str]
) -> None:
    trips({"type": "annotate", "field": "city", "annotation": "facetsort", "args": [sort]})
    assert [name for name, _ in counts_of(public, facet="city")["city"]] == names


@pytest.mark.parametrize(
    ("params", "sizes"),
    [
        ({"refine": "city:Basel"}, [3, 10]),
        ({"refine": 'city:"Basel"'}, [3, 10]),
        ({"refine": "size:10"}, [10, 10]),
        ({"refine": "tags:b"}, [3, 10, 2]),
        ({"refine": ["tags:a", "tags:b"]}, [3]),
        ({"refine": ["city:Basel", "city:Bern"]}, []),
        ({"refine": ["city:Basel", "size:10"]}, [10]),
        ({"refine": "day:2024"}, [3, 10]),
        ({"refine": "day:2024/02"}, [3]),
        ({"refine": "day:2024/02/29"}, [3]),
        ({"refine": "day:202"}, []),
        ({"exclude": "city:Basel"}, [10, 2]),
        ({"exclude": "tags:b"}, [10]),
        ({"exclude": "day:2024"}, [10, 2]),
        ({"exclude": ["city:Bern", "city:Chur"]}, [3, 10]),
        ({"refine": "city:Basel", "where": "size < 10"}, [3]),
    ],
)
def test_refine_and_exclude_select_records(
    public: httpx.Client, trips: Callable[..., str], params: dict[str, Any], sizes: list[int]
) -> None:
    trips()
    response = body_of(public.get("/datasets/trips/records", params=params))
    assert [record["size"] for record in response["results"]] == sizes
    assert response["total_count"] == len(sizes)


@pytest.mark.parametrize("configured_by", ["annotation", "metadata"])
def test_values_of_a_disjunctive_facet_are_alternatives(
    public: httpx.Client, trips: Callable[..., str], configured_by: str
) -> None:
    if configured_by == "annotation":
        trips({"type": "annotate", "field": "city", "annotation": "disjunctive"})
    else:
        trips(facets=[{"field_name": "city", "disjunctive": True}])
    params = {"refine": ["city:Basel", "city:Bern"]}
    assert body_of(public.get("/datasets/trips/records", params=params))["total_count"] == 3


def test_refined_value_is_marked(public: httpx.Client, trips: Callable[..., str]) -> None:
    trips()
    params = {"facet": ["city", "tags"], "refine": "city:Basel"}
    city, tags = body_of(public.get("/datasets/trips/facets", params=params))["facets"]
    assert [(one["name"], one["state"]) for one in city["facets"]] == [("Basel", "refined")]
    assert {one["state"] for one in tags["facets"]} == {"displayed"}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"refine": "city"},
            "Invalid value for refine API parameter: city was found but <facet>:<value> is expected.",
        ),
        (
            {"refine": "nowhere:x"},
            "ODSQL query is malformed: Unknown field: nowhere. Clause(s) containing the error(s): refine.",
        ),
        (
            {"facet": "nowhere"},
            "ODSQL query is malformed: Unknown field: nowhere. Clause(s) containing the error(s): facet.",
        ),
    ],
)
def test_unknown_facet_is_refused(
    public: httpx.Client, trips: Callable[..., str], params: dict[str, str], message: str
) -> None:
    trips()
    assert error_detail(public.get("/datasets/trips/facets", params=params))["message"] == message


def test_facet_of_a_point_is_refused(api: httpx.Client, public: httpx.Client) -> None:
    uid = new_dataset(api, "trips")
    add_csv(api, uid, 'place\n"47.55,7.59"\n')
    publish(api, uid)
    response = error_detail(public.get("/datasets/trips/facets", params={"facet": "place"}))
    assert response["error_code"] == "ODSQLError"
