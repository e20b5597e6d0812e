"""The time of publishing a large CSV file on the emulator, beside that of DuckDB's own reader and writer for the file.

.venv/bin/python -m benchmarks.processing [--rows 1000000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from opendatasoft_emulator.processing import Job, Records, Source, Uploaded, process

COLUMNS = [
    *(f"CAST(random() * 1000000 AS BIGINT) AS whole_{number}" for number in range(5)),
    *(f"CAST(random() * 100000 AS DECIMAL(12, 2)) AS decimal_{number}" for number in range(5)),
    *(f"DATE '2015-01-01' + CAST(random() * 3650 AS INTEGER) AS day_{number}" for number in range(4)),
    *(f"'name ' || CAST(random() * 1000 AS INTEGER) AS name_{number}" for number in range(3)),
    *(f"md5(CAST(random() AS VARCHAR)) AS text_{number}" for number in range(3)),
]
"""The twenty columns of the file: integers, decimals, dates and texts."""


def main() -> None:
    """Publish the file and read it by DuckDB in turns; print the seconds and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.csv"
        duckdb.execute(f"COPY (SELECT {', '.join(COLUMNS)} FROM range({options.rows})) TO '{file}' (HEADER)")
        print(f"{options.rows} rows, {len(COLUMNS)} columns, {file.stat().st_size // 1_000_000} MB")
        print(f"{'':12}{'DuckDB':>18}{'published':>18}{'ratio':>14}")
        ratios = []
        for repetition in range(options.repeat):
            bare = _measured(_read_and_write, file, Path(folder) / f"bare_{repetition}")
            ours = _measured(_publish, file, Path(folder) / f"ours_{repetition}", options.rows)
            ratios.append((ours[0] / bare[0], ours[1] / bare[1]))
            for name, position in (("seconds", 0), ("CPU seconds", 1)):
                print(f"{name:12}{bare[position]:18.2f}{ours[position]:18.2f}{ratios[-1][position]:14.2f}")
        elapsed, cpu = (statistics.median(pair[position] for pair in ratios) for position in (0, 1))
        print(f"median: {elapsed:.2f} times the seconds, {cpu:.2f} times the CPU seconds")


def _measured(work: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """The seconds and the CPU seconds of some work."""
    started, used = time.perf_counter(), time.process_time()
    work(*arguments)
    return time.perf_counter() - started, time.process_time() - used


def _read_and_write(file: Path, database: Path) -> None:
    with duckdb.connect(database) as connection:
        connection.execute(f"CREATE TABLE records AS FROM read_csv('{file}')")


def _publish(file: Path, database: Path, rows: int) -> None:
    records = Records(database)
    source = Source("re_1", "large", "csvfile", {}, Uploaded(file, file.name))
    result = process(Job("da_1", (source,), (), ()), records, aborted=lambda: False)
    records.close()
    kinds = {field["type"] for field in result.fields}
    assert (result.record_count, kinds) == (rows, {"int", "double", "date", "text"})


if __name__ == "__main__":
    main()
