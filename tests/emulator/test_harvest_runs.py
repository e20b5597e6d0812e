"""Tests of the runs of harvesters: their datasets, what editors override, publication, errors, previews."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import body_of, new_dataset, public, records, status_of, wait_until_settled
from .conftest import Switch
from .harvesting import INDEX, datasets, harvester, new_harvester, region_files, run


@pytest.fixture(autouse=True)
def files(emulator: Emulator) -> Path:
    """The files of the region's server."""
    return region_files(emulator.portal.folder)


def title(api: httpx.Client, uid: str) -> dict[str, object]:
    """The title of a dataset, with its remote value."""
    return body_of(api.get(f"/datasets/{uid}/metadata/default/title/"))


def test_a_run_makes_unpublished_datasets_with_their_files(api: httpx.Client, emulator: Emulator) -> None:
    uid = new_harvester(api)

    done = run(api, uid)

    counts = ("remote", "harvested", "attached", "published")
    assert [done[f"{name}_datasets_count"] for name in counts] == [2, 2, 2, 0]
    weather = datasets(api)["Weather of the region"]
    assert (weather["dataset_id"], weather["is_published"]) == ("weather-of-the-region", False)
    assert public(emulator, "/weather-of-the-region").status_code == 404
    (resource,) = body_of(api.get(f"/datasets/{weather['uid']}/resources/"))["results"]
    assert (resource["type"], resource["datasource"]["file"]["uid"]) == ("csvfile", "weather.csv")


def test_publish_and_unpublish_concern_every_attached_dataset(api: httpx.Client, emulator: Emulator) -> None:
    own = new_dataset(api, "own")
    uid = new_harvester(api)
    run(api, uid)

    assert body_of(api.post(f"/harvesters/{uid}/publish/")) == {"detail": "ok"}
    for dataset in datasets(api).values():
        wait_until_settled(api, dataset["uid"])
    assert harvester(api, uid)["published_datasets_count"] == 2
    assert status_of(api, own)["is_published"] is False
    assert records(emulator, "weather-of-the-region") == [
        {"station": "Basel", "degrees": 12},
        {"station": "Bern", "degrees": 9},
    ]
    assert body_of(api.post(f"/harvesters/{uid}/unpublish/")) == {"detail": "ok"}
    for dataset in datasets(api).values():
        wait_until_settled(api, dataset["uid"])
    assert harvester(api, uid)["published_datasets_count"] == 0


def test_published_datasets_are_published_again_and_new_ones_not(
    api: httpx.Client, emulator: Emulator, files: Path
) -> None:
    uid = new_harvester(api)
    run(api, uid)
    weather = datasets(api)["Weather of the region"]["uid"]
    body_of(api.post(f"/datasets/{weather}/publish/"))
    wait_until_settled(api, weather)
    (files / "weather.csv").write_text("station,degrees\nChur,7\n")

    run(api, uid)
    wait_until_settled(api, weather)

    assert records(emulator, "weather-of-the-region") == [{"station": "Chur", "degrees": 7}]
    assert harvester(api, uid)["published_datasets_count"] == 1


def test_second_run_changes_the_same_datasets(api: httpx.Client, files: Path) -> None:
    uid = new_harvester(api)
    run(api, uid)
    before = {name: dataset["uid"] for name, dataset in datasets(api).items()}
    (files / "index.csv").write_text(INDEX.replace("All schools", "Every school"))

    run(api, uid)

    after = datasets(api)
    assert {name: dataset["uid"] for name, dataset in after.items()} == before
    assert after["Schools"]["metadata"]["default"]["description"]["value"] == "<p>Every school</p>"


def test_dataset_that_an_editor_deleted_is_harvested_again(api: httpx.Client) -> None:
    uid = new_harvester(api)
    run(api, uid)
    assert api.delete(f"/datasets/{datasets(api)['Schools']['uid']}/").status_code == 204
    assert harvester(api, uid)["attached_datasets_count"] == 1

    assert run(api, uid)["attached_datasets_count"] == 2


