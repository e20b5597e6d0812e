"""Combinations of properties that a preview refuses, although each of them alone is valid."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.program.resource import REGISTRY
from pulumi_opendatasoft.schema.types import UNKNOWN

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import records


def test_two_different_files_of_one_name_are_refused(engine: Engine, portal: Portal) -> None:
    for year in ("2019", "2020"):
        (engine.folder / year).mkdir()
        (engine.folder / year / "data.csv").write_text(f"year\n{year}\n")

    def source(year: str, filename: str | None = None) -> ods.Source:
        file = ods.File(engine.folder / year / "data.csv", filename=filename)
        return ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=file))

    def program(filename: str | None = None) -> None:
        ods.Dataset("years", sources={"a": source("2019"), "b": source("2020", filename)}, published=True)

    assert engine.preview(program, ok=False).errors == [
        "sources.b.datasource.file.filename: sources.a has another file of the same name: give one of the two another "
        "filename"
    ]
    portal.set(same_file_name="overwrite")
    engine.up(lambda: program("2020.csv"))
    assert sorted(record["year"] for record in records(portal, "years")) == [2019, 2020]
    engine.preview(lambda: ods.Dataset("years", sources={"a": source("2019"), "b": source("2019")}, published=True))


def connection(**given: Any) -> None:
    """A connection with rules."""
    ods.HTTPConnection("server", url="https://files.example.com", **given)


def dataset(**given: Any) -> None:
    """A dataset with rules."""
    ods.Dataset("air", **given)


@pytest.mark.parametrize(
    ("declare", "group", "user"),
    [
        (dataset, ods.DatasetGroupAccess, ods.DatasetUserAccess),
        (connection, ods.GroupAccess, ods.UserAccess),
    ],
    ids=["Dataset", "HTTPConnection"],
)
def test_two_rules_for_one_target_are_refused(declare: Any, group: Any, user: Any, engine: Engine) -> None:
    groups = [group(group=name, permissions=[right]) for name, right in (("b", "x"), ("a", "x"), ("b", "y"))]
    users = [user(user=name, permissions=[right]) for name, right in (("ana", "x"), ("ana", "y"))]

    refused = engine.preview(lambda: declare(group_access=groups, user_access=users), ok=False)

    assert sorted(refused.errors) == [
        'group_access[2].group: there is another rule for "b": make one of the two',
        'user_access[1].user: there is another rule for "ana": make one of the two',
    ]


def test_masked_secret_is_never_written(engine: Engine, portal: Portal) -> None:
    refused = engine.up(lambda: connection(headers={"X-Token": ods.KEPT}), ok=False)
    assert refused.errors == [
        "headers.X-Token: ods.KEPT stands for a secret that only the portal knows, and this object is new: "
        "give the secret itself"
    ]
    assert portal.all("/datasource_connections/") == []


TWICE: dict[str, Any] = {"custom": ods.TemplateMetadata(fields={"contact": "Ana"})}


@pytest.mark.parametrize(
    ("metadata", "refused"),
    [
        (
            ods.Metadata(default=ods.UNMANAGED),
            "metadata.default: UNMANAGED stands for single fields, each by its name: to manage none of a template, "
            "leave it out",
        ),
        (
            ods.Metadata(
                default=ods.DefaultMetadata(title="Air"),
                templates={"default": ods.TemplateMetadata(fields={"title": "Luft"})},
            ),
            "metadata.templates.default.fields.title: is the field that metadata.default.title names already: remove "
            "one of the two",
        ),
        (
            ods.Metadata(
                templates=TWICE | {"more": ods.TemplateMetadata(template="custom", fields={"contact": "Ben"})}
            ),
            "metadata.templates.more.fields.contact: is the field that metadata.templates.custom.fields.contact names "
            "already: remove one of the two",
        ),
    ],
    ids=["a whole template", "typed and by name", "under two names"],
)
def test_contradictory_metadata_are_refused(metadata: ods.Metadata, refused: str, engine: Engine) -> None:
    assert engine.preview(lambda: ods.Dataset("air", metadata=metadata), ok=False).errors == [refused]


def test_unknown_values_are_not_refused() -> None:
    desired = {
        "dataset_id": "air",
        "metadata": {"templates": {name: {"template": UNKNOWN, "fields": {"x": 1}} for name in ("a", "b")}},
        "sources": {"a": UNKNOWN, "b": {"type": "x", "datasource": {"type": "uploaded_file", "file": UNKNOWN}}},
        "group_access": [UNKNOWN, {"group": UNKNOWN, "permissions": []}, {"group": UNKNOWN, "permissions": ["a"]}],
        "user_access": UNKNOWN,
    }
    lifecycle = REGISTRY["Dataset"].lifecycle()
    assert lifecycle.check({}, desired)[1] == []
    assert lifecycle.check({}, {**desired, "metadata": UNKNOWN})[1] == []


@pytest.mark.parametrize(
    "metadata",
    [
        ods.Metadata(default=ods.DefaultMetadata(title=ods.UNMANAGED, language="en")),
        ods.Metadata(default=ods.DefaultMetadata(language="en")),
        ods.Metadata(default=ods.DefaultMetadata(title="", language="en")),
    ],
    ids=["unmanaged", "left out", "empty"],
)
def test_dataset_without_a_title_gets_its_dataset_id(metadata: ods.Metadata, engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.Dataset("air", metadata=metadata))
    assert portal.dataset("air")["metadata"]["default"]["title"]["value"] == "air"


def test_title_may_be_given_by_its_template_name(engine: Engine, portal: Portal) -> None:
    templates = {"default": ods.TemplateMetadata(fields={"title": "Clean air"})}
    engine.up(lambda: ods.Dataset("air", metadata=ods.Metadata(templates=templates)))
    assert portal.dataset("air")["metadata"]["default"]["title"]["value"] == "Clean air"


def test_rewritten_value_of_an_open_template_is_no_difference(engine: Engine, portal: Portal) -> None:
    def program(created: str) -> None:
        templates = {"dcat": ods.TemplateMetadata(fields={"created": created})}
        ods.Dataset("air", metadata=ods.Metadata(templates=templates))

    engine.up(lambda: program("2026-02-06"))
    assert engine.refresh().steps == {}
    assert portal.dataset("air")["metadata"]["dcat"]["created"]["value"] != "2026-02-06"
    assert engine.up(lambda: program("2026-02-07")).steps == {"air": "update"}
    assert portal.dataset("air")["metadata"]["dcat"]["created"]["value"].startswith("2026-02-07")
    assert engine.refresh().steps == {}
