"""The life of each resource type calls the operations that the table has for it, and another client sees the effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..emulator.harvesting import region_files
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine

Program = Callable[[], Any]
ANA, BEN, CLEO = "ana@example.org", "ben@example.org", "cleo@example.org"


@pytest.fixture(autouse=True)
def accounts(portal: Portal) -> dict[str, str]:
    """The usernames of three users by their addresses, and two groups."""
    for title in ("Readers", "Writers"):
        portal.post("/groups/", {"title": title})
    invited = portal.post("/users/invite/", [{"email": email} for email in (ANA, BEN, CLEO)])
    portal.forget()
    return {item["data"]["email"]: item["data"]["username"] for item in invited.values()}


@pytest.fixture(autouse=True)
def folder(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs run in the folder of the stack."""
    monkeypatch.chdir(engine.folder)


def live(engine: Engine, *programs: Program) -> None:
    """Bring up one program after another; each is settled, which a refresh finds by reading it all."""
    for program in programs:
        engine.up(program)
        engine.is_settled(program)


@pytest.mark.reaches("Group")
@pytest.mark.reaches("Group.members")
def test_group_and_its_members(engine: Engine, portal: Portal, accounts: dict[str, str]) -> None:
    ana, ben, cleo = accounts.values()

    live(engine, lambda: ods.Group("it", title="It", members=[ana]))
    assert [user["username"] for user in portal.all("/groups/it/users/")] == [ana]
    live(engine, lambda: ods.Group("it", title="It", description="Of the city", members=[ben, cleo]))
    assert portal.get("/groups/it/")["description"] == "Of the city"
    assert {user["username"] for user in portal.all("/groups/it/users/")} == {ben, cleo}
    engine.destroy()
    assert "It" not in [group["title"] for group in portal.all("/groups/")]


@pytest.mark.reaches("User")
def test_users_that_are_invited_and_provisioned(engine: Engine, portal: Portal) -> None:
    def program(name: str) -> None:
        ods.User("dora", email="dora@example.org", permissions=[name])
        ods.User("emil", email="emil@example.org", identity_provider="city", permissions=[name])

    live(engine, lambda: program("edit_dataset"), lambda: program("create_dataset"))
    users = {user["email"]: user["permissions"] for user in portal.all("/users/")}
    assert users["dora@example.org"] == users["emil@example.org"] == ["create_dataset"]
    engine.destroy()
    assert "dora@example.org" not in [user["email"] for user in portal.all("/users/")]


@pytest.mark.reaches("ApiKey", "GET /apikeys/", "POST /apikeys/", "GET /apikeys/{apikey_uid}/")
@pytest.mark.reaches("ApiKey", "PUT /apikeys/{apikey_uid}/", "POST /apikeys/{apikey_uid}/revoke/")
def test_api_key(engine: Engine, portal: Portal) -> None:
    live(
        engine,
        lambda: ods.ApiKey("it", label="it", permissions=["edit_dataset"]),
        lambda: ods.ApiKey("it", label="renamed", permissions=["edit_dataset"]),
    )
    assert "renamed" in [key["label"] for key in portal.all("/apikeys/")]
    engine.destroy()
    assert [key["is_revoked"] for key in portal.all("/apikeys/") if key["label"] == "renamed"] == [True]


@pytest.mark.reaches("Connection")
@pytest.mark.reaches("Connection.user_access")
@pytest.mark.reaches("Connection.group_access")
@pytest.mark.reaches("AmazonS3ConnectionRole")
def test_connections_their_access_and_a_role(engine: Engine, portal: Portal, accounts: dict[str, str]) -> None:
    ana, ben, _ = accounts.values()
    role = ods.AWSIAMRoleAuth(region="eu-west-1")

    def program(access: dict[str, Any], url: str, arn: str) -> None:
        ods.HTTPConnection("it", url=url, **access)
        bucket = ods.AmazonS3Connection("bucket", auth=role)
        ods.AmazonS3ConnectionRole("role", connection=bucket.uid, role_arn=arn)

    live(
        engine,
        lambda: program(access_of(ana, "readers"), "https://a.example", "arn:aws:iam::1:role/a"),
        lambda: program(access_of(ana, "readers", ["manage_connection"]), "https://b.example", "arn:b"),
        lambda: program(access_of(ben, "writers"), "https://b.example", "arn:b"),
    )
    uid = engine.get("it").id
    assert portal.get(f"/datasource_connections/{uid}/")["url"] == "https://b.example"
    assert_access(portal, f"/datasource_connections/{uid}/", ben, "writers")
    engine.destroy()
    assert portal.all("/datasource_connections/") == []


def access_of(user: str, group: str, permissions: list[str] | None = None) -> dict[str, Any]:
    """The access of one user and one group, as properties."""
    return {
        "user_access": [ods.UserAccess(user=user, permissions=permissions or [])],
        "group_access": [ods.GroupAccess(group=group, permissions=permissions or [])],
    }


