"""The number of calls of each operation on a dataset: none more than needed.

The numbers are those of the proposal for the calls (`coverage.md`, section 5), without the requests of a status by
which a publication is awaited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..faults.fleet import web_server
from .rows import nameless
from .sources import stations, write_files

STATUS = "GET /datasets/{uid}/status/"

PLANNED = {"nothing": 0, "a title": 4, "a section left out": 0, "refresh": 1 + 5, "destroy": 2}
"""The numbers of the proposal."""

DEARER = {
    # The access rules are read, because the portal may have created one for the key's owner.
    "create": 19 + 1,
    # The dataset is read as well, for `is_published`, and its status again, right before the publication.
    "a rule": 4 + 2,
    "new bytes": 5 + 2,
    "three steps taken out": 6 + 2,
    # The sources are read, because records that were pushed to one would be lost.
    "another dataset_id": 5 + 3,
}
"""The numbers that are higher for safety."""


@pytest.fixture
def facts(engine: Engine, portal: Portal) -> dict[str, Any]:
    """Files to upload, and a group and a user for access rules."""
    write_files(engine.folder)
    for title in ("Readers", "Writers"):
        portal.post("/groups/", {"title": title, "permissions": []})
    return {"folder": engine.folder}


def rules(text: str = "What it is") -> list[Any]:
    """Six rules, the last of them with this description."""
    return [
        ods.RenameField(from_name="id", to_name="id", field_label="Id"),
        ods.RenameField(from_name="name", to_name="name", field_label="Name"),
        ods.TypeField(field="id", type_param="text"),
        ods.AnnotateField(field="name", annotation="sortable"),
        ods.DescribeField(field="id", description="Its number"),
        ods.DescribeField(field="name", description=text),
    ]


def step(number: int) -> ods.Processor:
    """One of several processors."""
    return ods.Processor(type="string_replace", params={"field": "name", "old": str(number), "new": "b"})


def air(facts: dict[str, Any], connection: str, title: str = "Air", **given: Any) -> None:
    """The dataset of the proposal's example."""
    file = ods.UploadedFileDatasource(file=stations(facts, given.pop("file", "stations.csv")))
    web = ods.HTTPDatasource(connection=connection, relative_url="/stations.csv")
    whole = {
        "metadata": ods.Metadata(
            default=ods.DefaultMetadata(
                title=title,
                description="Stations",
                keyword=["air"],
                publisher="City",
                language="en",
                references="https://city.example.org",
            ),
            visualization=ods.VisualizationMetadata(map_disabled=True, analyze_disabled=True, table_fields=["id"]),
        ),
        "sources": {
            "file": ods.Source(type="csvfile", datasource=file),
            "web": ods.Source(type="csvfile", datasource=web),
        },
        "fields": rules(),
        "processors": [step(n) for n in range(3)],
        "group_access": [ods.DatasetGroupAccess(group=group) for group in ("readers", "writers")],
        "schedules": ["0 3 * * *"],
        "published": True,
        **given,
    }
    ods.Dataset("air", **whole)


def calls(portal: Portal) -> list[str]:
    """The calls, without the requests of a status by which a publication is awaited."""
    made = nameless(portal.requests())
    return [call for n, call in enumerate(made) if call != STATUS or not _is_wait(made, n)]


def _is_wait(made: list[str], n: int) -> bool:
    if n and made[n - 1] == STATUS:
        return True  # after a pause of a second, in which something may have begun
    while n and made[n] == STATUS:
        n -= 1
    return made[n].endswith(("/publish/", "/unpublish/"))


@pytest.fixture
def connection(facts: dict[str, Any], portal: Portal) -> Iterator[str]:
    """A connection to a server of the files."""
    with web_server(facts["folder"]) as url:
        yield str(portal.post("/datasource_connections/", {"type": "http", "url": url, "auth": None})["uid"])


def test_no_operation_makes_more_calls_than_needed(
    engine: Engine, portal: Portal, facts: dict[str, Any], connection: str
) -> None:
    made: dict[str, int] = {}

    def count(name: str, act: Callable[[], object]) -> None:
        portal.forget()
        act()
        made[name] = len(calls(portal))

    def edit(name: str, **given: Any) -> None:
        count(name, lambda: engine.up(lambda: air(facts, connection, **given)))

    edit("create")
    edit("nothing")
    edit("a title", title="Clean air")
    edit("a rule", title="Clean air", fields=rules("Its name"))
    edit("new bytes", title="Clean air", fields=rules("Its name"), file="longer/stations.csv")
    edit("back", allow_data_loss=True)
    edit("another dataset_id", allow_data_loss=True, dataset_id="clean-air")
    count("refresh", engine.refresh)
    edit("a section left out", allow_data_loss=True, dataset_id="clean-air", processors=None)
    edit("three steps taken out", allow_data_loss=True, dataset_id="clean-air", processors=[])
    count("destroy", engine.destroy)
    del made["back"]
    assert made == PLANNED | DEARER
