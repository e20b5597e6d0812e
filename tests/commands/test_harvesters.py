"""The commands of harvesters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import wait_until_settled
from ..emulator.harvesting import FTP, INDEX, datasets, harvester, new_harvester, region_files
from .conftest import Call


@pytest.fixture(scope="module")
def files(portal: Portal) -> Path:
    return region_files(portal.emulator.portal.folder)


@pytest.fixture(scope="module")
def region(portal: Portal, files: Path) -> str:
    return new_harvester(portal.http)


@pytest.mark.reaches("harvest preview", "GET /harvesters/{harvester_uid}/preview/")
def test_datasets_to_be_harvested_are_previewed(call: Call, region: str) -> None:
    lines = call("harvest", "preview", region).stdout.splitlines()
    assert lines[0] == "id\ttitle\tdescription"
    assert [line.split("\t")[:2] for line in lines[1:]] == [["w1", "Weather of the region"], ["s1", "Schools"]]


@pytest.mark.reaches("harvest preview", "POST /harvesters/{harvester_uid}/unsaved_preview/")
def test_unsaved_configuration_is_previewed(call: Call, region: str, files: Path) -> None:
    (files / "other.csv").write_text(INDEX.splitlines()[0] + "\nx1;Other;;;;en;schools.csv\n")
    body = {name: value for name, value in FTP.items() if name != "password"} | {"metadata_file": "other.csv"}
    found = call("harvest", "preview", region, "--config", "-", "--json", input=json.dumps(body)).json
    assert [row["id"] for row in found["results"]] == ["x1"]


@pytest.mark.reaches("harvest start")
@pytest.mark.reaches("harvest publish")
@pytest.mark.reaches("harvest unpublish")
def test_run_is_waited_for_and_its_datasets_published(portal: Portal, call: Call, region: str) -> None:
    assert call("harvest", "start", "The region").stdout == f"The region ({region}) has harvested\n"
    assert harvester(portal.http, region)["status"] == "idle"
    uids = [one["uid"] for title, one in datasets(portal.http).items() if title in ("Schools", "Weather of the region")]
    assert len(uids) == 2
    assert call("harvest", "publish", region, "--json").json == {"uid": region}
    assert all(wait_until_settled(portal.http, uid)["is_published"] for uid in uids)
    assert "every dataset of harvester The region" in call("harvest", "unpublish", region, code=9).stderr
    assert call("harvest", "unpublish", region, "--yes", "--json").json == {"uid": region}
    assert not any(wait_until_settled(portal.http, uid)["is_published"] for uid in uids)


@pytest.mark.reaches("harvest abort")
def test_run_is_aborted(portal: Portal, call: Call, region: str) -> None:
    assert call("harvest", "abort", region, "--json").json["aborted"] is False
    portal.set(processing_ms=60_000)
    assert call("harvest", "start", region, "--no-wait", "--json").json["status"] == "processing"
    assert call("harvest", "abort", region).stdout == f"stopped The region ({region})\n"
    portal.set(processing_ms=0)
    assert harvester(portal.http, region)["status"] == "idle"


@pytest.mark.reaches("harvest errors")
def test_failed_run_and_its_errors(call: Call, portal: Portal, files: Path) -> None:
    broken = new_harvester(portal.http, name="Broken", metadata_file="missing.csv")
    failed = call("harvest", "start", "Broken", code=ExitCode.ENDED_BADLY)
    assert "harvesting failed: A fatal error" in failed.stderr
    assert "run the command again" in failed.stderr
    assert call("harvest", "errors", broken, "--json").json["harvester"].startswith("A fatal error")
    assert call("harvest", "errors", broken).stdout.splitlines()[1].startswith(f"Broken ({broken})\t")


def test_unknown_harvester_is_named(call: Call, region: str) -> None:
    assert 'named "Nowhere"' in call("harvest", "errors", "Nowhere", code=ExitCode.NOT_FOUND).stderr
