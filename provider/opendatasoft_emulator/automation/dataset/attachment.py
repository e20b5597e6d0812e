"""The attachments of a dataset: /datasets/{dataset_uid}/attachments/. They are created and deleted, never changed."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import FileResponse

from ...errors import not_found
from ...portal import Portal
from ...state.identifiers import new_uid
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from .dependencies import Editable, changing
from .resource_schemas import DatasetFile
from .upload import DOWNLOAD, download, store_upload, uid_by_name

router = APIRouter(prefix="/datasets/{dataset_uid}/attachments", tags=["Dataset attachments"], route_class=Route)


def _attachment_of(portal: Portal, dataset: Document, uid: str) -> Document:
    attachment = portal.store.get("attachment", uid, dataset["uid"])
    if attachment is None:
        raise not_found()
    return attachment


@router.get("/", response_model=Paginated[DatasetFile])
def list_attachments(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The attachments."""
    return page.render(portal.store.all("attachment", dataset["uid"]))


@router.post("/", response_model=DatasetFile, status_code=201)
def create_attachment(
    dataset: Editable, file: Annotated[UploadFile, File()], caller: TheCaller, portal: ThePortal
) -> Document:
    """Create an attachment."""
    stored_file = store_upload(portal, dataset, file)
    with changing(portal, dataset, caller):
        uid = new_uid("at")
        if portal.settings.attachment_uid == "filename":
            uid = uid_by_name(portal, "attachment", dataset, stored_file["filename"])
        portal.store.put("attachment", uid, {"uid": uid, **stored_file}, parent=dataset["uid"])
    return {"uid": uid, **stored_file}


@router.get("/{attachment_uid}/", response_model=DatasetFile)
def get_attachment(attachment_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """The properties of an attachment."""
    return _attachment_of(portal, dataset, attachment_uid)


@router.delete("/{attachment_uid}/", status_code=204)
def delete_attachment(attachment_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete an attachment."""
    with changing(portal, dataset, caller):
        if not portal.store.delete("attachment", attachment_uid, dataset["uid"]):
            raise not_found()


@router.get("/{attachment_uid}/download/", response_class=FileResponse, responses=DOWNLOAD)
def download_attachment(attachment_uid: str, dataset: Editable, portal: ThePortal) -> FileResponse:
    """The content of an attachment."""
    return download(portal, dataset, _attachment_of(portal, dataset, attachment_uid))
