"""A folder of an FTP server whose datasets are described in a CSV file: the stand-in folder `remote/ftp/HOST`.

The platform's public user guide describes the file for the type `ftp_with_meta_csv`: one row per dataset, with an
identifier in `name`, the file of the dataset in a column whose name can be configured, lists separated by semicolons,
and a metadata field in every other column. The type `ftp_csv` is read in the same way, with any usual separator.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from .remote import EXTRACTORS, CatalogError, RemoteDataset, RemoteResource

_LISTS = ("keyword", "theme", "geographic_reference", "attributions")


def read(harvester: Mapping[str, Any], folder: Path, portals: Mapping[str, str]) -> Iterator[RemoteDataset]:
    """The datasets that the metadata file lists. Raises CatalogError."""
    host = str(harvester["host"]).removeprefix("ftp://").removeprefix("ftps://").strip("/")
    root = folder.parent / "ftp"
    directory = (root / host / str(harvester.get("directory") or "").strip("/")).resolve()
    if not directory.is_relative_to(root.resolve()) or not directory.is_dir():
        raise CatalogError(f"there is no folder {directory}, which stands for the server")
    column, schema = _columns(harvester)
    file = (directory / str(harvester["metadata_file"]).lstrip("/")).resolve()
    if not file.is_relative_to(directory):
        raise CatalogError(f"there is no file {harvester['metadata_file']} in the folder")
    for number, row in enumerate(_rows(file, harvester.get("csv_separator")), 1):
        yield _dataset(row, number, directory, column, schema, is_metadata_only=bool(harvester.get("metadata_only")))


def _columns(harvester: Mapping[str, Any]) -> tuple[str, str]:
    """The columns of a dataset's file and of its schema, "" for none."""
    if harvester["type"] == "ftp_csv":
        return harvester.get("metadata_join_key") or "source_dataset", ""
    return harvester.get("resource_location_column") or "source_dataset", harvester.get("resource_schema_column") or ""


def _rows(file: Path, separator: str | None) -> list[dict[str, str]]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise CatalogError(f"there is no file {file} in UTF-8, which stands for the metadata") from None
    if not separator:
        header = text.partition("\n")[0]
        separator = max(";,\t|", key=header.count)
    try:
        return list(csv.DictReader(io.StringIO(text), delimiter=separator))
    except (csv.Error, TypeError) as error:
        raise CatalogError(f"{file.name} cannot be read as CSV ({error})") from None


def _dataset(
    row: Mapping[str, str], number: int, directory: Path, column: str, schema: str, *, is_metadata_only: bool
) -> RemoteDataset:
    name, file = (row.get("name") or "").strip(), (row.get(column) or "").strip()
    title = (row.get("title") or name).strip()
    own = {"name", column, schema}
    values = {field: value.strip() for field, value in row.items() if field and field not in own and value}
    metadata = {
        field: [part.strip() for part in value.split(";") if part.strip()] if field in _LISTS else value
        for field, value in values.items()
    }
    id = name or file or f"row {number}"
    dataset = RemoteDataset(id, title, values.get("description", ""), metadata={**metadata, "title": title})
    if not title:
        return RemoteDataset(id, id, problem="it has neither a name nor a title")
    if is_metadata_only or not file:
        return dataset
    resource = _resource(title, directory, file)
    if resource is None:
        return RemoteDataset(id, title, dataset.description, problem=f"there is no file {file} that can be read")
    return RemoteDataset(id, title, dataset.description, metadata=dataset.metadata, resources=(resource,))


def _resource(title: str, directory: Path, file: str) -> RemoteResource | None:
    path = directory.joinpath(*PurePosixPath(file.lstrip("/")).parts).resolve()
    format = path.suffix.lower().removeprefix(".")
    if format not in EXTRACTORS or not path.is_relative_to(directory) or not path.is_file():
        return None
    return RemoteResource(title, EXTRACTORS[format], filename=path.name, content=path.read_bytes())
