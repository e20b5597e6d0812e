"""The catalog of another portal of Opendatasoft, by its Explore API v2.1."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from .remote import CatalogError, Remote, RemoteDataset, RemoteResource

_PAGE = 100
_NEVER_REMOTE = frozenset(
    {"modified_updates_on_metadata_change", "modified_updates_on_data_change", "geographic_reference_auto"}
)


def read(harvester: Mapping[str, Any], folder: Path, portals: Mapping[str, str]) -> Iterator[RemoteDataset]:
    """Every dataset of the portal `domain`: its address, or an id among `portals`. Raises CatalogError."""
    base = _address(harvester["domain"], portals)
    key = harvester.get("api_key")
    # A portal that needs a key is read now: the key is in no address or header that the dataset's editors see.
    remote = Remote(folder, base, {"Authorization": f"Apikey {key}"} if key else {}, is_copied=bool(key))
    refine = [f"{_facet(name)}:{value}" for name, value in parse_qsl(harvester.get("refines") or "")]
    offset, total = 0, 1
    while offset < total:
        query = {"limit": _PAGE, "offset": offset, **({"refine": refine} if refine else {})}
        try:
            page = json.loads(remote.document(f"{base}/api/explore/v2.1/catalog/datasets", "datasets.json", query))
            total, results = int(page["total_count"]), page["results"]
        except (ValueError, KeyError, TypeError):
            raise CatalogError(f"{base} is no portal of Opendatasoft") from None
        for entry in results:
            yield _dataset(entry, base, remote, is_metadata_only=bool(harvester.get("metadata_only")))
        if not results or remote.is_stand_in:
            return
        offset += len(results)


def _address(domain: str, portals: Mapping[str, str]) -> str:
    if "://" in domain:
        return domain.rstrip("/")
    if domain in portals:
        return portals[domain].rstrip("/")
    if "." in domain:
        return f"https://{domain}"
    raise CatalogError(f"this emulator knows no portal {domain} (setting federated_domains)")


def _facet(name: str) -> str:
    return name.removeprefix("refine.")


def _dataset(entry: Mapping[str, Any], base: str, remote: Remote, *, is_metadata_only: bool) -> RemoteDataset:
    id = str(entry["dataset_id"])
    metas: Mapping[str, Any] = entry.get("metas", {}).get("default", {})
    metadata = {name: value for name, value in metas.items() if value is not None and name not in _NEVER_REMOTE}
    title, description = str(metas.get("title") or id), str(metas.get("description") or "")
    resources: tuple[RemoteResource, ...] = ()
    if entry.get("has_records") and not is_metadata_only:
        url = f"{base}/api/explore/v2.1/catalog/datasets/{quote(id)}/exports/csv?delimiter=%3B"
        resources = (remote.resource(title, url, "csv", {"separator": ";"}),)
    return RemoteDataset(id, title, description, id, metadata, resources)
