"""The processing of a dataset: extraction, processors, field configurations, and the stored records."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .columns import Columns, Record
from .extractors import KNOWN as EXTRACTORS
from .extractors import Extractor, UnreadableFile
from .fetching import Fetched, fetch
from .fields import Cast, Field, apply_rules
from .job import Job, ProcessingError, Result, Source
from .parameters import WrongParameter, check, without_effect
from .passed_over import PassedOver
from .problems import Problems
from .processors import Pipeline
from .records import Records
from .spool import Spool
from .values import cast

IsAborted = Callable[[], bool]
_ABORT_CHECK_INTERVAL = 1000


def process(job: Job, records: Records, *, aborted: IsAborted) -> Result:
    """Process a dataset, and replace its records by the result.

    The records of the sources follow one another, with the union of their columns. The processors come before the field
    configurations, which name and type the columns of both. When `aborted` returns true, no more is read, and the
    records so far are stored, as the service does. Raises ProcessingError; the old records then stay.
    """
    problems, passed_over = Problems(), PassedOver()
    extractors = [_extractor(source, passed_over) for source in job.sources]
    columns = Columns()
    with records.scratch() as folder:
        extraction = _Extraction(folder, columns, problems, aborted)
        with Spool(folder / "extracted.jsonl") as spool:
            for source, (extractor, params) in zip(job.sources, extractors, strict=True):
                for row in extraction.rows(source, extractor, params):
                    spool.write(row)
        pipeline = Pipeline(
            job.processors, columns, problems=problems, passed_over=passed_over, read_dataset=job.read_dataset
        )
        if job.processors:
            extracted = _checking_abort(spool.records(), aborted)
            with Spool(folder / "processed.jsonl") as spool:
                for row in extracted:
                    for record in pipeline.run(row):
                        spool.write(record)
        found = [Field.from_column(column, spool.type_of(column.name)) for column in pipeline.columns]
        fields = apply_rules(found, job.fields, passed_over) if found else []
        rows = folder / "typed.jsonl"
        keys = [field for field in fields if "id" in field.annotations]
        _write_lines(rows, _cast_records(_checking_abort(spool.records(), aborted), fields, keys or fields, problems))
        as_document = [field.as_document() for field in fields]
        count = records.replace(job.dataset_uid, as_document, rows, unique=bool(keys))
    return Result(as_document, count, problems.records_errors, passed_over.notes + problems.notes)


def _extractor(source: Source, passed_over: PassedOver) -> tuple[Extractor, dict[str, Any]]:
    """The extractor of a source and the values of its parameters. Parameters without effect are noted."""
    extractor = EXTRACTORS.get(source.type)
    if extractor is None:
        known = ", ".join(EXTRACTORS)
        raise _source_error(source, f"there is no extractor {source.type}, known are {known}")
    for name in without_effect(extractor.parameters, source.params):
        passed_over.add(f'Source "{source.title}"', f'is read without its parameter "{name}".')
    try:
        return extractor, check(extractor.parameters, source.params)
    except WrongParameter as error:
        raise _source_error(source, str(error)) from None


@dataclass(frozen=True)
class _Extraction:
    """The extraction of a dataset's sources: its temporary folder, its columns and its problems."""

    folder: Path
    columns: Columns
    problems: Problems
    aborted: IsAborted

    def rows(self, source: Source, extractor: Extractor, params: dict[str, Any]) -> Iterator[Record]:
        """The records of one source, until aborted."""
        file = None if self.aborted() else fetch(source, self.folder, self.aborted)
        if file is None:
            return
        rows = extractor.rows(file.path, params, self.columns, self.problems)
        try:
            for row in self._with_filename(rows, file) if params["extract_filename"] else rows:
                yield row
                if self.aborted():
                    return
        except (UnreadableFile, WrongParameter) as error:
            raise _source_error(source, str(error)) from None

    def _with_filename(self, rows: Iterator[Record], file: Fetched) -> Iterator[Record]:
        """The records with one more column: the name of their file."""
        for row in rows:
            self.columns.add("filename", "filename")
            yield {**row, "filename": file.filename}


def _source_error(source: Source, what: str) -> ProcessingError:
    return ProcessingError(f'Source "{source.title}": {what}', {"resource_uid": source.uid})


def _checking_abort(records: Iterator[Record], aborted: IsAborted) -> Iterator[Record]:
    """The same records. Calls `aborted` at intervals, since it raises when the processing is to end."""
    for position, record in enumerate(records):
        if position % _ABORT_CHECK_INTERVAL == 0:
            aborted()
        yield record


def _cast_records(
    records: Iterator[Record], fields: list[Field], keys: list[Field], problems: Problems
) -> Iterator[dict[str, Any]]:
    """Each record in the form of `Records.replace`. A value that cannot be cast becomes null, and a problem."""
    for position, record in enumerate(records):
        failures: list[tuple[Field, Cast, str]] = []
        values = [_value(field, record.get(field.column), failures) for field in fields]
        by_field = dict(zip((field.column for field in fields), values, strict=True))
        record_id = _record_id([by_field[field.column] for field in keys])
        for field, failed, message in failures:
            problems.add(message, record_id=record_id, field_uid=field.name, processor_uid=failed.uid)
        yield {
            "position": position,
            "record_id": record_id,
            **{f"f{index}": value for index, value in enumerate(values)},
        }


def _value(field: Field, value: Any, failures: list[tuple[Field, Cast, str]]) -> Any:
    """The value as its field's configurations cast it, else in the field's own type; None after a failure."""
    for requested in field.casts or [Cast(field.type)]:
        try:
            value = cast(value, requested.type)
        except ValueError as error:
            failures.append((field, requested, str(error)))
            return None
    return value


def _record_id(values: list[Any]) -> str:
    """The id of a record: 40 hexadecimal digits, the same for the same values."""
    return hashlib.sha1(json.dumps(values, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    # An unpaired surrogate, which JSON can contain, is not valid text for DuckDB.
    with path.open("w", encoding="utf-8", errors="replace") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
