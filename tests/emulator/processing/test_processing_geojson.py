"""Tests of the GeoJSON extractor, and of centroids."""

import json
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError
from opendatasoft_emulator.processing.geometry import centroid

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
        "Item 2: its geometry cannot be read, it is left out",
        'Cannot convert "{"type": "GeometryCollection", "geometries": []}" to "geo_shape" (feature 3)',
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_shape_that_is_not_finite_is_lost_and_named(bench: Bench, number: str) -> None:
    lost = collection(feature(POINT, a=1), feature({"type": "Point", "coordinates": [0.5, 0.5]}, a=2))
    result = bench.process(bench.source(lost.replace("0.5", number), "geojsonfile"))
    assert bench.column("a") == [1, 2]
    assert bench.column("geo_shape") == [json.dumps(POINT), None]
    assert bench.column("geo_point_2d") == [{"lon": 7.5, "lat": 47.25}, None]
    assert {error["field_uid"] for error in result.records_errors} >= {"geo_shape"}
    assert all("2" in error["message"] for error in result.records_errors)


@pytest.mark.parametrize("content", ["[]", "{}", '{"type": "Topology"}'])
def test_file_without_feature_collection_is_an_error(bench: Bench, content: str) -> None:
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(content, "geojsonfile"))
    assert caught.value.message == 'Source "source 1": it is not a GeoJSON feature collection'


def test_another_projection_is_refused_rather_than_misread(bench: Bench) -> None:
    bench.process(bench.source(collection(feature(POINT)), "geojsonfile", epsg=4326))
    with pytest.raises(ProcessingError) as caught:
        bench.process(bench.source(collection(feature(POINT)), "geojsonfile", epsg=2154))
    assert caught.value.message == 'Source "source 2": parameter "epsg": this portal reads 4326 only, not 2154'


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
        ("Polygon", [[[1, 1], [3, 1], [1, 1]]], (5 / 3, 1)),
    ],
)
def test_the_centre_of_a_geometry(kind: str, coordinates: Any, centre: tuple[float, float]) -> None:
    found = centroid({"type": kind, "coordinates": coordinates})
    assert found is not None
    assert (found["lon"], found["lat"]) == pytest.approx(centre)


@pytest.mark.parametrize("kind", ["MultiPoint", "LineString", "Polygon", "MultiPolygon"])
def test_an_empty_geometry_has_no_centre(kind: str) -> None:
    assert centroid({"type": kind, "coordinates": []}) is None
