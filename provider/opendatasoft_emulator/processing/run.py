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
from .fields import Cast, Field, apply_rules
from .files import Fetched, Member, fetch, members, suited
from .job import Job, ProcessingError, Result, Source
from .parameters import WrongParameter, check
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
    problems = Problems()
    pipeline = Pipeline(job.processors, problems)
    extractors = [_extractor(source) for source in job.sources]
    columns = Columns()
    with records.scratch() as folder:
        extraction = _Extraction(folder, columns, problems, aborted)
        with Spool(folder / "processed.jsonl") as spool:
            for source, (extractor, params) in zip(job.sources, extractors, strict=True):
                for row in extraction.rows(source, extractor, params):
                    for record in pipeline.run(row):
                        spool.write(record)
        pipeline.finish(columns)
        found = [Field.from_column(column, spool.type_of(column.name)) for column in columns]
        fields, notes = apply_rules(found, job.fields) if found else ([], [])
        rows = folder / "typed.jsonl"
        keys = [field for field in fields if "id" in field.annotations]
        _write_lines(rows, _cast_records(_checking_abort(spool.records(), aborted), fields, keys or fields, problems))
        as_document = [field.as_document() for field in fields]
        count = records.replace(job.dataset_uid, as_document, rows, unique=bool(keys))
    return Result(as_document, count, problems.records_errors, pipeline.notes + notes + problems.notes)


def _extractor(source: Source) -> tuple[Extractor, dict[str, Any]]:
    """The extractor of a source and the values of its parameters."""
    extractor = EXTRACTORS.get(source.type)
    if extractor is None:
        known = ", ".join(EXTRACTORS)
        raise _source_error(source, f"there is no extractor {source.type}, known are {known}")
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
        try:
            for member in self._members(file, extractor):
                rows = extractor.rows(member, params, self.columns, self.problems)
                for row in self._with_filename(rows, member) if params["extract_filename"] else rows:
                    yield row
                    if self.aborted():
                        return
        except (UnreadableFile, WrongParameter) as error:
            raise _source_error(source, str(error)) from None

    def _members(self, file: Fetched, extractor: Extractor) -> list[Member]:
        """The files of a source that the extractor reads, which follow one another like sources."""
        if file.path.is_dir() and extractor.type != "files_csv":
            raise UnreadableFile(f"{file.filename} is a folder, whose files the extractor files_csv reads")
        found = members(file, self.folder)
        read = suited(found, extractor.suffixes)
        left_out = ", ".join(member.name for member in found if member not in read)
        if left_out:
            self.problems.add_note(f"These files of {file.filename} are left out: {left_out}.")
        return read

    def _with_filename(self, rows: Iterator[Record], file: Member) -> Iterator[Record]:
        """The records with one more column: the name of their file."""
        for row in rows:
            self.columns.add("filename", "filename")
            yield {**row, "filename": file.name}


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
