"""The bodies of resources: their datasource, their extractor and its parameters."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Tag

from ..connection_schemas import (
    AmazonS3Connection,
    AnyConnection,
    AzureBlobStorageConnection,
    Connection,
    FTPConnection,
    GoogleDriveConnection,
    Header,
    HTTPConnection,
    SharepointConnection,
)
from ..schemas import OpenRequestBody, RelatedUser, RequestBody, ResponseBody, Text


class Reference(RequestBody):
    """A reference to a connection, or to a file."""

    uid: str


def _form(connection: Any) -> str:
    """The form of a connection: a reference, or inline, which creates one that is not reusable."""
    kind = connection.get("type") if isinstance(connection, dict) else getattr(connection, "type", None)
    return "inline" if kind is not None else "reference"


_Reference = Annotated[Reference, Tag("reference")]
_ReferenceOrInline = Discriminator(_form)


class HTTPDatasource(RequestBody):
    """A file on a server."""

    type: Literal["http"]
    relative_url: str | None = None
    headers: list[Header] | None = None
    connection: Annotated[_Reference | Annotated[HTTPConnection, Tag("inline")], _ReferenceOrInline]


class FTPDatasource(RequestBody):
    """A file on an FTP server."""

    type: Literal["ftp"]
    relative_url: str | None = None
    connection: Annotated[_Reference | Annotated[FTPConnection, Tag("inline")], _ReferenceOrInline]


class SharepointDatasource(RequestBody):
    """A file in SharePoint."""

    type: Literal["sharepoint"]
    file_id: str
    drive_id: str
    connection: Annotated[_Reference | Annotated[SharepointConnection, Tag("inline")], _ReferenceOrInline]


class GoogleDriveDatasource(RequestBody):
    """A file in Google Drive."""

    type: Literal["google_drive"]
    file_id: str
    connection: Annotated[_Reference | Annotated[GoogleDriveConnection, Tag("inline")], _ReferenceOrInline]


class AmazonS3Datasource(RequestBody):
    """An object of Amazon S3."""

    type: Literal["amazon_s3"]
    url: str | None = None
    headers: list[Header] | None = None
    connection: Annotated[_Reference | Annotated[AmazonS3Connection, Tag("inline")], _ReferenceOrInline]


class AzureBlobStorageDatasource(RequestBody):
    """A blob of Azure."""

    type: Literal["azure_blob_storage"]
    url: str | None = None
    headers: list[Header] | None = None
    connection: Annotated[_Reference | Annotated[AzureBlobStorageConnection, Tag("inline")], _ReferenceOrInline]


class FederatedDomain(RequestBody):
    """The portal of a federated dataset."""

    domain_id: str


class FederatedDataset(RequestBody):
    """A dataset of another portal. Responses contain its metas and fields with `expand=datasource.dataset`."""

    dataset_id: str
    metas: dict[str, Any] | None = None
    fields: list[Any] | None = None


class FederatedDatasource(RequestBody):
    """A dataset of another portal. Responses contain `permissions_user` in the place of `impersonate_permissions`."""

    type: Literal["federated"]
    domain: FederatedDomain
    dataset: FederatedDataset
    impersonate_permissions: bool = False
    parameters: dict[str, Any] | None = None


class UploadedFile(RequestBody):
    """An uploaded file. In a request only its uid counts."""

    uid: str


class UploadedFileDatasource(RequestBody):
    """A file that was uploaded to the dataset before."""

    type: Literal["uploaded_file"]
    file: UploadedFile


class OtherDatasource(OpenRequestBody):
    """A type that the description omits (ods_form, snowflake_odbc). Members of other types are validated as there."""

    read_only: ClassVar = frozenset({"permissions_user"})

    type: Text
    relative_url: str | None = None
    url: str | None = None
    headers: list[Header] | None = None
    file_id: str | None = None
    drive_id: str | None = None
    connection: Annotated[_Reference | Annotated[AnyConnection, Tag("inline")], _ReferenceOrInline] | None = None
    domain: FederatedDomain | None = None
    dataset: FederatedDataset | None = None
    parameters: dict[str, Any] | None = None
    file: UploadedFile | None = None


_DESCRIBED_TYPES = (
    "http",
    "ftp",
    "sharepoint",
    "google_drive",
    "amazon_s3",
    "azure_blob_storage",
    "federated",
    "uploaded_file",
)


def _type_of(datasource: Any) -> str:
    kind = datasource.get("type") if isinstance(datasource, dict) else getattr(datasource, "type", None)
    return kind if kind in _DESCRIBED_TYPES else "other"


AnyDatasource = Annotated[
    Annotated[HTTPDatasource, Tag("http")]
    | Annotated[FTPDatasource, Tag("ftp")]
    | Annotated[SharepointDatasource, Tag("sharepoint")]
    | Annotated[GoogleDriveDatasource, Tag("google_drive")]
    | Annotated[AmazonS3Datasource, Tag("amazon_s3")]
    | Annotated[AzureBlobStorageDatasource, Tag("azure_blob_storage")]
    | Annotated[FederatedDatasource, Tag("federated")]
    | Annotated[UploadedFileDatasource, Tag("uploaded_file")]
    | Annotated[OtherDatasource, Tag("other")],
    Discriminator(_type_of),
]
"""A datasource in a request."""


class ResourceBody(RequestBody):
    """The body of a POST or a PUT, whole. A realtime resource has no datasource."""

    type: Text
    title: Text
    params: dict[str, Any] | None = None
    datasource: AnyDatasource | None = None


class LabelledType(ResponseBody):
    """A type with its label."""

    label: str
    type: str


class DatasetFile(ResponseBody):
    """The properties of an uploaded file."""

    uid: str
    filename: str
    mimetype: str | None
    created_at: str


class DatasourceResponse(ResponseBody):
    """A datasource in a response. Its members depend on its type."""

    model_config = ConfigDict(extra="allow")

    type: str
    relative_url: str | None = None
    url: str | None = None
    headers: list[Header] | None = None
    file_id: str | None = None
    drive_id: str | None = None
    connection: Connection | Reference | None = None
    domain: FederatedDomain | None = None
    dataset: FederatedDataset | None = None
    permissions_user: RelatedUser | None = None
    parameters: dict[str, Any] | None = None
    file: DatasetFile | Reference | None = None


class Resource(ResponseBody):
    """A resource. A realtime one has a `url` to push to in the place of a datasource."""

    uid: str
    type: str
    title: str
    display_name: str
    extraction_infos: LabelledType | None
    origin: LabelledType
    updated_at: str
    params: dict[str, Any]
    datasource: DatasourceResponse | None = None
    url: str | None = None