@pytest.mark.parametrize("deletes", [True, False])
def test_missing_datasets_are_deleted_where_that_is_set(api: httpx.Client, files: Path, deletes: bool) -> None:
    uid = new_harvester(api, delete_missing_datasets=deletes)
    run(api, uid)
    (files / "index.csv").write_text("".join(INDEX.splitlines(keepends=True)[:2]))

    done = run(api, uid)

    assert (done["remote_datasets_count"], "Schools" in datasets(api)) == (1, not deletes)


def test_copy_of_a_harvested_dataset_belongs_to_no_harvester(api: httpx.Client) -> None:
    uid = new_harvester(api)
    run(api, uid)

    body_of(api.post(f"/datasets/{datasets(api)['Schools']['uid']}/copy/"), 201)

    assert harvester(api, uid)["attached_datasets_count"] == 2


def test_datasets_are_restricted_as_harvester_or_portal_says(api: httpx.Client, switch: Switch) -> None:
    switch(restrict_new_datasets=True)
    restricted = new_harvester(api, name="a")
    open_ = new_harvester(api, name="b", restrict_datasets_visibility=False)

    run(api, restricted)
    assert {dataset["is_restricted"] for dataset in datasets(api).values()} == {True}
    run(api, open_)
    found = body_of(api.get("/datasets/"))["results"]
    assert [dataset["is_restricted"] for dataset in found] == [True, True, False, False]


# ---------------------------------------------------------------- metadata and their override (behaviour.md, section 8)


def test_harvested_metadata_have_a_value_and_a_remote_value(api: httpx.Client) -> None:
    run(api, new_harvester(api))

    uid = datasets(api)["Schools"]["uid"]

    assert title(api, uid) == {"value": "Schools", "remote_value": "Schools", "override_remote_value": False}
    assert body_of(api.get(f"/datasets/{uid}/metadata/default/timezone/")) == {"value": "Europe/Paris"}


def test_value_without_override_does_not_outlive_the_remote_one(api: httpx.Client) -> None:
    run(api, new_harvester(api))
    uid = datasets(api)["Schools"]["uid"]

    body_of(api.put(f"/datasets/{uid}/metadata/default/title/", json={"value": "Our schools"}))

    assert title(api, uid)["value"] == "Schools"


def test_overridden_value_survives_a_run_until_it_follows_again(api: httpx.Client, files: Path) -> None:
    harvester_uid = new_harvester(api)
    run(api, harvester_uid)
    uid = datasets(api)["Schools"]["uid"]
    path = f"/datasets/{uid}/metadata/default/title/"
    ours = {"value": "Our schools", "remote_value": "is read-only", "override_remote_value": True}
    body_of(api.put(path, json=ours))
    (files / "index.csv").write_text(INDEX.replace("Schools;", "All schools of the region;"))

    run(api, harvester_uid)

    remote = "All schools of the region"
    assert title(api, uid) == {"value": "Our schools", "remote_value": remote, "override_remote_value": True}
    body_of(api.put(path, json={"value": "x", "override_remote_value": False}))
    assert title(api, uid) == {"value": remote, "remote_value": remote, "override_remote_value": False}


def test_remote_value_that_is_gone_goes_and_an_own_one_stays(api: httpx.Client, files: Path) -> None:
    harvester_uid = new_harvester(api)
    run(api, harvester_uid)
    uid = datasets(api)["Schools"]["uid"]
    body_of(api.put(f"/datasets/{uid}/metadata/default/license/", json={"value": "CC0 1.0"}))
    (files / "index.csv").write_text(INDEX.replace("All schools;school;The region", "All schools;school;"))

    run(api, harvester_uid)

    default = datasets(api)["Schools"]["metadata"]["default"]
    assert "publisher" not in default
    assert default["license"] == {"value": "CC0 1.0"}


