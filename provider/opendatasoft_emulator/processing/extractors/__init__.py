"""The extractors, which read the records of a source from its file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..columns import Columns, Record
from ..files import Member
from ..parameters import Parameter
from ..problems import Problems
from . import csvfile, geojsonfile, jsonfile, jsonlines, parquet, xlsfile
from .errors import UnreadableFile

__all__ = ["KNOWN", "Extractor", "UnreadableFile"]


@dataclass(frozen=True)
class Extractor:
    """One type of extractor: its name in the API, its label, its parameters, and its reading function."""

    type: str
    label: str
    parameters: tuple[Parameter, ...]
    suffixes: tuple[str, ...]
    """The suffixes of the names of its files. Each may be compressed, or in an archive."""
    rows: Callable[[Member, dict[str, Any], Columns, Problems], Iterator[Record]]
    """Reads the records of a file.

    Its arguments are the file, the values of all parameters, the columns of the dataset, to which it adds its own, and
    the problems, to which it adds what it skips. It raises WrongParameter or UnreadableFile.
    """

    def as_document(self) -> dict[str, Any]:
        """The extractor as an entry of the service's catalogue."""
        return {
            "type": self.type,
            "label": self.label,
            "parameters": [parameter.as_document() for parameter in self.parameters],
        }


KNOWN = {
    extractor.type: extractor
    for extractor in (
        Extractor("csvfile", "CSV File", csvfile.PARAMETERS, csvfile.SUFFIXES, csvfile.rows),
        Extractor("jsonfile", "JSON File", jsonfile.PARAMETERS, (".json",), jsonfile.rows),
        Extractor("jsonlines", "JSON Lines", jsonlines.PARAMETERS, (".jsonl", ".ndjson"), jsonlines.rows),
        Extractor("geojsonfile", "GeoJSON File", geojsonfile.PARAMETERS, (".geojson",), geojsonfile.rows),
        Extractor("xlsfile", "Spreadsheet (XLS, XLSX, ODS)", xlsfile.PARAMETERS, xlsfile.SUFFIXES, xlsfile.rows),
        Extractor("parquet", "Parquet File", parquet.PARAMETERS, (".parquet",), parquet.rows),
        Extractor("files_csv", "Folder of CSV Files", csvfile.PARAMETERS, csvfile.SUFFIXES, csvfile.rows),
    )
}
"""Every extractor by its type. `csvfile`, `jsonfile` and `files_csv` are the service's own names; the others are not
public, and named alike.
"""
