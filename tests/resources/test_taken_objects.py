"""An object that the program declares is not deleted under an older name, also where the newer one's step failed."""

from __future__ import annotations

import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program


def _both(group: str, dataset: str, *, adopt: bool = False) -> Program:
    def declared() -> None:
        ods.Group(group, title="Editors", adopt=adopt)
        ods.Dataset(dataset, dataset_id="air", adopt=adopt)

    return declared


def test_a_refused_rename_deletes_nothing(engine: Engine, portal: Portal) -> None:
    engine.up(_both("editors", "air"))
    uid = portal.dataset("air")["uid"]

    errors = engine.up(_both("writers", "luft"), ok=False, continue_on_error=True).errors
    refused = [error for error in errors if "nothing was written" in error]
    assert sorted(error.partition(":")[0] for error in refused) == ['Dataset "luft"', 'Group "writers"']
    assert [group["uid"] for group in portal.all("/groups/")] == ["editors"]
    assert portal.dataset("air")["uid"] == uid

    engine.up(_both("writers", "luft", adopt=True))
    assert engine.ids() == {"writers": "editors", "luft": uid}


def test_a_failed_look_deletes_nothing(engine: Engine, portal: Portal) -> None:
    engine.up(_both("editors", "air"))
    portal.fail({"method": "GET", "fault": "status:500"})
    engine.up(_both("writers", "luft"), ok=False, continue_on_error=True)
    portal.fail()
    assert len(portal.all("/groups/")) == len(portal.all("/datasets/")) == 1

    portal.fail({"method": "GET", "path": "/groups/editors/", "fault": "status:500"})
    adopting = lambda: ods.Group("writers", title="Writers", adopt="editors")  # noqa: E731
    engine.up(adopting, ok=False, continue_on_error=True)
    portal.fail()
    assert [group["uid"] for group in portal.all("/groups/")] == ["editors"]


def test_an_open_connection_becomes_one_of_a_declared_type(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.OtherConnection("files", type="http", params={"url": "https://files.city.org"}))
    uid = engine.ids()["files"]

    engine.up(lambda: ods.HTTPConnection("files", url="https://files.city.org", adopt=uid))
    assert [connection["uid"] for connection in portal.all("/datasource_connections/")] == [uid]

    ftp = lambda: ods.FTPConnection("ftp", url="ftps://files.city.org", adopt=uid)  # noqa: E731
    assert engine.up(ftp, ok=False).errors == [
        f'FTPConnection "ftp": adopt="{uid}": on the portal its type is "http", and not "ftp"'
    ]
