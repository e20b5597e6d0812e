"""Properties named in `ignore_changes` stay as they are on the portal, also when something else changes."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program

ROTATED = [{"name": "X-Token", "value": "the rotated token"}]


def test_a_header_rotated_elsewhere_survives_another_change(engine: Engine, portal: Portal) -> None:
    def server(url: str) -> Program:
        return lambda: ods.HTTPConnection(
            "server",
            url=url,
            headers={"X-Token": "the first token"},
            opts=pulumi.ResourceOptions(ignore_changes=["headers"]),
        )

    engine.up(server("https://files.city.org"))
    endpoint = f"/datasource_connections/{engine.get('server').id}/"
    portal.put(endpoint, {**portal.get(endpoint), "headers": ROTATED})
    engine.refresh()

    engine.up(server("https://data.city.org"))

    actual = portal.get(endpoint)
    assert (actual["url"], actual["headers"]) == ("https://data.city.org", ROTATED)
    engine.is_settled(server("https://data.city.org"))


def test_a_source_header_rotated_elsewhere_survives(engine: Engine, portal: Portal) -> None:
    def city(url: str) -> Program:
        def declared() -> None:
            server = ods.HTTPConnection("server", url="https://files.city.org")
            headers = {"X-Token": "the first token"}
            source = ods.HTTPDatasource(connection=server.uid, relative_url=url, headers=headers)
            ods.Dataset(
                "air",
                sources={"day": ods.Source(type="csvfile", datasource=source)},
                opts=pulumi.ResourceOptions(ignore_changes=["sources.day.datasource.headers"]),
            )

        return declared

    engine.up(city("/air.csv"))
    endpoint = f"/datasets/{engine.get('air').id}/resources/"
    (source,) = portal.all(endpoint)
    datasource = {**source["datasource"], "headers": ROTATED}
    portal.put(f"{endpoint}{source['uid']}/", {**source, "datasource": datasource})
    engine.refresh()

    engine.up(city("/more.csv"))

    (source,) = portal.all(endpoint)
    assert (source["datasource"]["relative_url"], source["datasource"]["headers"]) == ("/more.csv", ROTATED)
    engine.is_settled(city("/more.csv"))


def test_an_ignored_password_is_not_lost_with_its_login(engine: Engine, portal: Portal) -> None:
    portal.set(connection_secret_left_out="cleared")
    auth = {"type": "basic_auth", "username": "portal", "password": "theirs"}
    made = portal.post("/datasource_connections/", {"type": "http", "url": "https://files.city.org", "auth": auth})

    def server(is_reusable: bool) -> Program:
        return lambda: ods.HTTPConnection(
            "server",
            url="https://files.city.org",
            adopt=True,
            is_reusable=is_reusable,
            auth=ods.BasicAuth(username="portal", password="ours"),
            opts=pulumi.ResourceOptions(ignore_changes=["auth.password"]),
        )

    for is_reusable in (True, True, False):
        engine.up(server(is_reusable))

    actual = portal.get(f"/datasource_connections/{made['uid']}/")
    assert (actual["is_reusable"], actual["auth"]["username"]) == (False, "portal")
    kept: Any = portal.emulator.portal.store.get("connection", made["uid"])
    assert kept["auth"]["password"] == "theirs"


def test_ignored_properties_of_an_adopted_object_stay(engine: Engine, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Editors", "permissions": ["edit_page"], "description": "Theirs"})
    dataset = portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})
    endpoint = f"/datasets/{dataset['uid']}/metadata/default/"
    portal.put(f"{endpoint}publisher/", {"value": "The canton"})

    def adopting() -> None:
        ods.Group(
            "editors",
            title="Editors",
            permissions=["edit_theme"],
            description="Ours",
            adopt=True,
            opts=pulumi.ResourceOptions(ignore_changes=["permissions"]),
        )
        ods.Dataset(
            "air",
            adopt=True,
            metadata=ods.Metadata(default=ods.DefaultMetadata(title="Luft", publisher="The city")),
            opts=pulumi.ResourceOptions(ignore_changes=["metadata.default.publisher"]),
        )

    for _ in range(2):
        engine.up(adopting)

    group = portal.get("/groups/editors/")
    assert (group["permissions"], group["description"]) == (["edit_page"], "Ours")
    actual = portal.get(endpoint)
    assert (actual["title"]["value"], actual["publisher"]["value"]) == ("Luft", "The canton")
    engine.is_settled(adopting)


def test_ignored_changes_at_any_depth_stay(engine: Engine, portal: Portal) -> None:
    def city(publisher: str, day: str, *ignored: str) -> Program:
        return lambda: ods.Dataset(
            "air",
            metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", publisher=publisher)),
            fields=[ods.TypeField(field="day", type_param=day), ods.TypeField(field="value", type_param="double")],
            opts=pulumi.ResourceOptions(ignore_changes=list(ignored)),
        )

    deep = ("metadata.default.publisher", "fields[0].type_param")
    engine.up(city("City", "date", *deep))
    endpoint = f"/datasets/{engine.get('air').id}"
    assert engine.preview(city("Somebody", "text", *deep)).steps == {}

    portal.put(f"{endpoint}/metadata/default/publisher/", {"value": "Behind its back"})
    engine.refresh()
    assert engine.preview(city("Somebody", "text", *deep)).steps == {}

    engine.up(city("Somebody", "text"))
    assert portal.get(f"{endpoint}/metadata/default/publisher/") == {"value": "Somebody"}
    assert [rule["type_param"] for rule in portal.all(f"{endpoint}/fields/")] == ["text", "double"]
    engine.is_settled(city("Somebody", "text"))
