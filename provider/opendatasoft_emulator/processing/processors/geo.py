"""Processors that make points and measure distances."""

from collections.abc import Iterable
from typing import Any

from ..columns import Record
from ..geometry import as_point, metres
from ..parameters import Parameter
from ..values import as_number, as_text, is_empty
from .step import OUTPUT_FIELD, Fail, PreparedProcessor, Processor


def _create_geopoint(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    latitude, longitude, output = params["latitude"], params["longitude"], params["output_field"]

    def step(record: Record) -> Iterable[Record]:
        lat, lon = record.get(latitude), record.get(longitude)
        record[output] = None
        if is_empty(lat) or is_empty(lon):
            return (record,)
        try:
            point = as_point({"lat": as_number(lat), "lon": as_number(lon)})
        except ValueError:
            fail(output, f'"{as_text(lat)}, {as_text(lon)}" is not a point on the globe')
        else:
            record[output] = f"{point['lat']},{point['lon']}"
        return (record,)

    return PreparedProcessor(step)


def _geo_distance(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    first, second, output = params["coordinates_a"], params["coordinates_b"], params["output_field"]

    def step(record: Record) -> Iterable[Record]:
        record[output] = None
        ends = [record.get(first), record.get(second)]
        if any(is_empty(end) for end in ends):
            return (record,)
        try:
            record[output] = metres(as_point(ends[0]), as_point(ends[1]))
        except (ValueError, KeyError, TypeError):
            fail(output, f'"{as_text(ends[0])}" or "{as_text(ends[1])}" is not a point on the globe')
        return (record,)

    return PreparedProcessor(step)


PROCESSORS = (
    Processor(
        "create_geopoint",
        "Create geopoint",
        (
            Parameter("latitude", "field", "Latitude", is_mandatory=True),
            Parameter("longitude", "field", "Longitude", is_mandatory=True),
            OUTPUT_FIELD,
        ),
        _create_geopoint,
    ),
    Processor(
        "geo_distance",
        "Compute geo distance",
        (
            Parameter("coordinates_a", "field", "Coordinates A", is_mandatory=True),
            Parameter("coordinates_b", "field", "Coordinates B", is_mandatory=True),
            OUTPUT_FIELD,
        ),
        _geo_distance,
    ),
)
"""The types are the service's own; the parameters are named after the labels in its user guide."""
