"""Tests of the GeoJSON extractor, and of shapes and their centres."""

import json
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError
from opendatasoft_emulator.processing.geometry import as_shape, centre_of

from .conftest import Bench, types

POINT = {"type": "Point", "coordinates": [7.5, 47.25]}
SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[2, 0], [4, 0], [4, 4], [2, 4], [2, 0]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_feature_becomes_centre_geometry_and_properties(bench: Bench) -> None:
    result = bench.process(bench.source(collection(feature(POINT, Name="Basel", size=3)), "geojsonfile"))
    assert types(result) == {"geo_point_2d": "geo_point_2d", "geo_shape": "geo_shape", "name": "text", "size": "int"}
    assert [field["label"] for field in result.fields] == ["Geo Point", "Geo Shape", "Name", "size"]
    assert bench.rows == [
        {
            "geo_point_2d": {"lon": 7.5, "lat": 47.25},
            "geo_shape": json.dumps(POINT),
            "name": "Basel",
            "size": 3,
        }
    ]


def test_one_feature_is_a_collection_of_one(bench: Bench) -> None:
    bench.process(bench.source(json.dumps(feature(POINT, a=1)), "geojsonfile"))
    assert bench.column("a") == [1]


def test_whole_degrees_are_a_point_too(bench: Bench) -> None:
    geometry = {"type": "Point", "coordinates": [7, 47]}
    bench.process(bench.source(collection(feature(geometry)), "geojsonfile"))
    assert bench.column("geo_point_2d") == [{"lon": 7.0, "lat": 47.0}]


def test_a_feature_without_geometry_or_properties_is_kept(bench: Bench) -> None:
    result = bench.process(
        bench.source(
            collection(feature(None, a=1), {"type": "Feature", "geometry": POINT, "properties": None}), "geojsonfile"
        )
    )
    assert bench.column("geo_shape") == [None, json.dumps(POINT)]
    assert bench.column("a") == [1, None]
    assert result.records_errors == []


def test_property_named_like_the_geometry_is_renamed(bench: Bench) -> None:
    bench.process(bench.source(collection(feature(POINT, geo_shape="round")), "geojsonfile"))
    assert bench.column("geo_shape") == [json.dumps(POINT)]
    assert bench.column("geo_shape_1") == ["round"]


def test_invalid_features_and_geometries_are_reported(bench: Bench) -> None:
    features = (3, feature({"type": "Point"}, a=1), feature({"type": "GeometryCollection", "geometries": []}, a=2))
    result = bench.process(bench.source(collection(*features), "geojsonfile"))
    assert bench.column("a") == [1, 2]
    assert bench.column("geo_shape") == [None, None]
    assert [error["message"] for error in result.records_errors] == [
        "Item 1 is not a feature, it is left out",
        "Item 2: its geometry is left out, it is not a geometry",
        "Item 3: its geometry is left out, it is empty",
    ]


@pytest.mark.parametrize(
    ("coordinates", "reason"),
    [("[NaN, NaN]", "not finite"), ("[1e999, 2]", "not finite"), ("[652381, 6862305]", "not on the globe")],
)
def test_geometry_that_is_nowhere_is_empty_and_reported(bench: Bench, coordinates: str, reason: str) -> None:
    nowhere = json.dumps(feature(POINT, a=2)).replace(json.dumps(POINT["coordinates"]), coordinates)
    content = f'{{"type": "FeatureCollection", "features": [{json.dumps(feature(POINT, a=1))}, {nowhere}]}}'
    result = bench.process(bench.source(content, "geojsonfile"))
    assert bench.column("a") == [1, 2]
    assert bench.column("geo_shape") == [json.dumps(POINT), None]
    assert bench.column("geo_point_2d") == [{"lon": 7.5, "lat": 47.25}, None]
    (error,) = result.records_errors
    assert (error["message"], error["field_uid"]) == (f"Item 2: its geometry is left out, it is {reason}", "geo_shape")


def test_geometry_collection_is_a_shape(bench: Bench) -> None:
    shape = {"type": "GeometryCollection", "geometries": [POINT, {"type": "Point", "coordinates": [8.5, 48.25]}]}
    result = bench.process(bench.source(collection(feature(shape)), "geojsonfile"))
    assert bench.column("geo_shape") == [json.dumps(shape)]
    assert bench.column("geo_point_2d") == [{"lon": 8.0, "lat": 47.75}]
    assert result.records_errors == []


PARIS = {"type": "Point", "coordinates": [652381.0, 6862305.0]}
"""A point in Paris in Lambert 93, EPSG:2154."""


