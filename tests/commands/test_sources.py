"""The commands of sources: examined, fetched anew, pushed to; and of the files of a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pulumi_opendatasoft.commands.exit_codes import ExitCode

from ..conftest import Portal
from ..emulator.calls import add_csv, new_dataset, publish, wait_until_settled
from ..emulator.remote_catalogs import serving
from .conftest import Call

CSV = b"city;size\nBasel;3\nBern;4\n"


@pytest.fixture(scope="module")
def air(portal: Portal) -> str:
    """A dataset with a source named `Data`."""
    uid = new_dataset(portal.http, "measures")
    add_csv(portal.http, uid)
    return uid


@pytest.mark.reaches("source guess", "GET /datasets/{dataset_uid}/resources/{resource_uid}/guess_extractors/")
@pytest.mark.reaches("source guess", "GET /datasets/{dataset_uid}/resources/{resource_uid}/guess_extractors_params/")
def test_extractor_of_a_source_is_guessed(call: Call, air: str) -> None:
    guessed = call("source", "guess", air, "Data", "--json").json
    assert guessed["extractors"][0]["type"] == "csvfile"
    assert guessed["guessed"]["params"]["separator"] == ","
    outcome = call("source", "guess", air)
    assert outcome.stdout.startswith("extractor\tlabel\ncsvfile\t")
    assert "separator=','" in outcome.stderr


@pytest.mark.reaches("source guess", "POST /datasets/{dataset_uid}/resources/guess_extractors/")
@pytest.mark.reaches("source guess", "POST /datasets/{dataset_uid}/resources/guess_extractor_params/")
def test_extractor_of_an_address_is_guessed(call: Call, air: str) -> None:
    with serving() as server:
        server.put("/air.csv", CSV)
        guessed = call("source", "guess", air, "--url", f"{server.address}/air.csv", "--json").json
    assert guessed["guessed"] == {"extractor": "csvfile", "params": guessed["guessed"]["params"]}
    assert guessed["guessed"]["params"]["separator"] == ";"


@pytest.mark.reaches("source preview", "GET /datasets/{dataset_uid}/resources/{resource_uid}/preview/")
def test_records_of_a_source_are_previewed(call: Call, air: str) -> None:
    assert call("source", "preview", air).stdout == "city\tsize\nBasel\t3\nBern\t4\n"
    assert (
        call("source", "preview", air, "--fields").stdout == "field\ttype\tlabel\ncity\ttext\tcity\nsize\tint\tsize\n"
    )


@pytest.mark.reaches("source preview", "POST /datasets/{dataset_uid}/resources/preview/")
def test_records_of_an_address_are_previewed(call: Call, air: str, tmp_path: Path) -> None:
    with serving() as server:
        server.put("/air.csv", CSV)
        address = f"{server.address}/air.csv"
        guessed = call("source", "preview", air, "--url", address, "--json").json
        wrong = ("--type", "csvfile", "--params", '{"separator": ","}')
        assert call("source", "preview", air, "--url", address, *wrong).stdout.startswith("city_size\n")
        file = tmp_path / "datasource.json"
        connection = {"type": "http", "url": server.address, "auth": None}
        datasource = {"type": "http", "connection": connection, "relative_url": "/air.csv", "headers": []}
        file.write_text(json.dumps(datasource))
        assert call("source", "preview", air, "--datasource", str(file), "--json").json == guessed
    assert guessed["records"] == [{"city": "Basel", "size": 3}, {"city": "Bern", "size": 4}]


def test_secret_of_a_datasource_is_not_repeated(call: Call, air: str) -> None:
    body = {"type": "http", "connection": {"type": "http", "url": "http://canary-71f0", "auth": None}}
    given = json.dumps(body | {"relative_url": "/canary-71f0.csv", "headers": [{"name": "A", "value": "canary-71f0"}]})
    failed = call("source", "preview", air, "--datasource", "-", "--type", "csvfile", input=given, code=ExitCode.FAILED)
    assert "canary" not in failed.stderr


def test_source_and_address_exclude_each_other(call: Call, air: str) -> None:
    failed = call("source", "preview", air, "Data", "--url", "http://a.invalid/x", code=ExitCode.USAGE)
    assert "exclude each other" in failed.stderr
    assert "begins with http" in call("source", "guess", air, "--url", "air.csv", code=ExitCode.USAGE).stderr


def test_unknown_source_is_named_beside_those_there_are(call: Call, air: str) -> None:
    failed = call("source", "preview", air, "Date", code=ExitCode.NOT_FOUND)
    assert 'named "Date": there are Data (re_' in failed.stderr


@pytest.mark.reaches("source list")
def test_sources_are_listed_without_their_secrets(portal: Portal, call: Call, sensor: dict[str, Any]) -> None:
    uid = sensor["dataset"]
    header = {"name": "X-Token", "value": "canary-b71f"}
    datasource = {
        "type": "http",
        "connection": {"type": "http", "url": "http://data.example.com", "auth": None},
        "relative_url": "/air.csv",
        "headers": [header],
    }
    portal.post(f"/datasets/{uid}/resources/", {"type": "csvfile", "title": "Remote", "datasource": datasource})
    listed = call("source", "list", uid, "--json")
    assert [(one["title"], one["kind"]) for one in listed.json] == [("Sensors", "realtime"), ("Remote", "http")]
    assert "canary" not in listed.stdout
    assert "pushkey" not in listed.stdout


@pytest.mark.reaches("source clean-cache")
def test_cache_of_a_source_is_cleared(portal: Portal, call: Call, air: str) -> None:
    assert call("source", "clean-cache", air, "Data").stdout.startswith(
        'cleared the cache of source "Data" of measures'
    )
    assert call("source", "clean-cache", air, "--json").json["title"] == "Data"
    assert portal.get(f"/datasets/{air}/resources/")["total_count"] == 1


# ---------------------------------------------------------------- pushed records


@pytest.fixture
def sensor(portal: Portal, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A public dataset with a realtime source, of which one record is public; the source, and the dataset's uid."""
    name = request.node.name.replace("_", "-")[:40]
    uid = new_dataset(portal.http, name)
    made: dict[str, Any] = portal.post(f"/datasets/{uid}/resources/", {"type": "realtime", "title": "Sensors"})
    assert push(made["url"]) == 200
    publish(portal.http, uid)
    portal.forget()
    return {**made, "dataset": uid, "name": name}


