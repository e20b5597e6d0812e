"""Tests of exports in the formats of programs and of maps, and of single records with their links."""

import gzip
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from python_calamine import load_workbook

from ..calls import body_of, error_detail

DATASET = "datasets/stations"
EXPORTS = f"{DATASET}/exports"


def test_geojson_has_a_feature_for_each_record(stations: httpx.Client) -> None:
    params: dict[str, Any] = {"select": "id, open, place", "limit": 1}
    response = stations.get(f"{EXPORTS}/geojson", params=params)
    assert response.headers["content-type"] == "application/geo+json"
    assert response.json() == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [2.3553, 48.8809]},
                "properties": {"id": 1, "open": True},
            }
        ],
    }


def test_geojson_prefers_the_shape_to_the_point(stations: httpx.Client) -> None:
    first, second, *_ = stations.get(f"{EXPORTS}/geojson").json()["features"]
    assert (first["geometry"]["type"], second["geometry"]) == ("Polygon", None)
    assert first["properties"]["place"] == {"lon": 2.3553, "lat": 48.8809}


@pytest.mark.parametrize("compression", ["snappy", "zstd"])
def test_parquet_keeps_the_types_of_fields(stations: httpx.Client, tmp_path: Path, compression: str) -> None:
    file = tmp_path / "stations.parquet"
    params: dict[str, Any] = {"parquet_compression": compression, "limit": 1}
    file.write_bytes(stations.get(f"{EXPORTS}/parquet", params=params).raise_for_status().content)
    with duckdb.connect() as reader:
        reader.execute("SET TimeZone = 'UTC'")
        found = reader.execute(
            f"SELECT id, name, share, opened, seen::VARCHAR, open, place, lines FROM '{file}'"
        ).fetchall()
        codecs = reader.execute(f"SELECT DISTINCT compression FROM parquet_metadata('{file}')").fetchall()
    (record,) = found
    assert record[:5] == (1, "Gare du Nord", 0.5, date(2023, 1, 15), "2024-02-29 23:30:00+00")
    assert record[5:] == (True, {"lon": 2.3553, "lat": 48.8809}, "4,5")
    assert codecs == [(compression.upper(),)]


def test_parquet_without_records_has_its_columns(stations: httpx.Client, tmp_path: Path) -> None:
    file = tmp_path / "none.parquet"
    file.write_bytes(stations.get(f"{EXPORTS}/parquet", params={"where": "id > 9", "select": "id, name"}).content)
    with duckdb.connect() as reader:
        read = reader.execute(f"SELECT * FROM '{file}'")
        assert ([column[0] for column in read.description or []], read.fetchall()) == (["id", "name"], [])


def test_workbook_has_typed_cells_and_labels(stations: httpx.Client) -> None:
    params: dict[str, Any] = {
        "select": "id, name, share, opened, seen, open, lines",
        "use_labels": "true",
        "timezone": "Europe/Paris",
        "limit": 1,
    }
    content = stations.get(f"{EXPORTS}/xlsx", params=params).raise_for_status().content
    titles, first = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert titles == ["Id", "Name", "Share", "Opened", "Seen", "Open", "Lines"]
    assert first == [1.0, "Gare du Nord", 0.5, date(2023, 1, 15), datetime(2024, 3, 1, 0, 30), True, "4,5"]


def test_compressed_export_is_a_gzip_file(stations: httpx.Client) -> None:
    params: dict[str, Any] = {"compressed": "true", "select": "id", "limit": 1, "with_bom": "false"}
    response = stations.get(f"{EXPORTS}/csv", params=params)
    assert gzip.decompress(response.content) == b"id\r\n1\r\n"
    assert response.headers["content-disposition"] == 'attachment; filename="stations.csv.gzip"'


def test_groups_are_exported_without_a_limit(stations: httpx.Client) -> None:
    params = {"select": "count(*) as n", "group_by": "town", "with_bom": "false"}
    assert stations.get(f"{EXPORTS}/csv", params=params).text == "town;n\r\nBasel;1\r\nLyon;1\r\nParis;2\r\n;1\r\n"


def test_order_by_an_aggregate_needs_a_limit_in_exports(stations: httpx.Client) -> None:
    params: dict[str, Any] = {"select": "count(*) as n", "group_by": "town", "order_by": "n desc"}
    refused = error_detail(stations.get(f"{EXPORTS}/json", params=params))
    assert "aggregation function in order by is not supported with a limit > 20000" in refused["message"]
    assert stations.get(f"{EXPORTS}/json", params=params | {"limit": 1}).json() == [{"town": "Paris", "n": 2}]


def test_formats_of_a_dataset_are_listed(stations: httpx.Client) -> None:
    links = body_of(stations.get(EXPORTS))["links"]
    assert [link["rel"] for link in links] == ["self", "csv", "json", "jsonl", "geojson", "parquet", "xlsx"]
    assert all(httpx.get(link["href"], timeout=30).status_code == 200 for link in links)


def test_record_is_read_by_its_id(stations: httpx.Client) -> None:
    params = {"include_app_metas": "true", "include_links": "true", "where": "id = 3", "select": "id, town"}
    (found,) = body_of(stations.get(f"{DATASET}/records", params=params))["results"]
    assert set(found) == {"_links", "_id", "_timestamp", "_size", "id", "town"}
    record = body_of(stations.get(f"{DATASET}/records/{found['_id']}", params={"select": "id, town"}))
    assert record == {"id": 3, "town": "Lyon"}
    (own,) = [link["href"] for link in found["_links"] if link["rel"] == "self"]
    assert body_of(httpx.get(own, timeout=30))["name"] == "Lyon Part-Dieu"


def test_unknown_record_is_not_found(stations: httpx.Client) -> None:
    assert error_detail(stations.get(f"{DATASET}/records/none"), 404) == {
        "error_code": "NotFoundResource",
        "message": "The requested record none does not exist.",
    }


def test_pages_link_to_each_other(stations: httpx.Client) -> None:
    params: dict[str, Any] = {"limit": 2, "offset": 2, "include_links": "true"}
    links = {link["rel"]: link["href"] for link in body_of(stations.get(f"{DATASET}/records", params=params))["_links"]}
    assert set(links) == {"self", "first", "last", "next"}
    for rel, first in (("self", 3), ("first", 1), ("last", 5), ("next", 5)):
        assert body_of(httpx.get(links[rel], timeout=30))["results"][0]["id"] == first
