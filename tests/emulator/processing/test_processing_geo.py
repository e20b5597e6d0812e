"""Tests of the processors for points and shapes."""

import json
from typing import Any

import pytest
from opendatasoft_emulator.processing import ProcessingError

from .conftest import Bench, types

PARIS = pytest.approx((2.35097, 48.85902), abs=1e-5)
"""Longitude and latitude of X 652381, Y 6862305 in Lambert 93, EPSG:2154."""


def lon_lat(point: dict[str, float]) -> tuple[float, float]:
    return point["lon"], point["lat"]


def create_geopoint(**more: Any) -> dict[str, Any]:
    return {"type": "create_geopoint", "latitude": "lat", "longitude": "lon", "output_field": "p", **more}


@pytest.mark.parametrize("code", [2154, "2154", "EPSG:2154"])
def test_point_is_made_of_another_reference_system(bench: Bench, code: object) -> None:
    result = bench.process(
        bench.source("lat;lon\n6862305.0;652381.0\n"), processors=(create_geopoint(source_epsg=code),)
    )
    assert [lon_lat(point) for point in bench.column("p")] == [PARIS]
    assert (result.notes, result.records_errors) == ([], [])


def test_field_of_points_has_its_type_without_any_point(bench: Bench) -> None:
    result = bench.process(bench.source("lat;lon\n99;2\n;\nx;1\n"), processors=(create_geopoint(),))
    assert bench.column("p") == [None, None, None]
    assert types(result)["p"] == "geo_point_2d"
    assert [error["message"] for error in result.records_errors] == [
        '"99, 2" is not on the globe (line 2)',
        '"x" is not a number (line 4)',
    ]


def test_whole_degrees_are_points_too(bench: Bench) -> None:
    bench.process(bench.source("lat;lon\n48;2\n"), processors=(create_geopoint(),))
    assert bench.column("p") == [{"lon": 2.0, "lat": 48.0}]


def test_a_distance_is_measured_in_kilometres_along_the_globe(bench: Bench) -> None:
    result = bench.process(
        bench.source('a;b\n"0.0,0.0";"0.0,1.0"\n"1.0,1.0";\n"0.0,0.0";"0.0,0.0"\n'),
        processors=({"type": "geo_distance", "coordinates_a": "a", "coordinates_b": "b", "output_field": "km"},),
    )
    assert bench.column("km") == [pytest.approx(111.195, abs=0.001), None, 0]
    assert types(result)["km"] == "double"


def test_points_of_another_reference_system_are_converted(bench: Bench) -> None:
    step = {"type": "transform_coordinates", "field": "p", "source_epsg": 2154}
    result = bench.process(bench.source('p\n"6862305.0,652381.0"\n""\nhere\n'), processors=(step,))
    first, *others = bench.column("p")
    assert lon_lat(first) == PARIS
    assert others == [None, None]
    assert [(error["field_uid"], error["message"]) for error in result.records_errors] == [
        ("p", '"here" is not a point (line 4)')
    ]


def test_guide_example_of_lambert_zone_ii_is_in_france(bench: Bench) -> None:
    step = {"type": "transform_coordinates", "field": "p", "source_epsg": "27572"}
    bench.process(bench.source('p\n"2428000.0,600000.0"\n'), processors=(step,))
    assert [lon_lat(point) for point in bench.column("p")] == [pytest.approx((2.3365, 48.850), abs=1e-3)]


def test_shapes_of_another_reference_system_are_converted(bench: Bench) -> None:
    step = {"type": "transform_coordinates", "field": "s", "source_epsg": 2154}
    line = {"type": "LineString", "coordinates": [[652381.0, 6862305.0], [652381.0, 6862305.0]]}
    rule = {"type": "type", "field": "s", "type_param": "geo_shape"}
    bench.process(bench.json([{"s": line}, {"s": json.dumps(line)}]), processors=(step,), fields=(rule,))
    for shape in bench.column("s"):
        assert [tuple(position) for position in json.loads(shape)["coordinates"]] == [PARIS, PARIS]


def test_unknown_reference_system_is_an_error(bench: Bench) -> None:
    with pytest.raises(ProcessingError, match='parameter "source_epsg": there is no reference system EPSG:99999'):
        bench.process(bench.source("lat;lon\n1;2\n"), processors=(create_geopoint(source_epsg=99999),))


@pytest.mark.parametrize(
    "text",
    [
        "48° 51\u2032 24\u2033 Nord2° 21\u2032 07\u2033 Est",
        "48° 51\u2032 24\u2033N 2° 21\u2032 07\u2033 E",
        "48° 51\u2032 24\u2033 2° 21\u2032 07\u2033",
        "+48° 51\u2032 24\u2033 +2° 21\u2032 07\u2033",
        "N48° 51\u2032 24\u2033 E2° 21\u2032 07\u2033",
        "48^51'24\"N/2*21'7\"E",
    ],
)
def test_degrees_minutes_and_seconds_become_a_point(bench: Bench, text: str) -> None:
    bench.process(bench.json([{"a": text}]), processors=(degrees(),))
    assert [lon_lat(point) for point in bench.column("p")] == [pytest.approx((2.351944, 48.856667), abs=1e-6)]


