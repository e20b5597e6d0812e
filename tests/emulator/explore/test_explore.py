"""Tests of the catalog, of a dataset, and of its records."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..calls import add_csv, body_of, error_detail, new_dataset, publish, upload, wait_until_settled


def test_an_empty_portal_has_an_empty_catalog(public: httpx.Client) -> None:
    assert body_of(public.get("/datasets")) == {"total_count": 0, "results": []}


def test_a_dataset_is_in_the_catalog_from_its_publication_on(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str]
) -> None:
    new_dataset(api, "unpublished")
    uid = cities()
    catalog = body_of(public.get("/datasets"))
    assert catalog["total_count"] == 1
    assert catalog["results"] == [body_of(public.get("/datasets/cities"))]
    assert catalog["results"][0]["dataset_uid"] == uid


def test_a_dataset_is_described_with_its_fields_and_its_metadata(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str]
) -> None:
    cities(
        "cities",
        {"type": "rename", "from_name": "size", "to_name": "size", "field_label": "How big"},
        {"type": "annotate", "field": "size", "annotation": "unit", "args": ["km2"]},
    )
    dataset = body_of(public.get("/datasets/cities"))
    assert dataset["visibility"] == "domain"
    assert (dataset["has_records"], dataset["data_visible"]) == (True, True)
    assert dataset["features"] == ["analyze", "geo", "timeserie"]
    assert dataset["fields"][1] == {
        "name": "size",
        "label": "How big",
        "type": "double",
        "description": None,
        "annotations": {"unit": ["km2"]},
    }
    default = dataset["metas"]["default"]
    assert (default["title"], default["records_count"], default["publisher"]) == ("Cities", 2, None)
    assert default["data_processed"].endswith("+00:00")
    assert set(dataset["metas"]) == {"default"}
    with_all = body_of(public.get("/datasets/cities", params={"include_app_metas": "true"}))
    assert with_all["metas"]["visualization"]["map_disabled"] is False


def test_records_are_flat_objects_in_the_order_of_the_fields(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    records = body_of(public.get("/datasets/cities/records"))
    assert records == {
        "total_count": 2,
        "results": [
            {
                "city": "Basel",
                "size": 3.0,
                "day": "2024-02-29",
                "tags": "a/b",
                "place": {"lon": 7.59, "lat": 47.55},
            },
            {"city": "Bern", "size": 4.5, "day": None, "tags": None, "place": None},
        ],
    }
    assert list(records["results"][0]) == ["city", "size", "day", "tags", "place"]


@pytest.mark.parametrize(
    ("rule", "field", "json_value", "csv_value"),
    [
        ({"type": "annotate", "field": "tags", "annotation": "multivalued", "args": ["/"]}, "tags", ["a", "b"], "a,b"),
        (
            {"type": "annotate", "field": "day", "annotation": "timeserie_precision", "args": ["month"]},
            "day",
            "2024-02",
            "2024-02",
        ),
        (
            {"type": "type", "field": "day", "type_param": "datetime"},
            "day",
            "2024-02-29T00:00:00+00:00",
            "2024-02-29T00:00:00+00:00",
        ),
        ({"type": "type", "field": "size", "type_param": "int"}, "size", 3, "3"),
    ],
)
def test_value_has_the_form_of_its_field(
    public: httpx.Client,
    cities: Callable[..., str],
    rule: dict[str, Any],
    field: str,
    json_value: Any,
    csv_value: str,
) -> None:
    cities("cities", rule)
    assert body_of(public.get("/datasets/cities/records"))["results"][0][field] == json_value
    titles, first, _ = public.get("/datasets/cities/exports/csv").text.removeprefix("\ufeff").splitlines()
    assert dict(zip(titles.split(";"), first.split(";"), strict=True))[field] == csv_value


def test_shape_is_a_feature_and_boolean_a_boolean(api: httpx.Client, public: httpx.Client) -> None:
    uid = new_dataset(api, "shapes")
    add_csv(api, uid, 'a,b\n"{""type"": ""Point"", ""coordinates"": [1, 2]}",TRUE\n')
    for field, kind in (("a", "geo_shape"), ("b", "boolean")):
        rule = {"type": "type", "label": "rule", "field": field, "type_param": kind}
        body_of(api.post(f"/datasets/{uid}/fields/", json=rule), 201)
    publish(api, uid)
    (record,) = body_of(public.get("/datasets/shapes/records"))["results"]
    geometry = {"type": "Point", "coordinates": [1, 2]}
    assert record == {"a": {"type": "Feature", "geometry": geometry, "properties": {}}, "b": True}
    assert public.get("/datasets/shapes/exports/csv").text.splitlines()[1].endswith(";true")


def test_records_come_in_pages_of_ten_by_default(api: httpx.Client, public: httpx.Client) -> None:
    uid = new_dataset(api, "many")
    add_csv(api, uid, "a\n" + "".join(f"{number}\n" for number in range(120)))
    publish(api, uid)

    def page(**params: int) -> list[int]:
        response = body_of(public.get("/datasets/many/records", params=params))
        assert response["total_count"] == 120
        return [record["a"] for record in response["results"]]

    assert page() == list(range(10))
    assert page(offset=115) == list(range(115, 120))
    assert page(limit=100) == list(range(100))
    assert page(limit=-1) == list(range(100))
    assert page(limit=0) == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"limit": "101"},
            "Invalid value for limit API parameter: 101 was found but -1 <= limit <= 100 is expected.",
        ),
        (
            {"limit": "many"},
            "Invalid value for limit API parameter: many was found but -1 <= limit <= 100 is expected.",
        ),
        ({"offset": "-1"}, "Invalid value for offset API parameter: -1 was found but 0 <= offset is expected."),
        (
            {"offset": "9950", "limit": "51"},
            "Invalid value for offset + limit API parameter: 10001 was found but offset + limit <= 10000 is expected.",
        ),
        (
            {"include_app_metas": "perhaps"},
            "Invalid value for include_app_metas API parameter: perhaps was found but true or false is expected.",
        ),
    ],
)
def test_parameter_out_of_range_has_the_service_message(
    public: httpx.Client, cities: Callable[..., str], params: dict[str, str], message: str
) -> None:
    cities()
    assert error_detail(public.get("/datasets", params=params)) == {
        "error_code": "InvalidRESTParameterError",
        "message": message,
    }


@pytest.mark.parametrize(
    ("path", "params", "what"),
    [
        ("/cities/exports/shp", {}, "The export as shp"),
        ("/cities/exports/geojson", {"epsg": "2154"}, "The parameter epsg"),
    ],
)
def test_unsupported_parameters_are_refused(
    public: httpx.Client, cities: Callable[..., str], path: str, params: dict[str, str], what: str
) -> None:
    cities()
    assert error_detail(public.get(f"/datasets{path}", params=params)) == {
        "error_code": "NotImplementedError",
        "message": f"{what} is not carried out by this portal.",
    }


def test_an_unknown_parameter_is_ignored_as_the_service_does(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    assert body_of(public.get("/datasets/cities/records", params={"limt": "1", "timezone": "UTC"}))["total_count"] == 2


def test_the_deepest_page_ends_at_the_ten_thousandth_record(public: httpx.Client, cities: Callable[..., str]) -> None:
    cities()
    body_of(public.get("/datasets/cities/records", params={"offset": 9900, "limit": 100}))


@pytest.mark.parametrize("path", ["", "/records", "/facets", "/exports/csv"])
def test_an_unknown_or_unpublished_dataset_is_not_found(api: httpx.Client, public: httpx.Client, path: str) -> None:
    new_dataset(api, "hidden")
    for dataset_id in ("nowhere", "hidden"):
        response = error_detail(public.get(f"/datasets/{dataset_id}{path}"), 404)
        assert response["message"] == f"The requested dataset {dataset_id} does not exist."


def test_an_unpublished_dataset_leaves_the_catalog(
    api: httpx.Client, public: httpx.Client, cities: Callable[..., str]
) -> None:
    uid = cities()
    body_of(api.post(f"/datasets/{uid}/unpublish/"))
    wait_until_settled(api, uid)
    assert body_of(public.get("/datasets"))["total_count"] == 0
    error_detail(public.get("/datasets/cities/records"), 404)


def test_dataset_published_without_data_has_no_fields(api: httpx.Client, public: httpx.Client) -> None:
    publish(api, new_dataset(api, "empty"))
    dataset = body_of(public.get("/datasets/empty"))
    assert (dataset["has_records"], dataset["fields"]) == (False, [])
    assert body_of(public.get("/datasets/empty/records")) == {"total_count": 0, "results": []}


def test_records_with_a_shape_that_is_not_finite_are_readable(api: httpx.Client, public: httpx.Client) -> None:
    features = [
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.5, 47.5]}, "properties": {"n": 1}}',
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, NaN]}, "properties": {"n": 2}}',
    ]
    uid = new_dataset(api, "shapes")
    file = upload(api, uid, f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}', "shapes.geojson")
    datasource = {"type": "uploaded_file", "file": {"uid": file}}
    body = {"type": "geojsonfile", "title": "Shapes", "params": {}, "datasource": datasource}
    body_of(api.post(f"/datasets/{uid}/resources/", json=body), 201)
    status = publish(api, uid)
    assert (status["status"], "geo_shape" in [error["field_uid"] for error in status["records_errors"]]) == (
        "idle",
        True,
    )
    found = body_of(public.get("/datasets/shapes/records"))["results"]
    assert [(record["n"], record["geo_point_2d"]) for record in found] == [(1, {"lon": 7.5, "lat": 47.5}), (2, None)]
    assert "NaN" not in public.get("/datasets/shapes/exports/json").text
