"""The values of a harvester's `source` that are servers without a portal: FTP, CSW, WFS, O-MI."""

from __future__ import annotations

from typing import Literal

from ...program.descriptors import MapMember, Member, member
from ...program.value import Value


class CSWHarvest(Value):
    """The records of a catalogue service for the web (OGC CSW)."""

    type: Member[Literal["csw"]] = member(default="csw", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the service."""

    keywords_thesaurus: Member[str] = member(default="")
    """The thesaurus whose keywords become keywords. Left out, all do."""

    theme_thesaurus: Member[str] = member(default="")
    """The thesaurus whose keywords become themes."""

    insert_br_in_description: Member[bool] = member(default=False)
    """Whether line breaks in a description are kept."""

    constraint_language: Member[bool] = member(default=False)
    """Whether the requests name a constraint language, which some services demand."""

    invert_coordinates: Member[bool] = member(default=False)
    """Whether latitude and longitude are exchanged."""

    themes_mapping: MapMember[dict[str, str]] = member(default={}, open=True)
    """By thesaurus, the theme on this portal for each keyword. Only the entries that the program names are
    compared.
    """

    licenses_mapping: MapMember[str] = member(default={}, open=True)
    """The licence on this portal for each licence there. Only the entries that the program names are compared."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class FTPHarvest(Value):
    """The files in a folder of an FTP server."""

    type: Member[Literal["ftp"]] = member(default="ftp", immutable=True)
    """Which kind of portal it is."""

    host: Member[str] = member()
    """The server, for example `"files.region.example"`."""

    user: Member[str] = member()
    """The name of the login."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password of the login."""

    directory: Member[str] = member(default="")
    """The folder on the server, for example `"/open-data"`."""

    meta: Member[str] = member(default="")
    """The files with metadata, in the spelling of the portal."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class FTPCSVHarvest(Value):
    """The files in a folder of an FTP server, whose metadata are in one CSV file."""

    type: Member[Literal["ftp_csv"]] = member(default="ftp_csv", immutable=True)
    """Which kind of portal it is."""

    host: Member[str] = member()
    """The server, for example `"files.region.example"`."""

    user: Member[str] = member()
    """The name of the login."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password of the login."""

    directory: Member[str] = member(default="")
    """The folder on the server, for example `"/open-data"`."""

    metadata_file: Member[str] = member()
    """The name of the CSV file with a row for each dataset."""

    metadata_join_key: Member[str] = member(default="source_dataset")
    """Its column with the name of the file of each dataset."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class FTPWithMetaCSVHarvest(Value):
    """The files in a folder of an FTP server, with one CSV file of metadata and perhaps some of schemas."""

    type: Member[Literal["ftp_with_meta_csv"]] = member(default="ftp_with_meta_csv", immutable=True)
    """Which kind of portal it is."""

    host: Member[str] = member()
    """The server, for example `"files.region.example"`."""

    user: Member[str] = member()
    """The name of the login."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password of the login."""

    directory: Member[str] = member(default="")
    """The folder on the server, for example `"/open-data"`."""

    metadata_file: Member[str] = member()
    """The name of the CSV file with a row for each dataset."""

    resource_location_column: Member[str] = member(default="source_dataset")
    """Its column with the name of the file of each dataset."""

    resource_schema_column: Member[str] = member(default="")
    """Its column with the name of the file of the schema."""

    csv_separator: Member[str] = member(default=";")
    """The separator of its columns."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class OMINodeHarvest(Value):
    """The items of an O-MI node."""

    type: Member[Literal["omi_node"]] = member(default="omi_node", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the node."""

    infoitems_limit: Member[int | None] = member(default=None, null=True)
    """The greatest number of items. Left out, all of them."""

    omi_node_version: Member[str] = member(default="0.9.0")
    """The version of the node."""

    download_resources: Member[bool] = member(default=False)
    """Whether the files are copied to this portal, rather than read from there at every publication."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""


class WFSHarvest(Value):
    """The layers of a web feature service (OGC WFS)."""

    type: Member[Literal["wfs"]] = member(default="wfs", immutable=True)
    """Which kind of portal it is."""

    url: Member[str] = member()
    """The address of the service."""

    metadata_only: Member[bool] = member(default=False)
    """Whether the datasets are harvested without their files."""
