"""Points and shapes: their forms, their validity, reference systems, distances.

A point is `{"lon", "lat"}`, a shape the text of a GeoJSON geometry. Shapely and pyproj, which take a quarter of a
second to load, are imported by the functions that need them.
"""

import functools
import json
import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Point = dict[str, float]
Convert = Callable[[Any, Any], tuple[Any, Any]]
"""Converts x and y, numbers or arrays, to longitude and latitude."""

WGS84 = 4326
"""The EPSG code of the reference system of all stored points and shapes."""

_EARTH_RADIUS = 6_371_008.8
"""The mean radius in metres."""

_DIGITS = 8
"""The digits after the point of converted degrees: about a millimetre."""


def as_point(value: Any) -> Point:
    """The point of "lat,lon", or of an object with `lat` and `lon`. Raises ValueError when it is not on the globe."""
    try:
        if isinstance(value, str) and value.lstrip().startswith("{"):
            value = json.loads(value)
        lat, lon = (value["lat"], value["lon"]) if isinstance(value, dict) else str(value).split(",")
        x, y = float(lon), float(lat)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise ValueError("not a point") from None
    return _on_the_globe(x, y)


def point_text(point: Point) -> str:
    """A point as records in processing contain it: "lat,lon"."""
    return f"{point['lat']},{point['lon']}"


def converted_point(x: float, y: float, convert: Convert | None) -> Point:
    """The point with these coordinates of another reference system. Raises ValueError when it is not on the globe."""
    if convert is not None:
        x, y = (round(float(degrees), _DIGITS) for degrees in convert(x, y))
    return _on_the_globe(float(x), float(y))


def converted_value(value: Any, convert: Convert | None) -> str:
    """The text of a point, written Y,X, or of a shape in another reference system. Raises ValueError."""
    text = value if isinstance(value, str) else json.dumps(value)
    if text.lstrip().startswith("{"):
        return as_shape(value, convert)
    try:
        y, x = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError("not a point") from None
    return point_text(converted_point(x, y, convert))


def as_shape(value: Any, convert: Convert | None = None) -> str:
    """The text of a GeoJSON geometry, or of the geometry of a feature, without other members.

    It is converted if it has a `crs`, or is in another reference system; then its own `crs` is ignored. Collections of
    features are no shape, as the service's user guide says. Raises ValueError for what is malformed, empty, or not on
    the globe.
    """
    import shapely

    try:
        geometry = _geometry_of(value)
        if convert is None and geometry.get("crs"):
            convert = conversion_from_crs(geometry["crs"])
        text = _json(_bare(geometry))
        shape = shapely.from_geojson(text)
    except json.JSONDecodeError:
        raise ValueError("not JSON") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except shapely.errors.ShapelyError:
        raise ValueError("not a geometry") from None
    if convert is None:
        _checked(shape)
        return text
    return _text(_checked(shapely.transform(shape, functools.partial(_converted, convert=convert))))


def centre_of(shape: str) -> Point:
    """The centroid of a shape on a flat map: of lines by length, of polygons by area."""
    import shapely

    centre = shapely.from_geojson(shape).centroid
    return {"lon": centre.x, "lat": centre.y}


def shape_of_text(text: str) -> str:
    """The shape of a well-known text or, in hexadecimal digits, of a well-known binary. Raises ValueError."""
    import shapely

    try:
        is_binary = all(character in "0123456789abcdefABCDEF" for character in text.strip())
        geometry = shapely.from_wkb(text.strip()) if is_binary else shapely.from_wkt(text)
    except shapely.errors.ShapelyError:
        raise ValueError("neither well-known text nor binary") from None
    return _text(_checked(geometry))


def simplified_shape(shape: str, tolerance: float) -> str:
    """A shape without the points that lie nearer than a tolerance, in degrees, to the line without them."""
    import shapely

    return _text(shapely.from_geojson(shape).simplify(tolerance))


def corrected_shape(value: Any) -> str:
    """A shape without crossing rings and without heights."""
    import shapely

    return _text(_checked(shapely.make_valid(shapely.force_2d(shapely.from_geojson(as_shape(value))))))


def line_of_polyline(encoded: str, *, is_lat_first: bool) -> str:
    """The line of a text in Google's encoding of polylines. Raises ValueError."""
    deltas: list[int] = []
    value = shift = 0
    for character in encoded:
        bits = ord(character) - 63
        if not 0 <= bits < 64:
            raise ValueError("not an encoded polyline")
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            deltas.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(deltas) % 2:
        raise ValueError("not an encoded polyline")
    ends = [(sum(deltas[:end:2]) / 1e5, sum(deltas[1:end:2]) / 1e5) for end in range(2, len(deltas) + 1, 2)]
    return as_shape({"type": "LineString", "coordinates": [(b, a) if is_lat_first else (a, b) for a, b in ends]})


