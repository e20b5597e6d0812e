"""The bodies of harvesters: one class for each of the 15 types, each with members of its own beside the common ones.

The description has further defaults (`limit` 5, `offset` 3, `sort`, `group`), which are examples: two of them have a
stray quote. They are not applied.
"""

from typing import Annotated, Any, ClassVar, Literal, Optional

from pydantic import ConfigDict, Discriminator, Field, StrictBool, StrictInt, Tag, create_model

from ..schemas import OpenRequestBody, RelatedUser, RequestBody, ResponseBody, Text

Metas = dict[str, dict[str, Any]]
"""Bare metadata values by template and field."""

READ_ONLY = frozenset(
    {
        "uid",
        "status",
        "remote_datasets_count",
        "harvested_datasets_count",
        "published_datasets_count",
        "attached_datasets_count",
        "has_error",
        "resource_errors_count",
        "created_at",
        "updated_at",
        "updated_by",
        "last_started_at",
        "last_success_at",
    }
)
"""The members that only the portal sets."""


class _Harvester(RequestBody):
    """The members of every harvester."""

    name: Text
    version: Annotated[StrictInt, Field(ge=1)] = 1
    restrict_datasets_visibility: StrictBool | None = None
    delete_missing_datasets: StrictBool = False
    forced_metas: Metas = Field(default_factory=dict)


class _MetadataOnly(_Harvester):
    metadata_only: StrictBool = False


class _WithResources(_MetadataOnly):
    download_resources: StrictBool = False


class ArcgisHarvester(_WithResources):
    """An ArcGIS server."""

    type: Literal["arcgis"]
    url: Text


class ArcgisOpendataHarvester(_WithResources):
    """An ArcGIS Hub portal."""

    type: Literal["arcgis_opendata"]
    url: Text
    compute_geo_area: StrictBool = False
    fetch_data: StrictBool = False


class CKANHarvester(_WithResources):
    """A CKAN portal."""

    type: Literal["ckan"]
    url: Text
    limit: StrictInt | None = None
    offset: StrictInt | None = None
    sort: str | None = None
    api_key: str | None = ""
    group: str | None = None
    language: str = ""
    query: str = ""


class CSWHarvester(_MetadataOnly):
    """A catalogue service for the web (OGC)."""

    type: Literal["csw"]
    url: Text
    keywords_thesaurus: str = ""
    theme_thesaurus: str = ""
    insert_br_in_description: StrictBool = False
    constraint_language: StrictBool = False
    invert_coordinates: StrictBool = False
    themes_mapping: dict[str, dict[str, str]] = Field(default_factory=dict)
    licenses_mapping: dict[str, str] = Field(default_factory=dict)


class DatagouvHarvester(_WithResources):
    """The datasets of an organization on data.gouv.fr."""

    type: Literal["datagouv"]
    organization_id: Text
    attachment: StrictBool = False
    filter_name: str = ""
    filter_value: str = ""


class DatajsonHarvester(_WithResources):
    """A portal with a data.json (DCAT-US)."""

    type: Literal["datajson"]
    url: Text
    number_of_datasets: StrictInt | None = None


class FTPHarvester(_WithResources):
    """A folder of an FTP server."""

    type: Literal["ftp"]
    host: Text
    user: Text
    password: Text | None = None
    directory: str = ""
    meta: str = ""


class FTPCSVHarvester(_WithResources):
    """A folder of an FTP server with one CSV file of metadata."""

    type: Literal["ftp_csv"]
    host: Text
    user: Text
    password: Text | None = None
    directory: str = ""
    metadata_file: str
    metadata_join_key: str = "source_dataset"


class FTPWithMetaCSVHarvester(_WithResources):
    """A folder of an FTP server with one CSV file of metadata, and perhaps CSV files of schemas."""

    type: Literal["ftp_with_meta_csv"]
    host: Text
    user: Text
    password: str | None = None
    directory: str = ""
    metadata_file: Text
    resource_location_column: str = "source_dataset"
    resource_schema_column: str = ""
    csv_separator: str = ";"


class JunarHarvester(_WithResources):
    """A Junar portal."""

    type: Literal["junar"]
    url: Text
    auth_key: str | None = None
    query_string: str = ""
    categories: str = ""


class OMINodeHarvester(_WithResources):
    """An O-MI node."""

    type: Literal["omi_node"]
    url: Text
    infoitems_limit: StrictInt | None = None
    omi_node_version: str = "0.9.0"


class OpendatasoftHarvester(_Harvester):
    """Another portal of Opendatasoft."""

    type: Literal["ods"]
    domain: str
    refines: str = ""
    api_key: str | None = ""


class QuandlHarvester(_WithResources):
    """A database of Quandl."""

    type: Literal["quandl"]
    database_code: Text
    api_key: str | None = None
    number_of_datasets: Annotated[StrictInt, Field(ge=0)]


class SocrataHarvester(_WithResources):
    """A Socrata portal."""

    type: Literal["socrata"]
    url: Text


