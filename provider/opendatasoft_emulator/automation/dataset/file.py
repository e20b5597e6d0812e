"""The uploaded files of a dataset: /datasets/{dataset_uid}/resources/files/. They cannot be listed or deleted."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import FileResponse

from ...errors import not_found
from ...portal import Portal
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..routes import Route
from .dependencies import Editable, changing
from .resource_schemas import DatasetFile
from .upload import DOWNLOAD, download, store_upload, uid_by_name

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
    """Store a file."""
    stored_file = store_upload(portal, dataset, file)
    with changing(portal, dataset, caller):
        uid = uid_by_name(portal, "file", dataset, stored_file["filename"])
        portal.store.put("file", uid, {"uid": uid, **stored_file}, parent=dataset["uid"])
    return {"uid": uid, **stored_file}


@router.get("/{file_uid}/", response_model=DatasetFile)
def get_file(file_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """The properties of a file."""
    return _file_of(portal, dataset, file_uid)


@router.get("/{file_uid}/download/", response_class=FileResponse, responses=DOWNLOAD)
def download_file(file_uid: str, dataset: Editable, portal: ThePortal) -> FileResponse:
    """The content of a file."""
    return download(portal, dataset, _file_of(portal, dataset, file_uid))
