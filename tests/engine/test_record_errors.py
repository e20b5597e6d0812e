"""Records that could not be processed as they should: the dataset is published, and the person is told."""

from __future__ import annotations

from ..conftest import Portal
from .stacks import Stack


def test_records_that_lost_a_value_are_told_in_the_run_that_published_them(stack: Stack, portal: Portal) -> None:
    (stack.folder / "air.csv").write_text("day,pm10\n2026-01-01,12\nyesterday,17\n")
    stack.program("""
        ods.Dataset(
            "air",
            sources={"days": ods.Source(
                type="csvfile", datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))},
            fields=[ods.TypeField(field="day", type_param="date")],
            published=True,
        )
    """)
    told = stack.up()

    assert "processed, but not every record is whole: day " in told.text
    assert 'Cannot convert "yesterday" to "date"' in told.text
    assert portal.records("air")["total_count"] == 2
    assert stack.state()["air"]["outputs"]["records_errors"][0]["field_uid"] == "day"
    stack.is_settled()
