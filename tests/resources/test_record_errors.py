"""Processings that end with less than everything: values that were lost, and a limit that was reached."""

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


def test_reached_limit_is_named_with_its_figures(engine: Engine, portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "air.csv"
    file.write_text("day,pm10\n2026-01-01,12\n2026-01-02,17\n")
    portal.set(records_limit=1)

    def air() -> None:
        ods.Dataset(
            "air",
            sources={"days": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File(file)))},
            published=True,
        )

    [error] = engine.up(air, ok=False).errors

    assert "processing failed: the dataset has 2 records, and the portal's plan allows 1; " in error
    portal.set(records_limit=2)
    engine.up(air)
    assert engine.get("air").outputs["status"] == "idle"
