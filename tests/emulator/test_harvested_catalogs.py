"""Tests of harvested catalogs: CKAN and data.json. `remote_catalogs` names where each form is documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import publish, records
from .harvesting import datasets, errors, harvest, only, resources
from .remote_catalogs import (
    CKAN_REFUSAL,
    CSV,
    Answers,
    ckan_found,
    ckan_package,
    data_json,
    data_json_dataset,
    serving,
)

SEARCH = "/api/3/action/package_search"
CATALOG = "/api/explore/v2.1/catalog/datasets"


@pytest.fixture
def answers() -> Iterator[Answers]:
    """The harvested portal."""
    with serving() as portal:
        yield portal


# ---------------------------------------------------------------- CKAN


def test_ckan_package_becomes_a_dataset(api: httpx.Client, emulator: Emulator, answers: Answers) -> None:
    answers.put(SEARCH, ckan_found(ckan_package(answers.address)))
    answers.put("/spending", CSV)

    harvest(api, type="ckan", url=f"{answers.address}/api/3")

    uid, metadata = only(api)
    assert metadata == {
        "title": "Spending of the city",
        "description": "<p>Payments above 500 francs</p>",
        "keyword": ["spending", "payments"],
        "theme": ["Finance"],
        "publisher": "Department of finance",
        "license": "Creative Commons Attribution",
        "license_url": "http://www.opendefinition.org/licenses/cc-by",
        "modified": "2026-02-03T08:00:00Z",
    }
    (resource,) = resources(api, uid)
    assert (resource["title"], resource["type"]) == ("As CSV", "csvfile")
    assert resource["display_name"] == f"{answers.address}/spending"
    assert [path for path, _, _ in answers.requests] == [SEARCH], "linked, and not copied"
    publish(api, uid)
    assert records(emulator, "spending-of-the-city")[0] == {"month": "2026-01", "chf": 1200}


def test_ckan_selection_becomes_the_query(api: httpx.Client, answers: Answers) -> None:
    packages = [ckan_package(answers.address, id=f"p{number}", title=f"Package {number}") for number in range(3)]
    answers.put(SEARCH, ckan_found(*packages[:2], count=9))

    harvest(
        api,
        type="ckan",
        url=f"{answers.address}/api/3",
        query="water",
        group="health",
        sort="name asc",
        offset=3,
        limit=4,
        api_key="k",
        metadata_only=True,
    )

    selection = {"q": ["water"], "fq": ["groups:health"], "sort": ["name asc"]}
    assert answers.queries(SEARCH) == [
        {"rows": ["4"], "start": ["3"], **selection},
        {"rows": ["2"], "start": ["5"], **selection},
    ]
    assert {key for _, _, key in answers.requests} == {"k"}


def test_ckan_language_chooses_translations(api: httpx.Client, answers: Answers) -> None:
    answers.put(SEARCH, ckan_found(ckan_package(answers.address)))

    harvest(api, type="ckan", url=f"{answers.address}/api/3", language="fr", metadata_only=True)

    uid, metadata = only(api)
    assert (metadata["title"], metadata["language"]) == ("Dépenses de la ville", "fr")
    assert resources(api, uid) == []


def test_ckan_resources_are_copied_where_that_is_set(api: httpx.Client, emulator: Emulator, answers: Answers) -> None:
    answers.put(SEARCH, ckan_found(ckan_package(answers.address)))
    answers.put("/spending", CSV)
    harvest(api, type="ckan", url=f"{answers.address}/api/3", download_resources=True)
    del answers.by_path["/spending"]

    uid, _ = only(api)

    assert resources(api, uid)[0]["datasource"] == {"type": "uploaded_file", "file": {"uid": "spending.csv"}}
    publish(api, uid)
    assert len(records(emulator, "spending-of-the-city")) == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (CKAN_REFUSAL, "answered: Access denied."),
        (b"<html>Welcome</html>", "is no API of CKAN."),
        (None, "answered 404 Not Found."),
    ],
    ids=["refusal", "no CKAN", "404"],
)
def test_ckan_that_cannot_be_read_is_named(api: httpx.Client, answers: Answers, answer: Any, reason: str) -> None:
    if answer is not None:
        answers.put(SEARCH, answer)

    failed = harvest(api, type="ckan", url=f"{answers.address}/api/3", api_key="s3cret")

    assert failed["has_error"] is True
    message = errors(api, failed)["harvester"]
    assert message.endswith(reason)
    assert "s3cret" not in message


def test_file_that_cannot_be_copied_is_an_error_of_its_dataset(api: httpx.Client, answers: Answers) -> None:
    answers.put(SEARCH, ckan_found(ckan_package(answers.address)))

    done = harvest(api, type="ckan", url=f"{answers.address}/api/3", download_resources=True)

    assert (done["has_error"], done["resource_errors_count"], datasets(api)) == (False, 1, {})
    (reason,) = errors(api, done)["resources"].values()
    assert reason.endswith("/spending answered 404 Not Found.")


def test_folder_stands_for_a_ckan_that_cannot_be_reached(
    api: httpx.Client, emulator: Emulator, answers: Answers
) -> None:
    folder = emulator.portal.folder / "remote" / "ckan" / "data.region.example"
    folder.mkdir(parents=True, exist_ok=True)
    answers.put("/packages", ckan_found(ckan_package("https://files.region.example")))
    (folder / "package_search.json").write_bytes(answers.by_path["/packages"])
    (folder / "spending").write_bytes(CSV)

    harvest(api, type="ckan", url="https://data.region.example/api/3")

    uid, _ = only(api)
    publish(api, uid)
    assert len(records(emulator, "spending-of-the-city")) == 2


# ---------------------------------------------------------------- data.json


def test_data_json_dataset_becomes_a_dataset(api: httpx.Client, emulator: Emulator, answers: Answers) -> None:
    hidden = data_json_dataset(answers.address, identifier="town-2", accessLevel="non-public")
    answers.put("/data.json", data_json(data_json_dataset(answers.address), hidden))
    answers.put("/spending.csv", CSV)

    done = harvest(api, type="datajson", url=f"{answers.address}/")

    uid, metadata = only(api)
    assert metadata == {
        "title": "Spending of the town",
        "description": "<p>Payments of the town</p>",
        "keyword": ["spending", "town"],
        "theme": ["Finance"],
        "modified": "2026-02-03T00:00:00Z",
        "language": "en",
        "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "publisher": "The town",
        "references": "https://town.example/spending",
    }
    assert done["remote_datasets_count"] == 1
    publish(api, uid)
    assert len(records(emulator, "spending-of-the-town")) == 2


def test_data_json_is_limited_by_its_number(api: httpx.Client, answers: Answers) -> None:
    several = [data_json_dataset(answers.address, identifier=f"{n}", title=f"Dataset {n}") for n in range(3)]
    answers.put("/data.json", data_json(*several))

    done = harvest(api, type="datajson", url=answers.address, number_of_datasets=2, metadata_only=True)

    assert done["remote_datasets_count"] == 2


def test_data_json_without_a_title_is_an_error_of_the_dataset(api: httpx.Client, answers: Answers) -> None:
    answers.put("/data.json", data_json(data_json_dataset(answers.address, title="")))

    done = harvest(api, type="datajson", url=answers.address)

    assert errors(api, done)["resources"] == {"town-1": "Could not harvest the dataset. It has no title."}
