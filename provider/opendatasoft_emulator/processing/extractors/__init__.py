"""The extractors, which read the records of a source from its file."""

from dataclasses import dataclass
from typing import Any

from ..files import UnreadableFile
from ..parameters import Parameter, catalogue_entry
from . import csvfile, geojsonfile, jsonfile, jsonlines, parquet, xlsfile
from .loading import Load, Loading, by_rows

__all__ = ["KNOWN", "Extractor", "Loading", "UnreadableFile"]


@dataclass(frozen=True)
class Extractor:
    """One type of extractor: its name in the API, its label, its parameters, and its function that reads a file."""

    type: str
    label: str
    parameters: tuple[Parameter, ...]
    suffixes: tuple[str, ...]
    """The suffixes of the names of its files. Each may be compressed, or in an archive."""
    load: Load

    def as_document(self) -> dict[str, Any]:
        """The extractor as an entry of the service's catalogue."""
        return catalogue_entry(self.type, self.label, self.parameters)


_JSON_FILE = by_rows(jsonfile.rows, "item {}")
_JSON_LINES = by_rows(jsonlines.rows, "line {}")
_GEOJSON_FILE = by_rows(geojsonfile.rows, "feature {}")

KNOWN = {
    extractor.type: extractor
    for extractor in (
        Extractor("csvfile", "CSV File", csvfile.PARAMETERS, csvfile.SUFFIXES, csvfile.load),
        Extractor("jsonfile", "JSON File", jsonfile.PARAMETERS, (".json",), _JSON_FILE),
        Extractor("jsonlines", "JSON Lines", jsonlines.PARAMETERS, (".jsonl", ".ndjson"), _JSON_LINES),
        Extractor(
            "geojsonfile",
            "GeoJSON File",
            geojsonfile.PARAMETERS,
            (".geojson",),
            _GEOJSON_FILE,
        ),
        Extractor("xlsfile", "Spreadsheet (XLS, XLSX, ODS)", xlsfile.PARAMETERS, xlsfile.SUFFIXES, xlsfile.load),
        Extractor("parquet", "Parquet File", parquet.PARAMETERS, (".parquet",), parquet.load),
        Extractor("files_csv", "Folder of CSV Files", csvfile.PARAMETERS, csvfile.SUFFIXES, csvfile.load),
    )
}
"""Every extractor by its type. `csvfile`, `jsonfile` and `files_csv` are the service's own names; the others are not
public, and named alike.
"""
