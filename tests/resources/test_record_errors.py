"""Records that lost a value in processing: the dataset is published, and the user is warned."""

from __future__ import annotations

from pathlib import Path

import pulumi_opendatasoft as ods

from ..conftest import Portal
from ..engine_stub.engine import Engine


def test_records_that_lost_a_value_are_reported(engine: Engine, portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "air.csv"
    file.write_text("day,pm10\n2026-01-01,12\nyesterday,17\n")

    def air() -> None:
        ods.Dataset(
            "air",
            sources={"days": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(file)))},
            fields=[ods.TypeField(field="day", type_param="date")],
            published=True,
        )

    [warning] = engine.up(air).said_of()["air"]

    assert warning.startswith("processed, but not every record is whole: day ")
    assert 'Cannot convert "yesterday" to "date"' in warning
    assert portal.records("air")["total_count"] == 2
    assert engine.get("air").outputs["records_errors"][0]["field_uid"] == "day"
    engine.is_settled(air)
