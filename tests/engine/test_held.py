"""What a program still names is not deleted under an older name, also where the new one's step failed."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack

BOTH = """
    ods.Group({group!r}, title="Editors"{adopt})
    ods.Dataset({dataset!r}, dataset_id="air"{adopt})
"""


def test_a_rename_that_is_refused_deletes_nothing_though_the_run_goes_on(stack: Stack, portal: Portal) -> None:
    stack.program(BOTH.format(group="editors", dataset="air", adopt=""))
    stack.up()
    uid = portal.dataset("air")["uid"]

    stack.program(BOTH.format(group="writers", dataset="luft", adopt=""))
    said = stack.up("--continue-on-error", ok=False).said
    assert "nothing was written" in said["writers"][0]
    assert "nothing was written" in said["luft"][0]
    assert [group["uid"] for group in portal.all("/groups/")] == ["editors"]
    assert portal.dataset("air")["uid"] == uid

    stack.program(BOTH.format(group="writers", dataset="luft", adopt=", adopt=True"))
    stack.up()
    assert stack.ids() == {"writers": "editors", "luft": uid}


def test_a_look_that_failed_deletes_nothing_though_the_run_goes_on(stack: Stack, portal: Portal) -> None:
    stack.run("config", "set", "opendatasoft:maxRetries", "0")
    stack.program(BOTH.format(group="editors", dataset="air", adopt=""))
    stack.up()
    stack.program(BOTH.format(group="writers", dataset="luft", adopt=""))
    portal.fail({"method": "GET", "fault": "status:500"})
    stack.up("--continue-on-error", ok=False)
    portal.fail()
    assert len(portal.all("/groups/")) == len(portal.all("/datasets/")) == 1

    stack.program('ods.Group("writers", title="Writers", adopt="editors")')
    portal.fail({"method": "GET", "path": "/groups/editors/", "fault": "status:500"})
    stack.up("--continue-on-error", ok=False)
    portal.fail()
    assert [group["uid"] for group in portal.all("/groups/")] == ["editors"]


def test_a_connection_of_an_open_kind_becomes_one_of_a_declared_kind(stack: Stack, portal: Portal) -> None:
    stack.program('ods.OtherConnection("files", type="http", params={"url": "https://files.city.org"})')
    stack.up()
    uid = stack.ids()["files"]

    stack.program(f'ods.HTTPConnection("files", url="https://files.city.org", adopt={uid!r})')
    stack.up()
    assert [connection["uid"] for connection in portal.all("/datasource_connections/")] == [uid]

    stack.program(f'ods.FTPConnection("ftp", url="ftps://files.city.org", adopt={uid!r})')
    assert stack.up(ok=False).said["ftp"] == [
        f'error: FTPConnection "ftp": adopt="{uid}": on the portal its type is "http", and not "ftp"'
    ]
