"""Processors that make, convert and change points and shapes."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..columns import Record
from ..geometry import (
    WGS84,
    Convert,
    Point,
    as_point,
    as_shape,
    cell_of_geohash,
    conversion_from,
    converted_point,
    converted_value,
    corrected_shape,
    line_of_polyline,
    masked_point,
    metres,
    point_text,
    shape_of_text,
    simplified_shape,
)
from ..parameters import Parameter, WrongParameter
from ..values import as_number, as_text, is_empty
from .step import (
    FIELD,
    OPTIONAL_FIELD,
    OUTPUT_FIELD,
    PreparedProcessor,
    Processor,
    Setup,
    computing,
    derives,
    deriving,
    one_field,
    shown,
)

_POINT, _SHAPE = "geo_point_2d", "geo_shape"


def _named(compute: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same function of a value, whose ValueError contains the value in its message."""

    def named(value: Any) -> Any:
        try:
            return compute(value)
        except ValueError as error:
            reason = str(error)
            raise ValueError(reason if reason.startswith('"') else f'"{shown(value)}" is {reason}') from None

    return named


def _create_geopoint(setup: Setup) -> PreparedProcessor:
    latitude, longitude = setup.params["latitude"], setup.params["longitude"]
    convert = _conversion(setup)

    def point(record: Record) -> str | None:
        lat, lon = record.get(latitude), record.get(longitude)
        if is_empty(lat) or is_empty(lon):
            return None
        named = _named(lambda _: point_text(converted_point(as_number(lon), as_number(lat), convert)))
        return str(named(f"{lat}, {lon}"))

    return computing(setup, setup.params["output_field"], point, _POINT)


def _geo_distance(setup: Setup) -> PreparedProcessor:
    ends = setup.params["coordinates_a"], setup.params["coordinates_b"]

    def kilometres(record: Record) -> float | None:
        values = [record.get(end) for end in ends]
        if any(is_empty(value) for value in values):
            return None
        first, second = map(_named(as_point), values)
        return metres(first, second) / 1000

    return computing(setup, setup.params["output_field"], kilometres, "double")


def _transform_coordinates(setup: Setup) -> PreparedProcessor:
    column, convert_value = setup.column(setup.params["field"]), partial(converted_value, convert=_conversion(setup))
    return deriving(setup, column.name, column.name, _named(convert_value), column.type)


def _geomasking(setup: Setup) -> PreparedProcessor:
    field, least = setup.params["field"], setup.params["minimum_distance"]
    most = max(least, setup.params["maximum_distance"])
    if least < 0:
        raise WrongParameter(f'parameter "minimum_distance" must not be negative, not {least}')
    masked = _named(lambda value: point_text(masked_point(as_point(value), least, most)))
    return deriving(setup, field, field, masked, _POINT)


def _simplify_geo_shape(setup: Setup) -> PreparedProcessor:
    tolerance, one = setup.params["tolerance"], setup.params["field"]
    names = [one] if one else [column.name for column in setup.columns if column.type == _SHAPE]

    simplified = _named(lambda value: simplified_shape(as_shape(value), tolerance))

    def step(record: Record) -> Iterable[Record]:
        for name in names:
            value = record.get(name)
            if not is_empty(value):
                record[name] = setup.attempt(lambda value=value: simplified(value), name)  # type: ignore[misc]
        return (record,)

    return PreparedProcessor(step)


def _decode_google_polyline(setup: Setup) -> PreparedProcessor:
    is_lat_first = setup.params["reverse_lng_lat"]
    line = _named(lambda value: line_of_polyline(as_text(value), is_lat_first=is_lat_first))
    return deriving(setup, setup.params["encoded_polyline"], setup.params["output_field"], line, _SHAPE)


def _conversion(setup: Setup) -> Convert | None:
    try:
        return conversion_from(setup.params["source_epsg"])
    except ValueError as error:
        raise WrongParameter(f'parameter "source_epsg": {error}') from None


def _axis(name: str, words: str) -> str:
    """The pattern of one coordinate in degrees, minutes and seconds, with its direction before or behind it."""
    number = r"\d+(?:[.,]\d+)?"
    return (
        rf"\s*(?P<{name}_before>[-+]|{words})?\s*(?P<{name}_degrees>{number})\s*[°^*]"
        rf"(?:\s*(?P<{name}_minutes>{number})\s*['\u2032])?"
        rf"(?:\s*(?P<{name}_seconds>{number})\s*[\"\u2033])?\s*(?P<{name}_after>{words})?"
    )


