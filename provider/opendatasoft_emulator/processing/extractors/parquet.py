"""The extractor of Parquet files."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from ..columns import Columns, Record
from ..files import Member
from ..parameters import Parameter
from ..problems import Problems
from .errors import UnreadableFile
from .json_records import Objects

PARAMETERS = (Parameter("extract_filename", "boolean", "Extract filename", default=False),)
"""The parameter that all extractors of files share. Those of the service's Parquet extractor are not public."""

_FETCH_SIZE = 1000


def rows(file: Member, params: dict[str, Any], columns: Columns, problems: Problems) -> Iterator[Record]:
    """Read the records of the file; add its columns before the first of them. Raises UnreadableFile.

    A list of texts becomes one text with `;`, and its column multivalued; other lists and structures become JSON text.
    Times are in UTC.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute("SELECT to_json(COLUMNS(*)) FROM read_parquet(?)", [str(file.path)])
        titles = [column[0] for column in found.description or ()]
        objects = Objects(columns, joins_texts=True)
        objects.add(titles)
        while values := found.fetchmany(_FETCH_SIZE):
            for row in values:
                yield objects.record(dict(zip(titles, map(_value, row), strict=True)))
    except duckdb.Error as error:
        raise UnreadableFile(f"it is not a Parquet file that can be read ({_reason(error)})") from None
    finally:
        connection.close()


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _reason(error: duckdb.Error) -> str:
    """DuckDB's error in one line, without the path of the file on this machine."""
    return str(error).splitlines()[0].partition(": ")[2].partition(" '")[0].strip() or type(error).__name__
