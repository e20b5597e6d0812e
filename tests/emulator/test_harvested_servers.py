"""Tests of harvested servers: CSW, FTP, other portals. `remote_catalogs` names where each form is documented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from .calls import add_csv, body_of, new_dataset, publish, records, wait_until_settled
from .conftest import Switch
from .harvesting import FTP, INDEX, datasets, errors, harvest, new_harvester, only, region_files, resources, run
from .remote_catalogs import (
    CSV,
    CSW_EXCEPTION,
    DUBLIN_CORE_RECORD,
    Answers,
    csw_records,
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
        with httpx.Client(base_url=f"{region.url}/api/automation/v1.0", headers=headers, timeout=30) as theirs:
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
