"""Sources of every kind: where their data are, what is pushed to them, and that what was pushed is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pulumi_opendatasoft as ods
import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import eventually
from ..standin.engine import Engine

CSV = "city,pm10\nBasel,12\nBern,9\n"
RECORDS = [{"city": "Basel", "pm10": 12}, {"city": "Bern", "pm10": 9}]

Program = Callable[[], Any]


def records(portal: Portal, dataset_id: str = "air") -> list[dict[str, Any]]:
    """What the public sees."""
    return list(portal.records(dataset_id, 100)["results"])


def sources(portal: Portal, dataset_id: str = "air") -> list[dict[str, Any]]:
    """The sources as the portal tells them."""
    return portal.all(f"/datasets/{portal.dataset(dataset_id)['uid']}/resources/")


def is_settled(engine: Engine, portal: Portal, program: Program) -> None:
    """Neither a preview nor a refresh shows a change, nor does anything write."""
    portal.forget()
    assert engine.preview(program).steps == {}
    refreshed = engine.refresh()
    assert refreshed.steps == {}, refreshed.changed
    assert engine.preview(program).steps == {}
    assert portal.writes() == []


# ---------------------------------------------------------------- where data are


def ftp(name: str) -> Any:
    """A file of an FTP server."""
    server = ods.FTPConnection("server", url="ftps://files.example.com/data")
    return ods.FTPDatasource(connection=server.uid, relative_url=f"/{name}")


def sharepoint(name: str) -> Any:
    """A file of a SharePoint drive."""
    server = ods.SharepointConnection("server", auth=ods.SharepointOIDCAuth(nonce="a nonce", code="a code"))
    return ods.SharepointDatasource(connection=server.uid, drive_id="drive", file_id=name)


def google_drive(name: str) -> Any:
    """A file of a Google Drive."""
    server = ods.GoogleDriveConnection("server", auth=ods.GoogleDriveOIDCAuth(nonce="a nonce", code="a code"))
    return ods.GoogleDriveDatasource(connection=server.uid, file_id=name)


def amazon_s3(name: str) -> Any:
    """A file in a bucket."""
    login = ods.AWSSignatureV4Auth(access_key_id="AKIA1", secret_access_key="a secret", region="eu-west-1")
    server = ods.AmazonS3Connection("server", auth=login)
    return ods.AmazonS3Datasource(connection=server.uid, url=f"https://city.s3.amazonaws.com/{name}")


def azure(name: str) -> Any:
    """A file in a container."""
    server = ods.AzureBlobStorageConnection(
        "server", auth=ods.AzureSharedKeyAuth(account_name="city", shared_key="a key")
    )
    return ods.AzureBlobStorageDatasource(connection=server.uid, url=f"https://city.blob.core.windows.net/{name}")


FAR = [
    pytest.param(ftp, "ftp/files.example.com/data", id="FTP"),
    pytest.param(sharepoint, "sharepoint/drive", id="SharePoint"),
    pytest.param(google_drive, "google_drive", id="Google Drive"),
    pytest.param(amazon_s3, "amazon_s3/city.s3.amazonaws.com", id="Amazon S3"),
    pytest.param(azure, "azure_blob_storage/city.blob.core.windows.net", id="Azure"),
]


@pytest.mark.parametrize(("datasource", "place"), FAR)
def test_data_of_a_remote_host_become_records(
    engine: Engine, portal: Portal, tmp_path: Path, datasource: Callable[[str], Any], place: str
) -> None:
    folder = tmp_path / "portal" / "remote" / place
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(CSV)
    (folder / "b.csv").write_text("city,pm10\nBiel,7\n")

    def program(name: str = "a.csv") -> None:
        source = ods.Source(type="csvfile", datasource=datasource(name))
        ods.Dataset("air", sources={"far away": source}, published=True)

    engine.up(program)
    assert records(portal) == RECORDS
    is_settled(engine, portal, program)
    (before,) = sources(portal)

    assert engine.up(lambda: program("b.csv")).steps == {"air": "update"}
    assert records(portal) == [{"city": "Biel", "pm10": 7}]
    (after,) = sources(portal)
    assert after["uid"] == before["uid"]
    assert engine.destroy().steps == {"air": "delete", "server": "delete"}


def test_a_kind_of_datasource_that_nobody_declared_is_written_as_it_stands(engine: Engine, portal: Portal) -> None:
    def program(form: str = "fo_1", **more: Any) -> None:
        datasource = ods.OtherDatasource(type="ods_form", params={"form_uid": form, **more})
        ods.Dataset("air", sources={"form": ods.Source(type="ods_form", datasource=datasource)})

    engine.up(lambda: program(domain_id="city"))
    (source,) = sources(portal)
    assert source["datasource"] == {"type": "ods_form", "form_uid": "fo_1", "domain_id": "city"}
    is_settled(engine, portal, lambda: program(domain_id="city"))

    assert engine.up(lambda: program("fo_2", domain_id="city")).steps == {"air": "update"}
    (source,) = sources(portal)
    assert source["datasource"]["form_uid"] == "fo_2"


# ---------------------------------------------------------------- another portal


@pytest.fixture
def other(tmp_path: Path, portal: Portal) -> Iterator[Portal]:
    """Another portal with the public dataset `weather`, that ours knows as "region"."""
    with Emulator(tmp_path / "other") as emulator:
        there = Portal(emulator)
        with closing(there.http), closing(there.control):
            body = {"dataset_id": "weather", "metadata": {"default": {"title": {"value": "Weather"}}}}
            uid = there.post("/datasets/", body)["uid"]
            file = there.http.post(f"/datasets/{uid}/resources/files/", files={"file": ("a.csv", CSV)}).json()
            there.post(
                f"/datasets/{uid}/resources/",
                {
                    "type": "csvfile",
                    "title": "a",
                    "datasource": {"type": "uploaded_file", "file": {"uid": file["uid"]}},
                },
            )
            there.put(f"/datasets/{uid}/metadata/default/publisher/", {"value": "The region"})
            there.post(f"/datasets/{uid}/publish/")
            eventually(lambda: there.get(f"/datasets/{uid}/status/")["is_published"])
            portal.set(federated_domains={"region": there.url})
            yield there


def federated(*, follow: list[str] | None = None, parameters: dict[str, Any] | None = None, **default: Any) -> None:
    """A dataset that shows one of another portal."""
    datasource = ods.FederatedDatasource(domain="region", dataset="weather", parameters=parameters)
    metadata = ods.Metadata(default=ods.DefaultMetadata(**default), follow_remote=follow)
    source = ods.Source(type="federated", datasource=datasource)
    ods.Dataset("weather-here", metadata=metadata, sources={"remote": source}, published=True)


def field(portal: Portal, name: str) -> dict[str, Any]:
    """A metadata field of the dataset that shows another."""
    uid = portal.dataset("weather-here")["uid"]
    return dict(portal.get(f"/datasets/{uid}/metadata/default/{name}/"))


def test_a_federated_dataset_shows_the_records_of_another_portal(engine: Engine, portal: Portal, other: Portal) -> None:
    def program() -> None:
        federated(title="Weather here", parameters={"refine.city": "Basel"})

    engine.up(program)

    assert records(portal, "weather-here")[0]["city"] == "Basel"
    (source,) = sources(portal, "weather-here")
    assert source["datasource"]["parameters"] == {"refine.city": "Basel"}
    assert source["datasource"]["permissions_user"] is not None
    is_settled(engine, portal, program)


def test_a_named_field_overrides_the_remote_one_and_the_others_follow(
    engine: Engine, portal: Portal, other: Portal
) -> None:
    def program(title: str = "Weather here") -> None:
        federated(title=title)

    engine.up(program)
    assert field(portal, "title") == {
        "value": "Weather here",
        "remote_value": "Weather",
        "override_remote_value": True,
    }
    assert field(portal, "publisher")["value"] == "The region"
    is_settled(engine, portal, program)

    assert engine.up(lambda: program("Our weather")).steps == {"weather-here": "update"}
    assert field(portal, "title")["value"] == "Our weather"
    is_settled(engine, portal, lambda: program("Our weather"))


def test_a_dataset_without_a_title_of_its_own_has_the_remote_one(engine: Engine, portal: Portal, other: Portal) -> None:
    engine.up(federated)

    assert field(portal, "title")["value"] == "Weather"
    is_settled(engine, portal, federated)


def test_a_field_follows_the_remote_one_again_when_the_program_says_so(
    engine: Engine, portal: Portal, other: Portal
) -> None:
    engine.up(lambda: federated(title="Weather here", publisher="We"))
    assert field(portal, "publisher")["value"] == "We"

    def program() -> None:
        federated(title="Weather here", follow=["default.publisher"])

    assert engine.up(program).steps == {"weather-here": "update"}
    assert field(portal, "publisher") == {
        "value": "The region",
        "remote_value": "The region",
        "override_remote_value": False,
    }
    is_settled(engine, portal, program)

    uid = portal.dataset("weather-here")["uid"]
    portal.put(f"/datasets/{uid}/metadata/default/publisher/", {"value": "Mine", "override_remote_value": True})
    found = engine.refresh()
    assert found.steps == {"weather-here": "update"}
    assert all(path.startswith("metadata.follow_remote") for path in found.changed["weather-here"]), found.changed
    assert engine.up(program).steps == {"weather-here": "update"}
    assert field(portal, "publisher")["value"] == "The region"
    is_settled(engine, portal, program)


def test_a_run_that_died_before_the_title_was_written_is_finished(
    engine: Engine, portal: Portal, other: Portal
) -> None:
    def program() -> None:
        federated(title="Weather here", publisher="We")

    portal.fail({"method": "PUT", "path": "/metadata/default/$", "nth": 1, "fault": "status:500"})
    engine.up(program, ok=False)
    begun = portal.dataset("weather-here")["uid"]
    engine.resources.clear()  # the engine died before it heard of it
    portal.fail()

    engine.up(program)

    assert [dataset["uid"] for dataset in portal.all("/datasets/")] == [begun]
    assert (field(portal, "title")["value"], field(portal, "publisher")["value"]) == ("Weather here", "We")
    is_settled(engine, portal, program)


# ---------------------------------------------------------------- what is pushed

PUSHED = [{"pm10": 12}, {"pm10": 14}]


@dataclass
class Sensors:
    """A public dataset with a realtime source, to which records were pushed."""

    engine: Engine
    portal: Portal

    @staticmethod
    def program(**other: Any) -> Program:
        """The dataset, with some properties given otherwise."""

        def declare() -> None:
            given = {
                "metadata": ods.Metadata(default=ods.DefaultMetadata(title="Air")),
                "sources": {"sensor": ods.Source(type="realtime")},
                "published": True,
                **{name: value() if callable(value) else value for name, value in other.items()},
            }
            ods.Dataset("air", **given)

        return declare

    @property
    def url(self) -> str:
        """Where records are pushed to."""
        return str(self.engine.get("air").outputs["push_urls"]["sensor"])

    def hold(self, wanted: list[dict[str, Any]] = PUSHED) -> bool:
        """Whether the public sees what was pushed."""
        return [{"pm10": record["pm10"]} for record in records(self.portal)] == wanted


@pytest.fixture
def sensors(engine: Engine, portal: Portal) -> Sensors:
    pushed = Sensors(engine, portal)
    engine.up(pushed.program())
    for record in PUSHED:
        httpx.post(pushed.url, json=record).raise_for_status()
    eventually(pushed.hold)
    return pushed


def test_where_records_are_pushed_to_is_an_output_that_others_can_use(sensors: Sensors) -> None:
    def program() -> None:
        air = ods.Dataset("air", sources={"sensor": ods.Source(type="realtime")}, published=True)
        ods.Group("readers", title="Readers", description=air.push_urls.apply(lambda urls: urls["sensor"]))

    sensors.engine.up(program)

    (source,) = sources(sensors.portal)
    assert sensors.portal.get("/groups/readers/")["description"] == source["url"] == sensors.url
    assert sensors.hold()
    is_settled(sensors.engine, sensors.portal, program)


def test_a_renewed_address_is_told_by_a_refresh_and_is_no_change(sensors: Sensors) -> None:
    before, (source,) = sensors.url, sources(sensors.portal)
    uid = sensors.portal.dataset("air")["uid"]
    sensors.portal.post(f"/datasets/{uid}/resources/{source['uid']}/renew_api_key/")

    assert sensors.engine.refresh().steps == {}

    assert sensors.url != before
    assert httpx.post(before, json={"pm10": 1}).status_code == 401
    assert httpx.post(sensors.url, json={"pm10": 16}).status_code == 200
    eventually(lambda: sensors.hold([*PUSHED, {"pm10": 16}]))


def test_pushing_is_turned_off_and_on(sensors: Sensors) -> None:
    def switched(enabled: bool) -> Program:
        return sensors.program(sources=lambda: {"sensor": ods.Source(type="realtime", enabled=enabled)})

    assert sensors.engine.up(switched(enabled=False)).steps == {"air": "update"}
    assert httpx.post(sensors.url, json={"pm10": 1}).status_code == 403
    is_settled(sensors.engine, sensors.portal, switched(enabled=False))

    assert sensors.engine.up(switched(enabled=True)).steps == {"air": "update"}
    assert httpx.post(sensors.url, json={"pm10": 16}).status_code == 200
    eventually(lambda: sensors.hold([*PUSHED, {"pm10": 16}]))


SPARING = {
    "metadata": {"metadata": lambda: ods.Metadata(default=ods.DefaultMetadata(title="The air", keyword=["air"]))},
    "the parameters of the source": {
        "sources": lambda: {"sensor": ods.Source(type="realtime", params={"unique_by": "id"})}
    },
    "fields": {"fields": lambda: [ods.TypeField(field="pm10", type_param="double")]},
    "processors": {"processors": lambda: [ods.Processor(type="fold_field", params={"field": "none"})]},
    "schedules": {"schedules": lambda: ["0 6 * * *"]},
    "access": {"default_security": lambda: ods.DatasetSecurity(is_data_visible=True, visible_fields=["pm10"])},
    "no more sources managed": {"sources": None},
    "no more publication managed": {"published": None},
    "permission to lose": {"allow_data_loss": True},
}


@pytest.mark.parametrize("other", SPARING.values(), ids=list(SPARING))
def test_what_was_pushed_survives_a_change_of(sensors: Sensors, other: dict[str, Any]) -> None:
    (before,) = sources(sensors.portal)

    assert sensors.engine.up(sensors.program(**other)).steps == {"air": "update"}
    assert sensors.hold()
    assert sensors.engine.refresh().steps == {}
    assert sensors.engine.up(sensors.program()).steps == {"air": "update"}

    assert sensors.hold()
    (after,) = sources(sensors.portal)
    assert (after["uid"], after["url"]) == (before["uid"], before["url"])


def refused(sensors: Sensors, other: dict[str, Any], words: str) -> None:
    """A preview says no, so does an `up`, and neither writes."""
    sensors.portal.forget()
    for command in (sensors.engine.preview, sensors.engine.up):
        failed = command(sensors.program(**other), ok=False)
        assert words in failed.errors[0], failed.errors
    assert sensors.portal.writes() == []
    assert sensors.hold()
    assert sensors.engine.preview(sensors.program()).steps == {}


LOST = "the records that were pushed to it would be lost"
LOSING: list[tuple[dict[str, Any], str]] = [
    ({"published": False}, "published: the dataset would be unpublished"),
    ({"dataset_id": "luft"}, 'dataset_id: "air" would become "luft"'),
    ({"sources": lambda: {}}, f"sources.sensor: {LOST}"),
    ({"sources": lambda: {"sensor 1": ods.Source(type="realtime")}}, f"sources.sensor: {LOST}"),
    (
        {"sources": lambda: {"sensor": ods.Source(type="ods_form", datasource=ods.OtherDatasource(type="ods_form"))}},
        f"sources.sensor: {LOST}",
    ),
]


def test_what_would_lose_what_was_pushed_is_refused_before_anything_is_written(sensors: Sensors) -> None:
    for other, words in LOSING:
        refused(sensors, other, words)


def test_other_sources_go_and_what_was_pushed_stays(sensors: Sensors) -> None:
    sensors.engine.folder.joinpath("a.csv").write_text("pm10\n30\n")

    def two() -> dict[str, Any]:
        file = ods.UploadedFileDatasource(file=ods.File(sensors.engine.folder / "a.csv"))
        return {"sensor": ods.Source(type="realtime"), "file": ods.Source(type="csvfile", datasource=file)}

    sensors.engine.up(sensors.program(sources=two))
    eventually(lambda: sorted(record["pm10"] for record in records(sensors.portal)) == [12, 14, 30])

    sensors.engine.up(sensors.program())

    eventually(sensors.hold)
    assert [source["title"] for source in sources(sensors.portal)] == ["sensor"]


def test_a_realtime_dataset_is_not_destroyed_until_the_program_allows_it(sensors: Sensors) -> None:
    sensors.portal.forget()
    failed = sensors.engine.destroy(ok=False)
    assert "records were pushed to sensor, and would be lost for good" in failed.errors[0]
    assert sensors.portal.writes() == []
    failed = sensors.engine.up(lambda: None, ok=False)
    assert "records were pushed to sensor, and would be lost for good" in failed.errors[0]
    assert sensors.hold()

    sensors.engine.up(sensors.program(allow_data_loss=True))
    assert sensors.hold()
    assert sensors.engine.destroy().steps == {"air": "delete"}
    assert sensors.portal.all("/datasets/") == []


def test_what_the_program_allows_to_be_lost_is_unpublished(sensors: Sensors) -> None:
    assert sensors.engine.up(sensors.program(published=False, allow_data_loss=True)).steps == {"air": "update"}

    assert sensors.portal.dataset("air")["is_published"] is False
    is_settled(sensors.engine, sensors.portal, sensors.program(published=False, allow_data_loss=True))


def test_a_realtime_source_made_behind_the_programs_back_is_not_removed(sensors: Sensors) -> None:
    uid = sensors.portal.dataset("air")["uid"]
    source = sensors.portal.post(f"/datasets/{uid}/resources/", {"type": "realtime", "title": "by hand"})
    httpx.post(source["url"], json={"pm10": 16}).raise_for_status()
    sensors.engine.refresh()

    failed = sensors.engine.up(sensors.program(), ok=False)

    assert "by hand" in failed.errors[0]
    assert "would be lost for good" in failed.errors[0]
    assert {found["title"] for found in sources(sensors.portal)} == {"sensor", "by hand"}


def test_a_second_realtime_source_comes_and_goes_only_where_the_program_allows_it(sensors: Sensors) -> None:
    def two() -> dict[str, Any]:
        return {"sensor": ods.Source(type="realtime"), "second": ods.Source(type="realtime")}

    sensors.engine.up(sensors.program(sources=two))
    assert sensors.hold()

    failed = sensors.engine.up(sensors.program(), ok=False)
    assert "sources.second: the records that were pushed to it would be lost" in failed.errors[0]

    sensors.engine.up(sensors.program(allow_data_loss=True))
    assert sensors.hold()
    assert [source["title"] for source in sources(sensors.portal)] == ["sensor"]


# ---------------------------------------------------------------- files


def filed(engine: Engine, name: str = "file") -> Program:
    """A public dataset of one file, whose source has this name."""

    def declare() -> None:
        datasource = ods.UploadedFileDatasource(file=ods.File(engine.folder / "a.csv"))
        ods.Dataset("air", sources={name: ods.Source(type="csvfile", datasource=datasource)}, published=True)

    return declare


def test_another_content_of_a_file_makes_other_records(engine: Engine, portal: Portal) -> None:
    engine.folder.joinpath("a.csv").write_text(CSV)
    engine.up(filed(engine))
    (before,) = sources(portal)
    assert records(portal) == RECORDS

    engine.folder.joinpath("a.csv").write_text("city,pm10\nBiel,7\n")
    assert engine.up(filed(engine)).steps == {"air": "update"}

    (after,) = sources(portal)
    assert records(portal) == [{"city": "Biel", "pm10": 7}]
    assert after["uid"] == before["uid"]
    assert after["datasource"] != before["datasource"]


def test_a_source_under_another_name_is_another_source(engine: Engine, portal: Portal) -> None:
    engine.folder.joinpath("a.csv").write_text(CSV)
    engine.up(filed(engine))

    assert engine.up(filed(engine, "stations")).steps == {"air": "update"}

    assert [source["title"] for source in sources(portal)] == ["stations"]
    assert records(portal) == RECORDS
    is_settled(engine, portal, filed(engine, "stations"))