def assert_access(portal: Portal, path: str, user: str, group: str) -> None:
    """Assert that one user and one group alone have access, as another client sees it."""
    assert [rule["user"]["username"] for rule in portal.all(f"{path}security/users/")] == [user]
    assert [rule["group"]["uid"] for rule in portal.all(f"{path}security/groups/")] == [group]


@pytest.mark.reaches("CodeEditorPage")
@pytest.mark.reaches("CodeEditorPage.user_access")
@pytest.mark.reaches("CodeEditorPage.group_access")
@pytest.mark.reaches("CodeEditorPage.is_archived")
def test_code_editor_page(engine: Engine, portal: Portal, accounts: dict[str, str]) -> None:
    ana, ben, _ = accounts.values()

    def program(archived: bool, description: str, **access: Any) -> None:
        for name in ("it", "second", "third"):
            content = ods.PageContent(html={"en": "<p>Welcome</p>"})
            ods.CodeEditorPage(name, content=content, description=description, is_archived=archived, **access)

    live(
        engine,
        lambda: program(False, "A", **access_of(ana, "readers")),
        lambda: program(False, "B", **access_of(ana, "readers", ["edit_page"])),
        lambda: program(True, "B", **access_of(ben, "writers")),
    )
    page = portal.get("/code_editor_pages/it/")
    assert (page["is_archived"], page["description"]) == (True, "B")
    assert_access(portal, "/code_editor_pages/it/", ben, "writers")
    live(engine, lambda: program(False, "B", **access_of(ben, "writers")))
    assert portal.get("/code_editor_pages/it/")["is_archived"] is False
    engine.destroy()
    assert portal.all("/code_editor_pages/") == []


@pytest.mark.reaches("StudioPage")
@pytest.mark.reaches("StudioPage.user_access")
@pytest.mark.reaches("StudioPage.group_access")
@pytest.mark.reaches("StudioPage.published")
def test_studio_page(engine: Engine, portal: Portal, accounts: dict[str, str]) -> None:
    ana, ben, _ = accounts.values()

    def program(published: bool, public: bool, **access: Any) -> None:
        ods.StudioPage("it", slug="it", published=published, public=public, **access)

    live(
        engine,
        lambda: program(True, False, **access_of(ana, "readers")),
        lambda: program(True, True, **access_of(ana, "readers", ["edit_page"])),
    )
    path = f"/studio_pages/{engine.get('it').id}/"
    assert portal.get(path)["first_published_at"]
    live(engine, lambda: program(False, True, **access_of(ben, "writers")))
    assert portal.get(path)["public"] is True
    assert_access(portal, path, ben, "writers")
    engine.destroy()
    assert portal.all("/studio_pages/") == []


@pytest.mark.reaches("MetadataTemplate")
def test_metadata_template(engine: Engine, portal: Portal) -> None:
    def program(title: str) -> None:
        for name in ("it", "second", "third"):
            ods.MetadataTemplate(name, title=title, type="basic", schema=[ods.MetadataField(name="age")])

    live(engine, lambda: program("Age"), lambda: program("Of age"))
    assert portal.get("/metadata/templates/it/")["title"] == "Of age"
    engine.destroy()
    assert "it" not in [template["name"] for template in portal.all("/metadata/templates/")]


