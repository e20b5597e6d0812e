"""The classes of what functions return, public as `pulumi_opendatasoft.results`, for annotations in programs."""

from .access import (
    GroupAccessInfo,
    UserAccessInfo,
)
from .accounts import (
    ApiKeyInfo,
    ExportedUser,
    GroupInfo,
    Revocation,
    UserInfo,
)
from .connections import (
    ConnectionAuthInfo,
    ConnectionInfo,
    HeaderInfo,
)
from .datasets import (
    DatasetFieldInfo,
    DatasetInfo,
    DatasetProcessorInfo,
    DatasetScheduleInfo,
    DatasetStatus,
    RecordError,
)
from .files import (
    AlternativeExportInfo,
    DatasetFileInfo,
)
from .harvesters import (
    HarvesterErrors,
    HarvesterInfo,
    HarvesterPreview,
    HarvesterScheduleInfo,
    PreviewedDataset,
)
from .history import (
    DatasetVersion,
    Feedback,
    FeedbackValue,
)
from .info import (
    Info,
)
from .metadata import (
    MetadataFieldInfo,
    MetadataSuggestions,
    MetadataTemplateInfo,
    MetadataValueInfo,
)
from .pages import (
    CodeEditorPageInfo,
    ImageInfo,
    PageContentInfo,
    StudioPageInfo,
    StudioPageVersion,
)
from .related import (
    ExploreLimitsInfo,
    QuotaInfo,
    RelatedGroup,
    RelatedUser,
    SecurityInfo,
)
from .sources import (
    DatasetSourceInfo,
    DatasourceInfo,
    Extractor,
    ExtractorParameter,
    GuessedParams,
    LabelledType,
    PreviewField,
    ProcessorType,
    SourcePreview,
)

__all__ = [
    "AlternativeExportInfo",
    "ApiKeyInfo",
    "CodeEditorPageInfo",
    "ConnectionAuthInfo",
    "ConnectionInfo",
    "DatasetFieldInfo",
    "DatasetFileInfo",
    "DatasetInfo",
    "DatasetProcessorInfo",
    "DatasetScheduleInfo",
    "DatasetSourceInfo",
    "DatasetStatus",
    "DatasetVersion",
    "DatasourceInfo",
    "ExploreLimitsInfo",
    "ExportedUser",
    "Extractor",
    "ExtractorParameter",
    "Feedback",
    "FeedbackValue",
    "GroupAccessInfo",
    "GroupInfo",
    "GuessedParams",
    "HarvesterErrors",
    "HarvesterInfo",
    "HarvesterPreview",
    "HarvesterScheduleInfo",
    "HeaderInfo",
    "ImageInfo",
    "Info",
    "LabelledType",
    "MetadataFieldInfo",
    "MetadataSuggestions",
    "MetadataTemplateInfo",
    "MetadataValueInfo",
    "PageContentInfo",
    "PreviewField",
    "PreviewedDataset",
    "ProcessorType",
    "QuotaInfo",
    "RecordError",
    "RelatedGroup",
    "RelatedUser",
    "Revocation",
    "SecurityInfo",
    "SourcePreview",
    "StudioPageInfo",
    "StudioPageVersion",
    "UserAccessInfo",
    "UserInfo",
]
