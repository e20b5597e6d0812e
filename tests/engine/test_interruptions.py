"""Ctrl-C and death in the middle of an `up`: nothing goes on by itself, and the next `up` begins where it ended."""

from __future__ import annotations

import os
import signal

import pytest

from ..conftest import Portal
from .stacks import Stack, eventually

pytestmark = pytest.mark.own_python

PROVIDER = "pulumi.dynamic"
AIR = "day,value\n2026-01-01,3\n2026-01-02,4\n"
PROGRAM = """
    def dataset(name, **more):
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        return ods.Dataset(name, sources={{"day": source}}, published=True, **more)

    dataset("begun", fields=[ods.TypeField(field="value", type_param="double")])
    dataset("late"{adopt})
    ods.Group("editors", title="Editors"{adopt})
    ods.User("ana", email="ana@city.org"{adopt})
    ods.HTTPConnection("server", url="https://files.city.org"{adopt_server})
"""
NEVER_ANSWERED = ("/groups/$", "/users/invite/$", "/datasource_connections/$", "/datasets/[^/]+/fields/$")


def _invited(portal: Portal) -> list[str]:
    return [user["email"] for user in portal.all("/users/") if user["email"] == "ana@city.org"]


def test_after_a_kill_the_next_updates_finish(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", AIR)
    stack.program(PROGRAM.format(adopt="", adopt_server=""))
    stack.run("config", "set", "opendatasoft:requestTimeout", "300")
    portal.set(processing_ms=300_000)
    portal.fail(
        *({"method": "POST", "path": path, "nth": 1, "fault": "timeout_after_commit"} for path in NEVER_ANSWERED)
    )

    with stack.running("up", "--yes", "--skip-preview") as engine:
        eventually(lambda: portal.all("/groups/") and portal.all("/datasource_connections/") and _invited(portal))
        eventually(lambda: any("publish" in call for call in portal.writes()))
        eventually(lambda: any(d["dataset_id"] == "begun" for d in portal.all("/datasets/")))
        begun = portal.dataset("begun")["uid"]
        eventually(lambda: portal.all(f"/datasets/{begun}/fields/"))
        assert stack.processes(PROVIDER)
        os.kill(engine.pid, signal.SIGKILL)
        eventually(lambda: not stack.processes(PROVIDER), within=5)
    stack.without_own_python()

    portal.fail()
    portal.set(processing_ms=0)
    portal.post(f"/datasets/{portal.dataset('late')['uid']}/abort/")
    late, server = portal.dataset("late")["uid"], portal.all("/datasource_connections/")[0]["uid"]
    assert "pulumi cancel" in stack.up(ok=False).text
    stack.run("cancel", "--yes")

    said = stack.up("--continue-on-error", ok=False).said
    assert said.pop("city-dev")[0].startswith(
        "warning: Attempting to deploy or update resources with 5 pending operations"
    )
    assert said == {
        "begun": [f"{begun} was created by an interrupted `up` of this resource: it is finished now"],
        **{
            name: [
                f'error: {kind} "{name}": the portal already has {key} ({id}), and nothing was written. Was this '
                "resource renamed or moved? Then say so in `aliases`. Is the object to be taken over, or did a run end "
                f"before it was recorded? Then adopt={way_on}"
            ]
            for kind, name, key, id, way_on in (
                ("Dataset", "late", 'a dataset with dataset_id "late"', late, "True."),
                ("Group", "editors", 'a group with title "Editors"', "editors", "True."),
                ("User", "ana", 'a user with email "ana@city.org"', "ana@city.org", "True."),
                (
                    "HTTPConnection",
                    "server",
                    'a connection to "https://files.city.org" without a login',
                    server,
                    f'"{server}". (Is it to be replaced? `pulumi destroy --target` it first.)',
                ),
            )
        },
    }
    assert stack.ids() == {"begun": begun}

    stack.program(PROGRAM.format(adopt=", adopt=True", adopt_server=f', adopt="{server}"'))
    stack.up()
    stack.program(PROGRAM.format(adopt="", adopt_server=""))
    stack.up()
    stack.refresh("--clear-pending-creates")
    stack.is_settled()
    assert stack.ids() == {
        "begun": begun,
        "late": late,
        "editors": "editors",
        "ana": "ana@city.org",
        "server": server,
    }
    assert [portal.records(name)["total_count"] for name in ("begun", "late")] == [2, 2]
    assert len(portal.all("/groups/")) == len(portal.all("/datasource_connections/")) == len(_invited(portal)) == 1
    assert len(portal.all("/datasets/")) == len(portal.all(f"/datasets/{begun}/fields/")) + 1 == 2


def test_a_first_interruption_finishes_the_calls_under_way(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", AIR)
    stack.program("""
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        air = ods.Dataset("air", sources={"day": source}, published=True)
        ods.Group("editors", title="Editors", description=air.uid)
    """)
    portal.set(processing_ms=8000)

    with stack.running("up", "--yes", "--skip-preview") as engine:
        eventually(lambda: any("publish" in call for call in portal.writes()))
        engine.send_signal(signal.SIGINT)
        assert engine.wait(300)
    stack.without_own_python()
    assert "cancel" in stack.printed()
    assert stack.ids() == {"air": portal.dataset("air")["uid"]}
    assert portal.records("air")["total_count"] == 2

    portal.set(processing_ms=0)
    stack.up()
    assert [g["title"] for g in portal.all("/groups/")] == ["Editors"]
    stack.is_settled()
