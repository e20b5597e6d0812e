"""The sample of a harvester."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conformance.rules import Unwritten, Writes
from ..resources.harvesters import HARVESTER
from . import Sample, Site

OFFICIAL = r"(?:POST|PUT) /harvesters/(?:\{harvester_uid\}/)?"
OWN = "name|version|restrict_datasets_visibility|delete_missing_datasets|forced_metas"


def declare(site: Site) -> ods.Harvester:
    """Every property, with a source that has a secret; it never runs, since its portal does not exist."""
    return ods.Harvester(
        "Harvester",
        name="The region",
        source=ods.CKANHarvest(
            url="https://data.region.example/api/3",
            limit=50,
            sort="name asc",
            api_key="canary-key",
            language="fr",
            download_resources=True,
        ),
        version=1,
        restrict_datasets_visibility=True,
        delete_missing_datasets=True,
        forced_metas={"default": {"publisher": "The region", "keyword": ["region"]}},
        schedules=[ods.HarvesterSchedule(cron_schedule="0 4 * * *", timezone="Europe/Berlin")],
        run="never",
        published=False,
        delete_attached_datasets=True,
    )


def of_ftp(site: Site) -> ods.Harvester:
    """A source with a login, and nothing that need not be given."""
    return ods.Harvester(
        "Harvester 2",
        name="The files of the region",
        source=ods.FTPCSVHarvest(
            host="files.region.example", user="portal", password="canary-password", metadata_file="index.csv"
        ),
        delete_attached_datasets=False,
    )


def of_csw(site: Site) -> ods.Harvester:
    """A source with mappings."""
    return ods.Harvester(
        "Harvester 3",
        name="The maps of the region",
        source=ods.CSWHarvest(
            url="https://geo.region.example/csw",
            themes_mapping={"GEMET": {"water": "Environment"}},
            licenses_mapping={"open": "CC BY"},
        ),
        delete_attached_datasets=False,
    )


SAMPLE = Sample(
    declare,
    HARVESTER,
    (of_ftp, of_csw),
    writes=(
        Writes(OFFICIAL, rf"\[\w+\]\.({OWN})(?:\.\*)?", r"Harvester:\1"),
        Writes(OFFICIAL, rf"\[(\w+)\]\.(?!(?:{OWN})\b)(\w+)(?:\.\*)*", r"Harvester:source[\1].\2"),
        Writes(
            r"(?:POST|PUT) /harvesters/\{harvester_uid\}/schedules/(?:\{schedule_uid\}/)?",
            "(cron_schedule|timezone)",
            r"Harvester:schedules[].\1",
        ),
    ),
    unwritten=(
        Unwritten(r"POST /harvesters/\{harvester_uid\}/unsaved_preview/", ".*", "a preview, which stores nothing"),
    ),
)
