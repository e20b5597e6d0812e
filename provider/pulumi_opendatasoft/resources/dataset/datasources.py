"""Where a source's data are: every kind of datasource that the API describes, and the open one for the others."""

from __future__ import annotations

from typing import Any, Literal

from ...program.descriptors import MapMember, Member, member
from ...program.file import File
from ...program.value import Value


class HTTPDatasource(Value):
    """A file on a web server."""

    type: Member[Literal["http"]] = member(default="http")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="HTTPConnection.uid")
    """The uid of the connection to the server: `server.uid`."""

    relative_url: Member[str | None] = member(default=None)
    """Where the file is on that server, for example `"/measures.csv"`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers for this file alone, by name; their values are kept secret."""


class FTPDatasource(Value):
    """A file on an FTP server."""

    type: Member[Literal["ftp"]] = member(default="ftp")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="FTPConnection.uid")
    """The uid of the connection to the server: `server.uid`."""

    relative_url: Member[str | None] = member(default=None)
    """Where the file is on that server."""


class SharepointDatasource(Value):
    """A file of a SharePoint drive."""

    type: Member[Literal["sharepoint"]] = member(default="sharepoint")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="SharepointConnection.uid")
    """The uid of the connection to the account."""

    drive_id: Member[str] = member()
    """The drive, by its id."""

    file_id: Member[str] = member()
    """The file, by its id."""


class GoogleDriveDatasource(Value):
    """A file of a Google Drive."""

    type: Member[Literal["google_drive"]] = member(default="google_drive")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="GoogleDriveConnection.uid")
    """The uid of the connection to the account."""

    file_id: Member[str] = member()
    """The file, by its id."""


class AmazonS3Datasource(Value):
    """A file in a bucket of Amazon S3."""

    type: Member[Literal["amazon_s3"]] = member(default="amazon_s3")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="AmazonS3Connection.uid")
    """The uid of the connection; with a role, that of the `AmazonS3ConnectionRole`, so that it is there before."""

    url: Member[str | None] = member(default=None)
    """The file's address, `https://bucket.s3.amazonaws.com/file.csv`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers for this file alone, by name; their values are kept secret."""


class AzureBlobStorageDatasource(Value):
    """A file in Azure Blob Storage."""

    type: Member[Literal["azure_blob_storage"]] = member(default="azure_blob_storage")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="AzureBlobStorageConnection.uid")
    """The uid of the connection to the account."""

    url: Member[str | None] = member(default=None)
    """The file's address, `https://account.blob.core.windows.net/container/file.csv`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers for this file alone, by name; their values are kept secret."""


class FederatedDatasource(Value):
    """A dataset of another portal."""

    type: Member[Literal["federated"]] = member(default="federated")
    """Which kind of datasource it is."""

    domain: Member[str] = member(refers_to="Domain.domain_id")
    """The other portal, by its domain id."""

    dataset: Member[str] = member(refers_to="Dataset.dataset_id")
    """The dataset, by its dataset_id there."""

    impersonate_permissions: Member[bool] = member(default=True, write_only=True)
    """Whether it is read with the rights of the user who set this up; never told again."""

    parameters: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """What of it is read, for example `{"refine.year": 2022}`. Only what is named is compared."""


class UploadedFileDatasource(Value):
    """A file that is sent to the portal."""

    type: Member[Literal["uploaded_file"]] = member(default="uploaded_file")
    """Which kind of datasource it is."""

    file: Member[File] = member()
    """The file; it is sent again when its content changes."""


class OtherDatasource(Value):
    """A datasource of any other kind, for example `ods_form`, in the API's own words."""

    type: Member[str] = member()
    """The API's word for the kind."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """What the kind needs, beside its type on the wire. Only what is named is compared."""
