"""Sources of every type: the location of their data, and the records made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from opendatasoft_emulator.server import Emulator

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from .observations import Program, is_settled, records, sources

CSV = "city,pm10\nBasel,12\nBern,9\n"
RECORDS = [{"city": "Basel", "pm10": 12}, {"city": "Bern", "pm10": 9}]

# ---------------------------------------------------------------- the location of data


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


@pytest.mark.parametrize(("datasource", "path"), FAR)
def test_data_of_a_remote_host_become_records(
    engine: Engine, portal: Portal, tmp_path: Path, datasource: Callable[[str], Any], path: str
) -> None:
    folder = tmp_path / "portal" / "remote" / path
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


def test_undeclared_datasource_is_written_as_given(engine: Engine, portal: Portal) -> None:
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
    """Another portal with the public dataset `weather`, which our portal knows as "region"."""
    with Emulator(tmp_path / "other") as emulator:
        region = Portal(emulator)
        with closing(region):
            body = {"dataset_id": "weather", "metadata": {"default": {"title": {"value": "Weather"}}}}
            uid = region.post("/datasets/", body)["uid"]
            file = region.http.post(f"/datasets/{uid}/resources/files/", files={"file": ("a.csv", CSV)}).json()
            region.post(
                f"/datasets/{uid}/resources/",
                {
                    "type": "csvfile",
                    "title": "a",
                    "datasource": {"type": "uploaded_file", "file": {"uid": file["uid"]}},
                },
            )
            region.put(f"/datasets/{uid}/metadata/default/publisher/", {"value": "The region"})
            region.post(f"/datasets/{uid}/publish/")
            eventually(lambda: region.get(f"/datasets/{uid}/status/")["is_published"])
            portal.set(federated_domains={"region": region.url})
            yield region


def federated(*, follow: list[str] | None = None, parameters: dict[str, Any] | None = None, **default: Any) -> None:
    """A dataset from a dataset of another portal."""
    datasource = ods.FederatedDatasource(domain="region", dataset="weather", parameters=parameters)
    metadata = ods.Metadata(default=ods.DefaultMetadata(**default), follow_remote=follow)
    source = ods.Source(type="federated", datasource=datasource)
    ods.Dataset("weather-here", metadata=metadata, sources={"remote": source}, published=True)


def field(portal: Portal, name: str) -> dict[str, Any]:
    """A metadata field of the federated dataset."""
    uid = portal.dataset("weather-here")["uid"]
    return dict(portal.get(f"/datasets/{uid}/metadata/default/{name}/"))


def test_federated_dataset_has_the_records_of_another_portal(engine: Engine, portal: Portal, other: Portal) -> None:
    def program() -> None:
        federated(title="Weather here", parameters={"refine.city": "Basel"})

    engine.up(program)

    assert records(portal, "weather-here")[0]["city"] == "Basel"
    (source,) = sources(portal, "weather-here")
    assert source["datasource"]["parameters"] == {"refine.city": "Basel"}
    assert source["datasource"]["permissions_user"] is not None
    is_settled(engine, portal, program)


def test_named_field_overrides_the_remote_one_others_follow(engine: Engine, portal: Portal, other: Portal) -> None:
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


def test_linked_dataset_without_a_title_has_the_remote_one(engine: Engine, portal: Portal, other: Portal) -> None:
    engine.up(federated)

    assert field(portal, "title")["value"] == "Weather"
    is_settled(engine, portal, federated)


def test_field_in_follow_remote_follows_the_remote_one_again(engine: Engine, portal: Portal, other: Portal) -> None:
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


def test_named_fields_survive_a_new_write_of_the_link(engine: Engine, portal: Portal, other: Portal) -> None:
    def program(city: str) -> None:
        federated(title="Weather here", publisher="We", parameters={"refine.city": city})

    engine.up(lambda: program("Basel"))
    engine.up(lambda: program("Bern"))

    assert (field(portal, "title")["value"], field(portal, "publisher")["value"]) == ("Weather here", "We")
    (source,) = sources(portal, "weather-here")
    assert source["datasource"]["parameters"] == {"refine.city": "Bern"}
    is_settled(engine, portal, lambda: program("Bern"))


def test_create_interrupted_before_the_title_is_finished(engine: Engine, portal: Portal, other: Portal) -> None:
    def program() -> None:
        federated(title="Weather here", publisher="We")

    portal.fail({"method": "PUT", "path": "/metadata/default/$", "nth": 1, "fault": "status:500"})
    engine.up(program, ok=False)
    begun = portal.dataset("weather-here")["uid"]
    engine.resources.clear()  # the engine was killed before it recorded the dataset
    portal.fail()

    engine.up(program)

    assert [dataset["uid"] for dataset in portal.all("/datasets/")] == [begun]
    assert (field(portal, "title")["value"], field(portal, "publisher")["value"]) == ("Weather here", "We")
    is_settled(engine, portal, program)


# ---------------------------------------------------------------- files


def filed(engine: Engine, name: str = "file") -> Program:
    """A public dataset of one file, whose source has this name."""

    def declare() -> None:
        datasource = ods.UploadedFileDatasource(file=ods.File(engine.folder / "a.csv"))
        ods.Dataset("air", sources={name: ods.Source(type="csvfile", datasource=datasource)}, published=True)

    return declare


def test_other_content_of_a_file_makes_other_records(engine: Engine, portal: Portal) -> None:
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


def test_source_under_another_name_is_another_source(engine: Engine, portal: Portal) -> None:
    engine.folder.joinpath("a.csv").write_text(CSV)
    engine.up(filed(engine))

    assert engine.up(filed(engine, "stations")).steps == {"air": "update"}

    assert [source["title"] for source in sources(portal)] == ["stations"]
    assert records(portal) == RECORDS
    is_settled(engine, portal, filed(engine, "stations"))
