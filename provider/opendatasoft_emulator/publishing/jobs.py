"""The processing jobs of datasets: their resources, each with the location of its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ..processing import Http, Job, OtherPortalError, ProcessingError, Records, ResultSet, Source, Uploaded
from ..state.files import Files
from ..state.store import Document, Store
from .pushed import PushedRecords
from .remote import address, stand_in


@dataclass(frozen=True)
class DataLocations:
    """Where data is read from.

    Args:
        store: Holds the connections and the properties of uploaded files.
        files: The uploaded files.
        pushed: The records that were pushed to realtime resources.
        remote: The folder that stands in for remote hosts.
        portals: The URLs of other portals by domain_id.
        records: The records of the processed datasets.
    """

    store: Store
    files: Files
    pushed: PushedRecords
    remote: Path
    portals: Mapping[str, str]
    records: Records

    def read_dataset(self, dataset_id: str, domain_id: str | None) -> ResultSet | None:
        """The records of a published dataset; None when there is none. Raises OtherPortalError for another portal's."""
        if domain_id in self.portals:
            raise OtherPortalError
        published = self.store.find("published", "dataset_id", dataset_id)
        return self.records.read(published[0]["uid"]) if published else None


Configuration = dict[str, list[Document]]
"""The resources, field configurations and processors of a dataset."""


def configuration_of(store: Store, dataset_uid: str) -> Configuration:
    """The current configuration of a dataset."""
    return {kind: store.all(kind, dataset_uid) for kind in ("resource", "field", "processor")}


def lasting_configuration_of(store: Store, dataset_uid: str) -> Configuration:
    """The current configuration of a dataset, in a form that stays valid when connections and files are deleted.

    It contains connections and files in the place of their uids, with all secrets: no response may contain it.
    """
    configuration = configuration_of(store, dataset_uid)
    for resource in configuration["resource"]:
        datasource = resource["datasource"] or {}
        for kind, parent in (("connection", ""), ("file", dataset_uid)):
            reference = datasource.get(kind)
            if reference is not None:
                datasource[kind] = store.get(kind, reference["uid"], parent) or reference
    return configuration


def job_of(data_locations: DataLocations, dataset_uid: str, configuration: Configuration) -> Job:
    """The job of a dataset with this configuration. Raises ProcessingError when a resource cannot be read."""
    sources = [source_of(data_locations, dataset_uid, resource) for resource in configuration["resource"]]
    return Job(
        dataset_uid=dataset_uid,
        sources=tuple(source for source in sources if source is not None),
        fields=tuple(configuration["field"]),
        processors=tuple(configuration["processor"]),
        read_dataset=data_locations.read_dataset,
    )


def source_of(data_locations: DataLocations, dataset_uid: str, resource: Document) -> Source | None:
    """The source of a resource; None for a realtime one without pushed records. Raises ProcessingError."""
    datasource = resource["datasource"]
    if datasource is None:
        return _pushed(data_locations, dataset_uid, resource)
    kind = datasource["type"]
    if kind == "federated":
        return _federated(data_locations, resource)
    location: Uploaded | Http
    if kind == "uploaded_file":
        location = _uploaded(data_locations, dataset_uid, resource)
    elif kind == "http":
        location = _http(data_locations, resource)
    else:
        location = _remote(data_locations, resource)
    return _named(resource, resource["type"], resource["params"], location)


def _named(resource: Document, type: str, params: dict[str, Any], location: Uploaded | Http) -> Source:
    return Source(uid=resource["uid"], title=resource["title"], type=type, params=params, datasource=location)


def _pushed(data_locations: DataLocations, dataset_uid: str, resource: Document) -> Source | None:
    file = data_locations.pushed.complete_records(dataset_uid, resource["uid"])
    return None if file is None else _named(resource, "jsonlines", {}, file)


def _federated(data_locations: DataLocations, resource: Document) -> Source:
    datasource = resource["datasource"]
    domain, dataset_id = datasource["domain"]["domain_id"], datasource["dataset"]["dataset_id"]
    base = data_locations.portals.get(domain)
    if base is None:
        raise _unreadable(resource, f"this emulator knows no portal {domain} (setting federated_domains)")
    query = urlencode({"delimiter": ";", **(datasource.get("parameters") or {})})
    url = f"{base}/api/explore/v2.1/catalog/datasets/{quote(dataset_id)}/exports/csv?{query}"
    return _named(resource, "csvfile", {"separator": ";"}, Http(url=url, headers={}, auth=None))


def _uploaded(data_locations: DataLocations, dataset_uid: str, resource: Document) -> Uploaded:
    reference: Document = resource["datasource"]["file"]
    file = reference if "kept_as" in reference else data_locations.store.get("file", reference["uid"], dataset_uid)
    if file is None:
        raise _unreadable(resource, f"the file {reference['uid']} is not there")
    return Uploaded(data_locations.files.path(dataset_uid, file["kept_as"]), file["filename"])


def _http(data_locations: DataLocations, resource: Document) -> Http:
    datasource = resource["datasource"]
    connection = _connection(data_locations, resource)
    headers = [*(connection.get("headers") or []), *(datasource.get("headers") or [])]
    return Http(
        url=address(connection, datasource),
        headers={header["name"]: header["value"] for header in headers},
        auth=_login(resource, connection.get("auth")),
    )


def _remote(data_locations: DataLocations, resource: Document) -> Uploaded:
    datasource = resource["datasource"]
    connection = _connection(data_locations, resource) if datasource.get("connection") else {}
    try:
        file = stand_in(data_locations.remote, connection, datasource)
    except FileNotFoundError as error:
        raise _unreadable(resource, str(error)) from error
    if file is None:
        raise _unreadable(resource, f"a datasource of type {datasource['type']} cannot be read by this emulator")
    return file


def _connection(data_locations: DataLocations, resource: Document) -> Document:
    datasource = resource["datasource"]
    reference: Document = datasource["connection"]
    connection = reference if "type" in reference else data_locations.store.get("connection", reference["uid"])
    if connection is None:
        raise _unreadable(resource, "its connection is gone")
    if connection["type"] != datasource["type"]:
        raise _unreadable(resource, f"its connection is of type {connection['type']}, not {datasource['type']}")
    return connection


def _login(resource: Document, auth: dict[str, Any] | None) -> tuple[str, str] | None:
    if not auth:
        return None
    if auth["type"] != "basic_auth":
        raise _unreadable(resource, f"this emulator cannot log in by {auth['type']}")
    return auth["username"], auth.get("password") or ""


def _unreadable(resource: Document, reason: str) -> ProcessingError:
    return ProcessingError(f'Source "{resource["title"]}": {reason}', {"resource_uid": resource["uid"]})
