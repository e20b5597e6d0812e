"""What becomes of an object when its resource is renamed, moved or replaced: nothing that the program wants is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import Portal
from ..examples.file_server import serving
from .stacks import Stack

CITY = """
    class City(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("city:index:City", name)

    def opts(before, **more):
        return {opts}

    editors = ods.Group(
        {prefix!r} + "editors", opts=opts("editors"), title="Editors", permissions=["edit_dataset"]{more}
    )
    ana = ods.User({prefix!r} + "ana", opts=opts("ana"), email="ana@city.org", groups=[editors.uid]{more})
    idle = ods.HTTPConnection({prefix!r} + "idle", opts=opts("idle"), url="https://idle.city.org")
    air = ods.Dataset(
        {prefix!r} + "air",
        opts=opts("air"),
        dataset_id="air",
        metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air")),
        sources={{"day": ods.Source(
            type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv"))
        )}},
        group_access=[ods.DatasetGroupAccess(group=editors.uid, permissions=["edit_dataset"])],
        published=True{more}
    )
"""
REPLACED = " (Is it to be replaced? `pulumi destroy --target` it first.)"
AIR = "day,value\n2026-01-01,3\n2026-01-02,4\n"


@pytest.fixture
def city(stack: Stack) -> Stack:
    """A stack with a group, a user in it, a connection and a dataset with records."""
    stack.file("air.csv", AIR)
    stack.program(CITY.format(prefix="", opts="None", more=""))
    stack.up()
    return stack


def _taken(ids: dict[str, str], prefix: str) -> dict[str, list[str]]:
    """What is said of each resource whose object is there already."""
    words = {
        "editors": ('Group "{}"', 'a group with title "Editors"', "adopt=True"),
        "idle": (
            'HTTPConnection "{}"',
            'a connection to "https://idle.city.org" without a login',
            f'adopt="{ids["idle"]}"',
        ),
    }
    return {
        prefix + name: [
            f"error: {who.format(prefix + name)}: the portal already has {key} ({ids[name]}), and nothing was written. "
            f"Was this resource renamed or moved? Then say so in `aliases`. Did an interrupted `up` of this stack "
            f"create the object? Then `pulumi config set opendatasoft:resume {ids[name]}`. Is it somebody else's, to "
            f"be taken over? Then {adopt}.{REPLACED if name == 'idle' else ''}"
        ]
        for name, (who, key, adopt) in words.items()
    }


def _refused(city: Stack) -> dict[str, list[str]]:
    """What an `up` says of the resources that it tried, each of them, for none stops the others.

    Of the program the SDK then says, with a traceback of its own, that a resource which others name was not registered.
    """
    said = city.up("--continue-on-error", ok=False).said
    assert said.pop("city-dev")[0] == "error: Program failed with an unhandled exception:"
    return said


def test_renaming_needs_an_alias_and_then_loses_nothing(city: Stack, portal: Portal) -> None:
    ids = city.ids()
    portal.forget()

    city.program(CITY.format(prefix="new-", opts="None", more=""))
    assert _refused(city) == _taken(ids, "new-")
    city.program(CITY.format(prefix="", opts="pulumi.ResourceOptions(parent=City(before))", more=""))
    assert _refused(city) == _taken(ids, "")
    assert portal.writes() == []
    assert city.ids() == ids

    portal.forget()
    before = "pulumi.Alias(name=before, parent=pulumi.ROOT_STACK_RESOURCE)"
    moved = f"pulumi.ResourceOptions(parent=City(before), aliases=[{before}])"
    city.program(CITY.format(prefix="new-", opts=moved, more=""))
    city.up()
    assert city.ids() == {f"new-{name}": id for name, id in ids.items()}
    assert portal.requests() == []
    city.is_settled(also_unrefreshed=True)

    portal.forget()
    city.program(CITY.format(prefix="adopted-", opts="None", more=", adopt=True").replace("idle = ", "#"))
    city.up()
    uid = ids.pop("idle")
    assert city.ids() == {f"adopted-{name}": id for name, id in ids.items()}
    assert portal.writes() == [f"DELETE /datasource_connections/{uid}/"]
    assert portal.records("air")["total_count"] == 2


def test_a_connection_in_use_is_renamed_and_replaced(stack: Stack, portal: Portal, tmp_path: Path) -> None:
    stack.file("air.csv", AIR)
    program = """
        server = ods.HTTPConnection({name!r}, url={url!r}, auth=ods.BasicAuth(username="u", password="p"))
        source = ods.HTTPDatasource(connection=server.uid, relative_url="/air.csv")
        ods.Dataset("air", sources={{"day": ods.Source(type="csvfile", datasource=source)}}, published=True)
    """
    with serving(stack.folder, "u", "p") as files:
        stack.program(program.format(name="server", url=files.url))
        stack.up()
        old = stack.ids()
        stack.program(program.format(name="files", url=files.url))
        stack.up()
        renamed = stack.ids()
        assert renamed.keys() == {"files", "air"}
        stack.run("state", "taint", stack.urn("files"), "--yes")
        stack.up()
        assert portal.records("air")["total_count"] == 2

    replaced = stack.ids()
    assert replaced["air"] == renamed["air"] == old["air"]
    assert len({old["server"], renamed["files"], replaced["files"]}) == 3
    assert [c["uid"] for c in portal.all("/datasource_connections/")] == [replaced["files"]]
    stack.is_settled()


def test_a_replacement_is_refused_if_it_loses_records(city: Stack, portal: Portal) -> None:
    old = city.ids()
    city.run("state", "taint", city.urn("air"), "--yes")
    city.up("--replace", city.urn("editors"))

    new = city.ids()
    assert {name for name in old if new[name] != old[name]} == {"air"}
    assert [len(portal.all(path)) for path in ("/groups/", "/datasets/", "/datasource_connections/")] == [1, 1, 1]
    assert portal.records("air")["total_count"] == 2
    assert portal.get("/users/ana/")["groups"] == [{"uid": "editors"}]
    city.is_settled()

    idle = city.urn("idle")
    city.run("state", "taint", idle, "--yes")
    assert city.up(ok=False).said == {"idle": _taken(new, "")["idle"]}
    city.run("destroy", "--target", idle, "--yes", "--skip-preview")
    city.up()
    assert city.ids() == {**new, "idle": portal.all("/datasource_connections/")[0]["uid"]}
    new = city.ids()

    opts = "pulumi.ResourceOptions(replace_on_changes=['metadata.default.title', 'is_reusable'])"
    changed = CITY.format(prefix="", opts=opts, more="").replace('title="Air"', 'title="Luft"')
    city.program(changed.replace('url="https://idle.city.org"', 'url="https://idle.city.org", is_reusable=False'))
    assert city.steps() == {"air": "replace", "idle": "replace"}
    city.up()
    uid = city.ids()["air"]
    assert [c["uid"] for c in portal.all("/datasource_connections/")] == [city.ids()["idle"]] != [new["idle"]]
    assert uid != new["air"]
    assert portal.dataset("air")["metadata"]["default"]["title"] == {"value": "Luft"}
    assert portal.records("air")["total_count"] == 2

    portal.post(f"/datasets/{uid}/resources/", {"type": "realtime", "title": "pushed", "params": {}})
    portal.forget()
    refused = (
        'error: Dataset "air": deleting the dataset: the records that were pushed to "pushed" would be lost for good. '
        "Nothing was written; if they may be deleted, set allow_data_loss=True and run `up` once before"
    )
    assert city.up("--replace", city.urn("air"), ok=False).said == {"air": [refused]}
    assert portal.writes() == []
    assert city.ids()["air"] == uid
