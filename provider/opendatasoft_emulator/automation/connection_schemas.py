"""The bodies of connections, in requests and responses."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Tag

from .connection_auth import (
    AmazonS3Auth,
    AuthResponse,
    AzureAuth,
    FTPAuth,
    GoogleDriveAuth,
    HTTPAuth,
    OtherAuth,
    SharepointAuth,
)
from .schemas import OpenRequestBody, RequestBody, ResponseBody, Text


class Header(RequestBody):
    """A header of every request to the server. Responses contain its value."""

    name: str
    value: str


class _Connection(RequestBody):
    is_reusable: bool | None = None


class HTTPConnection(_Connection):
    """A server that is read over HTTP."""

    type: Literal["http"]
    url: Text
    headers: list[Header] | None = None
    auth: HTTPAuth | None = None


class FTPConnection(_Connection):
    """A server that is read over FTP or SFTP."""

    type: Literal["ftp"]
    url: Text
    auth: FTPAuth | None = None


class SharepointConnection(_Connection):
    """An account of SharePoint."""

    type: Literal["sharepoint"]
    auth: SharepointAuth | None = None


class GoogleDriveConnection(_Connection):
    """An account of Google Drive."""

    type: Literal["google_drive"]
    auth: GoogleDriveAuth | None = None


class AmazonS3Connection(_Connection):
    """A bucket of Amazon S3. The description requires a `url` without declaring it; the emulator stores it if given."""

    type: Literal["amazon_s3"]
    url: str | None = None
    headers: list[Header] | None = None
    auth: AmazonS3Auth | None = None


class AzureBlobStorageConnection(_Connection):
    """A container of Azure Blob Storage; `url` as for Amazon S3."""

    type: Literal["azure_blob_storage"]
    url: str | None = None
    headers: list[Header] | None = None
    auth: AzureAuth | None = None


class OtherConnection(OpenRequestBody):
    """A type that the description omits (snowflake_odbc, jcdecaux). Members of other types are validated as there."""

    read_only: ClassVar = frozenset(
        {
            "uid",
            "can_reuse",
            "can_manage",
            "dataset_count",
            "user_count",
            "group_count",
            "created_at",
            "created_by",
            "updated_at",
            "updated_by",
        }
    )

    type: Text
    is_reusable: bool | None = None
    url: str | None = None
    headers: list[Header] | None = None
    auth: OtherAuth | None = None


DESCRIBED_TYPES = ("http", "ftp", "sharepoint", "google_drive", "amazon_s3", "azure_blob_storage")
"""The types of connections that the description contains."""


def _type_of(body: Any) -> str:
    kind = body.get("type") if isinstance(body, dict) else getattr(body, "type", None)
    return kind if kind in DESCRIBED_TYPES else "other"


AnyConnection = Annotated[
    Annotated[HTTPConnection, Tag("http")]
    | Annotated[FTPConnection, Tag("ftp")]
    | Annotated[SharepointConnection, Tag("sharepoint")]
    | Annotated[GoogleDriveConnection, Tag("google_drive")]
    | Annotated[AmazonS3Connection, Tag("amazon_s3")]
    | Annotated[AzureBlobStorageConnection, Tag("azure_blob_storage")]
    | Annotated[OtherConnection, Tag("other")],
    Discriminator(_type_of),
]
"""A connection in a request, of any type."""


class Connection(ResponseBody):
    """A connection in a response: these members and those of its type, without secrets."""

    model_config = ConfigDict(extra="allow")

    uid: str
    type: str
    is_reusable: bool
    can_reuse: bool
    can_manage: bool
    dataset_count: int
    user_count: int
    group_count: int
    created_at: str
    updated_at: str
    url: str | None = None
    headers: list[Header] | None = None
    auth: AuthResponse | None = None
