"""Functions that read datasets and their parts return what another client reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from .conftest import plain


@pytest.fixture
def at(ids: dict[str, str]) -> str:
    """The path of the dataset."""
    return f"/datasets/{ids['dataset_uid']}/"


@pytest.mark.reaches("get_dataset")
@pytest.mark.reaches("list_datasets")
def test_dataset_is_found_by_uid_and_by_dataset_id(portal: Portal, ids: dict[str, str], at: str) -> None:
    by_uid, by_id = ods.get_dataset(ids["dataset_uid"]), ods.get_dataset(dataset_id="air")

    assert by_uid == by_id
    assert plain(by_uid) == portal.get(at)
    assert (by_uid.dataset_id, by_uid.is_published) == ("air", False)
    assert by_uid.metadata["default"]["title"].value == "Air"
    assert by_uid.created_by is not None
    assert by_uid.created_by.username == "admin"
    assert plain(ods.list_datasets()) == portal.all("/datasets/")


@pytest.mark.reaches("get_dataset_status")
def test_status_of_a_dataset_is_read(portal: Portal, at: str) -> None:
    status = ods.get_dataset_status("air")

    assert plain(status) == portal.get(f"{at}status/")
    assert (status.status, status.records_errors) == ("idle", ())


@pytest.mark.reaches("list_dataset_fields")
@pytest.mark.reaches("get_dataset_field")
@pytest.mark.reaches("list_dataset_processors")
@pytest.mark.reaches("get_dataset_processor")
def test_rules_of_a_dataset_are_read(portal: Portal, ids: dict[str, str], at: str) -> None:
    field = ods.get_dataset_field("air", ids["field_uid"])
    processor = ods.get_dataset_processor("air", ids["processor_uid"])

    assert (field.type, field["field"]) == ("delete", "size")
    assert (processor.type, processor["field"]) == ("skip", "city")
    assert plain(ods.list_dataset_fields("air")) == portal.all(f"{at}fields/") == [plain(field)]
    assert plain(ods.list_dataset_processors("air")) == portal.all(f"{at}processors/") == [plain(processor)]


@pytest.mark.reaches("list_dataset_schedules")
@pytest.mark.reaches("get_dataset_schedule")
def test_schedules_of_a_dataset_are_read(portal: Portal, at: str) -> None:
    [schedule] = ods.list_dataset_schedules("air")

    assert schedule.cron_schedule == "0 6 * * *"
    assert plain(ods.get_dataset_schedule("air", schedule.uid)) == portal.get(f"{at}schedules/{schedule.uid}/")


@pytest.mark.reaches("get_dataset_metadata")
def test_metadata_are_read_whole_by_template_and_by_field(portal: Portal, at: str) -> None:
    whole = ods.get_dataset_metadata("air")
    default = ods.get_dataset_metadata("air", template="default")
    title = ods.get_dataset_metadata("air", template="default", name="title")

    assert {name: plain(value) for name, value in default.items()} == portal.get(f"{at}metadata/default/")
    assert (title.value, default["title"], whole["default"]) == ("Air", title, default)
    assert whole.keys() == portal.get(f"{at}metadata/").keys()
    with pytest.raises(ods.errors.ArgumentError, match="a name needs the template"):
        ods.get_dataset_metadata("air", name="title")  # type: ignore[call-overload]


@pytest.mark.reaches("list_versions")
@pytest.mark.reaches("get_version")
def test_versions_of_a_dataset_are_read(portal: Portal, at: str) -> None:
    versions = ods.list_versions("air")

    assert len(versions) > 1
    assert plain(versions) == portal.all(f"{at}versions/")
    assert ods.get_version("air", versions[0].uid) == versions[0]


@pytest.mark.reaches("list_feedbacks")
@pytest.mark.reaches("get_feedback")
def test_feedback_is_read(portal: Portal, ids: dict[str, str], at: str) -> None:
    [feedback] = ods.list_feedbacks("air", record_id="1", is_archived=False)

    assert (feedback.comment, feedback.is_archived) == ("It is larger.", False)
    assert plain(ods.get_feedback("air", ids["feedback_uid"])) == portal.get(f"{at}feedbacks/{feedback.uid}/")
    assert ods.list_feedbacks("air", record_id="2") == ods.list_feedbacks("air", is_archived=True) == []


@pytest.mark.reaches("get_dataset_file")
@pytest.mark.reaches("download_dataset_file")
@pytest.mark.reaches("list_attachments")
@pytest.mark.reaches("get_attachment")
@pytest.mark.reaches("download_attachment")
@pytest.mark.reaches("list_alternative_exports")
@pytest.mark.reaches("get_alternative_export")
@pytest.mark.reaches("download_alternative_export")
def test_files_of_a_dataset_are_read_and_downloaded(
    portal: Portal, ids: dict[str, str], at: str, tmp_path: Path
) -> None:
    [attachment], [export] = ods.list_attachments("air"), ods.list_alternative_exports("air")
    file = ods.get_dataset_file("air", ids["file_uid"])

    assert (file.filename, attachment.filename, export.title) == ("air.csv", "notes.txt", "A map")
    assert plain(file) == portal.get(f"{at}resources/files/{file.uid}/")
    assert ods.get_attachment("air", attachment.uid) == attachment
    assert plain(ods.get_alternative_export("air", export.uid)) == portal.get(f"{at}alternative_exports/{export.uid}/")
    written = [
        ods.download_dataset_file("air", file.uid, str(tmp_path / "new" / "air.csv")),
        ods.download_attachment("air", attachment.uid, str(tmp_path / "notes.txt")),
        ods.download_alternative_export("air", export.uid, str(tmp_path / "map.svg")),
    ]
    assert [Path(path).read_bytes() for path in written] == [b"city,size\nBasel,3\n", b"notes", b"<svg/>"]


ANA: dict[str, Any] = {"username": "ana"}


@pytest.mark.reaches("list_user_access")
@pytest.mark.reaches("get_user_access")
@pytest.mark.reaches("list_group_access")
@pytest.mark.reaches("get_group_access")
def test_access_to_each_kind_of_object_is_read(portal: Portal, ids: dict[str, str], at: str) -> None:
    places: dict[str, tuple[str, str]] = {
        "dataset": ("air", at),
        "connection": (ids["connection_uid"], f"/datasource_connections/{ids['connection_uid']}/"),
        "code_editor_page": ("welcome", "/code_editor_pages/welcome/"),
        "studio_page": (ids["studio_page_uid"], f"/studio_pages/{ids['studio_page_uid']}/"),
    }
    for noun, (name, path) in places.items():
        where: dict[str, Any] = {noun: name}
        [user], [group] = ods.list_user_access(**where), ods.list_group_access(**where)
        assert (user.user.username, group.group.uid) == (ids["username"], ids["group_uid"])
        assert plain(ods.get_user_access(ids["username"], **where)) == portal.get(
            f"{path}security/users/{ids['username']}/"
        )
        assert ods.get_group_access(ids["group_uid"], **where) == group
    with pytest.raises(ods.errors.ArgumentError, match="give one of dataset, connection, code_editor_page"):
        ods.list_user_access()
