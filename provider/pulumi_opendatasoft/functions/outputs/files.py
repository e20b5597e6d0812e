"""The forms of the functions of `files` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..files import (
    AlternativeExportInfo,
    DatasetFileInfo,
    download_alternative_export,
    download_attachment,
    download_dataset_file,
    get_alternative_export,
    get_attachment,
    get_dataset_file,
    list_alternative_exports,
    list_attachments,
)
from ..later import later


def get_dataset_file_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetFileInfo]:
    """Return an uploaded file of a dataset by its uid, such as `air.csv`.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_dataset_file, {"dataset": dataset, "uid": uid, "portal": portal})


def download_dataset_file_output(
    dataset: pulumi.Input[str],
    uid: pulumi.Input[str],
    path: pulumi.Input[str],
    *,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[str]:
    """Write an uploaded file of a dataset to a path of this machine, also in a preview; return the path.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the file, such as `air.csv`.
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(download_dataset_file, {"dataset": dataset, "uid": uid, "path": path, "portal": portal})


def list_attachments_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetFileInfo]]:
    """Return the attachments of a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_attachments, {"dataset": dataset, "portal": portal})


def get_attachment_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[DatasetFileInfo]:
    """Return an attachment of a dataset by its uid.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_attachment, {"dataset": dataset, "uid": uid, "portal": portal})


def download_attachment_output(
    dataset: pulumi.Input[str],
    uid: pulumi.Input[str],
    path: pulumi.Input[str],
    *,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[str]:
    """Write an attachment of a dataset to a path of this machine, also in a preview; return the path.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the attachment.
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(download_attachment, {"dataset": dataset, "uid": uid, "path": path, "portal": portal})


def list_alternative_exports_output(
    dataset: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[AlternativeExportInfo]]:
    """Return the alternative exports of a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_alternative_exports, {"dataset": dataset, "portal": portal})


def get_alternative_export_output(
    dataset: pulumi.Input[str], uid: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[AlternativeExportInfo]:
    """Return an alternative export of a dataset by its uid (`ae_…`).

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_alternative_export, {"dataset": dataset, "uid": uid, "portal": portal})


def download_alternative_export_output(
    dataset: pulumi.Input[str],
    uid: pulumi.Input[str],
    path: pulumi.Input[str],
    *,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[str]:
    """Write an alternative export of a dataset to a path of this machine, also in a preview; return the path.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    One that is a link to another site is not followed: its address is the member `url` of the export.

    Args:
        dataset: its uid or its dataset_id.
        uid: the uid of the export (`ae_…`).
        path: the file to write. Its folder is made; an existing file is replaced once the download is complete.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(download_alternative_export, {"dataset": dataset, "uid": uid, "path": path, "portal": portal})
