"""Answers of harvested portals, in the form that is publicly documented for each kind, and a server that gives them.

The documents are our own; their members and their nesting are those of

- CKAN: the guide of its Action API (docs.ckan.org, "API guide", `package_search`) and the schema of its packages;
- DCAT-US: the schema of `data.json` (resources.data.gov, Project Open Data Metadata Schema v1.1);
- CSW: GetRecords of OGC 07-006r1 with records of the ISO application profile (OGC 07-045) and of Dublin Core, as
  GeoNetwork and pycsw write them (`nextRecord` 0 at the end, `gmx:Anchor` in the place of a text);
- Opendatasoft: `/catalog/datasets` of the Explore API v2.1 (help.opendatasoft.com, Explore API reference).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

CSV = b"month,chf\n2026-01,1200\n2026-02,800\n"


class Answers:
    """The answers of a server by path, and the requests that it has had: path, query, `Authorization`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.by_path: dict[str, bytes] = {}
        self.requests: list[tuple[str, dict[str, list[str]], str | None]] = []

    def put(self, path: str, document: Any) -> None:
        """Answer requests for a path with a document, as JSON unless it is bytes."""
        self.by_path[path] = document if isinstance(document, bytes) else json.dumps(document).encode()

    def queries(self, path: str) -> list[dict[str, list[str]]]:
        """The queries of the requests for a path."""
        return [query for requested, query, _ in self.requests if requested == path]


@contextmanager
def serving() -> Iterator[Answers]:
    """Start a server whose answers the test gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            answers.requests.append((parts.path, parse_qs(parts.query), self.headers["Authorization"]))
            content = answers.by_path.get(parts.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        answers = Answers(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield answers
        finally:
            server.shutdown()
            thread.join()


def ckan_package(address: str, **other: Any) -> dict[str, Any]:
    """A package of CKAN with two formats of the same data."""
    return {
        "id": "f54f9d33-6d42-4a75-b0fd-6f3c5d3f4b20",
        "name": "city-spending",
        "title": "Spending of the city",
        "title_translated": {"en": "Spending of the city", "fr": "Dépenses de la ville"},
        "notes": "Payments above 500 francs",
        "notes_translated": {"en": "Payments above 500 francs", "fr": "Paiements de plus de 500 francs"},
        "author": None,
        "isopen": True,
        "license_id": "cc-by",
        "license_title": "Creative Commons Attribution",
        "license_url": "http://www.opendefinition.org/licenses/cc-by",
        "metadata_created": "2026-01-05T10:12:00.123456",
        "metadata_modified": "2026-02-03T08:00:00.654321",
        "num_resources": 3,
        "organization": {"id": "o1", "name": "finance", "title": "Department of finance", "type": "organization"},
        "groups": [{"id": "g1", "name": "finance", "title": "Finance", "display_name": "Finance"}],
        "tags": [
            {"id": "t1", "name": "spending", "display_name": "spending", "state": "active", "vocabulary_id": None},
            {"id": "t2", "name": "payments", "display_name": "payments", "state": "active", "vocabulary_id": None},
        ],
        "extras": [{"key": "frequency", "value": "monthly"}],
        "private": False,
        "state": "active",
        "type": "dataset",
        "url": None,
        "resources": [
            {
                "id": "r1",
                "name": "A page about it",
                "format": "HTML",
                "mimetype": None,
                "url": f"{address}/about.html",
                "state": "active",
            },
            {"id": "r2", "name": "As JSON", "format": "JSON", "mimetype": None, "url": f"{address}/spending.json"},
            {"id": "r3", "name": "As CSV", "format": "CSV", "mimetype": "text/csv", "url": f"{address}/spending"},
        ],
        **other,
    }


def ckan_found(*packages: Mapping[str, Any], count: int | None = None) -> dict[str, Any]:
    """The answer of `package_search`."""
    return {
        "help": "https://data.example/api/3/action/help_show?name=package_search",
        "success": True,
        "result": {
            "count": len(packages) if count is None else count,
            "sort": "score desc, metadata_modified desc",
            "facets": {},
            "results": list(packages),
            "search_facets": {},
        },
    }


CKAN_REFUSAL = {
    "help": "https://data.example/api/3/action/help_show?name=package_search",
    "success": False,
    "error": {"__type": "Authorization Error", "message": "Access denied"},
}


def data_json(*datasets: Mapping[str, Any]) -> dict[str, Any]:
    """A catalog of DCAT-US 1.1."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": list(datasets),
    }


def data_json_dataset(address: str, **other: Any) -> dict[str, Any]:
    """A dataset of DCAT-US 1.1."""
    return {
        "@type": "dcat:Dataset",
        "identifier": "town-1",
        "title": "Spending of the town",
        "description": "Payments of the town",
        "keyword": ["spending", "town"],
        "theme": ["Finance"],
        "modified": "2026-02-03",
        "language": ["en-US"],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "accessLevel": "public",
        "landingPage": "https://town.example/spending",
        "publisher": {"@type": "org:Organization", "name": "The town"},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Open data", "hasEmail": "mailto:data@town.example"},
        "distribution": [
            {"@type": "dcat:Distribution", "accessURL": "https://town.example/api", "format": "API"},
            {"@type": "dcat:Distribution", "downloadURL": f"{address}/spending.csv", "mediaType": "text/csv"},
        ],
        **other,
    }


