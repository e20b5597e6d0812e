"""The catalog of a CSW 2.0.2 (OGC 07-006r1), by GetRecords: records of ISO 19139, or of Dublin Core."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .remote import CatalogError, Remote, RemoteDataset, chosen, format_of

_PAGE = 50
_NAMES = {
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "ows": "http://www.opengis.net/ows",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
}
_QUERY = {
    "service": "CSW",
    "version": "2.0.2",
    "request": "GetRecords",
    "resultType": "results",
    "elementSetName": "full",
    "typeNames": "gmd:MD_Metadata",
    "outputSchema": _NAMES["gmd"],
    "maxRecords": _PAGE,
}
_LANGUAGES = {
    "eng": "en",
    "fre": "fr",
    "fra": "fr",
    "ger": "de",
    "deu": "de",
    "dut": "nl",
    "nld": "nl",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "cat": "ca",
    "baq": "eu",
    "eus": "eu",
    "swe": "sv",
    "ara": "ar",
}


def read(harvester: Mapping[str, Any], folder: Path, portals: Mapping[str, str]) -> Iterator[RemoteDataset]:
    """Every record of the catalog. Raises CatalogError."""
    url = harvester["url"]
    remote = Remote(folder, url)
    language = {"constraintLanguage": "CQL_TEXT"} if harvester.get("constraint_language") else {}
    start = 1
    while start:
        query = {**_QUERY, **language, "startPosition": start}
        results = _results(remote.document(url, "records.xml", query), url)
        records = [*results.findall("gmd:MD_Metadata", _NAMES), *results.findall("csw:Record", _NAMES)]
        for record in records:
            yield _dataset(record, harvester, remote)
        following = int(results.get("nextRecord") or 0)
        start = 0 if remote.is_stand_in or following <= start or not records else following


def _results(document: bytes, url: str) -> Element:
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError:
        raise CatalogError(f"{url} answered no XML") from None
    results = root.find("csw:SearchResults", _NAMES)
    if results is None:
        reason = _text(root, ".//ows:ExceptionText") or "without search results"
        raise CatalogError(f"{url} answered: {reason}")
    return results


def _dataset(record: Element, harvester: Mapping[str, Any], remote: Remote) -> RemoteDataset:
    is_iso = record.tag == f"{{{_NAMES['gmd']}}}MD_Metadata"
    id, metadata, files = _of_iso(record, harvester) if is_iso else _of_dublin_core(record)
    if harvester.get("insert_br_in_description"):
        metadata["description"] = metadata["description"].replace("\n", "<br>")
    if metadata.get("license") in harvester["licenses_mapping"]:
        metadata["license"] = harvester["licenses_mapping"][metadata["license"]]
    title = metadata["title"]
    resources = () if harvester.get("metadata_only") else tuple(remote.resource(title, *one) for one in files)
    return RemoteDataset(
        id=id,
        title=title or id,
        description=metadata["description"],
        metadata={name: value for name, value in metadata.items() if value},
        resources=resources,
        problem="" if title else "it has no title",
    )


def _of_iso(record: Element, harvester: Mapping[str, Any]) -> tuple[str, dict[str, Any], list[tuple[str, str]]]:
    info = record.find("gmd:identificationInfo/*", _NAMES)
    info = Element("none") if info is None else info
    keywords, themes = _keywords(info, harvester)
    code = record.find("gmd:language/gmd:LanguageCode", _NAMES)
    language = (code.get("codeListValue") if code is not None else None) or _text(record, "gmd:language/*") or ""
    constraints = "gmd:resourceConstraints/gmd:MD_LegalConstraints"
    metadata = {
        "title": _text(info, "gmd:citation/gmd:CI_Citation/gmd:title/*"),
        "description": _text(info, "gmd:abstract/*"),
        "keyword": keywords,
        "theme": themes,
        "publisher": _text(info, "gmd:pointOfContact/gmd:CI_ResponsibleParty/gmd:organisationName/*"),
        "license": _text(info, f"{constraints}/gmd:otherConstraints/*")
        or _text(info, f"{constraints}/gmd:useLimitation/*"),
        "modified": _text(record, "gmd:dateStamp/*"),
        "language": _LANGUAGES.get(language.lower(), language.lower()[:2]),
    }
    online = record.findall(
        "gmd:distributionInfo/gmd:MD_Distribution/gmd:transferOptions/gmd:MD_DigitalTransferOptions/gmd:onLine/"
        "gmd:CI_OnlineResource",
        _NAMES,
    )
    formats = {url: format_of("", url) for one in online if (url := _text(one, "gmd:linkage/gmd:URL"))}
    return _text(record, "gmd:fileIdentifier/*"), metadata, [(url, formats[url]) for url in chosen(formats)]


def _keywords(info: Element, harvester: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The keywords and the themes: by thesaurus, where the harvester names them."""
    mapping: Mapping[str, Mapping[str, str]] = harvester["themes_mapping"]
    keywords: list[str] = []
    themes: list[str] = []
    for group in info.findall("gmd:descriptiveKeywords/gmd:MD_Keywords", _NAMES):
        thesaurus = _text(group, "gmd:thesaurusName/gmd:CI_Citation/gmd:title/*")
        words = [word for one in group.findall("gmd:keyword/*", _NAMES) if (word := (one.text or "").strip())]
        if thesaurus in mapping:
            themes += [mapping[thesaurus][word] for word in words if word in mapping[thesaurus]]
        elif thesaurus and thesaurus == harvester.get("theme_thesaurus"):
            themes += words
        if harvester.get("keywords_thesaurus") in ("", None, thesaurus):
            keywords += words
    return list(dict.fromkeys(keywords)), list(dict.fromkeys(themes))


def _of_dublin_core(record: Element) -> tuple[str, dict[str, Any], list[tuple[str, str]]]:
    subjects = [text for one in record.findall("dc:subject", _NAMES) if (text := (one.text or "").strip())]
    metadata = {
        "title": _text(record, "dc:title"),
        "description": _text(record, "dct:abstract") or _text(record, "dc:description"),
        "keyword": subjects,
        "publisher": _text(record, "dc:publisher"),
        "license": _text(record, "dc:rights"),
        "modified": _text(record, "dct:modified"),
        "language": _LANGUAGES.get(_text(record, "dc:language").lower(), _text(record, "dc:language").lower()[:2]),
    }
    formats = {url: format_of("", url) for one in record.findall("dct:references", _NAMES) if (url := one.text or "")}
    return _text(record, "dc:identifier"), metadata, [(url, formats[url]) for url in chosen(formats)]


def _text(element: Element, path: str) -> str:
    """The text of the first element at a path, "" without one."""
    return (element.findtext(path, "", _NAMES) or "").strip()
