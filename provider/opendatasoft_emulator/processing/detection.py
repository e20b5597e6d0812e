"""The detection of a file's extractor and parameters, from its name and its first lines."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import httpx

from . import EXTRACTORS, Http, Source

_BY_SUFFIX = {
    ".csv": "csvfile",
    ".tsv": "csvfile",
    ".txt": "csvfile",
    ".json": "jsonfile",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
    ".geojson": "geojsonfile",
    ".parquet": "parquet",
    ".xlsx": "xlsfile",
    ".xls": "xlsfile",
    ".ods": "xlsfile",
}
_SAMPLE = 64 * 1024
_SEPARATORS = (";", ",", "\t", "|")


def extractor_of(type: str) -> dict[str, Any] | None:
    """The catalogue entry of an extractor; None for an unknown one."""
    return next((one for one in EXTRACTORS if one["type"] == type), None)


def default_params(type: str) -> dict[str, Any]:
    """The parameters of an extractor that have defaults."""
    extractor = extractor_of(type)
    return {
        parameter["name"]: _typed_default(parameter)
        for parameter in (extractor["parameters"] if extractor else [])
        if "default" in parameter
    }


def _typed_default(parameter: dict[str, Any]) -> Any:
    """The default of a parameter in its type: the catalogue contains texts."""
    default = parameter["default"]
    match parameter["type"]:
        case "boolean":
            return default == "true"
        case "int":
            return int(default)
        case "double":
            return float(default)
        case _:
            return default


def likely_extractors(source: Source) -> list[dict[str, Any]]:
    """The extractor for the extension of the file's name; every extractor for an unknown extension."""
    likely = extractor_of(_BY_SUFFIX.get(PurePosixPath(_name(source)).suffix.lower(), ""))
    return [likely] if likely else list(EXTRACTORS)


def likely_params(source: Source) -> dict[str, Any]:
    """The default parameters of the source's extractor; for a CSV file with its separator and encoding."""
    params = default_params(source.type)
    if source.type == "csvfile" and (sample := _sample(source)):
        params["encoding"] = _encoding(sample)
        line = sample.decode(params["encoding"], "replace").partition("\n")[0]
        params["separator"] = max(_SEPARATORS, key=line.count)
    return params


def _name(source: Source) -> str:
    if isinstance(source.datasource, Http):
        return urlsplit(source.datasource.url).path
    return source.datasource.filename


def _sample(source: Source) -> bytes:
    datasource = source.datasource
    if not isinstance(datasource, Http):
        with datasource.path.open("rb") as file:
            return file.read(_SAMPLE)
    try:
        with httpx.stream(
            "GET", datasource.url, headers=datasource.headers, auth=datasource.auth, timeout=10
        ) as response:
            return next(response.iter_bytes(_SAMPLE), b"") if response.is_success else b""
    except httpx.HTTPError:
        return b""


def _encoding(sample: bytes) -> str:
    try:
        sample[: sample.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8"
