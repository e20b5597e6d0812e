"""The errors of a portal about one member of a list or mapping name it as the program does, in the program's order."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine

WELL = [ods.DescribeField(field=f"f{n}", description="Good") for n in range(7)]
CUSTOM = {"own": ods.TemplateMetadata(template="custom", fields={"contact": "Ana"})}


def file(engine: Engine) -> ods.File:
    """A file of the program."""
    path = engine.folder / "air.csv"
    path.write_text("day\n2026-01-01\n")
    return ods.File(path)


def group_access(*names: str) -> list[ods.DatasetGroupAccess]:
    """Rules for groups."""
    return [ods.DatasetGroupAccess(group=name, permissions=["edit_dataset"]) for name in names]


def refused(engine: Engine, **given: Any) -> str:
    """The first line of an `up` of a dataset that the portal refuses."""
    engine.up(lambda: ods.Dataset("air"))
    return engine.up(lambda: ods.Dataset("air", **given), ok=False).errors[0].partition("; ")[0]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"fields": [*WELL, ods.AnnotateField(field="f7", annotation="", args=[])]}, "fields[7] (f7)"),
        ({"processors": [ods.Processor(type="skip"), ods.Processor(type="")]}, "processors[1] ()"),
        (
            {
                "sources": {
                    "north": ods.Source(type="realtime"),
                    "south": ods.Source(type="csvfile", datasource=ods.HTTPDatasource(connection="co_000000")),
                }
            },
            "sources.south",
        ),
        ({"schedules": ["0 7 * * *", "0 6 * * nonsense"]}, 'schedules[1] ("0 6 * * nonsense")'),
        ({"group_access": group_access("nobody", "explorers")}, "group_access[0] (nobody)"),
        ({"user_access": [ods.DatasetUserAccess(user="nobody", permissions=[])]}, "user_access[0] (nobody)"),
    ],
    ids=["fields", "processors", "sources", "schedules", "group_access", "user_access"],
)
def test_refused_member_is_named_in_program_order(
    given: dict[str, Any], place: str, engine: Engine, portal: Portal
) -> None:
    portal.post("/groups/", {"title": "Explorers"})
    assert refused(engine, **given).startswith(f'Dataset "air": {place}: the portal refused ')


def test_refused_file_is_named(engine: Engine, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/attachments/", "nth": 1, "fault": "status:503"})
    assert refused(engine, attachments={"air.csv": file(engine)}).startswith('Dataset "air": attachments.air.csv: ')
    portal.fail({"method": "POST", "path": "/alternative_exports/", "nth": 1, "fault": "status:503"})
    exports = {"As it was": ods.AlternativeExport(file=file(engine))}
    assert refused(engine, alternative_exports=exports).startswith('Dataset "air": alternative_exports.As it was: ')


def test_file_that_is_gone_is_named(engine: Engine) -> None:
    path = engine.folder / "air.csv"

    def program() -> None:
        data = file(engine)
        ods.Dataset("air", attachments={"guide": data})
        path.unlink()

    [error, *_] = engine.up(program, ok=False).errors[0].split("; ")
    assert error == (
        'Dataset "air": attachments.guide: air.csv no longer exists: a file must stay until `up` has ended'
    )


@pytest.mark.parametrize(
    ("metadata", "place"),
    [
        (ods.Metadata(default=ods.DefaultMetadata(title="Air")), "metadata.default.title"),
        (ods.Metadata(default=ods.DefaultMetadata(title="Air", language="en")), "metadata.default"),
        (ods.Metadata(templates=CUSTOM), "metadata.templates.own.fields.contact"),
    ],
    ids=["one field", "two fields", "a template of the portal"],
)
def test_refused_metadata_are_named(metadata: ods.Metadata, place: str, engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.Dataset("air"))
    portal.fail({"method": "PUT", "path": "/metadata/", "nth": 1, "fault": "status:503"})
    assert refused(engine, metadata=metadata).startswith(f'Dataset "air": {place}: the portal ')


def test_members_of_an_object_are_counted_in_program_order(engine: Engine) -> None:
    def program() -> None:
        ods.Group("editors", title="Editors", permissions=["edit_page", "a_mistake"])

    assert (
        engine.up(program, ok=False)
        .errors[0]
        .startswith('Group "editors": the portal refused permissions[1]: "a_mistake" is not a valid choice.')
    )


def test_mistakes_are_counted_in_program_order(engine: Engine) -> None:
    def group() -> None:
        permissions: Any = ["z", 3, "a"]
        ods.Group("editors", title="Editors", permissions=permissions)

    def dataset() -> None:
        rules = [ods.DatasetGroupAccess(group=name, permissions=[]) for name in ("z", "a", "z")]
        ods.Dataset("air", group_access=rules)

    assert engine.preview(group, ok=False).errors == ["permissions[1]: must be a string"]
    assert engine.preview(dataset, ok=False).errors == [
        'group_access[2].group: there is another rule for "z": make one of the two'
    ]
