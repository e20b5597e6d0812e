"""Tests of the catalogs that harvesters read. `remote_catalogs` names where the form of each answer is documented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import Body, add_csv, body_of, new_dataset, publish, records, wait_until_settled
from .conftest import Switch
from .harvesting import FTP, INDEX, datasets, new_harvester, region_files, run
from .remote_catalogs import (
    CKAN_REFUSAL,
    CSV,
    CSW_EXCEPTION,
    DUBLIN_CORE_RECORD,
    Answers,
    ckan_found,
    ckan_package,
    csw_records,
    data_json,
    data_json_dataset,
    explore_dataset,
    iso_record,
    serving,
)

SEARCH = "/api/3/action/package_search"
CATALOG = "/api/explore/v2.1/catalog/datasets"


@pytest.fixture
def answers() -> Iterator[Answers]:
    """The harvested portal."""
    with serving() as portal:
        yield portal


def harvest(api: httpx.Client, **body: Any) -> Body:
    """Create a harvester and run it; return it."""
    return run(api, body_of(api.post("/harvesters/", json={"name": "Region", **body}), 201)["uid"])


def only(api: httpx.Client) -> tuple[str, dict[str, Any]]:
    """The uid and the default metadata of the only dataset, as far as they follow remote ones."""
    (dataset,) = datasets(api).values()
    default = dataset["metadata"]["default"]
    return dataset["uid"], {name: value["value"] for name, value in default.items() if "remote_value" in value}


def resources(api: httpx.Client, uid: str) -> list[Body]:
    found: list[Body] = body_of(api.get(f"/datasets/{uid}/resources/"))["results"]
    return found


def errors(api: httpx.Client, harvester: Body) -> Body:
    return body_of(api.get(f"/harvesters/{harvester['uid']}/errors/"))


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


# ---------------------------------------------------------------- CSW


def test_iso_record_becomes_a_dataset(api: httpx.Client, emulator: Emulator, answers: Answers) -> None:
    answers.put("/csw", csw_records(iso_record(answers.address)))
    answers.put("/zones.csv", b"zone\nA\n")

    harvest(
        api,
        type="csw",
        url=f"{answers.address}/csw",
        theme_thesaurus="GEMET",
        insert_br_in_description=True,
        licenses_mapping={"open": "CC BY 4.0"},
    )

    uid, metadata = only(api)
    assert metadata == {
        "title": "Zones inondables",
        "description": "<p>Zones à risque.<br>Deux niveaux.</p>",
        "keyword": ["inondation", "water", "risk"],
        "theme": ["water", "risk"],
        "publisher": "Le canton",
        "license": "CC BY 4.0",
        "modified": "2026-02-03T00:00:00Z",
        "language": "fr",
    }
    (query,) = answers.queries("/csw")
    assert (query["request"], query["startPosition"]) == (["GetRecords"], ["1"])
    assert "constraintLanguage" not in query
    publish(api, uid)
    assert records(emulator, "zones-inondables") == [{"zone": "A"}]


def test_csw_thesauri_choose_and_translate_keywords(api: httpx.Client, answers: Answers) -> None:
    answers.put("/csw", csw_records(iso_record(answers.address)))

    harvest(
        api,
        type="csw",
        url=f"{answers.address}/csw",
        keywords_thesaurus="GEMET",
        themes_mapping={"GEMET": {"water": "Environment"}},
        constraint_language=True,
        metadata_only=True,
    )

    _, metadata = only(api)
    assert (metadata["keyword"], metadata["theme"]) == (["water", "risk"], ["Environment"])
    assert answers.queries("/csw")[0]["constraintLanguage"] == ["CQL_TEXT"]


def test_csw_is_read_page_by_page(api: httpx.Client, answers: Answers) -> None:
    answers.put("/csw", csw_records(DUBLIN_CORE_RECORD, following=2))

    harvest(api, type="csw", url=f"{answers.address}/csw")

    assert [query["startPosition"] for query in answers.queries("/csw")] == [["1"], ["2"]]


def test_dublin_core_record_becomes_a_dataset(api: httpx.Client, answers: Answers) -> None:
    answers.put("/csw", csw_records(DUBLIN_CORE_RECORD))

    harvest(api, type="csw", url=f"{answers.address}/csw")

    _, metadata = only(api)
    assert metadata == {
        "title": "Images of the canton",
        "description": "<p>Seen from above</p>",
        "keyword": ["images"],
        "publisher": "The canton",
    }


def test_csw_exception_is_the_critical_error(api: httpx.Client, answers: Answers) -> None:
    answers.put("/csw", CSW_EXCEPTION)

    failed = harvest(api, type="csw", url=f"{answers.address}/csw")

    assert errors(api, failed)["harvester"].endswith("answered: Missing value for constraintLanguage.")


# ---------------------------------------------------------------- FTP


def test_rows_of_the_metadata_file_become_datasets(api: httpx.Client, emulator: Emulator) -> None:
    files = region_files(emulator.portal.folder)
    (files / "list.csv").write_text(
        "name,title,keyword,theme,file\nw1,Weather,weather;rain,Environment,weather.csv\nx9,,,,\n"
    )

    new = new_harvester(api, metadata_file="list.csv", metadata_join_key="file")
    done = run(api, new)

    assert (done["remote_datasets_count"], done["harvested_datasets_count"]) == (2, 2)
    default = datasets(api)["Weather"]["metadata"]["default"]
    assert default["keyword"]["value"] == ["weather", "rain"]
    assert list(datasets(api)) == ["Weather", "x9"], "a row without a title has its name"


def test_files_outside_of_the_server_are_never_read(api: httpx.Client, emulator: Emulator, tmp_path: Path) -> None:
    files = region_files(emulator.portal.folder)
    (files / "index.csv").write_text(INDEX.replace("weather.csv", "../../../../../api-key.csv"))
    (emulator.portal.folder / "api-key.csv").write_text("secret\n")

    done = run(api, new_harvester(api))

    assert done["resource_errors_count"] == 1
    assert run(api, new_harvester(api, name="Up", directory="/../../.."))["has_error"] is True
    outside = {"metadata_file": "../../../../api-key.csv"}
    assert run(api, new_harvester(api, name="Out", **outside))["has_error"] is True


def test_ftp_with_meta_csv_has_columns_of_its_own(api: httpx.Client, emulator: Emulator) -> None:
    files = region_files(emulator.portal.folder)
    (files / "meta.csv").write_text("name|title|where|schema\nw1|Weather|weather.csv|s.csv\n")
    body = {name: value for name, value in FTP.items() if name != "metadata_join_key"}
    own = {"resource_location_column": "where", "resource_schema_column": "schema", "csv_separator": "|"}

    done = harvest(api, **{**body, "type": "ftp_with_meta_csv", "metadata_file": "meta.csv", **own})

    assert done["has_error"] is False
    assert [one["title"] for one in resources(api, only(api)[0])] == ["Weather"]


# ---------------------------------------------------------------- Opendatasoft


def test_explore_catalog_is_read_page_by_page(api: httpx.Client, answers: Answers) -> None:
    answers.put(CATALOG, {"total_count": 2, "results": [explore_dataset("air", publisher="The region")]})

    done = harvest(api, type="ods", domain=answers.address, refines="refine.theme=Health&refine.publisher=Region")

    assert [query["offset"] for query in answers.queries(CATALOG)] == [["0"], ["1"]]
    assert answers.queries(CATALOG)[0]["refine"] == ["theme:Health", "publisher:Region"]
    uid, metadata = only(api)
    assert metadata == {"title": "Air", "publisher": "The region", "modified": "2026-02-03T08:00:00Z"}
    assert done["attached_datasets_count"] == 1
    assert resources(api, uid)[0]["params"]["separator"] == ";"


def test_portal_that_needs_a_key_is_read_with_it_and_copied(api: httpx.Client, answers: Answers) -> None:
    answers.put(CATALOG, {"total_count": 1, "results": [explore_dataset("air")]})
    answers.put(f"{CATALOG}/air/exports/csv", CSV)

    harvest(api, type="ods", domain=answers.address, api_key="k")

    assert {key for _, _, key in answers.requests} == {"Apikey k"}
    uid, _ = only(api)
    assert resources(api, uid)[0]["datasource"]["type"] == "uploaded_file"
    assert body_of(api.get("/datasource_connections/"))["total_count"] == 0


def test_another_emulator_is_harvested_by_its_id(
    api: httpx.Client, emulator: Emulator, switch: Switch, tmp_path: Path
) -> None:
    with Emulator(tmp_path) as region:
        headers = {"Authorization": f"apikey {region.key}"}
        with httpx.Client(base_url=f"{region.url}/api/automation/v1.0", headers=headers) as theirs:
            uid = new_dataset(theirs)
            add_csv(theirs, uid)
            publish(theirs, uid)
        unknown = harvest(api, type="ods", domain="region")
        assert "knows no portal region" in errors(api, unknown)["harvester"]
        switch(federated_domains={"region": region.url})

        harvest(api, type="ods", domain="region", name="Again")

        own, metadata = only(api)
        assert metadata["title"] == "Air"
        body_of(api.post("/harvesters/again/publish/"))
        wait_until_settled(api, own)
        assert len(records(emulator)) == 2
