"""An Opendatasoft (Huwise) open-data portal as code, for Pulumi."""

import importlib
import typing

from . import errors
from .functions.outputs import places
from .program.file import File
from .program.text_file import TextFile
from .resources.access import GroupAccess, UserAccess
from .resources.api_key import ApiKey
from .resources.auth import (
    AWSIAMRoleAuth,
    AWSSignatureV4Auth,
    AzureSharedKeyAuth,
    BasicAuth,
    GoogleDriveOIDCAuth,
    OAuth2Auth,
    OIDCAuth,
    SharepointOIDCAuth,
)
from .resources.code_editor_page import CodeEditorPage, PageContent
from .resources.connection import FTPConnection, HTTPConnection
from .resources.dataset.access import DatasetGroupAccess, DatasetSecurity, DatasetUserAccess
from .resources.dataset.datasources import (
    AmazonS3Datasource,
    AzureBlobStorageDatasource,
    FederatedDatasource,
    FTPDatasource,
    GoogleDriveDatasource,
    HTTPDatasource,
    OtherDatasource,
    SharepointDatasource,
    Source,
    UploadedFileDatasource,
)
from .resources.dataset.declaration import Dataset
from .resources.dataset.files import AlternativeExport
from .resources.dataset.rules import (
    AnnotateField,
    DeleteField,
    DescribeField,
    OrderFields,
    Processor,
    RenameField,
    TypeField,
)
from .resources.dataset.templates import (
    AssetContentConfiguration,
    DefaultMetadata,
    Facet,
    InternalMetadata,
    Metadata,
    TemplateMetadata,
    VisualizationMetadata,
)
from .resources.drive_connections import GoogleDriveConnection, SharepointConnection
from .resources.group import Group
from .resources.harvester.declaration import Harvester
from .resources.harvester.schedules import HarvesterSchedule
from .resources.harvester.server_sources import (
    CSWHarvest,
    FTPCSVHarvest,
    FTPHarvest,
    FTPWithMetaCSVHarvest,
    OMINodeHarvest,
    WFSHarvest,
)
from .resources.harvester.sources import (
    ArcgisHarvest,
    ArcgisOpendataHarvest,
    CKANHarvest,
    DatagouvHarvest,
    DatajsonHarvest,
    JunarHarvest,
    OpendatasoftHarvest,
    OtherHarvest,
    QuandlHarvest,
    SocrataHarvest,
)
from .resources.image import Image
from .resources.limits import ExploreLimits, Quota
from .resources.metadata_template import MetadataField, MetadataTemplate
from .resources.other_connection import OtherConnection
from .resources.storage_connections import AmazonS3Connection, AmazonS3ConnectionRole, AzureBlobStorageConnection
from .resources.studio_page import StudioPage
from .resources.user import User
from .schema.secrets import MASKED as KEPT
from .schema.types import UNMANAGED

__all__ = [
    "KEPT",
    "UNMANAGED",
    "AWSIAMRoleAuth",
    "AWSSignatureV4Auth",
    "AlternativeExport",
    "AmazonS3Connection",
    "AmazonS3ConnectionRole",
    "AmazonS3Datasource",
    "AnnotateField",
    "ApiKey",
    "ArcgisHarvest",
    "ArcgisOpendataHarvest",
    "AssetContentConfiguration",
    "AzureBlobStorageConnection",
    "AzureBlobStorageDatasource",
    "AzureSharedKeyAuth",
    "BasicAuth",
    "CKANHarvest",
    "CSWHarvest",
    "CodeEditorPage",
    "DatagouvHarvest",
    "DatajsonHarvest",
    "Dataset",
    "DatasetGroupAccess",
    "DatasetSecurity",
    "DatasetUserAccess",
    "DefaultMetadata",
    "DeleteField",
    "DescribeField",
    "ExploreLimits",
    "FTPCSVHarvest",
    "FTPConnection",
    "FTPDatasource",
    "FTPHarvest",
    "FTPWithMetaCSVHarvest",
    "Facet",
    "FederatedDatasource",
    "File",
    "GoogleDriveConnection",
    "GoogleDriveDatasource",
    "GoogleDriveOIDCAuth",
    "Group",
    "GroupAccess",
    "HTTPConnection",
    "HTTPDatasource",
    "Harvester",
    "HarvesterSchedule",
    "Image",
    "InternalMetadata",
    "JunarHarvest",
    "Metadata",
    "MetadataField",
    "MetadataTemplate",
    "OAuth2Auth",
    "OIDCAuth",
    "OMINodeHarvest",
    "OpendatasoftHarvest",
    "OrderFields",
    "OtherConnection",
    "OtherDatasource",
    "OtherHarvest",
    "PageContent",
    "Processor",
    "QuandlHarvest",
    "Quota",
    "RenameField",
    "SharepointConnection",
    "SharepointDatasource",
    "SharepointOIDCAuth",
    "SocrataHarvest",
    "Source",
    "StudioPage",
    "TemplateMetadata",
    "TextFile",
    "TypeField",
    "UploadedFileDatasource",
    "User",
    "UserAccess",
    "VisualizationMetadata",
    "WFSHarvest",
    "errors",
    "results",
]

if typing.TYPE_CHECKING:
    from .functions import results
    from .functions.outputs import public
    from .functions.outputs.public import *  # noqa: F403  # 120 names, listed in its __all__

    __all__ += public.__all__
else:  # a type checker would take it that every name exists
    __all__ += list(places.PLACES)

    def __getattr__(name: str) -> typing.Any:
        """Load a function when a program first uses it; most programs use none."""
        if name == "results":
            return importlib.import_module(".functions.results", __name__)
        if name in places.PLACES:
            return getattr(importlib.import_module(f".functions.{places.PLACES[name]}", __name__), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
