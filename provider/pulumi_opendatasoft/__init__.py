"""An Opendatasoft (Huwise) open-data portal as code, for Pulumi."""

from .kernel.shape import UNMANAGED
from .resources.auth import BasicAuth
from .resources.connection import HTTPConnection
from .resources.dataset.access import DatasetGroupAccess, DatasetSecurity, DatasetUserAccess
from .resources.dataset.declaration import Dataset
from .resources.dataset.rules import (
    AnnotateField,
    DeleteField,
    DescribeField,
    OrderFields,
    Processor,
    RenameField,
    TypeField,
)
from .resources.dataset.sources import HTTPDatasource, Source, UploadedFileDatasource
from .resources.dataset.templates import (
    AssetContentConfiguration,
    DefaultMetadata,
    Facet,
    InternalMetadata,
    Metadata,
    TemplateMetadata,
    VisualizationMetadata,
)
from .resources.file import File
from .resources.group import Group
from .resources.limits import ExploreLimits, Quota
from .resources.user import User

__all__ = [
    "UNMANAGED",
    "AnnotateField",
    "AssetContentConfiguration",
    "BasicAuth",
    "Dataset",
    "DatasetGroupAccess",
    "DatasetSecurity",
    "DatasetUserAccess",
    "DefaultMetadata",
    "DeleteField",
    "DescribeField",
    "ExploreLimits",
    "Facet",
    "File",
    "Group",
    "HTTPConnection",
    "HTTPDatasource",
    "InternalMetadata",
    "Metadata",
    "OrderFields",
    "Processor",
    "Quota",
    "RenameField",
    "Source",
    "TemplateMetadata",
    "TypeField",
    "UploadedFileDatasource",
    "User",
    "VisualizationMetadata",
]