def test_forced_metadata_take_the_place_of_remote_ones(api: httpx.Client) -> None:
    forced = {"default": {"publisher": "The city"}, "internal": {"theme_id": ["education"]}}
    run(api, new_harvester(api, forced_metas=forced))

    metadata = datasets(api)["Schools"]["metadata"]

    assert metadata["default"]["publisher"]["value"] == "The city"
    assert metadata["internal"]["theme_id"]["value"] == ["education"]


# ---------------------------------------------------------------- errors and previews


def test_catalog_that_cannot_be_read_is_a_critical_error(api: httpx.Client) -> None:
    uid = new_harvester(api, directory="/nowhere")

    done = run(api, uid)

    assert (done["has_error"], done["last_success_at"]) == (True, None)
    errors = body_of(api.get(f"/harvesters/{uid}/errors/"))
    assert errors["harvester"].startswith("A fatal error occured. There is no folder ")
    assert errors["resources"] == {}
    body_of(api.put(f"/harvesters/{uid}/", json={**harvester(api, uid), "directory": "/open"}))
    assert run(api, uid)["has_error"] is False
    assert body_of(api.get(f"/harvesters/{uid}/errors/")) == {"harvester": None, "resources": {}}


def test_address_in_an_error_keeps_its_spelling(api: httpx.Client) -> None:
    body = {"type": "ckan", "name": "R", "url": "http://127.0.0.1:9/api/3"}
    uid = body_of(api.post("/harvesters/", json=body), 201)["uid"]

    assert run(api, uid)["has_error"] is True

    message = body_of(api.get(f"/harvesters/{uid}/errors/"))["harvester"]
    assert message.startswith("A fatal error occured. http://127.0.0.1:9/api/3/")


def test_dataset_that_cannot_be_harvested_is_an_error_by_its_id(api: httpx.Client, files: Path) -> None:
    (files / "weather.csv").unlink()
    uid = new_harvester(api)

    done = run(api, uid)

    assert (done["has_error"], done["resource_errors_count"], done["harvested_datasets_count"]) == (False, 1, 1)
    assert body_of(api.get(f"/harvesters/{uid}/errors/"))["resources"] == {
        "w1": "Could not harvest the dataset. There is no file weather.csv that can be read."
    }


@pytest.mark.parametrize("kind", ["arcgis", "arcgis_opendata", "socrata", "wfs", "omi_node"])
def test_types_that_are_not_carried_out_fail_at_the_run(api: httpx.Client, kind: str) -> None:
    uid = body_of(api.post("/harvesters/", json={"type": kind, "name": "R", "url": "https://data.example"}), 201)["uid"]

    assert run(api, uid)["has_error"] is True

    message = f"Harvesters of type {kind} are not carried out by this emulator."
    assert body_of(api.get(f"/harvesters/{uid}/errors/"))["harvester"] == f"A fatal error occured. {message}"


def test_preview_lists_what_a_run_would_harvest(api: httpx.Client) -> None:
    uid = new_harvester(api)

    preview = body_of(api.get(f"/harvesters/{uid}/preview/"))

    assert preview["total_count"] == 2
    assert preview["results"][1] == {"id": "s1", "title": "Schools", "description": "All schools"}
    assert datasets(api) == {}


def test_unsaved_preview_merges_with_the_saved_configuration(api: httpx.Client, files: Path) -> None:
    (files / "few.csv").write_text("name;title\nx;Only this\n")
    uid = new_harvester(api)

    preview = body_of(api.post(f"/harvesters/{uid}/unsaved_preview/", json={"metadata_file": "few.csv"}))

    assert [one["title"] for one in preview["results"]] == ["Only this"]
    assert harvester(api, uid)["metadata_file"] == "index.csv"
    refused = api.post(f"/harvesters/{uid}/unsaved_preview/", json={"metadata_file": "none.csv"})
    assert body_of(refused, 400)["error_code"] == "bad_request"
