"""The files that are sent to a dataset: /datasets/{dataset_uid}/resources/files/. There is no list and no delete."""

import mimetypes
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import FileResponse

from ...bodies import Route
from ...errors import not_found
from ...identifiers import free_name, now
from ...portal import Portal
from ...security import TheCaller, ThePortal
from ...store import Document
from .reach import Editable, changing
from .resource_shapes import DatasetFile

router = APIRouter(prefix="/datasets/{dataset_uid}/resources/files", tags=["Dataset resources"], route_class=Route)


def _file_of(portal: Portal, dataset: Document, file_uid: str) -> Document:
    file = portal.store.get("file", file_uid, dataset["uid"])
    if file is None:
        raise not_found()
    return file


@router.post("/", response_model=DatasetFile, status_code=201)
def upload_file(
    dataset: Editable, file: Annotated[UploadFile, File()], caller: TheCaller, portal: ThePortal
) -> Document:
    """Keep a file. Its uid is its name; a name that is taken gets a number, or its new content."""
    filename = PurePath(file.filename or "file").name
    kept_as = portal.files.keep(dataset["uid"], file.file)
    with changing(portal, dataset, caller):
        known = {one["uid"] for one in portal.store.all("file", dataset["uid"])}
        uid = filename
        if portal.settings.same_file_name == "suffix":
            stem, suffix = PurePath(filename).stem, PurePath(filename).suffix
            taken = {one.removesuffix(suffix) for one in known if one.endswith(suffix)}
            uid = free_name(stem, taken, "_") + suffix
        told: Document = {
            "uid": uid,
            "filename": filename,
            "mimetype": mimetypes.guess_type(filename)[0],
            "created_at": now(),
            "kept_as": kept_as,
        }
        portal.store.put("file", uid, told, parent=dataset["uid"])
    return told


@router.get("/{file_uid}/", response_model=DatasetFile)
def get_file(file_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """What is known of a file."""
    return _file_of(portal, dataset, file_uid)


@router.get(
    "/{file_uid}/download/",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def download_file(file_uid: str, dataset: Editable, portal: ThePortal) -> FileResponse:
    """The content of a file, byte by byte as it was sent."""
    file = _file_of(portal, dataset, file_uid)
    path = portal.files.path(dataset["uid"], file["kept_as"])
    return FileResponse(path, media_type="application/octet-stream", filename=file["filename"])
