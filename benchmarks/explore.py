"""The time of queries to the emulator's Explore API over a million records, beside DuckDB's for the same SQL.

.venv/bin/python -m benchmarks.explore [--rows 1000000] [--repeat 9]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import httpx
from opendatasoft_emulator.server import Emulator

COLUMNS = (
    "'town ' || CAST(random() * 500 AS INTEGER) AS town, "
    "CAST(random() * 1000000 AS BIGINT) AS amount, "
    "DATE '2015-01-01' + CAST(random() * 3650 AS INTEGER) AS day, "
    "round(45 + random(), 4) || ',' || round(2 + random(), 4) AS place"
)
QUERIES: dict[str, tuple[dict[str, str], str]] = {
    "sum by town": (
        {"select": "sum(amount) as total", "group_by": "town", "order_by": "total desc", "limit": "100"},
        "SELECT town, sum(amount) AS total FROM records GROUP BY town ORDER BY total DESC LIMIT 100",
    ),
    "count by month": (
        {"select": "count(*) as n", "group_by": "date_format(day, 'yyyy-MM')", "limit": "200"},
        "SELECT strftime(day, '%Y-%m') AS month, count(*) FROM records GROUP BY month ORDER BY month LIMIT 200",
    ),
    "one year": (
        {"select": "avg(amount) as mean, max(day)", "where": "year(day) = 2020", "limit": "1"},
        "SELECT count(*), avg(amount), max(day) FROM records WHERE year(day) = 2020",
    ),
    "distinct towns": (
        {"select": "count(distinct town) as n", "limit": "1"},
        "SELECT count(DISTINCT town) FROM records",
    ),
    "medians": (
        {"select": "median(amount) as m", "group_by": "year(day)"},
        "SELECT year(day) AS y, median(amount) FROM records GROUP BY y ORDER BY y",
    ),
    "around a point": (
        {"select": "count(*) as n", "where": "within_distance(place, geom'POINT(2.5 45.5)', 5km)", "limit": "1"},
        "SELECT count(*) FROM records WHERE 2 * 6371008.8 * asin(sqrt(pow(sin(radians(lat - 45.5) / 2), 2) + "
        "cos(radians(45.5)) * cos(radians(lat)) * pow(sin(radians(lon - 2.5) / 2), 2))) <= 5000",
    ),
}


def main() -> None:
    """Publish the records, run each query by turns, and print the medians of the seconds with their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.csv"
        duckdb.execute(f"COPY (SELECT {COLUMNS} FROM range({options.rows})) TO '{file}' (HEADER)")
        with duckdb.connect(Path(folder) / "bare.duckdb", config={"memory_limit": "1GB"}) as bare:
            bare.execute(
                "CREATE TABLE records AS SELECT * EXCLUDE place, split_part(place, ',', 1)::DOUBLE AS lat, "
                f"split_part(place, ',', 2)::DOUBLE AS lon FROM read_csv('{file}')"
            )
            with Emulator(Path(folder) / "portal") as portal:
                _publish(portal, file)
                address = f"{portal.url}/api/explore/v2.1/catalog/datasets/records/records"
                with httpx.Client(timeout=60) as client:
                    print(f"{options.rows} records{'':8}{'DuckDB':>12}{'Explore':>12}{'ratio':>8}")
                    for name, (params, sql) in QUERIES.items():
                        theirs, ours = _measured(
                            lambda sql=sql: bare.execute(sql).fetchall(),  # type: ignore[misc]
                            lambda params=params: client.get(address, params=params).raise_for_status(),  # type: ignore[misc]
                            options.repeat,
                        )
                        print(f"{name:22}{theirs * 1000:10.1f} ms{ours * 1000:9.1f} ms{ours / theirs:8.2f}")


def _measured(theirs: Callable[[], object], ours: Callable[[], object], repeat: int) -> tuple[float, float]:
    """The medians of the seconds of both, run by turns, after one run that is not counted."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for repetition in range(repeat + 1):
        for work, found in zip((theirs, ours), seconds, strict=True):
            started = time.perf_counter()
            work()
            if repetition:
                found.append(time.perf_counter() - started)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def _publish(portal: Emulator, file: Path) -> None:
    headers = {"Authorization": f"apikey {portal.key}"}
    with httpx.Client(base_url=f"{portal.url}/api/automation/v1.0", headers=headers, timeout=600) as api:
        dataset = {"dataset_id": "records", "metadata": {"default": {"title": {"value": "Records"}}}}
        uid = api.post("/datasets/", json=dataset).raise_for_status().json()["uid"]
        path = f"/datasets/{uid}/resources/"
        with file.open("rb") as content:
            uploaded = api.post(f"{path}files/", files={"file": (file.name, content)}).raise_for_status().json()
        source = {"type": "uploaded_file", "file": {"uid": uploaded["uid"]}}
        body = {"type": "csvfile", "title": "Records", "params": {"separator": ","}, "datasource": source}
        api.post(path, json=body).raise_for_status()
        rule = {"type": "type", "label": "place", "field": "place", "type_param": "geo_point_2d"}
        api.post(f"/datasets/{uid}/fields/", json=rule).raise_for_status()
        api.post(f"/datasets/{uid}/publish/").raise_for_status()
        while api.get(f"/datasets/{uid}/status/").json()["status"] != "idle":
            time.sleep(0.2)


if __name__ == "__main__":
    main()
