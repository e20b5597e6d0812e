"""The types of the fields: their detection, the casts of their values, and the values that are lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import forms
from .fields import Cast, Field
from .problems import Problems
from .rows import Rows
from .scratch import SAMPLE, Scratch, Stored
from .values import COLUMN_TYPES, cast

_SEPARATOR = "chr(31)"


def detected_types(scratch: Scratch, rows: Rows, names: list[str]) -> dict[str, str]:
    """The narrowest type of each of these columns: the one that all its values fit.

    The first records, which are all of them in a small file, leave few candidates for each column; these are checked
    on all records in one query, the narrowest of each column first.
    """
    types = {name: type for name in names if (type := rows.columns[name].type)}
    left = [name for name in names if name not in types]
    if not left:
        return types
    samples = _samples(scratch, rows, left)
    if rows.count <= SAMPLE:
        return types | {name: _type_of(samples[name]) for name in left}
    candidates = {name: forms.candidates(samples[name]) for name in left}
    while left:
        tested = [name for name in left if candidates[name]]
        types |= {name: "text" for name in left if not candidates[name]}
        if not tested:
            return types
        counts = []
        for name in tested:
            sql = rows.columns[name].sql
            counts += [f"count({sql})", f"count(*) FILTER (WHERE {forms.fits(candidates[name][0], sql)})"]
        (found,) = scratch.run(f"SELECT {', '.join(counts)} FROM ({rows.sql})")
        left = []
        for name, values, fitting in zip(tested, found[::2], found[1::2], strict=True):
            if not values:
                types[name] = "text"
            elif values == fitting:
                types[name] = candidates[name][0]
            else:
                candidates[name].pop(0)
                left.append(name)
    return types


def _samples(scratch: Scratch, rows: Rows, names: list[str]) -> dict[str, Sequence[str]]:
    """The first texts of these columns."""
    known = {name: rows.columns[name].sample for name in names}
    unknown = [name for name, sample in known.items() if sample is None]
    if unknown:
        columns = ", ".join(rows.columns[name].sql for name in unknown)
        first = zip(*scratch.run(f"SELECT {columns} FROM ({rows.sql}) LIMIT {SAMPLE}"), strict=True)
        known |= {name: tuple(filter(None, texts)) for name, texts in zip(unknown, first, strict=False)}
    return {name: sample or () for name, sample in known.items()}


def _type_of(texts: Sequence[str]) -> str:
    """The narrowest type that all these texts fit."""
    return next((type for type in forms.candidates(texts) if _can_cast(texts, type)), "text") if texts else "text"


def _can_cast(texts: Sequence[str], type: str) -> bool:
    try:
        return all(cast(text, type) is not None for text in texts)
    except ValueError:
        return False


@dataclass
class _Typed:
    """The typed values of one field: the SQL that reads them, and the table of those that Python has cast, if any."""

    field: Field
    raw: str
    casts: list[Cast]
    sql: str
    table: str | None = None
    failures: dict[str, tuple[Cast, str]] | None = None

    @property
    def kind(self) -> str:
        """The DuckDB type of the values."""
        return COLUMN_TYPES[self.field.type]


class TypedRows:
    """The records with the values of their fields, as they are stored: a value that cannot be cast is null."""

    def __init__(
        self, scratch: Scratch, rows: Rows, fields: list[Field], keys: list[Field], *, detected: dict[str, str]
    ) -> None:
        """Cast the values of the fields.

        Args:
            scratch: The temporary tables.
            rows: The records.
            fields: The fields, in the order of the stored columns.
            keys: The fields whose values make the id of a record.
            detected: The columns whose type was detected, and so whose values all fit it.
        """
        self._scratch, self._rows = scratch, rows
        self._fields = [self._typed(field, detected) for field in fields]
        self._cast_other_forms([one for one in self._fields if one.failures is not None])
        self.sql = self._select([self._fields[fields.index(key)] for key in keys])
        """The query of the records: `position`, `record_id`, and the columns `f0`, `f1`, …."""

    def add_problems(self, problems: Problems) -> None:
        """Add the values that were lost: the first with their places, the others as a number."""
        lossy = [(position, one) for position, one in enumerate(self._fields) if one.failures]
        if not lossy:
            return
        lost = " UNION ALL ".join(
            f"SELECT position, {index} AS field, {one.raw} AS raw FROM ({self._rows.sql}) "
            f"SEMI JOIN (SELECT * FROM {one.table} WHERE is_lost) lost ON {one.raw} = lost.raw"
            for index, one in lossy
        )
        ((count,),) = self._scratch.run(f"SELECT count(*) FROM ({lost})")
        found = self._scratch.run(f"FROM ({lost}) ORDER BY position, field LIMIT {problems.room}")
        positions = sorted({position for position, _, _ in found})
        places = self._rows.places(positions)
        wanted = ", ".join(map(str, positions)) or "NULL"
        ids = dict(self._scratch.run(f"SELECT position, record_id FROM ({self.sql}) WHERE position IN ({wanted})"))
        for position, index, raw in found:
            one = self._fields[index]
            assert one.failures is not None
            failed, message = one.failures[raw]
            problems.add(
                f"{message} ({places[position]})",
                record_id=ids[position],
                field_uid=one.field.name,
                processor_uid=failed.uid,
            )
        problems.add_more(count - len(found))

    def _typed(self, field: Field, detected: dict[str, str]) -> _Typed:
        column = self._rows.columns[field.column]
        casts = field.casts or [Cast(field.type)]
        one = _Typed(field, _raw(column), casts, "NULL")
        only = casts[0].type if len(casts) == 1 else None
        if only and only == column.native:
            one.sql = forms.kept(only, column.sql)
            one.failures = {} if only in ("date", "datetime", "double") else None
        elif only in ("text", "file"):
            one.sql = one.raw
        elif only and detected.get(field.column) == only and column.native is None and only in forms.DETECTED:
            one.sql = forms.detected(only, column.sql)
            # A number of a JSON file may be beyond the largest one.
            one.failures = {} if only == "double" and column.seen != {"text"} else None
        else:
            one.sql = forms.cast(only, one.raw) if only else "NULL"
            one.failures = {}
        return one

    def _cast_other_forms(self, fields: list[_Typed]) -> None:
        """Cast in Python each distinct text that has no common form."""
        if not fields:
            return
        missed = ", ".join(f"count({one.raw}) FILTER (WHERE {one.sql} IS NULL)" for one in fields)
        (counts,) = self._scratch.run(f"SELECT {missed} FROM ({self._rows.sql})")
        for one, count in zip(fields, counts, strict=True):
            if count:
                self._cast_each(one)

    def _cast_each(self, one: _Typed) -> None:
        one.failures = {}
        one.table = self._scratch.new_name()
        self._scratch.run(f"CREATE TEMP TABLE {one.table} (raw VARCHAR, value {one.kind}, is_lost BOOLEAN)")
        distinct = (
            f"SELECT DISTINCT {one.raw} FROM ({self._rows.sql}) WHERE {one.raw} IS NOT NULL AND {one.sql} IS NULL"
        )
        name, _ = self._scratch.create(distinct)
        done = 0
        while batch := self._scratch.run(f"FROM {name} LIMIT 1000 OFFSET {done}"):
            done += len(batch)
            texts = [text for (text,) in batch]
            values = [self._value(text, one) for text in texts]
            self._scratch.run(
                f"INSERT INTO {one.table} SELECT unnest(?::VARCHAR[]), unnest(?::{one.kind}[]), unnest(?::BOOLEAN[])",
                texts,
                values,
                [text in one.failures for text in texts],
            )

    @staticmethod
    def _value(value: Any, one: _Typed) -> Any:
        """A text as the casts of its field make it; None after a failure."""
        text = value
        for requested in one.casts:
            try:
                value = cast(value, requested.type)
            except ValueError as error:
                assert one.failures is not None
                one.failures[text] = (requested, str(error))
                return None
        return value

    def _select(self, keys: list[_Typed]) -> str:
        values, joins = [], []
        for index, one in enumerate(self._fields):
            sql = one.sql
            if one.table:
                joins.append(f"LEFT JOIN {one.table} ON {one.raw} = {one.table}.raw AND {sql} IS NULL")
                sql = f"coalesce({sql}, {one.table}.value)"
            values.append(f"CAST({sql} AS {one.kind}) AS f{index}")
        key = ", ".join(f"coalesce(CAST(f{self._fields.index(one)} AS VARCHAR), chr(30))" for one in keys) or "''"
        typed = f"SELECT {', '.join(['position', *values])} FROM ({self._rows.sql}) {' '.join(joins)}"
        columns = ", ".join(f"f{index}" for index in range(len(self._fields)))
        record_id = f"sha1(concat_ws({_SEPARATOR}, {key})) AS record_id"
        return f"SELECT {', '.join(filter(None, ['position', record_id, columns]))} FROM ({typed})"


def _raw(column: Stored) -> str:
    """The text of a value."""
    if column.native is None:
        return column.sql
    number = f"CASE WHEN NOT isnan({column.sql}) THEN {column.sql} END" if column.native == "double" else column.sql
    return f"CAST({number} AS VARCHAR)"