class WFSHarvester(_MetadataOnly):
    """A web feature service (OGC)."""

    type: Literal["wfs"]
    url: Text


class OtherHarvester(OpenRequestBody):
    """A type that the description omits; a setting names those that the portal has."""

    read_only: ClassVar = READ_ONLY

    type: Text
    name: Text
    version: Annotated[StrictInt, Field(ge=1)] = 1
    restrict_datasets_visibility: StrictBool | None = None
    delete_missing_datasets: StrictBool = False
    forced_metas: Metas = Field(default_factory=dict)


BODIES: dict[str, type[_Harvester]] = {
    "arcgis": ArcgisHarvester,
    "arcgis_opendata": ArcgisOpendataHarvester,
    "ckan": CKANHarvester,
    "csw": CSWHarvester,
    "datagouv": DatagouvHarvester,
    "datajson": DatajsonHarvester,
    "ftp": FTPHarvester,
    "ftp_csv": FTPCSVHarvester,
    "ftp_with_meta_csv": FTPWithMetaCSVHarvester,
    "junar": JunarHarvester,
    "omi_node": OMINodeHarvester,
    "ods": OpendatasoftHarvester,
    "quandl": QuandlHarvester,
    "socrata": SocrataHarvester,
    "wfs": WFSHarvester,
}
"""The class of each type of the description."""


def _type_of(body: Any) -> str:
    kind = body.get("type") if isinstance(body, dict) else getattr(body, "type", None)
    return kind if isinstance(kind, str) and kind in BODIES else "other"


AnyHarvester = Annotated[
    Annotated[ArcgisHarvester, Tag("arcgis")]
    | Annotated[ArcgisOpendataHarvester, Tag("arcgis_opendata")]
    | Annotated[CKANHarvester, Tag("ckan")]
    | Annotated[CSWHarvester, Tag("csw")]
    | Annotated[DatagouvHarvester, Tag("datagouv")]
    | Annotated[DatajsonHarvester, Tag("datajson")]
    | Annotated[FTPHarvester, Tag("ftp")]
    | Annotated[FTPCSVHarvester, Tag("ftp_csv")]
    | Annotated[FTPWithMetaCSVHarvester, Tag("ftp_with_meta_csv")]
    | Annotated[JunarHarvester, Tag("junar")]
    | Annotated[OMINodeHarvester, Tag("omi_node")]
    | Annotated[OpendatasoftHarvester, Tag("ods")]
    | Annotated[QuandlHarvester, Tag("quandl")]
    | Annotated[SocrataHarvester, Tag("socrata")]
    | Annotated[WFSHarvester, Tag("wfs")]
    | Annotated[OtherHarvester, Tag("other")],
    Discriminator(_type_of),
]
"""A harvester in a request. A secret may be left out of a change; `required_secrets` names those of a new one."""

_MEMBERS: dict[str, Any] = {
    name: (Optional[field.annotation], None)  # noqa: UP045  # the annotation may be a text
    for body in BODIES.values()
    for name, field in body.model_fields.items()
    if name != "type"
}

HarvesterPart: type[RequestBody] = create_model(
    "HarvesterPart", __base__=RequestBody, type=(str | None, None), **_MEMBERS
)
"""Any members of any type: what an unsaved preview merges with the saved harvester."""

SECRETS = ("api_key", "auth_key", "password")


def required_secrets(type: str) -> tuple[str, ...]:
    """The secrets that a new harvester of this type needs: those without a default in the description."""
    if type == "quandl":
        return ("api_key",)
    members = BODIES[type].model_fields if type in BODIES else {}
    return tuple(name for name in ("auth_key", "password") if name in members)


class _HarvesterResponse(ResponseBody):
    """The members of every response. `has_error` is of the last run: whether it failed as a whole."""

    model_config = ConfigDict(extra="allow")

    uid: str
    type: str
    name: str
    status: Literal["new", "idle", "queued", "processing", "aborting", "deleting"]
    version: int
    restrict_datasets_visibility: bool
    delete_missing_datasets: bool
    forced_metas: Metas
    remote_datasets_count: int
    harvested_datasets_count: int
    published_datasets_count: int
    attached_datasets_count: int
    has_error: bool
    resource_errors_count: int
    created_at: str
    updated_at: str
    updated_by: RelatedUser
    last_started_at: str | None
    last_success_at: str | None


_OWN: dict[str, Any] = {name: kind for name, kind in _MEMBERS.items() if name not in _HarvesterResponse.model_fields}

Harvester: type[_HarvesterResponse] = create_model("Harvester", __base__=_HarvesterResponse, **_OWN)
"""A harvester in a response. Its secrets are null, or "" where one is blank."""


class PreviewedDataset(ResponseBody):
    """A dataset that a run would harvest."""

    id: str
    title: str
    description: str


class Preview(ResponseBody):
    """The datasets that a run would harvest."""

    total_count: int
    results: list[PreviewedDataset]


class Errors(ResponseBody):
    """The errors of the last or the current run: of the run as a whole, and by the id of a remote dataset."""

    harvester: str | None
    resources: dict[str, str]
