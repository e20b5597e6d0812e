"""The catalogs that harvesters read: one module for each way in which a remote portal describes its datasets."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import ckan, csw, datajson, ftp, opendatasoft
from .remote import CatalogError, RemoteDataset

_Read = Callable[[Mapping[str, Any], Path, Mapping[str, str]], Iterator[RemoteDataset]]

_READERS: dict[str, _Read] = {
    "ckan": ckan.read,
    "csw": csw.read,
    "datajson": datajson.read,
    "ftp_csv": ftp.read,
    "ftp_with_meta_csv": ftp.read,
    "ods": opendatasoft.read,
}
"""The reader of each type that is carried out."""


def read_catalog(harvester: Mapping[str, Any], remote: Path, portals: Mapping[str, str]) -> list[RemoteDataset]:
    """The datasets that a harvester finds.

    Args:
        harvester: Its configuration, with its secrets.
        remote: The folder of the stand-ins for hosts that cannot be reached.
        portals: The addresses of other portals by their ids.

    Raises:
        CatalogError: The catalog cannot be read, or the type is not carried out.
    """
    kind = harvester["type"]
    reader = _READERS.get(kind)
    if reader is None:
        raise CatalogError(f"harvesters of type {kind} are not carried out by this emulator")
    try:
        return list(reader(harvester, remote / kind, portals))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise CatalogError(f"the catalog has another form than expected ({type(error).__name__})") from error


__all__ = ["CatalogError", "RemoteDataset", "read_catalog"]
