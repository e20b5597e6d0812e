"""The functions of ODSQL for points and shapes."""

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..processing import Positions, as_shape, shape_of_text
from .errors import Malformed
from .expressions import SHAPES, Call, Expression

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_EARTH_RADIUS = 6_371_008.8
_METRES = {"mi": 1609.344, "yd": 0.9144, "ft": 0.3048, "m": 1.0, "cm": 0.01, "km": 1000.0, "mm": 0.001}


def literal_geometry(text: str) -> str:
    """The GeoJSON of a geometry literal: WKT, WKB or GeoJSON. Raises Malformed."""
    try:
        return as_shape(text) if text.lstrip().startswith("{") else shape_of_text(text)
    except ValueError as error:
        raise Malformed(f"Invalid geometry: {error}") from None


def distance(call: Call) -> Expression:
    """The metres between a field's point and another one."""
    call.expect(2)
    point, (lon, lat) = call.argument(0, "geo_point_2d"), _point(call)
    return Expression(_arc(point.sql), "double", (lat, lat, lon))


def within_distance(call: Call) -> Expression:
    """Whether a point, or the nearest part of a shape, is within a distance of a point."""
    call.expect(3)
    place, (lon, lat), most = call.argument(0, *SHAPES), _point(call), _metres(call.argument(2))
    if place.type == "geo_point_2d":
        return Expression(f"({_arc(place.sql)} <= ?)", "boolean", (lat, lat, lon, most))

    def near(shapes: "list[BaseGeometry]") -> list[bool]:
        import numpy
        import shapely

        one_degree = math.radians(1) * _EARTH_RADIUS
        scale = numpy.array([one_degree * math.cos(math.radians(lat)), one_degree])
        flat = shapely.transform(numpy.array(shapes), lambda positions: (positions - (lon, lat)) * scale)
        return [bool(one) for one in shapely.distance(flat, shapely.Point(0, 0)) <= most]

    return _tested(place, near)


def in_bbox(call: Call) -> Expression:
    """Whether a point or a shape is inside of a box."""
    call.expect(5)
    place = call.argument(0, *SHAPES)
    lat1, lon1, lat2, lon2 = (float(call.argument(position, "int", "double").values[0]) for position in range(1, 5))
    south, north, west, east = min(lat1, lat2), max(lat1, lat2), min(lon1, lon2), max(lon1, lon2)
    if place.type == "geo_point_2d":
        sql = f"({_part(place.sql, 'lat')} BETWEEN ? AND ? AND {_part(place.sql, 'lon')} BETWEEN ? AND ?)"
        return Expression(sql, "boolean", (south, north, west, east))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return _tested(place, _relation("within", json.dumps({"type": "Polygon", "coordinates": [ring]})))


def relation(call: Call) -> Expression:
    """Whether a point or a shape has a relation to another shape: intersects, disjoint, within."""
    call.expect(2)
    return _tested(call.argument(0, *SHAPES), _relation(call.name, call.argument(1, "geometry").values[0]))


def gathered(call: Call) -> Expression:
    """The shapes of a group, for the envelope or the box around them."""
    call.expect(1)
    place = call.argument(0, *(SHAPES if call.name == "bbox" else ("geo_point_2d",)))
    return Expression(f"list({place.sql})", f"{call.name} of {place.type}", is_aggregate=True)


def around(kind: str, values: list[Any] | None) -> str | None:
    """The GeoJSON of the envelope or box of gathered values; None without any."""
    import shapely

    what, _, type = kind.partition(" of ")
    shapes = _shapes(type, [value for value in values or [] if value is not None])
    if not shapes:
        return None
    together = shapely.GeometryCollection(shapes)
    return shapely.to_geojson(together.envelope if what == "bbox" else together.convex_hull)


def _tested(place: Expression, test: "Callable[[list[BaseGeometry]], list[bool]]") -> Expression:
    positions = Positions(place.sql, lambda values: test(_shapes(place.type, values)))
    return Expression("(position IN (SELECT unnest(?::BIGINT[])))", "boolean", (positions,))


def _shapes(type: str, values: list[Any]) -> "list[BaseGeometry]":
    import shapely

    if type == "geo_point_2d":
        return [shapely.Point(value["lon"], value["lat"]) for value in values]
    return list(shapely.from_geojson(values))


def _relation(name: str, geometry: str) -> "Callable[[list[BaseGeometry]], list[bool]]":
    def test(shapes: "list[BaseGeometry]") -> list[bool]:
        import shapely

        other = shapely.from_geojson(geometry)
        return [bool(one) for one in getattr(shapely, name)(shapes, other)]

    return test


def _point(call: Call) -> tuple[float, float]:
    geometry = json.loads(call.argument(1, "geometry").values[0])
    if geometry["type"] != "Point":
        raise Malformed(f"{call.name}() expects a point as argument 2")
    lon, lat = geometry["coordinates"][:2]
    return float(lon), float(lat)


def _metres(quantity: Expression) -> float:
    text = quantity.literal or ""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    unit = text[len(number) :].strip()
    if quantity.type not in ("quantity", "int", "double") or unit not in {*_METRES, ""}:
        raise Malformed(f"Invalid distance: {text}")
    return float(number) * _METRES.get(unit, 1.0)


def _arc(point: str) -> str:
    """The length of the great circle from a point; the parameters are the other latitude, twice, and longitude."""
    lat, lon = _part(point, "lat"), _part(point, "lon")
    return (
        f"(2 * {_EARTH_RADIUS} * asin(least(1.0, sqrt(pow(sin(radians({lat} - ?) / 2), 2)"
        f" + cos(radians(?)) * cos(radians({lat})) * pow(sin(radians({lon} - ?) / 2), 2)))))"
    )


def _part(point: str, name: str) -> str:
    return f"struct_extract({point}, '{name}')"