def cell_of_geohash(geohash: str) -> str:
    """The cell of a geohash, as a polygon. Raises ValueError."""
    bounds = [[-180.0, 180.0], [-90.0, 90.0]]
    for position, character in enumerate(geohash.strip().lower()):
        digit = "0123456789bcdefghjkmnpqrstuvwxyz".index(character)
        for bit in range(5):
            low, high = axis = bounds[(5 * position + bit) % 2]
            axis[0 if digit >> (4 - bit) & 1 else 1] = (low + high) / 2
    (west, east), (south, north) = bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return as_shape({"type": "Polygon", "coordinates": [ring]})


def metres(start: Point, end: Point) -> float:
    """The length of the great circle between two points, in metres."""
    lat1, lat2 = math.radians(start["lat"]), math.radians(end["lat"])
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(end["lon"] - start["lon"]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def masked_point(point: Point, least: float, most: float) -> Point:
    """A point between two distances in metres from another, the same one at every processing."""
    chance = random.Random(point_text(point))
    distance, angle = chance.uniform(least, max(least, most)) / _EARTH_RADIUS, chance.uniform(0, 2 * math.pi)
    lat = math.radians(point["lat"])
    north = math.sin(lat) * math.cos(distance) + math.cos(lat) * math.sin(distance) * math.cos(angle)
    east = math.atan2(math.sin(angle) * math.sin(distance) * math.cos(lat), math.cos(distance) - math.sin(lat) * north)
    lon = (point["lon"] + math.degrees(east) + 180) % 360 - 180
    return _on_the_globe(round(lon, _DIGITS), round(math.degrees(math.asin(north)), _DIGITS))


def conversion_from(epsg: str | int) -> Convert | None:
    """The conversion from the reference system of an EPSG code; None for WGS84. Raises ValueError for no such code."""
    code = str(epsg).strip().upper().removeprefix("EPSG:")
    if not code.isdecimal():
        raise ValueError(f"{epsg} is not an EPSG code")
    return None if int(code) == WGS84 else _conversion(f"EPSG:{int(code)}")


def conversion_from_crs(crs: Any) -> Convert | None:
    """The conversion from a `crs` member of GeoJSON; None for WGS84. Raises ValueError when it is not known."""
    try:
        return _conversion(str(crs["properties"]["name"]))
    except (TypeError, KeyError) as error:
        raise ValueError("the reference system has no name") from error


@functools.lru_cache(maxsize=64)
def _conversion(name: str) -> Convert | None:
    import pyproj
    from pyproj.exceptions import ProjError

    try:
        system = pyproj.CRS.from_user_input(name)
        if system.name.startswith("WGS 84 (CRS84") or system.to_epsg() == WGS84:
            return None
        convert: Convert = pyproj.Transformer.from_crs(system, WGS84, always_xy=True).transform
    except ProjError:
        raise ValueError(f"there is no reference system {name}") from None
    return convert


def _on_the_globe(lon: float, lat: float) -> Point:
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError("not on the globe")
    return {"lon": lon, "lat": lat}


def _json(geometry: dict[str, Any]) -> str:
    try:
        # Infinity and NaN, which Python reads and writes, are no JSON.
        return json.dumps(geometry, allow_nan=False)
    except ValueError:
        raise ValueError("not finite") from None


def _geometry_of(value: Any) -> dict[str, Any]:
    """The geometry of a GeoJSON text or object."""
    found = json.loads(value) if isinstance(value, str) else value
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict) or "Feature" in str(found.get("type")):
        raise ValueError("not a geometry")
    return found


def _bare(geometry: dict[str, Any]) -> dict[str, Any]:
    """A geometry without members that are none of GeoJSON's."""
    if geometry.get("type") != "GeometryCollection":
        return {name: geometry[name] for name in ("type", "coordinates") if name in geometry}
    parts = geometry.get("geometries") or []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise ValueError("not a geometry")
    return {"type": "GeometryCollection", "geometries": [_bare(part) for part in parts]}


def _converted(positions: Any, convert: Convert) -> Any:
    """An array of positions in degrees."""
    import numpy

    return numpy.round(numpy.column_stack(convert(positions[:, 0], positions[:, 1])), _DIGITS)


def _checked(shape: "BaseGeometry") -> "BaseGeometry":
    """The same shape. Raises ValueError when it is empty or not on the globe.

    Shapes that cross the 180th meridian go on behind it.
    """
    if shape.is_empty:
        raise ValueError("empty")
    west, south, east, north = shape.bounds
    if west < -360 or east > 360 or south < -90 or north > 90:
        raise ValueError("not on the globe")
    return shape


def _text(shape: "BaseGeometry") -> str:
    import shapely

    return json.dumps(json.loads(shapely.to_geojson(shape)))
