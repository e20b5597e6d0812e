"""Resource types on portals with other switches: every behaviour of the service that is not known for certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.servers import Servers
from ..samples import samples
from .bench import NAME, open_bench
from .connections import HTTP, OTHER
from .datasets import DATASET, small
from .groups import GROUP
from .pages import CODE_EDITOR_PAGE, STUDIO_PAGE
from .roles import ROLE_SUBJECT
from .rows import Given, Properties, Row, differences
from .sources import stations, write_files
from .subject import Subject
from .users import USER

OWN = r"permissions|groups|explore_limits.*|title|description"

LEFT_OUT = {"metadata_defaults_after_put": "left_out"}
"""Fields that the portal derives from others are then not derived again."""

STRICT = {"required_members": "enforced", "read_only_members": "refused"}
"""As the description is written. The other client of a drift sends back all that it read, so there is none."""

SWITCHES = (
    (GROUP, STRICT, OWN),
    (USER, STRICT, OWN),
    (HTTP, STRICT, r"url|headers|is_reusable|auth\[basic_auth\].*"),
    (OTHER, STRICT, r"params|secret_params"),
    (ROLE_SUBJECT, STRICT, "role_arn"),
    (samples()["ApiKey"].subject, STRICT, "label"),
    (samples()["MetadataTemplate"].subject, STRICT, r"title|is_active|schema.*"),
    (GROUP, {"omitted_in_put": "clear"}, OWN),
    (GROUP, {"duplicate_group_title": "refuse"}, "title"),
    (GROUP, {"group_uid_separator": "-"}, "members"),
    (USER, {"omitted_in_put": "clear"}, OWN),
    (USER, {"open_invitation": "hidden"}, OWN),
    (USER, {"empty_text_told": "null"}, "permissions"),
    (HTTP, {"omitted_in_put": "clear"}, r"url|headers|is_reusable|auth\[basic_auth\].*"),
    (HTTP, {"connection_secret_left_out": "cleared"}, r"url|headers|is_reusable|auth\[basic_auth\].*"),
    (HTTP, {"connection_rule_status": 201}, r".*_access.*"),
    (CODE_EDITOR_PAGE, {"omitted_in_put": "clear"}, r"content.*|description|tags"),
    (CODE_EDITOR_PAGE, {"page_html": "sanitised", "page_languages": "filled_in"}, r"title"),
    (CODE_EDITOR_PAGE, {"page_slug_in_put": "ignored", "page_rule_status": 201}, r"slug|.*_access.*"),
    (STUDIO_PAGE, {"omitted_in_put": "clear", "page_rule_status": 201}, r"slug|public|.*_access.*"),
    (DATASET, {"second_rule": "replace"}, r".*_access\[\]\.(user|group|permissions)"),
    (DATASET, {"creator_gets_rule": True}, r"user_access\[\]\.permissions"),
    (DATASET, {"empty_template": "empty"}, r"metadata\.(templates.*|default\.title)"),
    (
        DATASET,
        {"metadata_defaults_after_put": "left_out"},
        r"metadata\.default\.(title|keyword|language)|metadata\.templates.*",
    ),
    (DATASET, {"custom_metadata_at_creation": "kept"}, r"metadata\.templates.*"),
    (DATASET, {"metadata_in_dataset_put": "merges"}, r"is_restricted|metadata\.default\.title"),
    (DATASET, {"unknown_metadata": "invalid"}, r"metadata\.default\.title"),
    (DATASET, {"custom_metadata_at_creation": "kept", "further_default_fields": ["tags"]}, r"metadata\.default\.title"),
    (DATASET, {"type_of_entry": "free"}, r"processors\[\]\.type"),
    (DATASET, {"write_while_busy": "refuse"}, r"dataset_id|published|fields\[rename\]\.to_name"),
    (DATASET, {"restrict_new_datasets": True}, r"is_restricted"),
)


IDENTITY = ("dataset_id", "published", "allow_data_loss")
"""The properties that every dataset of these tests has."""


def narrowed(rows: list[Row]) -> Subject:
    """Datasets that have only the sections of some rows: the whole one has eighty calls, and their code is one."""
    names = {*IDENTITY, *(row.name for row in rows)}

    def only(given: Given, facts: Mapping[str, Any]) -> Properties:
        return {name: value for name, value in given(facts).items() if name in names}

    return replace(DATASET, samples={name: partial(only, given) for name, given in DATASET.samples.items()})


def named(switch: Any) -> str:
    """The name of a case."""
    return "+".join(switch) if isinstance(switch, dict) else str(switch)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.trust)], ids=["", "whole"])
@pytest.mark.parametrize(("subject", "switch", "which"), SWITCHES, ids=named)
def test_resource_type_works_on_a_portal_with_other_switches(
    subject: Subject, switch: dict[str, Any], which: str, every: bool, tmp_path: Path, servers: Servers
) -> None:
    """The properties that a switch reaches are changed, and drift; with `every`, those besides them are there too."""
    rows = [row for row in subject.rows if re.fullmatch(which, row.path)]
    assert rows, "no row has such a name"
    tested = narrowed(rows) if subject is DATASET and not every else subject
    with open_bench(tested, tmp_path, servers, **switch) as bench:
        for row in sorted(rows, key=lambda row: (row.sample, row.step == "replace")):
            bench.change(row)
        reached = [row for row in rows if row.shows and not row.sample]
        if switch not in (LEFT_OUT, STRICT) and (every or reached):
            bench.drift("", None if every else reached)
        bench.stand_on("")
        with bench.engine.together():
            bench.is_settled(bench.program())


@pytest.mark.parametrize(
    ("subject", "name", "row"),
    [
        (GROUP, "permissions", "title"),
        (USER, "groups", "permissions"),
        (HTTP, "headers", "is_reusable"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "switch", [{"omitted_in_put": "keep"}, {"omitted_in_put": "clear"}], ids=lambda s: s["omitted_in_put"]
)
def test_unmanaged_property_survives_a_change_of_another(
    subject: Subject, name: str, row: str, switch: dict[str, Any], tmp_path: Path, servers: Servers
) -> None:
    change: Row = next(one for one in subject.rows if one.path == row)
    with open_bench(subject, tmp_path, servers, **switch) as bench:
        start = bench.stand_on("")
        bench.engine.up(bench.program(without=(name,)))
        bench.engine.up(bench.program(other=change.other, without=(name,)))
        assert differences(start, bench.seen()) == change.actual


@pytest.mark.parametrize(
    "switch",
    [
        {"same_file_name": "overwrite"},
        {"same_file_name": "suffix"},
        {"uploaded_file_told": "whole"},
        {"uploaded_file_told": "whole", "same_file_name": "overwrite"},
    ],
    ids=lambda switch: "+".join(switch.values()),
)
def test_new_content_of_a_file_becomes_records(switch: dict[str, Any], engine: Engine, portal: Portal) -> None:
    portal.set(**switch)
    write_files(engine.folder)
    facts = {"folder": engine.folder}

    def air(name: str) -> None:
        file = ods.UploadedFileDatasource(file=stations(facts, name))
        given = {**small(facts), "sources": {"file": ods.Source(type="csvfile", datasource=file)}, "published": True}
        ods.Dataset(NAME, **given)

    for name, city in (("stations.csv", "Basel"), ("same_size/stations.csv", "Berne"), ("stations.csv", "Basel")):
        program = partial(air, name)
        engine.up(program)
        assert [record["name"] for record in portal.records("air")["results"]] == [city]
        with engine.together():
            assert engine.refresh().steps == {}
            assert engine.preview(program).steps == {}