_DEGREES = re.compile(
    _axis("lat", "North|Nord|N|South|Sud|S") + r"\s*[;/]?" + _axis("lon", "East|Est|E|Ouest|O|West|W") + r"\s*",
    re.IGNORECASE,
)
_NEGATIVE = ("-", "S", "O", "W")


def _point_of_degrees(text: str) -> Point:
    match = _DEGREES.fullmatch(text)
    if match is None:
        raise ValueError("not in degrees, minutes and seconds")
    degrees = {}
    for axis in ("lat", "lon"):
        parts = (as_number(match[f"{axis}_{unit}"] or "0") for unit in ("degrees", "minutes", "seconds"))
        size = sum(part / 60**power for power, part in enumerate(parts))
        sign = (match[f"{axis}_before"] or match[f"{axis}_after"] or "+").upper()
        degrees[axis] = round(-size if sign.startswith(_NEGATIVE) else size, 8)
    return as_point(degrees)


_EPSG = Parameter("source_epsg", "string", "Source EPSG Code", default=str(WGS84))

PROCESSORS = (
    Processor(
        "create_geopoint",
        "Create geopoint",
        "makes a point of a latitude and a longitude, or of Y and X in another reference system",
        (one_field("latitude", "Latitude"), one_field("longitude", "Longitude"), _EPSG, OUTPUT_FIELD),
        _create_geopoint,
    ),
    Processor(
        "geo_distance",
        "Compute geo distance",
        "computes the distance between two points in kilometres",
        (one_field("coordinates_a", "Coordinates A"), one_field("coordinates_b", "Coordinates B"), OUTPUT_FIELD),
        _geo_distance,
    ),
    Processor(
        "transform_coordinates",
        "Normalize projection reference",
        "converts points, written Y,X, and shapes from another reference system",
        (FIELD, _EPSG),
        _transform_coordinates,
    ),
    Processor(
        "convert_degrees",
        "Convert degrees",
        "makes a point of degrees, minutes and seconds",
        (one_field("coordinates", "Coordinates"), OUTPUT_FIELD),
        derives(_named(lambda value: point_text(_point_of_degrees(as_text(value)))), "coordinates", type=_POINT),
    ),
    Processor(
        "geomasking",
        "Geomasking",
        "moves points by a distance at random, but by the same one at every processing",
        (
            FIELD,
            Parameter("minimum_distance", "double", "Minimum distance (in meters)", default=0),
            Parameter("maximum_distance", "double", "Maximum distance (in meters)", default=0),
        ),
        _geomasking,
    ),
    Processor(
        "simplify_geo_shape",
        "Simplify geo shape",
        "removes points of shapes; without a field, of all shapes of a GeoJSON source",
        (
            OPTIONAL_FIELD,
            Parameter("tolerance", "double", "Tolerance (simplification level)", is_mandatory=True),
        ),
        _simplify_geo_shape,
    ),
    Processor(
        "correct_geo_shape",
        "Correct geo shape",
        "mends rings that cross, and removes heights",
        (one_field("field", "Geoshape field"),),
        derives(_named(corrected_shape), "field", "field", _SHAPE),
    ),
    Processor(
        "wkt_and_wkb_to_geojson",
        "WKT and WKB to GeoJSON",
        "makes a shape of a well-known text, or of a well-known binary in hexadecimal digits",
        (one_field("field", "WKT|WKB field"),),
        derives(_named(lambda value: shape_of_text(as_text(value))), "field", "field", _SHAPE),
    ),
    Processor(
        "decode_google_polyline",
        "Decode a Google polyline",
        "makes a line of an encoded polyline",
        (
            one_field("encoded_polyline", "Encoded polyline"),
            Parameter("reverse_lng_lat", "boolean", "Reverse Lng/Lat", default=True),
            OUTPUT_FIELD,
        ),
        _decode_google_polyline,
    ),
    Processor(
        "geohash_to_geojson",
        "GeoHash to GeoJSON",
        "makes a polygon of the cell of a geohash",
        (one_field("geohash_field", "Geohash field"), OUTPUT_FIELD),
        derives(_named(lambda value: cell_of_geohash(as_text(value))), "geohash_field", type=_SHAPE),
    ),
)
"""The types of `create_geopoint`, `geo_distance` and `transform_coordinates` are the service's own. All other names
follow the labels in its user guide.
"""
