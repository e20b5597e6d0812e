"""A small city with things of every type that depend on each other: parts of it by themselves, and with a refresh."""

from __future__ import annotations

from ..conftest import Portal
from ..examples.file_server import serving
from .stacks import Stack

CITY = """
    editors = ods.Group("editors", title="Editors", permissions=["edit_dataset"])
    partners = ods.Group("partners", title="Partners")
    ana = ods.User("ana", email="ana@city.org", groups=[editors.uid])
    server = ods.HTTPConnection("server", url={url!r}, auth=ods.BasicAuth(username="u", password="p"))
    source = ods.HTTPDatasource(connection=server.uid, relative_url="/air.csv")
    air = ods.Dataset(
        "air",
        sources={{"day": ods.Source(type="csvfile", datasource=source)}},
        group_access=[
            ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"]),
            ods.DatasetGroupAccess(group=partners.uid, permissions=["explore_restricted_dataset"]),
        ],
        user_access=[ods.DatasetUserAccess(user=ana.username, permissions=["publish_dataset"])],
        published=True,
    )
    pulumi.export("address", air.url)
"""


def test_targets_are_created_repaired_and_destroyed(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    with serving(stack.folder, "u", "p") as files:
        stack.program(CITY.format(url=files.url))
        editors, air = stack.urn_of("Group", "editors"), stack.urn_of("Dataset", "air")

        stack.up("--target", editors, "--target", stack.urn_of("User", "ana"))
        assert stack.ids() == {"editors": "editors", "ana": "ana@city.org"}
        stack.preview("--target", editors, "--expect-no-changes")

        stack.up()
        assert set(stack.ids()) == {"editors", "partners", "ana", "server", "air"}
        assert portal.records("air")["total_count"] == 2
        stack.is_settled(also_unrefreshed=True)
        stack.preview("--target", air, "--refresh", "--expect-no-changes")

        portal.put("/groups/editors/", {"title": "Redaktion", "permissions": []})
        portal.put("/groups/partners/", {"title": "Freunde", "permissions": []})
        assert stack.steps("--refresh") == {"editors": "update", "partners": "update"}
        stack.up("--refresh", "--target", editors)
        assert sorted(g["title"] for g in portal.all("/groups/")) == ["Editors", "Freunde"]
        stack.refresh("--target", editors)
        assert stack.steps() == {}

        refused = stack.destroy("--target", editors, ok=False)
        assert "--target-dependents" in refused.text
        stack.destroy("--target", air)
        assert portal.all("/datasets/") == []
        stack.destroy("--target", editors, "--target-dependents")
        assert stack.ids().keys() == {"partners", "server"}
        assert [g["title"] for g in portal.all("/groups/")] == ["Freunde"]

        stack.up("--refresh")
        assert sorted(g["title"] for g in portal.all("/groups/")) == ["Editors", "Partners"]
        assert portal.records("air")["total_count"] == 2
        stack.is_settled()

    stack.destroy("--refresh")
    portal.forget()
    stack.destroy()
    assert portal.requests() == []
    for path in ("/groups/", "/datasets/", "/datasource_connections/"):
        assert portal.all(path) == []