def degrees() -> dict[str, Any]:
    return {"type": "convert_degrees", "coordinates": "a", "output_field": "p"}


def test_degrees_alone_and_the_south_and_west(bench: Bench) -> None:
    texts = ("48°;2°", "-48° -2°", "48°S 2°O", "Sud 48° West 2°", "48 2", "99° 2°")
    result = bench.process(bench.json([{"a": text} for text in texts]), processors=(degrees(),))
    south_west = {"lon": -2.0, "lat": -48.0}
    assert bench.column("p") == [{"lon": 2.0, "lat": 48.0}, south_west, south_west, south_west, None, None]
    assert [error["message"] for error in result.records_errors] == [
        '"48 2" is not in degrees, minutes and seconds (item 5)',
        '"99° 2°" is not on the globe (item 6)',
    ]


def test_a_masked_point_stays_within_its_distances(bench: Bench) -> None:
    mask = {"type": "geomasking", "field": "p", "minimum_distance": 100, "maximum_distance": 200}
    copy = {"type": "copy", "field": "p", "new_field": "before"}
    distance = {"type": "geo_distance", "coordinates_a": "p", "coordinates_b": "before", "output_field": "km"}
    masked = []
    for _ in range(2):
        bench.process(bench.source('p\n"48.85,2.35"\n"-16.5,179.9999"\n'), processors=(copy, mask, distance))
        assert all(0.1 <= kilometres <= 0.2 for kilometres in bench.column("km"))
        masked.append(bench.column("p"))
    assert masked[0] == masked[1]


def test_a_simplified_shape_has_fewer_points(bench: Bench) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 0.00001], [2, 0]]}
    content = json.dumps({"type": "Feature", "geometry": line, "properties": {}})
    for step in ({"field": "geo_shape"}, {}):
        processor = {"type": "simplify_geo_shape", "tolerance": 0.0001, **step}
        bench.process(bench.source(content, "geojsonfile"), processors=(processor,))
        assert [json.loads(shape)["coordinates"] for shape in bench.column("geo_shape")] == [[[0, 0], [2, 0]]]


BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0, 1], [2, 2, 1], [2, 0, 1], [0, 2, 1], [0, 0, 1]]]}


@pytest.mark.parametrize(
    ("processor", "value", "kind", "coordinates"),
    [
        ({"type": "wkt_and_wkb_to_geojson", "field": "a"}, "POINT (30 10)", "Point", [30.0, 10.0]),
        (
            {"type": "wkt_and_wkb_to_geojson", "field": "a"},
            "000000000140000000000000004010000000000000",
            "Point",
            [2.0, 4.0],
        ),
        (
            {"type": "wkt_and_wkb_to_geojson", "field": "a"},
            "POLYGON ((35 10, 45 45, 15 40, 10 20, 35 10),(20 30, 35 35, 30 20, 20 30))",
            "Polygon",
            [
                [[35.0, 10.0], [45.0, 45.0], [15.0, 40.0], [10.0, 20.0], [35.0, 10.0]],
                [[20.0, 30.0], [35.0, 35.0], [30.0, 20.0], [20.0, 30.0]],
            ],
        ),
        (
            {"type": "decode_google_polyline", "encoded_polyline": "a", "output_field": "a"},
            "_p~iF~ps|U_ulLnnqC_mqNvxq`@",
            "LineString",
            [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
        ),
        (
            {"type": "geohash_to_geojson", "geohash_field": "a", "output_field": "a"},
            "s",
            "Polygon",
            [[[0.0, 0.0], [45.0, 0.0], [45.0, 45.0], [0.0, 45.0], [0.0, 0.0]]],
        ),
        (
            {"type": "correct_geo_shape", "field": "a"},
            json.dumps(BOWTIE),
            "MultiPolygon",
            [[[[0.0, 2.0], [1.0, 1.0], [0.0, 0.0], [0.0, 2.0]]], [[[2.0, 0.0], [1.0, 1.0], [2.0, 2.0], [2.0, 0.0]]]],
        ),
    ],
)
def test_a_processor_makes_a_shape(
    bench: Bench, processor: dict[str, Any], value: str, kind: str, coordinates: Any
) -> None:
    result = bench.process(bench.json([{"a": value}, {"a": "nonsense!"}]), processors=(processor,))
    shape, nothing = bench.column("a")
    assert json.loads(shape) == {"type": kind, "coordinates": coordinates}
    assert nothing is None
    assert types(result) == {"a": "geo_shape"}
    (error,) = result.records_errors
    assert (error["field_uid"], error["processor_uid"]) == ("a", "pr_1")
