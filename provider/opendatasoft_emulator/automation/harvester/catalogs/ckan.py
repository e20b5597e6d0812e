"""The catalog of a CKAN portal, by `package_search` of its Action API (docs.ckan.org, API guide)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .remote import CatalogError, Remote, RemoteDataset, RemoteResource, chosen, format_of, texts

_PAGE = 100


def read(harvester: Mapping[str, Any], folder: Path, portals: Mapping[str, str]) -> Iterator[RemoteDataset]:
    """The packages that the configuration selects, `limit` of them at most. Raises CatalogError."""
    base, key = harvester["url"].rstrip("/"), harvester.get("api_key")
    remote = Remote(
        folder, base, {"Authorization": key} if key else {}, is_copied=bool(harvester.get("download_resources"))
    )
    start, count, limit = harvester.get("offset") or 0, 0, harvester.get("limit")
    while limit is None or count < limit:
        rows = _PAGE if limit is None else min(_PAGE, limit - count)
        result = _search(remote, base, {"rows": rows, "start": start + count, **_selection(harvester)})
        packages = result["results"]
        for package in packages:
            yield _dataset(package, harvester, remote)
        count += len(packages)
        if not packages or remote.is_stand_in or start + count >= int(result["count"]):
            return


def _selection(harvester: Mapping[str, Any]) -> dict[str, str]:
    group = harvester.get("group")
    named = {"q": harvester.get("query"), "sort": harvester.get("sort"), "fq": f"groups:{group}" if group else None}
    return {name: value for name, value in named.items() if value}


def _search(remote: Remote, base: str, query: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        answer = json.loads(remote.document(f"{base}/action/package_search", "package_search.json", query))
        if answer["success"] is not True:
            raise CatalogError(f"{base} answered: {answer['error']['message']}")
        result: Mapping[str, Any] = answer["result"]
        return {"count": result["count"], "results": result["results"]}
    except (ValueError, KeyError, TypeError):
        raise CatalogError(f"{base} is no API of CKAN") from None


def _dataset(package: Mapping[str, Any], harvester: Mapping[str, Any], remote: Remote) -> RemoteDataset:
    language = harvester.get("language") or ""
    title = _in_language(package, "title", language) or str(package["name"])
    description = _in_language(package, "notes", language)
    organization = package.get("organization") or {}
    metadata = {
        "title": title,
        "description": description,
        "keyword": texts([tag.get("display_name") or tag.get("name") for tag in package.get("tags") or []]),
        "theme": texts([group.get("title") or group.get("name") for group in package.get("groups") or []]),
        "publisher": organization.get("title"),
        "license": package.get("license_title"),
        "license_url": package.get("license_url"),
        "modified": package.get("metadata_modified"),
        "references": package.get("url"),
        "language": language,
    }
    return RemoteDataset(
        id=str(package["id"]),
        title=title,
        description=description,
        metadata={name: value for name, value in metadata.items() if value},
        resources=() if harvester.get("metadata_only") else tuple(_resources(package, remote)),
    )


def _in_language(package: Mapping[str, Any], name: str, language: str) -> str:
    """A text in the chosen language, where the portal has translations (`title_translated`)."""
    translated = package.get(f"{name}_translated")
    if language and isinstance(translated, Mapping) and translated.get(language):
        return str(translated[language])
    return str(package.get(name) or "")


def _resources(package: Mapping[str, Any], remote: Remote) -> Iterator[RemoteResource]:
    listed = {str(one["url"]): one for one in package.get("resources") or [] if one.get("url")}
    formats = {url: format_of(str(one.get("format") or one.get("mimetype") or ""), url) for url, one in listed.items()}
    for url in chosen(formats):
        title = str(listed[url].get("name") or listed[url].get("id") or url)
        yield remote.resource(title, url, formats[url])
