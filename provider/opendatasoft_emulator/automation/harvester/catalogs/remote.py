"""The datasets that a harvester finds on a remote portal, and the reading of its documents and resources.

They are read over HTTP, or from a folder that stands for a host which cannot be reached: `remote/TYPE/HOST` in the
portal's folder, for FTP `remote/ftp/HOST`. There a file has the path of its address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

EXTRACTORS = {
    "csv": "csvfile",
    "jsonl": "jsonlines",
    "json": "jsonfile",
    "geojson": "geojsonfile",
    "xlsx": "xlsfile",
    "xls": "xlsfile",
    "parquet": "parquet",
}
"""The extractor of each format that can be read. Where a dataset has several formats, the first of these is taken."""


class CatalogError(Exception):
    """The remote catalog cannot be read. The message contains no secret."""


@dataclass(frozen=True)
class RemoteResource:
    """A file of a remote dataset: at an address, or its content, where that is copied to this portal."""

    title: str
    type: str
    url: str = ""
    filename: str = ""
    content: bytes | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    """Why its content cannot be copied, if so."""


@dataclass(frozen=True)
class RemoteDataset:
    """A dataset of a remote catalog: `metadata` are bare values of the template `default`, as far as known."""

    id: str
    title: str
    description: str = ""
    dataset_id: str = ""
    """The dataset_id to use, if it is free; left out, it is made from the title."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    resources: tuple[RemoteResource, ...] = ()
    problem: str = ""
    """Why it cannot be harvested, if so."""


class Remote:
    """The host that a harvester reads.

    Args:
        folder: The folder of stand-ins for hosts of this type; it counts where it contains the host.
        url: The address of the host.
        headers: HTTP headers of every request.
        is_copied: Whether resources are copied rather than linked.
    """

    def __init__(
        self, folder: Path, url: str, headers: Mapping[str, str] | None = None, *, is_copied: bool = False
    ) -> None:
        host = _parts(url).hostname or "unknown"
        stand_in = (folder / host).resolve()
        self._folder = stand_in if stand_in.is_dir() and stand_in.is_relative_to(folder.resolve()) else None
        self._headers = dict(headers or {})
        self._is_copied = is_copied or self._folder is not None

    def document(self, url: str, stand_in: str, query: Mapping[str, Any] | None = None) -> bytes:
        """A document of the catalog; from a folder, the file `stand_in`. Raises CatalogError."""
        if self._folder is None:
            return self._get(url, query)
        path = self._folder / stand_in
        try:
            return path.read_bytes()
        except OSError:
            raise CatalogError(f"there is no file {path}, which stands for it") from None

    @property
    def is_stand_in(self) -> bool:
        """Whether a folder stands for the host, so that a catalog has one page."""
        return self._folder is not None

    def resource(self, title: str, url: str, format: str, params: Mapping[str, Any] | None = None) -> RemoteResource:
        """A resource at an address, with its content if it is copied."""
        path = PurePosixPath(unquote(_parts(url).path))
        filename = path.name if path.suffix else f"{path.name or 'data'}.{format}"
        content, problem = None, ""
        if self._is_copied:
            try:
                content = self._content(url, path)
            except CatalogError as error:
                problem = str(error)
        return RemoteResource(title, EXTRACTORS[format], url, filename, content, dict(params or {}), problem)

    def _content(self, url: str, path: PurePosixPath) -> bytes:
        if self._folder is not None:
            file = self._folder.joinpath(*path.parts[1:]).resolve()
            if file.is_relative_to(self._folder) and file.is_file():
                return file.read_bytes()
        return self._get(url)

    def _get(self, url: str, query: Mapping[str, Any] | None = None) -> bytes:
        address = _without_query(url)
        try:
            response = httpx.get(
                url, params=query or None, headers=self._headers, timeout=_TIMEOUT, follow_redirects=True
            )
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise CatalogError(f"{address} cannot be reached ({type(error).__name__})") from None
        if not response.is_success:
            raise CatalogError(f"{address} answered {response.status_code} {response.reason_phrase}")
        return response.content


def chosen(formats: Mapping[str, str]) -> list[str]:
    """The addresses whose format is the best one that can be read, of a mapping from addresses to formats."""
    for known in EXTRACTORS:
        found = [url for url, format in formats.items() if format == known]
        if found:
            return found
    return []


def format_of(named: str, url: str) -> str:
    """The format of a resource: as it is named (`CSV`, `text/csv`), else the end of its address; "" if unknown."""
    words = named.lower().replace("application/vnd.geo+json", "geojson").replace("application/geo+json", "geojson")
    word = words.rpartition("/")[2].strip(". ")
    if word in EXTRACTORS:
        return word
    suffix = PurePosixPath(_parts(url).path).suffix.lower().removeprefix(".")
    return suffix if suffix in EXTRACTORS else ""


def texts(values: Any) -> list[str]:
    """The texts of a list that are not empty; of a single text, that one."""
    items = values if isinstance(values, list) else [values]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def _parts(url: str) -> Any:
    try:
        return urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        raise CatalogError("the address is none") from None


def _without_query(url: str) -> str:
    parts = _parts(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
