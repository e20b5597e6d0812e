"""What the processing of a dataset is given: its resources, each with the place where its data is."""

from typing import Any

from .files import Files
from .processing import Http, Job, ProcessingError, Source, Uploaded
from .store import Document, Store


def job_of(store: Store, files: Files, dataset_uid: str) -> Job:
    """The job of a dataset as it is configured now. Raises ProcessingError when a resource cannot be read here."""
    return Job(
        dataset_uid=dataset_uid,
        sources=tuple(
            _source(store, files, dataset_uid, resource)
            for resource in store.all("resource", dataset_uid)
            if resource.get("datasource")
        ),
        fields=tuple(store.all("field", dataset_uid)),
        processors=tuple(store.all("processor", dataset_uid)),
    )


def _source(store: Store, files: Files, dataset_uid: str, resource: Document) -> Source:
    datasource = resource["datasource"]
    place: Uploaded | Http
    if datasource["type"] == "uploaded_file":
        place = _uploaded(store, files, dataset_uid, datasource)
    elif datasource["type"] == "http":
        place = _http(store, resource)
    else:
        raise _unreadable(resource, f"a datasource of type {datasource['type']} cannot be read by this emulator")
    return Source(
        uid=resource["uid"],
        title=resource["title"],
        type=resource["type"],
        params=resource["params"],
        datasource=place,
    )


def _uploaded(store: Store, files: Files, dataset_uid: str, datasource: Document) -> Uploaded:
    file = store.get("file", datasource["file"]["uid"], dataset_uid)
    if file is None:
        raise ProcessingError(f"The file {datasource['file']['uid']} is not there.")
    return Uploaded(files.path(dataset_uid, file["kept_as"]), file["filename"])


def _http(store: Store, resource: Document) -> Http:
    datasource = resource["datasource"]
    connection = store.get("connection", datasource["connection"]["uid"])
    if connection is None:
        raise _unreadable(resource, "its connection is gone")
    if connection["type"] != "http":
        raise _unreadable(resource, f"its connection is of type {connection['type']}, not http")
    return Http(
        url=address(connection, datasource),
        headers={
            header["name"]: header["value"]
            for header in [*(connection.get("headers") or []), *(datasource.get("headers") or [])]
        },
        auth=_login(resource, connection.get("auth")),
    )


def address(connection: Document, datasource: Document) -> str:
    """The whole address of an HTTP datasource: that of its connection, with the relative one behind it."""
    base, relative = connection["url"], datasource.get("relative_url") or ""
    if not relative:
        return str(base)
    return f"{base.rstrip('/')}/{relative.lstrip('/')}"


def _login(resource: Document, auth: dict[str, Any] | None) -> tuple[str, str] | None:
    if not auth:
        return None
    if auth["type"] != "basic_auth":
        raise _unreadable(resource, f"this emulator cannot log in by {auth['type']}")
    return auth["username"], auth.get("password") or ""


def _unreadable(resource: Document, why: str) -> ProcessingError:
    return ProcessingError(f'Source "{resource["title"]}": {why}', {"resource_uid": resource["uid"]})
