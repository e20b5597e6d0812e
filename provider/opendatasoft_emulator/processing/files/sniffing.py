"""The separator and the quoting of a table, from the first of its records."""

import csv
import functools
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Of separators that divide a table equally well, the rarer character in texts is taken.
_SEPARATORS = ("\t", "|", ";", ",")
_QUOTE = '"'
_MAX_RECORDS = 1000
_MAX_FIELD_LENGTH = 16 * 1024 * 1024
_MAX_LINES = 500
_MAX_TYPED = 64
_FEW = 10
_FIT = 0.5
_ALIKE = 0.6
_END = "\ue000end"
_ENDS_OF_LINES = "\r\n"
_DECLARATION = re.compile(r"\"?sep=(.)\"?\s*", re.I)
_EMPTY = re.compile(r"[\s,;|\t\"]*")
_NUMBER = re.compile(r"\s*[-+]?[\d\s\u00a0\u202f]*[.,]?\d+(?:[eE][-+]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.+Z-]+)?\s*")
_PAIR = re.compile(r"\s*[-+]?\d+(?:\.\d+)?,\s*[-+]?\d+(?:\.\d+)?\s*")

csv.field_size_limit(_MAX_FIELD_LENGTH)


@dataclass(frozen=True)
class Sample:
    """The beginning of a text, and whether it is the whole text."""

    text: str
    is_whole: bool


@dataclass(frozen=True)
class Sniffed:
    """How the records of a sample are written.

    `separator` is None for records of one field, `skipped` the number of lines before the first record.
    """

    separator: str | None
    quote: str | None
    escape: str | None
    skipped: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """The records of a sample, as one separator, quote and escape character divide them."""

    separator: str
    quote: str | None
    escape: str | None
    records: list[list[str]]
    is_open: bool
    """Whether a quoted field does not end."""

    @functools.cached_property
    def width(self) -> int:
        """The number of fields of the first record."""
        return len(self.records[0]) if self.records else 0

    @functools.cached_property
    def fits(self) -> float:
        """The share of the other records with as many fields as the first."""
        others = self.records[1:]
        return sum(len(record) == self.width for record in others) / len(others) if others else 1.0

    @functools.cached_property
    def typed(self) -> float:
        """The share of values that are numbers or dates."""
        values = [value for record in self.records[1:] for value in record if value]
        return sum(map(_is_typed, values)) / len(values) if values else 0.0

    @functools.cached_property
    def has_wider_records(self) -> bool:
        """Whether most other records have one and the same number of values, which is greater."""
        widths = Counter(map(_without_empty_end, self.records[1:]))
        common, count = max(widths.items(), key=lambda one: one[1], default=(0, 0))
        return common > self.width and count >= max(2, _ALIKE * widths.total())

    @functools.cached_property
    def divides(self) -> bool:
        """Whether the first record has several fields, and the others are divided alike, unless there are too few."""
        widths = Counter(len(record) for record in self.records[1:])
        if self.width < 2 or widths.total() < 2:
            return self.width > 1
        if widths.total() < _FEW:
            return any(width > 1 for width in widths)
        ((common, count),) = widths.most_common(1)
        return self.fits >= _FIT or (common > 1 and count >= _ALIKE * widths.total())


def sniff(sample: Sample, *, separator: str | None, escape: str | None, doubles: bool, has_header: bool) -> Sniffed:
    """Find how the records of a sample are written.

    The first record decides how many fields there are. Of several separators that divide it, the one that divides most
    other records into as many fields is taken, then the one that leaves most numbers and dates. When none does, the
    records have one field.

    Args:
        sample: The text from its first line on.
        separator: The separator, if the resource declares it.
        escape: The escape character, if the resource declares it.
        doubles: Whether a doubled quote within a quoted field stands for one.
        has_header: Whether the first record holds the titles.
    """
    skipped, declared, text = _beginning(sample.text)
    separator = separator or declared
    separators = [separator] if separator else list(_SEPARATORS)
    body = Sample(text, sample.is_whole)

    def best(quotings: list[tuple[str | None, str | None]]) -> _Reading | None:
        return _best(
            [
                reading
                for quote, escaped in quotings
                for candidate in separators
                if (reading := _read(body, candidate, quote, escaped, doubles))
            ]
        )

    chosen = best(_quotings(text, escape))
    notes: tuple[str, ...] = ()
    if chosen and chosen.is_open:
        unquoted = best([(None, escape)])
        if unquoted and unquoted.fits >= replace(chosen, records=chosen.records[:-1]).fits:
            chosen, notes = unquoted, ("a quote is never closed, so quotes are read as plain characters",)
    if chosen is None or not chosen.records:
        return Sniffed(separator, _QUOTE, escape, skipped, ())
    if separator is None and not chosen.divides:
        notes += tuple(_other_readings(body, chosen))
    elif chosen.has_wider_records:
        notes += ('most records have more fields than the titles; perhaps "first_row_no" is greater',)
    if has_header and _looks_like_data(chosen):
        notes += (
            f'the titles ({", ".join(chosen.records[0][:3])}) look like data; perhaps "headers_first_row" is false',
        )
    return Sniffed(
        chosen.separator if separator or chosen.divides else None, chosen.quote, chosen.escape, skipped, notes
    )


