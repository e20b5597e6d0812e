"""What `ignore_changes` names is the portal's: it is neither changed nor lost by a change of something else."""

from __future__ import annotations

from typing import Any

from ..conftest import Portal
from .stacks import Stack


def test_a_secret_that_is_rotated_elsewhere_survives_a_change_of_something_else(stack: Stack, portal: Portal) -> None:
    program = """
        ods.HTTPConnection(
            "server",
            url={url!r},
            headers={{"X-Token": "the first token"}},
            opts=pulumi.ResourceOptions(ignore_changes=["headers"]),
        )
    """
    stack.program(program.format(url="https://files.city.org"))
    stack.up()
    uid = stack.ids()["server"]
    rotated = [{"name": "X-Token", "value": "the rotated token"}]
    live = portal.get(f"/datasource_connections/{uid}/")
    portal.put(f"/datasource_connections/{uid}/", {**live, "headers": rotated})
    stack.refresh()
    assert "the rotated token" not in stack.run("stack", "export").out

    stack.program(program.format(url="https://data.city.org"))
    stack.up()

    told = portal.get(f"/datasource_connections/{uid}/")
    assert (told["url"], told["headers"]) == ("https://data.city.org", rotated)
    stack.is_settled()


def test_a_secret_of_a_source_that_is_rotated_elsewhere_survives(stack: Stack, portal: Portal) -> None:
    program = """
        server = ods.HTTPConnection("server", url="https://files.city.org")
        source = ods.HTTPDatasource(
            connection=server.uid, relative_url={url!r}, headers={{"X-Token": "the first token"}}
        )
        ods.Dataset(
            "air",
            sources={{"day": ods.Source(type="csvfile", datasource=source)}},
            opts=pulumi.ResourceOptions(ignore_changes=["sources.day.datasource.headers"]),
        )
    """
    stack.program(program.format(url="/air.csv"))
    stack.up()
    place = f"/datasets/{stack.ids()['air']}/resources/"

    def headers() -> Any:
        (source,) = portal.all(place)
        return source["datasource"]["headers"]

    (source,) = portal.all(place)
    rotated = [{"name": "X-Token", "value": "the rotated token"}]
    datasource = {**source["datasource"], "headers": rotated}
    portal.put(f"{place}{source['uid']}/", {**source, "datasource": datasource})
    stack.refresh()

    stack.program(program.format(url="/more.csv"))
    stack.up()
    assert headers() == rotated
    stack.is_settled()


def test_a_login_that_is_left_to_the_portal_is_not_sent_without_its_password(stack: Stack, portal: Portal) -> None:
    portal.set(connection_secret_left_out="cleared")
    auth = {"type": "basic_auth", "username": "portal", "password": "theirs"}
    made = portal.post("/datasource_connections/", {"type": "http", "url": "https://files.city.org", "auth": auth})
    program = """
        ods.HTTPConnection(
            "server", url="https://files.city.org", adopt=True, is_reusable={reusable},
            auth=ods.BasicAuth(username="portal", password="ours"),
            opts=pulumi.ResourceOptions(ignore_changes=["auth.password"]),
        )
    """
    for reusable in (True, True, False):
        stack.program(program.format(reusable=reusable))
        stack.up()
    told = portal.get(f"/datasource_connections/{made['uid']}/")
    assert (told["is_reusable"], told["auth"]["username"]) == (False, "portal")
    kept = portal.emulator.portal.store.get("connection", made["uid"])
    assert kept is not None
    assert kept["auth"]["password"] == "theirs"


def test_what_an_adopted_object_has_is_not_changed_where_changes_are_ignored(stack: Stack, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Editors", "permissions": ["edit_page"], "description": "Theirs"})
    dataset = portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})
    place = f"/datasets/{dataset['uid']}/metadata/default/"
    portal.put(f"{place}publisher/", {"value": "The canton"})
    stack.program("""
        ods.Group(
            "editors", title="Editors", permissions=["edit_theme"], description="Ours", adopt=True,
            opts=pulumi.ResourceOptions(ignore_changes=["permissions"]),
        )
        ods.Dataset(
            "air", adopt=True,
            metadata=ods.Metadata(default=ods.DefaultMetadata(title="Luft", publisher="The city")),
            opts=pulumi.ResourceOptions(ignore_changes=["metadata.default.publisher"]),
        )
    """)
    for _ in range(2):
        stack.up()

    group = portal.get("/groups/editors/")
    assert (group["permissions"], group["description"]) == (["edit_page"], "Ours")
    told = portal.get(place)
    assert (told["title"]["value"], told["publisher"]["value"]) == ("Luft", "The canton")
    stack.is_settled()
