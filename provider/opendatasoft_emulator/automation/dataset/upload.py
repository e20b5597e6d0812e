"""The files of a dataset, of whatever type: their upload, their properties, their download."""

import mimetypes
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi import UploadFile
from fastapi.responses import FileResponse

from ...portal import Portal
from ...state.identifiers import free_name, now
from ...state.store import Document

DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
"""The response of a download, for the description of the API."""


def store_upload(portal: Portal, dataset: Document, file: UploadFile) -> Document:
    """Store the content of a file; return its properties without its uid."""
    filename = PurePath(file.filename or "file").name
    return {
        "filename": filename,
        "mimetype": mimetypes.guess_type(filename)[0],
        "created_at": now(),
        "kept_as": portal.files.store(dataset["uid"], file.file),
    }


def uid_by_name(portal: Portal, kind: str, dataset: Document, filename: str) -> str:
    """The uid of a new file, which is its name.

    Args:
        portal: The portal. Its settings say whether a taken name gets a number, or is used again.
        kind: The kind of document, `file` or `attachment`.
        dataset: The dataset.
        filename: The name of the file.
    """
    if portal.settings.same_file_name == "overwrite":
        return filename
    stem, suffix = PurePath(filename).stem, PurePath(filename).suffix
    known = [file["uid"] for file in portal.store.all(kind, dataset["uid"])]
    taken = {uid.removesuffix(suffix) for uid in known if uid.endswith(suffix)}
    return free_name(stem, taken, "_") + suffix


def download(portal: Portal, dataset: Document, file: Document) -> FileResponse:
    """The content of a file, byte by byte as it was sent."""
    plain = file["filename"].encode("ascii", "replace").decode().replace('"', "'")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file['filename'])}"
    return FileResponse(
        portal.files.path(dataset["uid"], file["kept_as"]),
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition},
    )
