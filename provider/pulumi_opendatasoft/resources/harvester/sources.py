"""The values of a harvester's `source`: a class for each type of portal of the API, and one for any other."""

from __future__ import annotations

from typing import Any, Literal

from ...program.descriptors import MapMember, Member, member
from ...program.value import Value


class ArcgisHarvest(Value):
    """The services of an ArcGIS server."""

    type: Member[Literal["arcgis"]] = member(default="arcgis", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the services, for example `"https://gis.region.example/arcgis/rest/services"`."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class ArcgisOpendataHarvest(Value):
    """The datasets of an ArcGIS Hub portal."""

    type: Member[Literal["arcgis_opendata"]] = member(default="arcgis_opendata", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the portal."""

    compute_geo_area: Member[bool] = member(default=False)
    """Whether the portal computes the area that a dataset covers."""

    fetch_data: Member[bool] = member(default=False)
    """Whether the data are fetched during the run."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class CKANHarvest(Value):
    """The datasets of a CKAN portal."""

    type: Member[Literal["ckan"]] = member(default="ckan", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the API, for example `"https://data.region.example/api/3"`."""

    limit: Member[int | None] = member(default=None, loose=True)
    """The greatest number of datasets. Left out, it is not managed."""

    offset: Member[int | None] = member(default=None, loose=True)
    """The number of datasets that are passed over at the beginning. Left out, it is not managed."""

    sort: Member[str | None] = member(default=None, loose=True)
    """The order of the datasets, for example `"metadata_modified desc"`. Left out, it is not managed."""

    api_key: Member[str] = member(default="", secret=True, write_only=True)
    """The API key of the portal. Left out, there is none."""

    group: Member[str | None] = member(default=None, loose=True)
    """The group of datasets. Left out, it is not managed."""

    language: Member[str] = member(default="")
    """The language of the texts, where the portal has several."""

    query: Member[str] = member(default="")
    """Words that a dataset contains."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class DatagouvHarvest(Value):
    """The datasets of an organisation on data.gouv.fr."""

    type: Member[Literal["datagouv"]] = member(default="datagouv", immutable=True)
    """Which kind of portal it is."""

    organization_id: Member[str] = member()
    """The id of the organisation."""

    attachment: Member[bool] = member(default=False)
    """Whether files that are no data become attachments."""

    filter_name: Member[str] = member(default="")
    """The name of a filter, for example `"temporal-coverage"`."""

    filter_value: Member[str] = member(default="")
    """The value of that filter."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class DatajsonHarvest(Value):
    """The datasets that a portal lists in its `data.json` (DCAT-US)."""

    type: Member[Literal["datajson"]] = member(default="datajson", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the portal."""

    number_of_datasets: Member[int | None] = member(default=None, null=True)
    """The greatest number of datasets. Left out, all of them."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class JunarHarvest(Value):
    """The datasets of a Junar portal."""

    type: Member[Literal["junar"]] = member(default="junar", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the portal."""

    auth_key: Member[str] = member(secret=True, write_only=True)
    """The key of the portal."""

    query_string: Member[str] = member(default="")
    """Words that a dataset contains."""

    categories: Member[str] = member(default="")
    """The categories of the datasets."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class OpendatasoftHarvest(Value):
    """The datasets of another portal of Opendatasoft."""

    type: Member[Literal["ods"]] = member(default="ods", immutable=True)
    """Which kind of portal it is."""

    domain: Member[str] = member()
    """The id of the portal, or its address."""

    refines: Member[str] = member(default="")
    """A selection of its datasets, for example `"refine.theme=Health&refine.publisher=Region"`."""

    api_key: Member[str] = member(default="", secret=True, write_only=True)
    """An API key of the portal. Left out, only public datasets are harvested."""


class QuandlHarvest(Value):
    """A database of Quandl."""

    type: Member[Literal["quandl"]] = member(default="quandl", immutable=True)
    """Which kind of portal it is."""

    database_code: Member[str] = member()
    """The code of the database."""

    api_key: Member[str] = member(secret=True, write_only=True)
    """The API key of the service."""

    number_of_datasets: Member[int] = member()
    """The greatest number of datasets."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class SocrataHarvest(Value):
    """The datasets of a Socrata portal."""

    type: Member[Literal["socrata"]] = member(default="socrata", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the portal."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class OtherHarvest(Value):
    """A portal of any other kind, with the API's own properties."""

    type: Member[str] = member(immutable=True)
    """The type of the harvester, in the API's spelling."""

    params: MapMember[Any] = member(default=None, open=True, loose=True)
    """The properties of this type. Only those that the program names are compared."""

    secret_params: MapMember[Any] = member(default=None, secret=True, write_only=True)
    """The secret properties of this type, which the portal never returns."""