def push(url: str) -> int:
    return httpx.post(url, json={"pm10": 12}, timeout=30).status_code


@pytest.mark.reaches("realtime disable")
@pytest.mark.reaches("realtime enable")
def test_pushes_are_refused_and_accepted(portal: Portal, call: Call, sensor: dict[str, Any]) -> None:
    assert call("realtime", "disable", sensor["dataset"], "--json").json["is_enabled"] is False
    assert push(sensor["url"]) >= 400
    assert call("realtime", "enable", sensor["dataset"], "Sensors", "--json").json["is_enabled"] is True
    assert push(sensor["url"]) == 200
    assert portal.get(f"/datasets/{sensor['dataset']}/resources/{sensor['uid']}/")["title"] == "Sensors"


@pytest.mark.reaches("realtime renew")
def test_push_key_is_renewed_and_shown_on_request(portal: Portal, call: Call, sensor: dict[str, Any]) -> None:
    call("realtime", "renew", sensor["dataset"], code=ExitCode.DECLINED)
    hidden = call("realtime", "renew", sensor["dataset"], "--yes")
    assert "pushkey" not in hidden.stdout + hidden.stderr
    assert push(sensor["url"]) >= 400
    assert "url" not in call("realtime", "renew", sensor["dataset"], "--yes", "--json").json
    url = call("realtime", "renew", sensor["dataset"], "--yes", "--show-url").stdout.strip()
    assert push(url) == 200
    assert portal.get(f"/datasets/{sensor['dataset']}/resources/{sensor['uid']}/")["url"] == url


