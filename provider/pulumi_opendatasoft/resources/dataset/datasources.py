"""The values of a dataset's `sources`: a source, and a class for each type of datasource that the API describes."""

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
    """The path of the file on the server, for example `"/measures.csv"`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers of the requests for this file, by name. Their values are secret."""


class FTPDatasource(Value):
    """A file on an FTP server."""

    type: Member[Literal["ftp"]] = member(default="ftp")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="FTPConnection.uid")
    """The uid of the connection to the server: `server.uid`."""

    relative_url: Member[str | None] = member(default=None)
    """The path of the file on the server."""


class SharepointDatasource(Value):
    """A file on a SharePoint drive."""

    type: Member[Literal["sharepoint"]] = member(default="sharepoint")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="SharepointConnection.uid")
    """The uid of the connection to the account."""

    drive_id: Member[str] = member()
    """The id of the drive."""

    file_id: Member[str] = member()
    """The id of the file."""


class GoogleDriveDatasource(Value):
    """A file on Google Drive."""

    type: Member[Literal["google_drive"]] = member(default="google_drive")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="GoogleDriveConnection.uid")
    """The uid of the connection to the account."""

    file_id: Member[str] = member()
    """The id of the file."""


class AmazonS3Datasource(Value):
    """A file in a bucket of Amazon S3."""

    type: Member[Literal["amazon_s3"]] = member(default="amazon_s3")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="AmazonS3Connection.uid")
    """The uid of the connection: `lake.uid`, or `role.connection` of an `AmazonS3ConnectionRole`, so that the role is
    set before.
    """

    url: Member[str | None] = member(default=None)
    """The address of the file, `https://bucket.s3.amazonaws.com/file.csv`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers of the requests for this file, by name. Their values are secret."""


class AzureBlobStorageDatasource(Value):
    """A file in Azure Blob Storage."""

    type: Member[Literal["azure_blob_storage"]] = member(default="azure_blob_storage")
    """Which kind of datasource it is."""

    connection: Member[str] = member(refers_to="AzureBlobStorageConnection.uid")
    """The uid of the connection to the account."""

    url: Member[str | None] = member(default=None)
    """The address of the file, `https://account.blob.core.windows.net/container/file.csv`."""

    headers: MapMember[str] = member(default=None, secret=True)
    """HTTP headers of the requests for this file, by name. Their values are secret."""


class FederatedDatasource(Value):
    """A dataset of another portal. The `type` of its source is `"federated"`."""

    type: Member[Literal["federated"]] = member(default="federated")
    """Which kind of datasource it is."""

    domain: Member[str] = member(refers_to="Domain.domain_id")
    """The domain id of the other portal."""

    dataset: Member[str] = member(refers_to="Dataset.dataset_id")
    """The `dataset_id` of the dataset on that portal."""

    impersonate_permissions: Member[bool] = member(default=True, write_only=True)
    """Whether the dataset is read with the permissions of the user who set this up. The portal never returns it."""

    parameters: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """A selection of the records, for example `{"refine.year": 2022}`. Only the entries that the program names are
    compared.
    """


class UploadedFileDatasource(Value):
    """A file that is uploaded to the portal."""

    type: Member[Literal["uploaded_file"]] = member(default="uploaded_file")
    """Which kind of datasource it is."""

    file: Member[File] = member()
    """The file. It is uploaded again when its content changes."""


class OtherDatasource(Value):
    """A datasource of any other type, for example `ods_form`, with the API's own properties."""

    type: Member[str] = member()
    """The type of the datasource, in the API's spelling."""

    params: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """The properties of this type. Only those that the program names are compared."""


class Source(Value):
    """A source of records (the API's "resource").

    Its key in the program is its title. A source is changed in place, so that the records that were collected through
    it are kept.
    """

    type: Member[
        Literal["csvfile", "jsonfile", "jsonlines", "xlsfile", "geojsonfile", "parquet", "realtime", "federated"] | str
    ] = member()
    """The extractor: how the data are read, for example `"csvfile"`. A portal may have further ones.

    It is independent of the `type` of the `datasource`, which determines where the data come from. Two kinds of
    sources have no extractor: the type of a realtime source is `"realtime"`, and that of a source with a
    `FederatedDatasource` is `"federated"`.
    """

    datasource: Member[
        HTTPDatasource
        | FTPDatasource
        | SharepointDatasource
        | GoogleDriveDatasource
        | AmazonS3Datasource
        | AzureBlobStorageDatasource
        | FederatedDatasource
        | UploadedFileDatasource
        | OtherDatasource
        | None
    ] = member(default=None)
    """The location of the data. Only a realtime source, of the type `"realtime"`, has none: records are pushed to its
    address in `push_urls`.
    """

    params: Member[dict[str, Any] | None] = member(default=None, open=True, normalised=True, loose=True)
    """Parameters of the extractor, for example `{"separator": ";"}`. Only those that the program names are compared;
    the portal detects the others.
    """

    enabled: Member[bool | None] = member(default=None, write_only=True)
    """(realtime) Whether records may be pushed. The portal does not return it, so a change in the back office is not
    detected.
    """