def _beginning(text: str) -> tuple[int, str | None, str]:
    """The number of lines before the table, the separator that one of them declares, and the text after them.

    A line of nothing but separators is empty. Spreadsheet programs write and read a first line such as `sep=;`.
    """
    declared, position, skipped = None, 0, 0
    for line in io.StringIO(text, newline=""):
        found = _DECLARATION.fullmatch(line)
        if found and declared is None:
            declared = found[1]
        elif not _EMPTY.fullmatch(line):
            return skipped, declared, text[position:]
        position += len(line)
        skipped += 1
    return 0 if declared is None else skipped, declared, ""


def _quotings(text: str, escape: str | None) -> list[tuple[str | None, str | None]]:
    """The possible quotes with their escape characters, the usual one first."""
    found: list[tuple[str | None, str | None]] = [(_QUOTE, escape)]
    if escape is None and '\\"' in text:
        found.append((_QUOTE, "\\"))
    if re.search(r"(?:^|[,;\t|])'", text, re.M):
        found.append(("'", escape))
    return found


def _read(sample: Sample, separator: str, quote: str | None, escape: str | None, doubles: bool) -> _Reading | None:
    """The reading of a sample; None when the characters do not go together.

    A line of its own after the end of a whole text is a record of its own, unless a quote is still open.
    """
    text = f"{sample.text.rstrip(_ENDS_OF_LINES)}\n{_END}" if sample.is_whole else sample.text
    records: list[list[str]] = []
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=separator,
            quotechar=quote,
            escapechar=escape,
            doublequote=doubles,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
        for record in filter(None, reader):
            records.append(record)
            if len(records) > _MAX_RECORDS:
                return _Reading(separator, quote, escape, records, is_open=False)
    except (csv.Error, TypeError, ValueError):
        return None
    if sample.is_whole:
        is_open = records[-1:] != [[_END]]
        return _Reading(separator, quote, escape, records if is_open else records[:-1], is_open)
    # The last record of a part of a text may be incomplete.
    last = records.pop() if len(records) > 1 else []
    return _Reading(separator, quote, escape, records, is_open=any(value.count("\n") > _MAX_LINES for value in last))


def _best(readings: list[_Reading]) -> _Reading | None:
    """The reading that divides the records best; if none does, the first."""
    dividing = [reading for reading in readings if reading.divides]
    return max(dividing, key=_merit) if dividing else next(iter(readings), None)


def _merit(reading: _Reading) -> tuple[float, float, int, float]:
    return round(reading.fits, 2), round(reading.typed, 2), reading.width, reading.fits


def _other_readings(sample: Sample, chosen: _Reading) -> Iterator[str]:
    """A note about a separator that divides the titles and some records, or most records but the titles.

    Spaces and colons are in many texts, so they are named only where they leave numbers and dates.
    """
    for separator in (*_SEPARATORS, " ", ":"):
        reading = _read(sample, separator, chosen.quote, chosen.escape, doubles=True)
        if reading is None or _are_pairs(reading):
            continue
        widths = {len(record) for record in reading.records[1:]}
        is_rare = separator in _SEPARATORS
        divides_some = reading.width > 1 and widths - {1}
        divides_numbers = len(reading.records) > 2 and widths == {reading.width} and reading.typed > _FIT
        if (divides_some and (is_rare or divides_numbers)) or (is_rare and reading.has_wider_records):
            share = "all" if divides_numbers else "some"
            what = f"{share} of them as the titles" if divides_some else "most of them but not the titles"
            yield (
                f"each record is read as one field, though {separator!r} divides {what}; "
                'the parameters "separator" and "first_row_no" set it'
            )
            return


def _without_empty_end(record: list[str]) -> int:
    """The number of values of a record up to the last one that is not empty."""
    return max((position for position, value in enumerate(record, start=1) if value), default=0)


def _are_pairs(reading: _Reading) -> bool:
    """Whether each record is a number with a decimal comma, or a point."""
    return reading.separator == "," and all(_PAIR.fullmatch(",".join(record)) for record in reading.records[1:])


def _looks_like_data(reading: _Reading) -> bool:
    """Whether the first record consists of numbers and dates."""
    return bool(reading.records) and all(map(_is_typed, reading.records[0]))


def _is_typed(value: str) -> bool:
    return len(value) <= _MAX_TYPED and any(pattern.fullmatch(value) for pattern in (_NUMBER, _DATE, _PAIR))