@pytest.mark.reaches("realtime recover")
@pytest.mark.reaches("realtime forget")
def test_pushed_records_are_recovered_or_forgotten(portal: Portal, call: Call, sensor: dict[str, Any]) -> None:
    portal.set(realtime_backup=True)
    uid = sensor["dataset"]

    def withdrawn() -> None:
        portal.post(f"/datasets/{uid}/unpublish/")
        wait_until_settled(portal.http, uid)
        publish(portal.http, uid)

    withdrawn()
    assert call("realtime", "recover", uid, "--json").json["title"] == "Sensors"
    wait_until_settled(portal.http, uid)
    for _ in range(200):
        if portal.records(sensor["name"])["total_count"]:
            break
    assert portal.records(sensor["name"])["total_count"] == 1
    withdrawn()
    assert call("realtime", "forget", uid, "--yes", "--json").json["dataset_uid"] == uid
    call("realtime", "recover", uid)
    wait_until_settled(portal.http, uid)
    assert portal.records(sensor["name"])["total_count"] == 0
    portal.get(f"/datasets/{uid}/resources/")
    portal.set(realtime_backup=False)


def test_records_of_a_draft_cannot_be_recovered(portal: Portal, call: Call) -> None:
    uid = new_dataset(portal.http, "draft-of-sensors")
    portal.post(f"/datasets/{uid}/resources/", {"type": "realtime", "title": "Sensors"})
    portal.forget()
    assert "is not public" in call("realtime", "recover", uid, code=ExitCode.FAILED).stderr
    assert portal.writes() == []


def test_source_of_a_file_is_no_realtime_source(call: Call, air: str) -> None:
    assert "no realtime source" in call("realtime", "enable", air, "Data", code=ExitCode.USAGE).stderr
    assert "has no realtime source" in call("realtime", "enable", air, code=ExitCode.NOT_FOUND).stderr


# ---------------------------------------------------------------- files


@pytest.mark.reaches("download file")
def test_uploaded_file_is_downloaded(call: Call, air: str, tmp_path: Path) -> None:
    (file,) = (one["file_uid"] for one in call("source", "list", air, "--json").json)
    outcome = call("download", "file", air, file, "--output", f"{tmp_path}/", "--json").json
    assert Path(outcome["file"]).parent == tmp_path
    assert Path(outcome["file"]).read_text() == "city,size\nBasel,3\nBern,4\n"


@pytest.mark.reaches("download attachment")
def test_attachment_is_downloaded_by_its_name(
    portal: Portal, call: Call, air: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    portal.http.post(f"/datasets/{air}/attachments/", files={"file": ("method.txt", b"as usual")}).raise_for_status()
    call("download", "attachment", air, "method.txt")
    assert Path("method.txt").read_bytes() == b"as usual"
    Path("method.txt").write_text("mine")
    assert "is there already" in call("download", "attachment", air, "method.txt", code=ExitCode.USAGE).stderr
    assert Path("method.txt").read_text() == "mine"
    assert call("download", "attachment", air, "method.txt", "--overwrite", "--json").json["bytes"] == 8
    assert Path("method.txt").read_bytes() == b"as usual"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["method.txt"]


@pytest.mark.reaches("download export")
def test_alternative_export_is_downloaded(portal: Portal, call: Call, air: str, tmp_path: Path) -> None:
    files = {"file": ("../../evil.zip", b"PK")}
    data = {"type": "uploaded_file", "title": "All years"}
    portal.http.post(f"/datasets/{air}/alternative_exports/", files=files, data=data).raise_for_status()
    (tmp_path / "in").mkdir()
    outcome = call("download", "export", air, "All years", "--output", str(tmp_path / "in"), "--json").json
    assert Path(outcome["file"]) == tmp_path / "in" / "evil.zip"
    assert Path(outcome["file"]).read_bytes() == b"PK"


def test_file_that_cannot_be_written_is_one_line(portal: Portal, call: Call, air: str, tmp_path: Path) -> None:
    portal.http.post(f"/datasets/{air}/attachments/", files={"file": ("plan.txt", b"plan")}).raise_for_status()
    (tmp_path / "occupied").write_text("mine")
    failed = call("download", "attachment", air, "plan.txt", "--output", f"{tmp_path}/occupied/x", code=ExitCode.FAILED)
    assert failed.stderr.splitlines()[-1].startswith(f"Error: {tmp_path}/occupied")
    assert (tmp_path / "occupied").read_text() == "mine"


def test_unknown_attachment_writes_no_file(call: Call, air: str, tmp_path: Path) -> None:
    call("download", "attachment", air, "none", "--output", str(tmp_path / "x"), code=ExitCode.NOT_FOUND)
    assert list(tmp_path.iterdir()) == []
