"""`Group.get(…)` and its like: objects that a program only reads."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack


def test_every_type_is_read_by_its_id_and_not_changed(stack: Stack, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Readers", "permissions": ["explore_monitoring"]})
    air = portal.post(
        "/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}, "is_restricted": True}
    )
    login = {"type": "basic_auth", "username": "portal", "password": "canary-password"}
    server = portal.post(
        "/datasource_connections/",
        {
            "type": "http",
            "url": "https://files.city.org",
            "headers": [{"name": "X-Token", "value": "canary-token"}],
            "auth": login,
        },
    )
    portal.post("/users/invite/", [{"email": "ana@city.org"}])
    stack.program(f"""
        readers = ods.Group.get("readers", "readers")
        air = ods.Dataset.get("air", {air["uid"]!r})
        server = ods.HTTPConnection.get("server", {server["uid"]!r})
        ana = ods.User.get("ana", "ana@city.org")
        pulumi.export("group", [readers.uid, readers.title, readers.permissions])
        pulumi.export("dataset", [air.dataset_id, air.metadata.apply(lambda m: m.default.title), air.published])
        pulumi.export("server", [server.url, server.auth.apply(lambda a: a.username)])
        pulumi.export("user", ana.username)
    """)
    portal.forget()

    stack.up()
    told = stack.outputs()
    assert told["group"] == ["readers", "Readers", ["explore_monitoring"]]
    assert told["dataset"] == ["air", "Air", False]
    assert told["server"] == ["https://files.city.org", "portal"]
    assert told["user"] == "ana"
    assert "canary" not in stack.run("stack", "export").out

    portal.put("/groups/readers/", {"title": "Lecteurs"})
    assert stack.steps("--refresh") == {}
    refreshed = stack.preview("--refresh", "--diff").out
    assert '"Readers" => "Lecteurs"' in refreshed
    assert "- title" not in refreshed

    portal.forget()
    stack.destroy()
    assert portal.writes() == []


def test_a_missing_id_is_an_error_of_one_line(stack: Stack, portal: Portal) -> None:
    stack.program("""
        ods.Group.get("readers", "nobody")
        ods.Dataset.get("air", "da_000000")
        ods.HTTPConnection.get("server", "co_000000")
        ods.User.get("ana", "ana@city.org")
    """)

    said = stack.up("--continue-on-error", ok=False).said

    portal_has_no = f"{portal.host} has no {{}} that could be read"
    assert said == {
        "readers": [f'error: Group "readers": {portal_has_no.format("group with the uid nobody")}'],
        "air": [f'error: Dataset "air": {portal_has_no.format("dataset with the uid da_000000")}'],
        "server": [f'error: HTTPConnection "server": {portal_has_no.format("connection with the uid co_000000")}'],
        "ana": [f'error: User "ana": {portal_has_no.format("user with the e-mail address ana@city.org")}'],
    }


def test_an_object_that_was_read_can_be_adopted(stack: Stack, portal: Portal) -> None:
    portal.post("/groups/", {"title": "Readers", "permissions": []})
    stack.program('ods.Group.get("readers", "readers")')
    stack.up()

    stack.program('ods.Group("readers", title="Readers", permissions=["explore_monitoring"], adopt=True)')
    stack.up()
    stack.up()

    assert portal.get("/groups/readers/")["permissions"] == ["explore_monitoring"]
    stack.is_settled()
