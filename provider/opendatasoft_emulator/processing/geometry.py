"""Distances on the globe, and centroids of GeoJSON geometries."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

_EARTH_RADIUS = 6_371_008.8
"""The mean radius in metres."""

_Position = Sequence[float]
_WeightedPoint = tuple[float, float, float]
"""A part of a geometry: its weight, and the longitude and latitude of its centre."""


def metres(start: dict[str, float], end: dict[str, float]) -> float:
    """The length of the great circle between two points `{"lon", "lat"}`, in metres."""
    lat1, lat2 = math.radians(start["lat"]), math.radians(end["lat"])
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(end["lon"] - start["lon"]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS * math.asin(math.sqrt(chord))


def centroid(geometry: dict[str, Any]) -> dict[str, float] | None:
    """The centroid `{"lon", "lat"}` of a geometry on a flat map; None for an empty one, and for a collection.

    Points are weighted by number, lines by length, polygons by area without their holes. Raises ValueError, TypeError,
    KeyError or IndexError for an invalid geometry.
    """
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return None
    parts_of, depth = _PARTS[kind]
    pieces = list(_pieces(geometry["coordinates"], depth))
    parts = [part for piece in pieces for part in parts_of(piece)]
    if not math.isclose(sum(weight for weight, _, _ in parts), 0, abs_tol=1e-15):
        return _middle(parts)
    # The centroid of a line or a polygon without extent is that of its corners.
    corners = [
        part for piece in pieces for corner in _pieces(piece, _DEPTH_OF_CORNERS[kind]) for part in _single_point(corner)
    ]
    return _middle(corners) if corners else None


def _middle(parts: list[_WeightedPoint]) -> dict[str, float]:
    total = sum(weight for weight, _, _ in parts)
    return {
        "lon": sum(weight * lon for weight, lon, _ in parts) / total,
        "lat": sum(weight * lat for weight, _, lat in parts) / total,
    }


def _pieces(coordinates: Any, depth: int) -> Iterator[Any]:
    """The items `depth` levels down in nested lists."""
    if depth == 0:
        yield coordinates
        return
    for inner in coordinates:
        yield from _pieces(inner, depth - 1)


def _single_point(position: _Position) -> Iterable[_WeightedPoint]:
    return ((1.0, float(position[0]), float(position[1])),)


def _segments(line: list[_Position]) -> Iterator[_WeightedPoint]:
    for (lon1, lat1, *_), (lon2, lat2, *_) in pairwise(line):
        yield math.hypot(lon2 - lon1, lat2 - lat1), (lon1 + lon2) / 2, (lat1 + lat2) / 2


def _rings(polygon: list[list[_Position]]) -> Iterator[_WeightedPoint]:
    """The triangles of the outer ring and, with negative weights, of the holes, in either orientation."""
    for position, ring in enumerate(polygon):
        triangles = list(_triangles(ring))
        turn = math.copysign(1.0, sum(area for area, _, _ in triangles))
        for area, lon, lat in triangles:
            yield area * turn * (1 if position == 0 else -1), lon, lat


def _triangles(ring: list[_Position]) -> Iterator[_WeightedPoint]:
    """The triangles between the first corner and each side; the area of a clockwise ring is negative."""
    (lon0, lat0, *_), *others = ring
    for (lon1, lat1, *_), (lon2, lat2, *_) in pairwise(others):
        area = ((lon1 - lon0) * (lat2 - lat0) - (lon2 - lon0) * (lat1 - lat0)) / 2
        yield area, (lon0 + lon1 + lon2) / 3, (lat0 + lat1 + lat2) / 3


_PARTS: dict[str, tuple[Callable[[Any], Iterable[_WeightedPoint]], int]] = {
    "Point": (_single_point, 0),
    "MultiPoint": (_single_point, 1),
    "LineString": (_segments, 0),
    "MultiLineString": (_segments, 1),
    "Polygon": (_rings, 0),
    "MultiPolygon": (_rings, 1),
}
"""The function that splits a geometry into parts, and the depth of its pieces in the coordinates."""

_DEPTH_OF_CORNERS = {
    "Point": 0,
    "MultiPoint": 0,
    "LineString": 1,
    "MultiLineString": 1,
    "Polygon": 2,
    "MultiPolygon": 2,
}
"""The depth of the positions in each of those pieces."""
