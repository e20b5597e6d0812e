"""The extractor of GeoJSON: one record per feature."""

from collections.abc import Iterator
from typing import Any

from ..columns import Record
from ..files import Member
from ..geometry import centroid
from ..parameters import Parameter, WrongParameter
from ..problems import Problems
from .errors import UnreadableFile
from .json_records import Objects, document
from .loading import Loading, Params

PARAMETERS = (
    Parameter("extract_filename", "boolean", "Extract filename", default=False),
    Parameter(
        "epsg",
        "int",
        "Spatial reference (EPSG code)",
        description="WGS84 (4326) when empty; no other is carried out by this portal",
    ),
)
"""Parameters of the service's user guide; the name `epsg` is ours."""

_WGS84 = 4326
_POINT, _SHAPE = "geo_point_2d", "geo_shape"


def rows(file: Member, params: Params, loading: Loading) -> Iterator[tuple[int, Record]]:
    """Read the records of a feature collection: the centre of the geometry, the geometry, and the properties.

    Other items are skipped, and added to the problems. Raises UnreadableFile for a file that is no feature collection,
    and WrongParameter for another projection.
    """
    if params["epsg"] not in (None, _WGS84):
        raise WrongParameter(f'parameter "epsg": this portal reads {_WGS84} only, not {params["epsg"]}')
    loading.columns.add(_POINT, "Geo Point", _POINT)
    loading.columns.add(_SHAPE, "Geo Shape", _SHAPE)
    objects = Objects(loading.columns, joins_texts=True, taken=(_POINT, _SHAPE))
    for position, feature in enumerate(_features(document(file.path)), start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            loading.problems.add(f"Item {position} is not a feature, it is left out")
            continue
        yield (
            position,
            {
                **_located(feature.get("geometry"), position, loading.problems),
                **objects.record(feature.get("properties") or {}),
            },
        )


def _features(found: Any) -> list[Any]:
    if isinstance(found, dict) and found.get("type") == "Feature":
        return [found]
    if isinstance(found, dict) and isinstance(found.get("features"), list):
        return list(found["features"])
    raise UnreadableFile("it is not a GeoJSON feature collection")


def _located(geometry: Any, position: int, problems: Problems) -> Record:
    """The geometry of a feature, and its centre."""
    if geometry is None:
        return {_POINT: None, _SHAPE: None}
    try:
        centre = centroid(geometry)
    except (TypeError, ValueError, KeyError, IndexError):
        problems.add(f"Item {position}: its geometry cannot be read, it is left out")
        return {_POINT: None, _SHAPE: None}
    return {_POINT: centre and f"{centre['lat']},{centre['lon']}", _SHAPE: geometry}
