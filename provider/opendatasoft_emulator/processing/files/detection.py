"""The detection of a source's extractor and parameters, from its files and their names."""

import tempfile
from pathlib import Path
from typing import Any

from ..extractors import KNOWN
from ..job import Source
from ..parameters import check
from . import Dialect, Fetched, Member, dialect_of, fetch, members, suffix_of, suited
from .signatures import extractor_by_content, text_type

_BY_SUFFIX = {suffix: extractor.type for extractor in reversed(KNOWN.values()) for suffix in extractor.suffixes}
_TABLES = ("csvfile", "files_csv")


def extractor_of(type: str) -> dict[str, Any] | None:
    """The catalogue entry of an extractor; None for an unknown one."""
    return KNOWN[type].as_document() if type in KNOWN else None


def default_params(type: str) -> dict[str, Any]:
    """The parameters of an extractor that have defaults."""
    parameters = KNOWN[type].parameters if type in KNOWN else ()
    return {one.name: one.default for one in parameters if one.default is not None}


def likely_extractors(source: Source) -> list[dict[str, Any]]:
    """The extractor of the source's first file, by its content or else the extension of its name.

    For an unknown extension all extractors, the likeliest first. Raises UnreadableFile and ProcessingError.
    """
    with tempfile.TemporaryDirectory() as folder:
        fetched, found = _files(source, Path(folder))
        first = found[0]
        sure = extractor_by_content(first.path) or _BY_SUFFIX.get(suffix_of(first.name))
        likely = sure or text_type(first.path)
        if likely == "csvfile" and fetched.path.is_dir():
            sure = "files_csv"
    if sure:
        return [KNOWN[sure].as_document()]
    others = [extractor.as_document() for name, extractor in KNOWN.items() if name != likely]
    return [KNOWN[likely].as_document(), *others]


def likely_params(source: Source) -> dict[str, Any]:
    """The parameters by which the extraction reads the source's files, those of the resource included.

    Those that the files of an archive do not share are left out. Raises UnreadableFile, WrongParameter and
    ProcessingError.
    """
    values = given_params(source)
    params = {name: value for name, value in values.items() if value is not None}
    extractor = KNOWN.get(source.type)
    if extractor is None or extractor.type not in _TABLES:
        return params
    with tempfile.TemporaryDirectory() as folder:
        _, found = _files(source, Path(folder))
        first, *others = (
            params_of(dialect_of(member.path, values, member.charset)) for member in suited(found, extractor.suffixes)
        )
    shared = {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    return {**params, **shared}


def given_params(source: Source) -> dict[str, Any]:
    """The values of all parameters of a source's extractor; none for an unknown one. Raises WrongParameter."""
    extractor = KNOWN.get(source.type)
    return check(extractor.parameters, source.params) if extractor else {}


def params_of(dialect: Dialect) -> dict[str, Any]:
    """The parameters of an extractor of tables that read a file in this dialect."""
    params: dict[str, Any] = {
        "encoding": dialect.encoding,
        "separator": dialect.separator,
        "first_row_no": dialect.first_row,
        "headers_first_row": dialect.has_header,
    }
    return {**params, "escapechar": dialect.escape} if dialect.escape not in (None, dialect.quote) else params


def _files(source: Source, folder: Path) -> tuple[Fetched, list[Member]]:
    """The files of a source, fetched and unpacked into `folder`."""
    fetched = fetch(source, folder, lambda: False)
    assert fetched is not None, "it is never aborted"
    return fetched, members(fetched, folder)
