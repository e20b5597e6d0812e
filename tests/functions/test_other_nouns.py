"""Functions that read all that is no dataset return what another client reads."""

from __future__ import annotations

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from .conftest import plain


@pytest.mark.reaches("get_group")
@pytest.mark.reaches("list_groups")
@pytest.mark.reaches("list_group_members")
def test_group_is_found_by_uid_and_by_title(portal: Portal, ids: dict[str, str]) -> None:
    group = ods.get_group(ids["group_uid"])

    assert group == ods.get_group(title="Editors")
    assert plain(group) == portal.get(f"/groups/{group.uid}/")
    assert plain(ods.list_groups()) == portal.all("/groups/")
    assert ods.list_groups(search="Editors", sort="-created_at") == [group]
    assert [user.username for user in ods.list_group_members(group.uid)] == [ids["username"]]


@pytest.mark.reaches("get_user")
@pytest.mark.reaches("list_users")
def test_user_is_found_by_username_and_by_address(portal: Portal, ids: dict[str, str]) -> None:
    user = ods.get_user(ids["username"])

    assert user == ods.get_user(email="Ana@Example.org")
    assert plain(user) == portal.get(f"/users/{user.username}/")
    assert plain(ods.list_users()) == portal.all("/users/")
    assert [one.username for one in ods.list_users(search="ana@example.org")] == [user.username]
    assert [group.uid for group in user.groups] == [ids["group_uid"]]
    assert [group.title for group in ods.get_user(email="ana@example.org", expand="groups").groups] == ["Editors"]


@pytest.mark.reaches("export_users")
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_export_of_the_users_is_read_as_rows(portal: Portal, delimiter: str) -> None:
    rows = ods.export_users(delimiter=delimiter)

    assert {row.username for row in rows} == {user["username"] for user in portal.all("/users/")}
    assert [row.groups for row in rows if row.email == "ana@example.org"] == ["Editors"]


@pytest.mark.reaches("get_api_key")
@pytest.mark.reaches("list_api_keys")
def test_api_key_is_read_and_its_value_masked(portal: Portal, ids: dict[str, str]) -> None:
    key = ods.get_api_key(ids["apikey_uid"], expand="user")

    assert (key.label, key.is_revoked) == ("spare", False)
    assert key.key == portal.get(f"/apikeys/{key.uid}/")["key"]
    assert key.user is not None
    assert key.user.email == portal.get(f"/users/{key.user.username}/")["email"]
    assert plain(ods.list_api_keys()) == portal.all("/apikeys/")
    assert str(key.key) not in f"{key!r} {ods.list_api_keys()}"
    assert "key='[secret]'" in repr(key)


@pytest.mark.reaches("get_connection")
@pytest.mark.reaches("list_connections")
def test_connection_is_found_by_uid_and_by_account(portal: Portal, ids: dict[str, str]) -> None:
    server = ods.get_connection(ids["server_uid"])

    assert server == ods.get_connection(type="http", url="https://a.example", login="ana")
    assert plain(server) == portal.get(f"/datasource_connections/{server.uid}/")
    assert (server.headers[0].name, server.headers[0].value) == ("x-token", "canary-header")
    assert "canary" not in repr(server)
    assert plain(ods.list_connections(sort="-created_at")) == portal.all("/datasource_connections/")[::-1]


@pytest.mark.reaches("get_metadata_template")
@pytest.mark.reaches("list_metadata_templates")
@pytest.mark.reaches("list_metadata_fields")
@pytest.mark.reaches("get_metadata_field")
@pytest.mark.reaches("suggest_metadata_values")
def test_metadata_templates_and_their_fields_are_read(portal: Portal) -> None:
    template = ods.get_metadata_template("heritage")

    assert plain(template) == portal.get("/metadata/templates/heritage/")
    assert [field.name for field in template.schema] == ["age"]
    assert plain(ods.list_metadata_templates()) == portal.all("/metadata/templates/")
    assert "heritage" in [one.name for one in ods.list_metadata_templates(type="basic", is_active=True)]
    assert "heritage" not in [one.name for one in ods.list_metadata_templates(is_active=False)]
    assert ods.list_metadata_fields("heritage") == [ods.get_metadata_field("heritage", "age")] == list(template.schema)
    assert ods.suggest_metadata_values("heritage", "age", query="a", count=3).hits == ()


@pytest.mark.reaches("get_code_editor_page")
@pytest.mark.reaches("list_code_editor_pages")
@pytest.mark.reaches("get_studio_page")
@pytest.mark.reaches("list_studio_pages")
def test_pages_are_read(portal: Portal, ids: dict[str, str]) -> None:
    page, studio = ods.get_code_editor_page("welcome"), ods.get_studio_page(ids["studio_page_uid"])

    assert page.content is not None
    assert page.content.html == {"en": "<p>Welcome</p>"}
    assert plain(page) == portal.get("/code_editor_pages/welcome/")
    assert plain(ods.list_code_editor_pages()) == portal.all("/code_editor_pages/")
    assert studio == ods.get_studio_page(slug="air")
    assert plain(studio) == portal.get(f"/studio_pages/{studio.uid}/")
    assert plain(ods.list_studio_pages()) == portal.all("/studio_pages/")


@pytest.mark.reaches("get_image")
@pytest.mark.reaches("list_images")
def test_images_are_read(portal: Portal, ids: dict[str, str]) -> None:
    image = ods.get_image(ids["image_url"])

    assert image == ods.get_image(filename=image.url.rpartition("/")[2])
    assert plain(ods.list_images()) == portal.all("/medias/images/") == [plain(image)]


@pytest.mark.reaches("get_harvester")
@pytest.mark.reaches("list_harvesters")
@pytest.mark.reaches("get_harvester_errors")
@pytest.mark.reaches("preview_harvester")
@pytest.mark.reaches("list_harvester_schedules")
@pytest.mark.reaches("get_harvester_schedule")
def test_harvesters_are_read_and_previewed(portal: Portal, ids: dict[str, str]) -> None:
    region = ods.get_harvester(name="The region")

    assert (region.uid, region["host"]) == (ids["region_uid"], "files.region.example")
    assert plain(ods.get_harvester(region.uid)) == portal.get(f"/harvesters/{region.uid}/")
    assert plain(ods.list_harvesters()) == portal.all("/harvesters/")
    assert plain(ods.get_harvester_errors(region.uid)) == portal.get(f"/harvesters/{region.uid}/errors/")
    assert [one.id for one in ods.preview_harvester(region.uid).results] == ["w1", "s1"]
    with pytest.raises(ods.errors.Refused):
        ods.preview_harvester(region.uid, source={"metadata_file": "none.csv"})
    assert ods.preview_harvester(region.uid, source={"metadata_file": "index.csv"}).total_count == 2
    [schedule] = ods.list_harvester_schedules(ids["harvester_uid"])
    assert ods.get_harvester_schedule(ids["harvester_uid"], schedule.uid) == schedule
    assert schedule.timezone == "Europe/Paris"
