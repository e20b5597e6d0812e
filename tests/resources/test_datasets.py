"""Datasets beyond their single properties: publications, long lists, metadata that others edit as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from .rows import nameless
from .sources import stations, write_files

PUBLISH = "POST /datasets/{uid}/publish/"
PUBLISH_METADATA = "POST /datasets/{uid}/publish_metadata/"
META = "/datasets/{uid}/metadata/"


@pytest.fixture
def facts(engine: Engine, portal: Portal) -> dict[str, Any]:
    """Files to upload, and a group for access rules."""
    write_files(engine.folder)
    portal.post("/groups/", {"title": "Readers", "permissions": []})
    return {"folder": engine.folder}


def dataset(facts: Mapping[str, Any], title: str = "Air", **given: Any) -> None:
    """A public dataset with one file and a title, and other values of some properties."""
    file = ods.UploadedFileDatasource(file=stations(facts, given.pop("file", "stations.csv")))
    whole = {
        "metadata": ods.Metadata(default=ods.DefaultMetadata(title=title)),
        "sources": {"file": ods.Source(type="csvfile", datasource=file)},
        "published": True,
        **given,
    }
    ods.Dataset("air", **{name: value for name, value in whole.items() if value is not None})


def endpoint(portal: Portal, path: str = "", dataset_id: str = "air") -> str:
    """The endpoint of a part of the dataset."""
    return f"/datasets/{portal.dataset(dataset_id)['uid']}/{path}"


# ---------------------------------------------------------------- publications

CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "metadata": ({"title": "Clean air"}, PUBLISH_METADATA),
    "group_access": ({"group_access": [ods.DatasetGroupAccess(group="readers")]}, PUBLISH_METADATA),
    "fields": ({"fields": [ods.DescribeField(field="id", description="Its number")]}, PUBLISH),
    "processors": (
        {"processors": [ods.Processor(type="string_replace", params={"field": "name", "old": "a", "new": "b"})]},
        PUBLISH,
    ),
    "is_restricted": ({"is_restricted": True}, PUBLISH),
    "metadata and fields": (
        {"title": "Clean air", "fields": [ods.DescribeField(field="id", description="Its number")]},
        PUBLISH,
    ),
    # A change of the filters may need the records to be processed, so they are.
    "filters": (
        {
            "metadata": ods.Metadata(
                default=ods.DefaultMetadata(title="Air"),
                asset_content_configuration=ods.AssetContentConfiguration(facets=[ods.Facet(field_name="id")]),
            )
        },
        PUBLISH,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_cheapest_sufficient_publication_is_chosen(
    change: str, facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    given, publication = CHANGES[change]
    engine.up(lambda: dataset(facts))
    portal.forget()
    engine.up(lambda: dataset(facts, **given))
    published = [call for call in nameless(portal.requests("POST")) if "publish" in call]
    assert published == [publication]


def test_changes_in_many_sections_are_published_once(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts, fields=[], processors=[], group_access=[]))
    portal.forget()
    engine.up(
        lambda: dataset(
            facts,
            "Clean air",
            file="longer/stations.csv",
            fields=[ods.DescribeField(field="id", description="Its number")],
            group_access=[ods.DatasetGroupAccess(group="readers")],
        )
    )
    assert [call for call in nameless(portal.requests("POST")) if "publish" in call] == [PUBLISH]
    assert portal.records("air")["total_count"] == 2


def test_public_dataset_without_published_publishes_changes(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: dataset(facts, published=None))
    assert portal.dataset("air")["is_published"] is False
    portal.post(endpoint(portal, "publish/"))
    _wait_until_public(portal)
    assert engine.refresh().steps == {}

    engine.up(lambda: dataset(facts, published=None, file="longer/stations.csv"))
    assert portal.records("air")["total_count"] == 2


def _wait_until_public(portal: Portal) -> None:
    eventually(lambda: portal.get(endpoint(portal, "status/"))["is_published"])


def test_dataset_is_unpublished_and_published_again(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts))
    refused = engine.preview(lambda: dataset(facts, published=False), ok=False)
    assert refused.errors[0].startswith("published: the dataset would be unpublished and its records deleted")
    uid = portal.dataset("air")["uid"]

    engine.up(lambda: dataset(facts, published=False, allow_data_loss=True))
    assert portal.dataset("air")["is_published"] is False
    assert engine.refresh().steps == {}
    engine.up(lambda: dataset(facts, published=True))
    assert portal.records("air")["total_count"] == 1
    assert portal.dataset("air")["uid"] == uid


def test_another_dataset_id_is_set_in_place(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts))
    uid = portal.dataset("air")["uid"]
    refused = engine.preview(lambda: dataset(facts, dataset_id="clean-air"), ok=False)
    assert refused.errors[0].startswith('dataset_id: "air" would become "clean-air"')

    portal.forget()
    renamed = engine.up(lambda: dataset(facts, dataset_id="clean-air", allow_data_loss=True))
    assert renamed.steps == {"air": "update"}
    assert nameless(portal.writes()) == [
        "POST /datasets/{uid}/unpublish/",
        "PUT /datasets/{uid}/",
        PUBLISH,
    ]
    assert portal.dataset("clean-air")["uid"] == uid
    assert portal.records("clean-air")["total_count"] == 1
    assert str(engine.get("air").outputs["url"]).endswith("/explore/dataset/clean-air/")
    assert engine.refresh().steps == {}


# ---------------------------------------------------------------- many rules, equal titles


def rule(number: int, text: str = "What it is") -> ods.DescribeField:
    """One of many rules."""
    return ods.DescribeField(field=f"field_{number}", description=text)


def test_one_changed_field_of_forty_is_one_write(engine: Engine, portal: Portal) -> None:
    def air(changed: int | None = None) -> None:
        ods.Dataset("air", fields=[rule(n, "Another" if n == changed else "What it is") for n in range(40)])

    engine.up(air)
    portal.forget()
    done = engine.up(lambda: air(27))
    assert nameless(portal.writes()) == ["PUT /datasets/{uid}/fields/{uid}/"]
    assert done.changed == {"air": ["fields[27].description"]}
    assert portal.all(endpoint(portal, "fields/"))[27]["description"] == "Another"


@pytest.mark.parametrize("kind", ["fields", "processors"])
def test_rule_added_or_moved_by_hand_is_drift_and_repaired(kind: str, engine: Engine, portal: Portal) -> None:
    def air() -> None:
        if kind == "fields":
            ods.Dataset("air", fields=[rule(1), rule(2)])
        else:
            params = {"field": "name", "old": "a", "new": "b"}
            steps = [ods.Processor(type="string_replace", params=params), ods.Processor(type="skip", params={})]
            ods.Dataset("air", processors=steps)

    engine.up(air)
    path = endpoint(portal, f"{kind}/")
    first, second = portal.all(path)
    bare = {name: value for name, value in first.items() if name != "uid"}
    portal.post(path, bare)
    assert engine.refresh().changed == {"air": [f"{kind}[2]"]}
    portal.forget()
    engine.up(air)
    assert [call.split()[0] for call in portal.writes()] == ["DELETE"]
    assert [entry["uid"] for entry in portal.all(path)] == [first["uid"], second["uid"]]


def test_second_source_of_one_title_is_drift_and_removed(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    engine.up(lambda: dataset(facts))
    path = endpoint(portal, "resources/")
    (first,) = portal.all(path)
    twin = portal.post(path, {name: first[name] for name in ("type", "title", "params", "datasource")})
    assert engine.refresh().changed == {"air": [f"sources.file ({twin['uid']})"]}
    portal.forget()
    engine.up(lambda: dataset(facts))
    assert portal.requests("DELETE") == [f"DELETE {path}{twin['uid']}/"]
    assert [source["uid"] for source in portal.all(path)] == [first["uid"]]
    assert engine.refresh().steps == {}


# ---------------------------------------------------------------- metadata


def described(**fields: Any) -> None:
    """An unpublished dataset with these fields of the default template."""
    ods.Dataset("air", metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", **fields)))


def values(portal: Portal, template: str = "default") -> dict[str, Any]:
    """The values of a template on the portal."""
    fields: dict[str, Any] = portal.dataset("air")["metadata"].get(template, {})
    return {name: field["value"] for name, field in fields.items()}


def test_field_no_longer_named_is_removed(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: described(publisher="The city", language="en"))
    portal.forget()
    done = engine.up(lambda: described(language="en"))
    assert done.changed == {"air": ["metadata.default.publisher"]}
    assert nameless(portal.writes()) == [f"DELETE {META}default/publisher/"]
    assert "publisher" not in values(portal)


def test_field_set_to_unmanaged_stays_and_may_change(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: described(publisher="The city"))
    portal.forget()
    engine.up(lambda: described(publisher=ods.UNMANAGED))
    assert portal.writes() == []
    assert values(portal)["publisher"] == "The city"

    portal.put(endpoint(portal, "metadata/default/publisher/"), {"value": "The canton"})
    assert engine.refresh().steps == {}
    portal.forget()
    assert engine.up(lambda: described(publisher=ods.UNMANAGED)).steps == {}
    engine.up(described)
    assert portal.writes() == []
    assert values(portal)["publisher"] == "The canton"


def test_fields_filled_in_by_the_portal_are_not_drift(engine: Engine, portal: Portal) -> None:
    engine.up(described)
    filled = values(portal)
    assert {"timezone", "modified"} <= filled.keys()
    assert engine.refresh().steps == {}
    engine.up(lambda: described(publisher="The city"))
    assert {name: value for name, value in values(portal).items() if name != "publisher"} == filled


def test_other_fields_of_a_template_survive_a_write_of_two(engine: Engine, portal: Portal) -> None:
    engine.up(described)
    portal.put(endpoint(portal, "metadata/default/attributions/"), {"value": ["https://data.example.com"]})
    portal.forget()
    engine.up(lambda: described(publisher="The city", language="de"))
    assert nameless(portal.writes()) == [f"PUT {META}default/"]
    assert values(portal)["attributions"] == ["https://data.example.com"]


def test_drift_of_many_fields_is_repaired_by_one_write_each(engine: Engine, portal: Portal) -> None:
    def air() -> None:
        ods.Dataset(
            "air",
            metadata=ods.Metadata(
                default=ods.DefaultMetadata(title="Air", publisher="The city", language="en"),
                visualization=ods.VisualizationMetadata(map_disabled=False, map_basemap="streets"),
            ),
        )

    engine.up(air)
    for path, value in {
        "default/publisher": "The canton",
        "default/language": "de",
        "visualization/map_disabled": True,
        "visualization/map_basemap": "satellite",
    }.items():
        portal.put(endpoint(portal, f"metadata/{path}/"), {"value": value})
    assert engine.refresh().changed == {
        "air": [
            "metadata.default.language",
            "metadata.default.publisher",
            "metadata.visualization.map_basemap",
            "metadata.visualization.map_disabled",
        ]
    }
    portal.forget()
    engine.up(air)
    assert nameless(portal.writes()) == [f"PUT {META}default/", f"PUT {META}visualization/"]
    assert (values(portal)["publisher"], values(portal, "visualization")["map_basemap"]) == ("The city", "streets")
