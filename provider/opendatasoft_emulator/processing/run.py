"""The processing of a dataset: extraction, processors, field configurations, and the stored records."""

from collections.abc import Callable
from dataclasses import replace

from .extraction import Extraction, extractor_of
from .fields import Field, apply_rules, limits_exceeded
from .job import Job, Result
from .passed_over import PassedOver
from .problems import Problems
from .processors import Pipeline
from .records import Records
from .rows import Rows
from .scratch import Scratch, TableWriter, ended_with_portal
from .typed import TypedRows, detected_types

_DECLARED = {
    "text": {"text"},
    "boolean": {"boolean"},
    "int": {"int"},
    "double": {"int", "double"},
    "date": {"text"},
    "datetime": {"text"},
}
"""The types of the values in Python of a column whose type its file declares."""


def process(
    job: Job,
    records: Records,
    *,
    aborted: Callable[[], bool],
    check: Callable[[int], None] = lambda count: None,
) -> Result:
    """Process a dataset, and replace its records by the result.

    The records of the sources follow one another, with the columns of the first source. The processors come before the
    field configurations, which name and type the columns of both.

    Args:
        job: The configuration of the dataset.
        records: The records of the portal.
        aborted: When it returns true, no further file is read, and the records so far are stored, as the service does.
        check: Is called with the number of records; what it raises keeps the old ones.

    Raises:
        ProcessingError: The old records then stay.
    """
    problems, passed_over = Problems(), PassedOver()
    sources = [(source, *extractor_of(source, passed_over)) for source in job.sources]
    with records.scratch(aborted) as scratch, ended_with_portal(scratch):
        extraction = Extraction(scratch, problems)
        for source, extractor, params in sources:
            extraction.add(source, extractor, params)
        rows, columns = extraction.rows(), extraction.columns
        if job.processors:
            pipeline = Pipeline(
                job.processors, columns, problems=problems, passed_over=passed_over, read_dataset=job.read_dataset
            )
            rows, columns = _processed(scratch, rows, pipeline, problems), pipeline.columns
        detected = detected_types(scratch, rows, [column.name for column in columns if column.type is None])
        found = [Field.from_column(column, detected.get(column.name, "text")) for column in columns]
        fields = apply_rules(found, job.fields, passed_over) if found else []
        keys = [field for field in fields if "id" in field.annotations]
        typed = TypedRows(scratch, rows, fields, keys or fields, detected=detected)
        typed.add_problems(problems)
        as_document = [field.as_document() for field in fields]
        count = records.replace(job.dataset_uid, as_document, typed.sql, scratch, unique=bool(keys), check=check)
    notes = passed_over.notes + limits_exceeded(fields) + problems.notes
    return Result(as_document, count, problems.records_errors, notes)


def _processed(scratch: Scratch, rows: Rows, pipeline: Pipeline, problems: Problems) -> Rows:
    """The records that the processors make of these."""
    writer = TableWriter(scratch)
    failed: dict[int, int] = {}
    for position, record in enumerate(rows.records()):
        before, listed = problems.count, len(problems.records_errors)
        for processed in pipeline.run(record):
            writer.add(processed, position)
        if problems.count > before:
            failed |= dict.fromkeys(range(listed, len(problems.records_errors)), position)
    places = rows.places(sorted(set(failed.values())))
    for error, position in failed.items():
        problems.add_place(error, places[position])
    table = writer.table("{}")

    def places_of(positions: list[int]) -> list[str]:
        origins = writer.origins(positions)
        found = rows.places(sorted(set(origins)))
        return [found[origin] for origin in origins]

    for column in pipeline.columns:
        stored = table.columns.get(column.name)
        if stored and column.type in _DECLARED and not stored.seen <= _DECLARED[column.type]:
            # A processor has changed the values of a column whose type the file declares.
            column.type = None
    return Rows(scratch, [replace(table, places=places_of)], [column.name for column in pipeline.columns])
