"""Tests of the stored records: paging, replacement, kills, concurrency."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import duckdb
from opendatasoft_emulator.processing import Records

from .conftest import DATASET, Bench


def test_records_come_in_pages_in_their_order(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n" + "".join(f"{number}\n" for number in range(25))))
    assert own_bench.records.count(DATASET) == 25
    assert [row["a"] for row in own_bench.records.page(DATASET, 10, 20)] == [20, 21, 22, 23, 24]
    assert own_bench.records.page(DATASET, 10, 25) == []


def test_a_dataset_that_was_never_processed_has_nothing(own_bench: Bench) -> None:
    assert own_bench.records.count("da_other1") == 0
    assert own_bench.records.page("da_other1", 10, 0) == []
    result = own_bench.records.read("da_other1")
    assert (result.fields, result.total_count, list(result.rows)) == ([], 0, [])


def test_the_fields_stay_with_the_records(own_bench: Bench) -> None:
    result = own_bench.process(own_bench.source("a\n1\n"))
    assert own_bench.records.read(DATASET).fields == result.fields


def test_all_records_can_be_read_in_parts(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a,b\n" + "1,x\n" * 2500))
    assert list(own_bench.records.read(DATASET).rows) == [(1, "x")] * 2500


def test_records_are_dropped_and_may_be_dropped_again(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n1\n"))
    own_bench.records.drop(DATASET)
    own_bench.records.drop(DATASET)
    assert (own_bench.records.count(DATASET), own_bench.rows) == (0, [])


def test_records_survive_a_restart(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n1\n"))
    own_bench.records.close()
    own_bench.records = Records(own_bench.folder / "records.duckdb")
    assert own_bench.rows == [{"a": 1}]


def test_temporary_files_of_a_processing_are_deleted(own_bench: Bench) -> None:
    before = set(own_bench.folder.rglob("*"))
    own_bench.process(own_bench.source("a\n1\n"))
    made = {path.name for path in set(own_bench.folder.rglob("*")) - before}
    assert made <= {"file1.dat", "records.duckdb", "records.duckdb.wal"}


def test_reader_is_isolated_from_a_replacement(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n" + "1\n" * 3000))
    result = own_bench.records.read(DATASET)
    first = next(result.rows)
    own_bench.process(own_bench.source("b,c\nx,y\n"))
    assert [first, *result.rows] == [(1,)] * 3000
    assert result.total_count == 3000
    assert own_bench.rows == [{"b": "x", "c": "y"}]


def test_several_datasets_are_processed_at_the_same_time(own_bench: Bench) -> None:
    failures: list[BaseException] = []
    sources = [own_bench.source("a\n" + f"{number}\n" * 50) for number in range(6)]

    def work(number: int) -> None:
        try:
            for _ in range(3):
                own_bench.process(sources[number], dataset_uid=f"da_{number:06}")
                assert own_bench.records.page(f"da_{number:06}", 1, 0) == [{"a": number}]
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [own_bench.records.count(f"da_{number:06}") for number in range(6)] == [50] * 6


_PROCESS_FOR_EVER = """
import sys
from pathlib import Path
from opendatasoft_emulator.processing import Job, Records, Source, Uploaded, process
folder = Path(sys.argv[1])
records = Records(folder / "killed.duckdb")
source = Source("re_1", "s", "csvfile", {}, Uploaded(folder / "data.csv", "data.csv"))
while True:
    process(Job("da_abc123", (source,), (), ()), records, aborted=lambda: False)
    print("done", flush=True)
"""


def test_kill_at_any_time_leaves_whole_records(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a\n" + "1\n" * 5000)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _PROCESS_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "done\n"
            assert child.stdout.readline() == "done\n"
            os.kill(child.pid, signal.SIGKILL)
        records = Records(tmp_path / "killed.duckdb")
        assert records.count("da_abc123") == len(list(records.read("da_abc123").rows)) == 5000
        assert not any((tmp_path / "killed.duckdb.scratch").iterdir())
        records.close()


def test_a_dataset_is_replaced_dropped_and_made_again(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n1\n"))
    own_bench.records.close()
    own_bench.records = Records(own_bench.folder / "records.duckdb")
    own_bench.process(own_bench.source("b\n2\n"))
    assert own_bench.rows == [{"b": 2}]
    own_bench.records.drop(DATASET)
    assert own_bench.records.count(DATASET) == 0
    own_bench.process(own_bench.source("c\n3\n"))
    assert own_bench.rows == [{"c": 3}]


def test_records_of_an_earlier_version_are_read_and_replaced(own_bench: Bench) -> None:
    own_bench.process(own_bench.source("a\n1\n"))
    own_bench.records.close()
    path = own_bench.folder / "records.duckdb"
    with duckdb.connect(path) as file:
        file.execute("ALTER TABLE published RENAME TO copied")
        file.execute(
            "CREATE TABLE published (dataset_uid VARCHAR PRIMARY KEY,"
            " fields VARCHAR NOT NULL, record_count BIGINT NOT NULL)"
        )
        file.execute("INSERT INTO published FROM copied")
        file.execute("DROP TABLE copied")
    own_bench.records = Records(path)
    assert own_bench.rows == [{"a": 1}]
    own_bench.process(own_bench.source("b\n2\n"))
    assert own_bench.rows == [{"b": 2}]
