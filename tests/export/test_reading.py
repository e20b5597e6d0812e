"""The reads of an export, the number of its calls, and the objects that it leaves out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import OpendatasoftError
from pulumi_opendatasoft.export import Selection, read_portal
from pulumi_opendatasoft.export.reads import Reads
from pulumi_opendatasoft.schema.secrets import MASKED

from ..conftest import Portal
from .projects import Exported, exported

FILES = 6
"""The uploaded files of the portal: one of each dataset, an attachment and an alternative export."""


def names(export: Exported) -> set[str]:
    return {found.label for found in export.portal.found}


def test_ten_calls_a_dataset_and_two_a_file_suffice(city: Portal, tmp_path: Path) -> None:
    city.forget()
    one = exported(city, tmp_path / "city", Selection(only=frozenset({"Dataset"})))
    lists = 10
    assert len(city.requests()) <= lists + 10 * len(one.portal.found) + 2 * FILES
    assert city.writes() == []
    assert [call for call, times in Counter(city.requests()).items() if times > 1] == []


def test_names_are_made_from_the_content(export: Exported) -> None:
    assert names(export) >= {
        'Group "donnees-ouvertes"',
        'Group "mobility-office"',
        'User "class"',
        'HTTPConnection "http-files-city-example-portal"',
        'HTTPConnection "http-open-city-example"',
        'OtherConnection "snowflake-odbc"',
        'Dataset "air-quality"',
        'Dataset "2026"',
        'Harvester "the-region"',
        'CodeEditorPage "home"',
        'StudioPage "budget"',
        'MetadataTemplate "care"',
    }
    assert {found.variable for found in export.portal.found if found.kind == "Dataset"} == {
        "x_class",
        "ete_2_x_y",
        "air_quality",
        "x_2026",
    }


def test_returned_secrets_are_settings_and_others_are_kept(export: Exported) -> None:
    secrets = export.project.secrets
    assert secrets["http_files_city_example_portal_headers_x_token"] == "canary-token"
    assert secrets["http_files_city_example_portal_auth_password"] is None
    assert secrets["the_region_source_api_key"] is None
    connection = next(found for found in export.portal.found if found.name == "http-files-city-example-portal")
    assert connection.inputs["auth"]["password"] == MASKED
    assert [path for path, content in export.contents.items() if b"canary" in content] == []


def test_what_nobody_wrote_is_left_out(export: Exported) -> None:
    dataset = next(found for found in export.portal.found if found.name == "2026")
    assert dataset.inputs["metadata"] == {
        "default": {
            "title": "Dataset n° 3",
            "description": dataset.inputs["metadata"]["default"]["description"],
            "keyword": ["a", "b"],
            "publisher": "City",
        },
        "internal": {"license_id": "cc_by", "theme_id": ["environment"]},
        "templates": {
            "care": {"template": "care", "fields": {"office": "Parks", "is_old": False}},
            "dcat": {"fields": {"creator": "The city"}},
        },
    }
    assert "default_security" not in dataset.inputs
    assert [rule["type"] for rule in dataset.inputs["fields"]] == ["rename", "type", "annotate", "description"]


def test_references_are_those_of_the_program(export: Exported) -> None:
    code = export.contents["portal/datasets/ete_2_x_y.py"].decode()
    assert "connection=connections.http_files_city_example_portal.uid" in code
    assert "group=groups.mobility_office.uid" in code
    assert "user=users.eva.username" in code
    assert "template=templates.care.name" in code


def test_selection_by_type_and_name(city: Portal) -> None:
    with Client(city.url, city.key) as client:
        some = Selection(only=frozenset({"Dataset"}), match=["*-quality", "2026"], exclude=["20*"])
        assert [found.label for found in read_portal(client, some).found] == ['Dataset "air-quality"']


def test_dependencies_come_with_the_selected(city: Portal) -> None:
    with Client(city.url, city.key) as client:
        only = frozenset({"Dataset"})
        read = read_portal(client, Selection(only=only, match=["ete*"], with_dependencies=True))
        assert {found.kind for found in read.found} == {
            "Dataset",
            "Group",
            "User",
            "HTTPConnection",
            "MetadataTemplate",
        }
        without_users = Selection(only=only, match=["ete*"], with_dependencies=True, users=False)
        assert "User" not in {found.kind for found in read_portal(client, without_users).found}


def test_unselected_references_are_ids(city: Portal, tmp_path: Path) -> None:
    one = exported(city, tmp_path / "city", Selection(only=frozenset({"Dataset"})))
    code = one.contents["portal/datasets/ete_2_x_y.py"].decode()
    assert 'user="eva' in code
    assert "from portal import" not in code


def test_empty_sections_are_managed_if_wanted(portal: Portal) -> None:
    portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})
    with Client(portal.url, portal.key) as client:
        (plain,) = [one for one in read_portal(client).found if one.kind == "Dataset"]
        (empty,) = [one for one in read_portal(client, Selection(empty=True)).found if one.kind == "Dataset"]
    assert plain.inputs.keys() & {"sources", "fields", "processors"} == set()
    assert {name: empty.inputs[name] for name in ("sources", "fields", "processors")} == {
        "sources": {},
        "fields": [],
        "processors": [],
    }


def test_narrow_key_says_what_it_cannot_see(city: Portal) -> None:
    key = city.post("/apikeys/", {"label": "narrow", "permissions": ["edit_dataset"]})["key"]
    with Client(city.url, key) as client:
        read = read_portal(client)
    assert "all users: the API key may not list them" in read.left_out
    assert {found.kind for found in read.found} & {"Dataset", "User"} == {"Dataset"}


def test_what_was_seen_and_as_whom(export: Exported) -> None:
    assert export.portal.seen_as == "admin"
    left_out = "\n".join(export.portal.left_out)
    for part in ("owner of the API key", "drafts", "API keys", "Image", "of the portal's own"):
        assert part in left_out


def test_sources_of_one_title_are_not_managed(portal: Portal) -> None:
    dataset = portal.post("/datasets/", {"dataset_id": "air", "metadata": {"default": {"title": {"value": "Air"}}}})
    for _ in range(2):
        portal.post(f"/datasets/{dataset['uid']}/resources/", {"type": "realtime", "title": "pushed"})
    with Client(portal.url, portal.key) as client:
        (found,) = [one for one in read_portal(client).found if one.kind == "Dataset"]
    assert "sources" not in found.inputs
    assert 'several have the title "pushed"' in found.remarks[0]


def test_groups_of_one_title_are_numbered(portal: Portal) -> None:
    for permissions in (["edit_dataset"], []):
        portal.post("/groups/", {"title": "Partners", "permissions": permissions})
    with Client(portal.url, portal.key) as client:
        found = [one for one in read_portal(client).found if one.kind == "Group"]
    assert [(one.name, one.inputs.get("permissions")) for one in found] == [
        ("partners", ["edit_dataset"]),
        ("partners-2", None),
    ]


def test_connections_that_are_alike_are_ordered_by_their_use(portal: Portal, tmp_path: Path) -> None:
    def made(number: int) -> str:
        uid = portal.post("/datasource_connections/", {"type": "http", "url": "https://files.city.example"})["uid"]
        metadata = {"default": {"title": {"value": "Air"}}}
        dataset = portal.post("/datasets/", {"dataset_id": f"air-{number}", "metadata": metadata})["uid"]
        of_web = {"type": "http", "connection": {"uid": uid}, "relative_url": "/f.csv"}
        portal.post(f"/datasets/{dataset}/resources/", {"type": "csvfile", "title": "web", "datasource": of_web})
        return str(uid)

    uids = {number: made(number) for number in (2, 3, 1)}
    one = exported(portal, tmp_path / "city")
    names = {found.id: found.name for found in one.portal.found if "Connection" in found.kind}
    assert [names[uids[number]] for number in (1, 2, 3)] == [
        "http-files-city-example",
        "http-files-city-example-2",
        "http-files-city-example-3",
    ]


def test_an_export_writes_nothing(city: Portal) -> None:
    with Client(city.url, city.key) as client:
        reads = Reads(client)
        with pytest.raises(OpendatasoftError, match="only reads"):
            reads.post("/groups/", {})
        with pytest.raises(OpendatasoftError, match="only reads"):
            reads.put("/groups/a/", {})
        with pytest.raises(OpendatasoftError, match="only reads"):
            reads.delete("/groups/a/")
        with pytest.raises(OpendatasoftError, match="only reads"):
            reads.upload("/medias/images/", Path("logo.svg"))
