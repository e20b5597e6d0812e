"""Functions that read the sources of a dataset, and try sources that do not exist."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.functions.sources import on_the_wire

from ..conftest import Portal
from .conftest import plain


@pytest.mark.reaches("list_dataset_sources")
@pytest.mark.reaches("get_dataset_source")
def test_sources_are_found_by_uid_and_by_title(portal: Portal, ids: dict[str, str]) -> None:
    sources = ods.list_dataset_sources("air", expand="datasource.connection")

    assert plain(sources) == portal.all(f"/datasets/{ids['dataset_uid']}/resources/")
    by_uid = ods.get_dataset_source("air", ids["resource_uid"])
    assert by_uid == ods.get_dataset_source("air", title="Air") == sources[0]
    assert by_uid.datasource is not None
    assert by_uid.datasource.file is not None
    assert (by_uid.type, by_uid.datasource.file.uid) == ("csvfile", ids["file_uid"])


@pytest.mark.reaches("guess_extractors")
@pytest.mark.reaches("guess_extractor_params")
@pytest.mark.reaches("preview_source")
def test_sources_and_datasources_are_guessed_and_previewed(portal: Portal, ids: dict[str, str]) -> None:
    source: dict[str, Any] = {"source": ids["resource_uid"]}
    file: dict[str, Any] = {"datasource": {"type": "uploaded_file", "file": ids["file_uid"]}}

    for given, typed in ((source, source), (file, {**file, "type": "csvfile"})):
        assert ods.guess_extractors("air", **given)[0].type == "csvfile"
        assert ods.guess_extractor_params("air", **typed).params["separator"] == ","
        preview = ods.preview_source("air", **typed)
        assert [field.name for field in preview.fields] == ["city", "size"]
        assert list(preview.records) == [{"city": "Basel", "size": 3}]


@pytest.mark.reaches("list_extractors")
@pytest.mark.reaches("list_processors")
def test_catalogues_are_read(portal: Portal) -> None:
    extractors = {extractor.type: extractor for extractor in ods.list_extractors()}

    assert plain(list(extractors.values())) == portal.get("/extractors/")
    assert "separator" in [parameter.name for parameter in extractors["csvfile"].parameters]
    assert plain(ods.list_processors()) == portal.get("/processors/")


def test_datasource_of_a_program_is_sent_as_the_api_has_it() -> None:
    datasource = {"type": "http", "connection": "co_1", "headers": {"x": "1"}, "url": None}
    federated = {"type": "federated", "domain": "region", "dataset": "air"}

    assert on_the_wire(datasource) == {
        "type": "http",
        "connection": {"uid": "co_1"},
        "headers": [{"name": "x", "value": "1"}],
    }
    assert on_the_wire(federated) == {
        "type": "federated",
        "domain": {"domain_id": "region"},
        "dataset": {"dataset_id": "air"},
    }
