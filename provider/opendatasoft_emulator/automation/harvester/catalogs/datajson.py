"""The catalog of a portal that describes its datasets in a `data.json` (DCAT-US 1.1, resources.data.gov)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .remote import CatalogError, Remote, RemoteDataset, RemoteResource, chosen, format_of, texts


def read(harvester: Mapping[str, Any], folder: Path, portals: Mapping[str, str]) -> Iterator[RemoteDataset]:
    """The public datasets, `number_of_datasets` of them at most. Raises CatalogError."""
    url = harvester["url"]
    if not url.endswith(".json"):
        url = f"{url.rstrip('/')}/data.json"
    remote = Remote(folder, url, is_copied=bool(harvester.get("download_resources")))
    try:
        catalog = json.loads(remote.document(url, "data.json"))
        # Before version 1.1 the catalog was the list of datasets itself.
        datasets = catalog["dataset"] if isinstance(catalog, Mapping) else list(catalog)
    except (ValueError, KeyError, TypeError):
        raise CatalogError(f"{url} is no catalog of DCAT-US") from None
    public = [one for one in datasets if one.get("accessLevel", "public") == "public"]
    for dataset in public[: harvester.get("number_of_datasets")]:
        yield _dataset(dataset, remote, is_metadata_only=bool(harvester.get("metadata_only")))


def _dataset(dataset: Mapping[str, Any], remote: Remote, *, is_metadata_only: bool) -> RemoteDataset:
    id, title = str(dataset.get("identifier") or dataset.get("title")), str(dataset.get("title") or "")
    publisher = dataset.get("publisher")
    metadata = {
        "title": title,
        "description": dataset.get("description"),
        "keyword": texts(dataset.get("keyword")),
        "theme": texts(dataset.get("theme")),
        "publisher": publisher.get("name") if isinstance(publisher, Mapping) else publisher,
        "license_url": dataset.get("license"),
        "modified": dataset.get("modified"),
        "references": dataset.get("landingPage"),
        "language": next((tag.partition("-")[0].lower() for tag in texts(dataset.get("language"))), None),
    }
    return RemoteDataset(
        id=id,
        title=title,
        description=str(dataset.get("description") or ""),
        metadata={name: value for name, value in metadata.items() if value},
        resources=() if is_metadata_only else tuple(_resources(dataset, remote)),
        problem="" if title else "it has no title",
    )


def _resources(dataset: Mapping[str, Any], remote: Remote) -> Iterator[RemoteResource]:
    listed = {str(one["downloadURL"]): one for one in dataset.get("distribution") or [] if one.get("downloadURL")}
    formats = {url: format_of(str(one.get("mediaType") or one.get("format") or ""), url) for url, one in listed.items()}
    for url in chosen(formats):
        yield remote.resource(str(listed[url].get("title") or dataset.get("title") or url), url, formats[url])
