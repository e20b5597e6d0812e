"""Functions that read and download the files of a dataset: uploaded ones, attachments, alternative exports."""

from __future__ import annotations

from pathlib import Path

from .calls import Portal
from .info import Info


class DatasetFileInfo(Info):
    """An uploaded file or an attachment of a dataset."""

    uid: str
    filename: str | None
    mimetype: str | None
    created_at: str | None


class AlternativeExportInfo(Info):
    """An alternative export: an uploaded file, which has a `filename`, or a link, which has a `url`."""

    uid: str
    type: str | None
    title: str | None
    description: str | None
    mimetype: str | None
    filename: str | None
    url: str | None
    created_at: str | None
    updated_at: str | None


def get_dataset_file(dataset: str, uid: str, *, portal: str | None = None) -> DatasetFileInfo:
    """Return an uploaded file of a dataset by its uid, such as `air.csv`."""
    at = Portal(portal)
    return DatasetFileInfo(at.get("/datasets/{}/resources/files/{}/", at.dataset(dataset), uid))


def download_dataset_file(dataset: str, uid: str, path: str, *, portal: str | None = None) -> str:
    """Write an uploaded file of a dataset to a path of this machine, also in a preview; return the path.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the file, such as `air.csv`.
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    at.download("/datasets/{}/resources/files/{}/download/", at.dataset(dataset), uid, to=Path(path))
    return path


def list_attachments(dataset: str, *, portal: str | None = None) -> list[DatasetFileInfo]:
    """Return the attachments of a dataset."""
    at = Portal(portal)
    return DatasetFileInfo.of(at.all("/datasets/{}/attachments/", at.dataset(dataset)))


def get_attachment(dataset: str, uid: str, *, portal: str | None = None) -> DatasetFileInfo:
    """Return an attachment of a dataset by its uid."""
    at = Portal(portal)
    return DatasetFileInfo(at.get("/datasets/{}/attachments/{}/", at.dataset(dataset), uid))


def download_attachment(dataset: str, uid: str, path: str, *, portal: str | None = None) -> str:
    """Write an attachment of a dataset to a path of this machine, also in a preview; return the path.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the attachment.
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    at.download("/datasets/{}/attachments/{}/download/", at.dataset(dataset), uid, to=Path(path))
    return path


def list_alternative_exports(dataset: str, *, portal: str | None = None) -> list[AlternativeExportInfo]:
    """Return the alternative exports of a dataset."""
    at = Portal(portal)
    return AlternativeExportInfo.of(at.all("/datasets/{}/alternative_exports/", at.dataset(dataset)))


def get_alternative_export(dataset: str, uid: str, *, portal: str | None = None) -> AlternativeExportInfo:
    """Return an alternative export of a dataset by its uid (`ae_…`)."""
    at = Portal(portal)
    return AlternativeExportInfo(at.get("/datasets/{}/alternative_exports/{}/", at.dataset(dataset), uid))


def download_alternative_export(dataset: str, uid: str, path: str, *, portal: str | None = None) -> str:
    """Write an alternative export of a dataset to a path of this machine, also in a preview; return the path.

    One that is a link to another site is not followed: its address is the member `url` of the export.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the export (`ae_…`).
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    at.download("/datasets/{}/alternative_exports/{}/download/", at.dataset(dataset), uid, to=Path(path))
    return path