@pytest.mark.reaches("Image")
def test_image(engine: Engine, portal: Portal) -> None:
    (engine.folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")

    live(engine, lambda: ods.Image("it", file=ods.File("logo.svg")))
    assert [image["url"] for image in portal.all("/medias/images/")] == [engine.get("it").id]


@pytest.mark.reaches("Harvester", "GET /harvesters/", "POST /harvesters/", "GET /harvesters/{harvester_uid}/")
@pytest.mark.reaches("Harvester", "PUT /harvesters/{harvester_uid}/", "DELETE /harvesters/{harvester_uid}/")
@pytest.mark.reaches("Harvester.run")
@pytest.mark.reaches("Harvester.published")
@pytest.mark.reaches("Harvester.schedules")
def test_harvester(engine: Engine, portal: Portal) -> None:
    region_files(portal.emulator.portal.folder)
    place: dict[str, Any] = {
        "host": "files.region.example",
        "user": "city",
        "directory": "/open",
        "metadata_file": "index.csv",
    }

    def program(published: bool, **given: Any) -> None:
        source = ods.FTPCSVHarvest(password="canary-password", **place)
        ods.Harvester(
            "it", source=source, run="create", published=published, delete_attached_datasets=True, version=1, **given
        )

    def schedule(cron: str) -> list[ods.HarvesterSchedule]:
        return [ods.HarvesterSchedule(cron_schedule=cron, timezone="Europe/Paris")]

    live(engine, lambda: program(True, name="It", schedules=schedule("0 4 * * *")))
    # The portal publishes them by itself, after the `up`.
    eventually(lambda: [dataset["is_published"] for dataset in portal.all("/datasets/")] == [True, True])
    live(engine, lambda: program(False, name="Its", schedules=schedule("0 5 * * *")))
    path = f"/harvesters/{engine.get('it').id}/"
    assert (portal.get(path)["name"], portal.all(f"{path}schedules/")[0]["cron_schedule"]) == ("Its", "0 5 * * *")
    live(engine, lambda: program(False, name="Its", schedules=[]))
    assert portal.all(f"{path}schedules/") == []
    engine.destroy()
    assert portal.all("/harvesters/") == portal.all("/datasets/") == []


@pytest.mark.reaches("Dataset", "GET /datasets/", "POST /datasets/", "GET /datasets/{dataset_uid}/")
@pytest.mark.reaches("Dataset", "PUT /datasets/{dataset_uid}/", "DELETE /datasets/{dataset_uid}/")
@pytest.mark.reaches("Dataset.published")
@pytest.mark.reaches("Dataset.fields")
@pytest.mark.reaches("Dataset.processors")
@pytest.mark.reaches("Dataset.sources")
@pytest.mark.reaches("Dataset.attachments")
@pytest.mark.reaches("Dataset.alternative_exports")
@pytest.mark.reaches("Dataset.user_access")
@pytest.mark.reaches("Dataset.group_access")
@pytest.mark.reaches("Dataset.schedules")
@pytest.mark.reaches("Dataset.metadata")
def test_dataset_and_all_its_sections(engine: Engine, portal: Portal, accounts: dict[str, str]) -> None:
    ana, ben, _ = accounts.values()
    for name in ("air.csv", "more.csv"):
        (engine.folder / name).write_text("d,no2\n2026-01-01,12.5\n")
    live(engine, lambda: first(ana, "readers"))
    path = f"/datasets/{engine.get('it').id}/"
    assert portal.get(path)["is_published"] is True
    live(engine, lambda: second(ana, "readers"))
    assert portal.get(path)["is_restricted"] is True
    assert [rule["field"] for rule in portal.all(f"{path}fields/")] == ["d"]
    live(engine, lambda: third(ben, "writers"), lambda: third(ben, "writers", description=""))
    assert portal.get(path)["is_published"] is True
    live(engine, lambda: third(ben, "writers", published=False))
    assert portal.get(path)["is_published"] is False
    assert_access(portal, path, ben, "writers")
    for section in ("fields", "processors", "attachments", "alternative_exports", "schedules"):
        assert portal.all(f"{path}{section}/") == []
    assert [(source["title"], source["type"]) for source in portal.all(f"{path}resources/")] == [("file", "csvfile")]
    engine.destroy()
    assert portal.all("/datasets/") == []


def dataset(file: str, **given: Any) -> None:
    """The dataset, with one source of a file."""
    uploaded = ods.UploadedFileDatasource(file=ods.File(file))
    sources = {"file": ods.Source(type="csvfile", datasource=uploaded), **given.pop("sources", {})}
    ods.Dataset("it", sources=sources, **{"published": True, "allow_data_loss": True, **given})


def first(user: str, group: str) -> None:
    """Something in every section."""
    dataset(
        "air.csv",
        is_restricted=False,
        sources={"pushed": ods.Source(type="realtime", enabled=True)},
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", description="Air", keyword=["air"])),
        fields=[ods.DescribeField(field="d", description="The day")],
        processors=[ods.Processor(type="skip", params={"records": 0})],
        attachments={"readme": ods.File("air.csv")},
        alternative_exports={"a map": ods.AlternativeExport(file=ods.File("air.csv"), description="A")},
        user_access=[ods.DatasetUserAccess(user=user)],
        group_access=[ods.DatasetGroupAccess(group=group)],
        schedules=["0 6 * * *"],
    )


def second(user: str, group: str) -> None:
    """Something else in every section."""
    dataset(
        "more.csv",
        is_restricted=True,
        sources={"pushed": ods.Source(type="realtime", enabled=False)},
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air of the city", description="Air", keyword=["air"])),
        fields=[ods.DescribeField(field="d", description="The day of the measure")],
        processors=[ods.Processor(type="skip", params={"records": 1})],
        attachments={"readme": ods.File("more.csv")},
        alternative_exports={"a map": ods.AlternativeExport(file=ods.File("air.csv"), description="B")},
        user_access=[ods.DatasetUserAccess(user=user, permissions=["edit_dataset"])],
        group_access=[ods.DatasetGroupAccess(group=group, permissions=["edit_dataset"])],
        schedules=["0 7 * * *"],
    )


def third(user: str, group: str, **given: Any) -> None:
    """The sections emptied, and the metadata of two fields changed at once."""
    text = given.pop("description", "Measured hourly")
    dataset(
        "more.csv",
        is_restricted=True,
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", description=text, keyword=[])),
        fields=[],
        processors=[],
        attachments={},
        alternative_exports={},
        user_access=[ods.DatasetUserAccess(user=user)],
        group_access=[ods.DatasetGroupAccess(group=group)],
        schedules=[],
        **given,
    )
