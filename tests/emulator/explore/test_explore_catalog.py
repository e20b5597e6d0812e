"""Tests of queries, facets and exports of the catalog, and of a harvester that refines it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..calls import body_of, error_detail, publish
from ..harvesting import harvest


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"where": "title = 'Stations'"}, ["stations"]),
        ({"where": '"stat*"'}, ["stations"]),
        ({"where": "default.records_count > 3"}, ["stations"]),
        ({"where": "modified >= date'2020'"}, ["stations", "empty"]),
        ({"where": "has_records is false"}, ["empty"]),
        ({"where": "keyword = 'rail' and not keyword = 'bus'"}, ["stations"]),
        ({"where": "publisher is null"}, ["stations", "empty"]),
        ({"refine": "keyword:rail"}, ["stations"]),
        ({"refine": ["keyword:rail", "keyword:bus"]}, []),
        ({"exclude": "features:geo"}, ["empty"]),
        ({"order_by": "-records_count"}, ["stations", "empty"]),
        ({"order_by": "dataset_id"}, ["empty", "stations"]),
        ({"order_by": "dataset_id", "limit": 1, "offset": 1}, ["stations"]),
    ],
)
def test_catalog_is_queried_like_records(stations: httpx.Client, params: dict[str, Any], found: list[str]) -> None:
    response = body_of(stations.get("datasets", params=params))
    assert [dataset["dataset_id"] for dataset in response["results"]] == found
    assert all("metas" in dataset for dataset in response["results"])
    if "limit" not in params:
        assert response["total_count"] == len(found)


def test_one_dataset_shows_selected_members(stations: httpx.Client) -> None:
    assert body_of(stations.get("datasets/stations", params={"select": "title, keyword, has_records"})) == {
        "title": "Stations",
        "keyword": ["rail", "stop"],
        "has_records": True,
    }


def test_schema_is_selected_as_it_is_described(stations: httpx.Client) -> None:
    (found,) = body_of(stations.get("datasets", params={"select": "fields", "refine": "features:geo"}))["results"]
    assert found["fields"] == body_of(stations.get("datasets/stations"))["fields"]


def test_facets_of_the_catalog_count_datasets(stations: httpx.Client) -> None:
    params = {"facet": ["keyword", "features"], "refine": "keyword:rail", "exclude": "keyword:bus"}
    keyword, features = body_of(stations.get("facets", params=params))["facets"]
    assert [(one["name"], one.get("count"), one["state"]) for one in keyword["facets"]] == [
        ("rail", 1, "refined"),
        ("stop", 1, "displayed"),
        ("bus", None, "excluded"),
    ]
    assert {one["name"] for one in features["facets"]} == {"analyze", "geo", "timeserie"}


def test_facets_of_the_catalog_have_a_default(stations: httpx.Client) -> None:
    names = [facet["name"] for facet in body_of(stations.get("facets"))["facets"]]
    assert names[:2] == ["features", "modified"]


def test_unknown_member_of_the_catalog_is_refused(stations: httpx.Client) -> None:
    assert error_detail(stations.get("datasets", params={"where": "nothing = 1"}))["message"] == (
        "ODSQL query is malformed: Unknown field: nothing. Clause(s) containing the error(s): where."
    )


def test_catalog_is_exported_as_a_table_and_as_a_list(stations: httpx.Client) -> None:
    params = {"delimiter": ",", "with_bom": "false", "where": "records_count > 0"}
    titles, row = stations.get("exports/csv", params=params).raise_for_status().text.splitlines()
    assert titles.startswith("dataset_id,default.title,default.description,default.theme,default.keyword")
    assert row.startswith('stations,Stations,,,"rail,stop"')
    exported = stations.get("exports/json", params={"where": "records_count > 0"}).json()
    assert exported == [body_of(stations.get("datasets/stations"))]
    assert [link["rel"] for link in body_of(stations.get("exports"))["links"]] == ["self", "csv", "json", "xlsx"]


def test_catalog_hides_what_the_caller_may_not_see(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities("secret", is_restricted=True)
    cities("open")
    assert body_of(public.get("/facets", params={"facet": "dataset_id"}))["facets"][0]["facets"] == [
        {"count": 1, "state": "displayed", "name": "open", "value": "open"}
    ]
    assert (
        public.get("/exports/csv", params={"select": "dataset_id", "with_bom": "false"}).text
        == "dataset_id\r\nopen\r\n"
    )
    assert body_of(public.get("/datasets", params={"where": "dataset_id = 'secret'"}))["total_count"] == 0


def test_harvester_refines_the_catalog_of_an_emulator(
    api: httpx.Client, emulator: Emulator, cities: Callable[..., str]
) -> None:
    for dataset_id, keyword in (("one", "rail"), ("two", "bus")):
        uid = cities(dataset_id)
        body_of(api.put(f"/datasets/{uid}/metadata/default/keyword/", json={"value": [keyword]}))
        publish(api, uid)
    harvest(api, type="ods", domain=emulator.url, refines="refine.keyword=bus")
    found = body_of(api.get("/datasets/"))["results"]
    assert sorted(dataset["metadata"]["default"]["title"]["value"] for dataset in found) == ["One", "Two", "Two"]
