"""A test bench that processes data as a portal does, without the portal."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opendatasoft_emulator.processing import (
    Job,
    OtherPortalError,
    Records,
    Result,
    ResultSet,
    Source,
    Uploaded,
    process,
)

DATASET = "da_abc123"


class Bench:
    """A folder for sources, and the records of the last processing."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.folder = folder
        self.records = records
        self._files = 0

    def source(self, content: str | bytes, type: str = "csvfile", **params: Any) -> Source:
        """Make a source of an uploaded file."""
        self._files += 1
        name = f"file{self._files}.dat"
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Source(f"re_{self._files}", f"source {self._files}", type, params, Uploaded(path, name))

    def json(self, document: Any, **params: Any) -> Source:
        """Make a source of a JSON document."""
        return self.source(json.dumps(document), "jsonfile", **params)

    def process(
        self,
        *sources: Source,
        fields: tuple[dict[str, Any], ...] = (),
        processors: tuple[dict[str, Any], ...] = (),
        aborted: Callable[[], bool] = lambda: False,
        dataset_uid: str = DATASET,
    ) -> Result:
        """Process the sources. Field configurations and processors get the uids pr_1, pr_2, …."""
        rules = tuple({"uid": f"pr_{position}", **rule} for position, rule in enumerate(fields, start=1))
        steps = tuple({"uid": f"pr_{position}", **step} for position, step in enumerate(processors, start=1))
        job = Job(dataset_uid, sources, rules, steps, self._read_dataset)
        return process(job, self.records, aborted=aborted)

    def _read_dataset(self, dataset_id: str, domain_id: str | None) -> ResultSet | None:
        """A processed dataset, whose dataset_id is its uid here; one with a domain_id is of another portal."""
        if domain_id is not None:
            raise OtherPortalError
        result = self.records.read(dataset_id)
        return result if result.fields else None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The first hundred records."""
        return self.records.page(DATASET, 100, 0)

    def column(self, name: str) -> list[Any]:
        """The values of one field."""
        return [row[name] for row in self.rows]


def types(result: Result) -> dict[str, str]:
    """The type of each field by its name."""
    return {field["name"]: field["type"] for field in result.fields}


@pytest.fixture(scope="session")
def shared_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """Records that many tests use one after another: to open a file of them takes longer than most tests."""
    records = Records(tmp_path_factory.mktemp("records") / "records.duckdb")
    yield records
    records.close()


@pytest.fixture
def bench(tmp_path: Path, shared_records: Records) -> Iterator[Bench]:
    """A bench in a folder of its own, without records."""
    yield Bench(tmp_path, shared_records)
    shared_records.replace_all(None)


@pytest.fixture
def own_bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench with records that no other test uses."""
    bench = Bench(tmp_path, Records(tmp_path / "records.duckdb"))
    yield bench
    bench.records.close()
