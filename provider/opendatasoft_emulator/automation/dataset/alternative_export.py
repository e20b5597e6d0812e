"""The alternative exports of a dataset, files beside its records: /datasets/{dataset_uid}/alternative_exports/.

An export that consists of a URL can be read, if it exists; the API cannot create one.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import FileResponse

from ...errors import not_found
from ...portal import Portal
from ...state.identifiers import new_uid, now
from ...state.store import Document
from ..auth import TheCaller, ThePortal
from ..paging import Paginated, ThePage
from ..routes import Route
from ..schemas import RequestBody, ResponseBody, Text, one_of
from .dependencies import Editable, changing
from .upload import DOWNLOAD, download, store_upload

router = APIRouter(
    prefix="/datasets/{dataset_uid}/alternative_exports", tags=["Dataset alternative exports"], route_class=Route
)


class ExportChange(RequestBody):
    """The body of a PUT. The file stays."""

    type: Literal["uploaded_file"]
    title: Text
    description: str | None = None


class AlternativeExport(ResponseBody):
    """An alternative export."""

    uid: str
    type: Annotated[str, one_of("uploaded_file", "url")]
    title: str
    description: str | None = None
    mimetype: str | None = None
    created_at: str
    updated_at: str
    filename: str | None = None
    url: str | None = None


def _show(portal: Portal, export: Document) -> Document:
    """The response body of an export. A media type that is not known is absent, or null."""
    if export["mimetype"] is None and portal.settings.empty_text_told == "absent":
        return {name: value for name, value in export.items() if name != "mimetype"}
    return export


def _export_of(portal: Portal, dataset: Document, uid: str) -> Document:
    export = portal.store.get("alternative_export", uid, dataset["uid"])
    if export is None:
        raise not_found()
    return export


@router.get("/", response_model=Paginated[AlternativeExport])
def list_exports(dataset: Editable, page: ThePage, portal: ThePortal) -> Document:
    """The alternative exports."""
    return page.render(portal.store.all("alternative_export", dataset["uid"]), lambda export: _show(portal, export))


@router.post("/", response_model=AlternativeExport, status_code=201)
def create_export(
    dataset: Editable,
    type: Annotated[Literal["uploaded_file"], Form()],
    title: Annotated[Text, Form()],
    file: Annotated[UploadFile, File()],
    *,
    caller: TheCaller,
    portal: ThePortal,
    description: Annotated[str | None, Form()] = None,
) -> Document:
    """Create an alternative export."""
    stored_file = store_upload(portal, dataset, file)
    export: Document = {
        "uid": new_uid("ae"),
        "type": type,
        "title": title,
        "description": description or "",
        "updated_at": stored_file["created_at"],
        **stored_file,
    }
    with changing(portal, dataset, caller):
        portal.store.put("alternative_export", export["uid"], export, parent=dataset["uid"])
    return _show(portal, export)


@router.get("/{export_uid}/", response_model=AlternativeExport)
def get_export(export_uid: str, dataset: Editable, portal: ThePortal) -> Document:
    """One alternative export."""
    return _show(portal, _export_of(portal, dataset, export_uid))


@router.put("/{export_uid}/", response_model=AlternativeExport)
def update_export(
    export_uid: str, dataset: Editable, body: ExportChange, caller: TheCaller, portal: ThePortal
) -> Document:
    """Change the title or the description."""
    with changing(portal, dataset, caller):
        export = _export_of(portal, dataset, export_uid)
        export.update(title=body.title, updated_at=now())
        if "description" in body.model_fields_set:
            export["description"] = body.description or ""
        portal.store.put("alternative_export", export_uid, export, parent=dataset["uid"])
    return _show(portal, export)


@router.delete("/{export_uid}/", status_code=204)
def delete_export(export_uid: str, dataset: Editable, caller: TheCaller, portal: ThePortal) -> None:
    """Delete an alternative export."""
    with changing(portal, dataset, caller):
        if not portal.store.delete("alternative_export", export_uid, dataset["uid"]):
            raise not_found()


@router.get("/{export_uid}/download/", response_class=FileResponse, responses=DOWNLOAD)
def download_export(export_uid: str, dataset: Editable, portal: ThePortal) -> FileResponse:
    """The content of an alternative export."""
    return download(portal, dataset, _export_of(portal, dataset, export_uid))
