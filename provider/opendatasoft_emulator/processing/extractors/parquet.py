"""The extractor of Parquet files."""

import json

import duckdb

from ..columns import Names
from ..files import Member, UnreadableFile
from ..scratch import Scratch, Stored, Table, identifier, quoted
from ..values import as_text
from .loading import EXTRACT_FILENAME, Loading, Params

PARAMETERS = (EXTRACT_FILENAME,)
"""The parameter that all extractors of files share. Those of the service's Parquet extractor are not public."""

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_LARGE_INTEGERS = ("UBIGINT", "HUGEINT", "UHUGEINT")
_NATIVE = {"BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "double", **dict.fromkeys(_INTEGERS, "int")}


def load(file: Member, params: Params, loading: Loading) -> list[Table]:
    """Read the records of the file, each value in the type that the file declares. Raises UnreadableFile.

    A list of texts becomes one text with `;`, and its column multivalued; other lists and structures become JSON text.
    Times are in UTC.
    """
    scratch, read = loading.scratch, f"read_parquet({quoted(str(file.path))})"
    try:
        scratch.run("SET TimeZone = 'UTC'")
        described = [(title, kind) for title, kind, *_ in scratch.run(f"DESCRIBE SELECT * FROM {read}")]
        forms = [_form(identifier(title), kind) for title, kind in described]
        selected = ", ".join(f"{sql} AS c{position}" for position, (sql, _) in enumerate(forms))
        table, count = scratch.create(f"SELECT {selected} FROM {read}")
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise UnreadableFile(f"it is not a Parquet file that can be read ({_reason(error)})") from None
    columns = {}
    for position, (name, (_, kind)) in enumerate(zip(_names(loading, described), described, strict=True)):
        sql, native = f"c{position}", forms[position][1]
        if native is None and kind in _LARGE_INTEGERS:
            native = _narrow(scratch, table, sql)
        elif native is None and _is_nested(kind):
            _write_json(scratch, table, sql)
        columns[name] = Stored(sql, native, is_declared=True)
    return [Table(table, columns, count, _places)]


def _names(loading: Loading, described: list[tuple[str, str]]) -> list[str]:
    """Add the columns; return their names."""
    names, taken = [], Names()
    for title, kind in described:
        name = taken.new(title)
        column = loading.columns.add(name, title.strip() or name)
        if kind == "VARCHAR[]":
            column.annotations.setdefault("multivalued", [";"])
        names.append(name)
    return names


def _form(sql: str, kind: str) -> tuple[str, str | None]:
    """The SQL of the stored values of a column of this DuckDB type, and the type of field that they have then."""
    if kind in _NATIVE:
        return (f"CAST({sql} AS BIGINT)" if kind in _INTEGERS else sql), _NATIVE[kind]
    if kind == "FLOAT" or kind.startswith("DECIMAL"):
        # By its text, a float stays 0.1.
        return f"CAST(CAST({sql} AS VARCHAR) AS DOUBLE)", "double"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CASE WHEN isfinite({sql}) THEN make_timestamp(epoch_us({sql})) END", "datetime"
    if kind.startswith("TIMESTAMP"):
        return f"CAST({sql} AS TIMESTAMP)", "datetime"
    if kind == "VARCHAR[]":
        return f"nullif(array_to_string({sql}, ';'), '')", None
    if _is_nested(kind):
        return f"CAST(to_json({sql}) AS VARCHAR)", None
    return f"nullif(CAST({sql} AS VARCHAR), '')", None


def _is_nested(kind: str) -> bool:
    return kind != "VARCHAR[]" and (kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")))


def _narrow(scratch: Scratch, table: str, column: str) -> str:
    """Give a column of large integers, which are texts, the type of its values: `int` if all of them fit."""
    ((lost,),) = scratch.run(f"SELECT count({column}) - count(TRY_CAST({column} AS BIGINT)) FROM {table}")
    kind, native = ("DOUBLE", "double") if lost else ("BIGINT", "int")
    scratch.run(f"ALTER TABLE {table} ALTER {column} TYPE {kind}")
    return native


def _write_json(scratch: Scratch, table: str, column: str) -> None:
    """Write the JSON of a column as for the other extractors, each distinct text once."""
    texts = [text for (text,) in scratch.run(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")]
    written = [as_text(json.loads(text)) for text in texts]
    scratch.run(
        f"UPDATE {table} SET {column} = written FROM (SELECT unnest(?::VARCHAR[]) AS text, unnest(?::VARCHAR[]) AS "
        f"written) WHERE {column} = text",
        texts,
        written,
    )


def _places(positions: list[int]) -> list[str]:
    return [f"row {position + 1}" for position in positions]


def _reason(error: duckdb.Error) -> str:
    """DuckDB's error in one line, without the path of the file on this machine."""
    return str(error).splitlines()[0].partition(": ")[2].partition(" '")[0].strip() or type(error).__name__
