"""The extraction of the sources of a dataset: their files, their tables, and the columns of the first of them."""

from dataclasses import replace
from typing import Any

from .columns import Columns
from .extractors import KNOWN as EXTRACTORS
from .extractors import Extractor, Loading, UnreadableFile
from .files import Fetched, Member, fetch, members, suited
from .job import ProcessingError, Source
from .parameters import WrongParameter, check, without_effect
from .passed_over import PassedOver
from .problems import Problems
from .rows import Rows
from .scratch import Scratch, Stored, Table, quoted


def extractor_of(source: Source, passed_over: PassedOver) -> tuple[Extractor, dict[str, Any]]:
    """The extractor of a source and the values of its parameters. Raises ProcessingError.

    Parameters without effect are noted.
    """
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


class Extraction:
    """The records of the sources so far, in temporary tables."""

    def __init__(self, scratch: Scratch, problems: Problems) -> None:
        self.columns = Columns()
        """The columns of the first source that has any: those of the others are left out."""
        self._scratch = scratch
        self._problems = problems
        self._tables: list[Table] = []

    def add(self, source: Source, extractor: Extractor, params: dict[str, Any]) -> None:
        """Extract one source, until aborted. Raises ProcessingError."""
        columns = Columns()
        loading = Loading(self._scratch, columns, self._problems)
        file = None if self._scratch.aborted() else fetch(source, self._scratch.folder, self._scratch.aborted)
        if file is None:
            return
        try:
            for member in self._members(file, extractor):
                self._load(member, extractor, params, loading)
                if self._scratch.aborted():
                    break
        except (UnreadableFile, WrongParameter) as error:
            raise _source_error(source, str(error)) from None
        self._add_columns(source, columns)

    def rows(self) -> Rows:
        """The records of all sources. Their columns get the types that the files declare."""
        rows = Rows(self._scratch, self._tables, [column.name for column in self.columns])
        for column in self.columns:
            stored = rows.columns[column.name]
            if column.type is None and (stored.native or stored.is_declared):
                column.type = stored.type
        return rows

    def _load(self, member: Member, extractor: Extractor, params: dict[str, Any], loading: Loading) -> None:
        """Load one file of a source."""
        for table in extractor.load(member, params, loading):
            stored = table.columns
            if params["extract_filename"]:
                loading.columns.add("filename", "filename")
                stored = {**stored, "filename": Stored(quoted(member.name))}
            self._tables.append(replace(table, columns=stored, file=member.name))

    def _members(self, file: Fetched, extractor: Extractor) -> list[Member]:
        """The files of a source that the extractor reads, which follow one another like sources."""
        if file.path.is_dir() and extractor.type != "files_csv":
            raise UnreadableFile(f"{file.filename} is a folder, whose files the extractor files_csv reads")
        found = members(file, self._scratch.folder)
        read = suited(found, extractor.suffixes)
        left_out = ", ".join(member.name for member in found if member not in read)
        if left_out:
            self._problems.add_note(f"These files of {file.filename} are left out: {left_out}.")
        return read

    def _add_columns(self, source: Source, columns: Columns) -> None:
        """Keep the columns of the first source; note those that only a later one has."""
        if not len(self.columns):
            self.columns = columns
            return
        left_out = ", ".join(column.name for column in columns if column.name not in self.columns)
        if left_out:
            self._problems.add_note(
                f'Source "{source.title}": the first source has no field {left_out}, the values are left out.'
            )


def _source_error(source: Source, what: str) -> ProcessingError:
    return ProcessingError(f'Source "{source.title}": {what}', {"resource_uid": source.uid})