def crs(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def features_with_crs(name: str, geometry: dict[str, Any] = PARIS) -> str:
    return json.dumps({"type": "FeatureCollection", "crs": crs(name), "features": [feature(geometry)]})


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::2154", "EPSG:2154"])
def test_shapes_in_metres_are_converted_by_their_crs(bench: Bench, name: str) -> None:
    result = bench.process(bench.source(features_with_crs(name), "geojsonfile"))
    (point,), (shape,) = bench.column("geo_point_2d"), bench.column("geo_shape")
    assert (point["lon"], point["lat"]) == pytest.approx((2.35097, 48.85902), abs=1e-5)
    assert json.loads(shape)["coordinates"] == pytest.approx([2.35097, 48.85902], abs=1e-5)
    assert result.records_errors == []


def test_crs_of_the_globe_leaves_coordinates_as_they_are(bench: Bench) -> None:
    bench.process(bench.source(features_with_crs("urn:ogc:def:crs:OGC:1.3:CRS84", POINT), "geojsonfile"))
    assert bench.column("geo_shape") == [json.dumps(POINT)]


def test_unknown_crs_is_reported(bench: Bench) -> None:
    result = bench.process(bench.source(features_with_crs("urn:x:moon", POINT), "geojsonfile"))
    assert bench.column("geo_shape") == [json.dumps(POINT)]
    (error,) = result.records_errors
    assert error["message"] == "The crs of the file is ignored: there is no reference system urn:x:moon"


@pytest.mark.parametrize("content", ["[]", "{}", '{"type": "Topology"}'])
def test_file_without_feature_collection_is_an_error(bench: Bench, content: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(content, "geojsonfile"))
    assert caught.value.message == 'Source "source 1": it is not a GeoJSON feature collection'


def test_epsg_of_the_user_wins_over_the_crs_of_the_file(bench: Bench) -> None:
    bench.process(bench.source(features_with_crs("EPSG:27572"), "geojsonfile", epsg=2154))
    (point,) = bench.column("geo_point_2d")
    assert (point["lon"], point["lat"]) == pytest.approx((2.35097, 48.85902), abs=1e-5)


def test_unknown_epsg_is_an_error(bench: Bench) -> None:
    bench.process(bench.source(collection(feature(POINT)), "geojsonfile", epsg=4326))
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(collection(feature(POINT)), "geojsonfile", epsg=99999))
    assert caught.value.message == 'Source "source 2": parameter "epsg": there is no reference system EPSG:99999'


@pytest.mark.parametrize(
    ("kind", "coordinates", "centre"),
    [
        ("Point", [1, 2, 300], (1, 2)),
        ("MultiPoint", [[0, 0], [2, 0], [4, 6]], (2, 2)),
        ("LineString", [[0, 0], [4, 0], [4, 4]], (3, 1)),
        ("MultiLineString", [[[0, 0], [6, 0]], [[0, 3], [3, 3]]], (2.5, 1)),
        ("LineString", [[5, 1], [5, 1]], (5, 1)),
        ("Polygon", [SQUARE], (2, 2)),
        ("Polygon", [SQUARE[::-1]], (2, 2)),
        ("Polygon", [SQUARE, HOLE], (1, 2)),
        ("Polygon", [SQUARE, HOLE[::-1]], (1, 2)),
        ("MultiPolygon", [[SQUARE], [[[10, 0], [12, 0], [12, 2], [10, 2], [10, 0]]]], (3.8, 1.8)),
        ("Polygon", [[[1, 1], [3, 1], [3, 1], [1, 1]]], (2, 1)),
    ],
)
def test_the_centre_of_a_geometry(kind: str, coordinates: Any, centre: tuple[float, float]) -> None:
    found = centre_of(as_shape({"type": kind, "coordinates": coordinates}))
    assert (found["lon"], found["lat"]) == pytest.approx(centre)


@pytest.mark.parametrize("kind", ["MultiPoint", "LineString", "Polygon", "MultiPolygon"])
def test_an_empty_geometry_is_no_shape(kind: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        as_shape({"type": kind, "coordinates": []})


@pytest.mark.parametrize(
    "value",
    [
        "POINT (1 2)",
        3,
        {},
        {"type": "FeatureCollection", "features": []},
        {"type": "Feature", "geometry": None},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4]]]},
        {"type": "GeometryCollection", "geometries": [3]},
        "[" * 100_000,
    ],
)
def test_what_is_malformed_is_no_shape(value: Any) -> None:
    with pytest.raises(ValueError, match=r"not a geometry|not JSON|nested"):
        as_shape(value)


def test_shape_with_a_crs_of_its_own_is_converted() -> None:
    shape = json.loads(as_shape({**PARIS, "crs": crs("EPSG:2154")}))
    assert list(shape) == ["type", "coordinates"]
    assert shape["coordinates"] == pytest.approx([2.35097, 48.85902], abs=1e-5)


def test_an_empty_list_says_nothing_of_the_others(bench: Bench) -> None:
    features = [{"type": "Feature", "geometry": None, "properties": {"a": value}} for value in ([], [1, 2])]
    result = bench.process(bench.source(json.dumps({"type": "FeatureCollection", "features": features}), "geojsonfile"))
    assert bench.column("a") == [None, "[1, 2]"]
    assert result.fields[2]["annotations"] == {}
