"""The extractor of GeoJSON: one record per feature."""

from collections.abc import Iterator
from typing import Any

from ..columns import Record
from ..files import Member, UnreadableFile
from ..geometry import WGS84, Convert, as_shape, centre_of, conversion_from, conversion_from_crs, point_text
from ..parameters import Parameter, WrongParameter
from ..problems import Problems
from .json_records import Objects, document
from .loading import EXTRACT_FILENAME, Loading, Params

PARAMETERS = (
    EXTRACT_FILENAME,
    Parameter(
        "epsg",
        "int",
        "Spatial reference (EPSG code)",
        description=f"The `crs` of the file when empty, without one WGS84 ({WGS84})",
    ),
)
"""Parameters of the service's user guide; the name `epsg` is ours."""

_POINT, _SHAPE = "geo_point_2d", "geo_shape"


def rows(file: Member, params: Params, loading: Loading) -> Iterator[tuple[int, Record]]:
    """Read the records of a feature collection: the centre of the geometry, the geometry, and the properties.

    Geometries are converted from the reference system of the parameter `epsg`, else of the file's `crs`. Items that are
    no features, invalid geometries, and an unknown `crs` are added to the problems. Raises UnreadableFile for a file
    that is no feature collection, and WrongParameter for an unknown code.
    """
    problems = loading.problems
    found = document(file.path)
    features = _features(found)
    try:
        convert = conversion_from(params["epsg"]) if params["epsg"] is not None else None
    except ValueError as error:
        raise WrongParameter(f'parameter "epsg": {error}') from None
    if params["epsg"] is None and found.get("crs"):
        convert = _conversion_of_file(found["crs"], problems)
    loading.columns.add(_POINT, "Geo Point", _POINT)
    loading.columns.add(_SHAPE, "Geo Shape", _SHAPE)
    objects = Objects(loading.columns, joins_texts=True, taken=(_POINT, _SHAPE))
    for position, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            loading.problems.add(f"Item {position} is not a feature, it is left out")
            continue
        located = _located(feature.get("geometry"), convert, position, problems)
        yield position, {**located, **objects.record(feature.get("properties") or {})}


def _features(found: Any) -> list[Any]:
    if isinstance(found, dict) and found.get("type") == "Feature":
        return [found]
    if isinstance(found, dict) and isinstance(found.get("features"), list):
        return list(found["features"])
    raise UnreadableFile("it is not a GeoJSON feature collection")


def _conversion_of_file(crs: Any, problems: Problems) -> Convert | None:
    try:
        return conversion_from_crs(crs)
    except ValueError as error:
        problems.add(f"The crs of the file is ignored: {error}", field_uid=_SHAPE)
        return None


def _located(geometry: Any, convert: Convert | None, position: int, problems: Problems) -> Record:
    """The geometry of a feature, and its centre."""
    if geometry is None:
        return {_POINT: None, _SHAPE: None}
    try:
        shape = as_shape(geometry, convert)
    except ValueError as error:
        problems.add(f"Item {position}: its geometry is left out, it is {error}", field_uid=_SHAPE)
        return {_POINT: None, _SHAPE: None}
    return {_POINT: point_text(centre_of(shape)), _SHAPE: shape}