def csw_records(*records: str, following: int = 0) -> bytes:
    """The answer of GetRecords."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:dct="http://purl.org/dc/terms/" xmlns:gmd="http://www.isotc211.org/2005/gmd"
    xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" version="2.0.2">
  <csw:SearchStatus timestamp="2026-03-01T06:45:54Z"/>
  <csw:SearchResults numberOfRecordsMatched="2" numberOfRecordsReturned="{len(records)}" nextRecord="{following}"
      recordSchema="http://www.isotc211.org/2005/gmd" elementSet="full">{"".join(records)}</csw:SearchResults>
</csw:GetRecordsResponse>""".encode()


def iso_record(address: str) -> str:
    """A record of ISO 19139."""

    def text(value: str) -> str:
        return f"<gco:CharacterString>{value}</gco:CharacterString>"

    def keywords(thesaurus: str, *words: str) -> str:
        every = "".join(f"<gmd:keyword>{word}</gmd:keyword>" for word in words)
        title = f"<gmd:CI_Citation><gmd:title>{text(thesaurus)}</gmd:title></gmd:CI_Citation>"
        name = f"<gmd:thesaurusName>{title}</gmd:thesaurusName>" if thesaurus else ""
        return f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{every}{name}</gmd:MD_Keywords></gmd:descriptiveKeywords>"

    return f"""<gmd:MD_Metadata>
  <gmd:fileIdentifier>{text("32d542c1-b956-4579-91df-2a43b183d8b3")}</gmd:fileIdentifier>
  <gmd:language><gmd:LanguageCode codeList="http://www.loc.gov/standards/iso639-2/" codeListValue="fre"/></gmd:language>
  <gmd:dateStamp><gco:Date>2026-02-03</gco:Date></gmd:dateStamp>
  <gmd:identificationInfo><gmd:MD_DataIdentification>
    <gmd:citation><gmd:CI_Citation><gmd:title>{text("Zones inondables")}</gmd:title></gmd:CI_Citation></gmd:citation>
    <gmd:abstract>{text("Zones à risque.&#10;Deux niveaux.")}</gmd:abstract>
    <gmd:pointOfContact><gmd:CI_ResponsibleParty>
      <gmd:organisationName>{text("Le canton")}</gmd:organisationName>
    </gmd:CI_ResponsibleParty></gmd:pointOfContact>
    {keywords("", text("inondation"))}
    {keywords("GEMET", text("water"), '<gmx:Anchor xmlns:gmx="http://www.isotc211.org/2005/gmx">risk</gmx:Anchor>')}
    <gmd:resourceConstraints><gmd:MD_LegalConstraints>
      <gmd:otherConstraints>{text("open")}</gmd:otherConstraints>
    </gmd:MD_LegalConstraints></gmd:resourceConstraints>
  </gmd:MD_DataIdentification></gmd:identificationInfo>
  <gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions><gmd:MD_DigitalTransferOptions>
    <gmd:onLine><gmd:CI_OnlineResource>
      <gmd:linkage><gmd:URL>{address}/wms?service=WMS</gmd:URL></gmd:linkage>
      <gmd:protocol>{text("OGC:WMS")}</gmd:protocol>
    </gmd:CI_OnlineResource></gmd:onLine>
    <gmd:onLine><gmd:CI_OnlineResource>
      <gmd:linkage><gmd:URL>{address}/zones.csv</gmd:URL></gmd:linkage>
      <gmd:protocol>{text("WWW:DOWNLOAD-1.0-http--download")}</gmd:protocol>
    </gmd:CI_OnlineResource></gmd:onLine>
  </gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>
</gmd:MD_Metadata>"""


DUBLIN_CORE_RECORD = """<csw:Record>
  <dc:identifier>img2k</dc:identifier>
  <dc:title>Images of the canton</dc:title>
  <dc:type>dataset</dc:type>
  <dc:subject>images</dc:subject>
  <dc:publisher>The canton</dc:publisher>
  <dct:abstract>Seen from above</dct:abstract>
</csw:Record>"""

CSW_EXCEPTION = b"""<?xml version="1.0"?>
<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.2.0">
  <ows:Exception exceptionCode="MissingParameterValue" locator="constraintLanguage">
    <ows:ExceptionText>Missing value for constraintLanguage</ows:ExceptionText>
  </ows:Exception>
</ows:ExceptionReport>"""


def explore_dataset(dataset_id: str, **default: Any) -> dict[str, Any]:
    """A dataset in the catalog of the Explore API."""
    metas = {"title": dataset_id.title(), "description": None, "modified": "2026-02-03T08:00:00+00:00", **default}
    return {
        "visibility": "domain",
        "dataset_id": dataset_id,
        "dataset_uid": "da_abc123",
        "has_records": True,
        "features": ["analyze"],
        "attachments": [],
        "alternative_exports": [],
        "data_visible": True,
        "fields": [{"name": "month", "label": "month", "type": "text", "description": None, "annotations": {}}],
        "metas": {"default": {**metas, "records_count": 2, "federated": False}},
    }
