"""Processors that change, split and join texts."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from ..columns import Record
from ..parameters import Parameter, WrongParameter
from ..values import as_text, is_empty
from .step import ALL_FIELDS, FIELD, OPTIONAL_FIELD, OUTPUT_FIELD, Fail, PreparedProcessor, Processor

_TAGS = re.compile(r"<[^>]*>")


def _changing(params: dict[str, Any], change: Callable[[str], str]) -> PreparedProcessor:
    """A step that changes the text of one field, or of all with `all_fields`. Empty values stay empty."""
    only, everywhere = params["field"], params.get("all_fields")
    if not only and not everywhere:
        raise WrongParameter('parameter "field" is missing, and "all_fields" is not true')

    def step(record: Record) -> Iterable[Record]:
        for name in list(record) if everywhere else [only]:
            if not is_empty(record.get(name)):
                record[name] = change(as_text(record[name]))
        return (record,)

    return PreparedProcessor(step)


def _string_replace(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    old, new = params["old"], params["new"]
    if not old:
        raise WrongParameter('parameter "old" is missing')
    return _changing(params, lambda text: text.replace(old, new))


def _regexp_replace(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    flags = re.IGNORECASE if params["case_insensitive"] else re.NOFLAG
    flags |= re.MULTILINE if params["multiline"] else re.NOFLAG
    flags |= re.DOTALL if params["dotall"] else re.NOFLAG
    pattern, new = _pattern(params["regexp"], flags), params["new"]
    try:
        pattern.sub(new, "")
    except (re.error, IndexError) as error:
        raise WrongParameter(f'parameter "new": {error}') from None
    return _changing(params, lambda text: pattern.sub(new, text))


def _string_extractor(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    pattern, field = _pattern(params["regexp"]), params["field"]
    if not pattern.groupindex:
        raise WrongParameter('parameter "regexp" has no named group, write (?P<new_field>...)')
    names = tuple(pattern.groupindex)

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        match = None if is_empty(value) else pattern.search(as_text(value))
        for name in names:
            record[name] = match[name] if match else None
        return (record,)

    return PreparedProcessor(step, names)


def _concat(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    left, right, output = params["left"], params["right"], params["output_field"]
    separator = params["separator"]

    def step(record: Record) -> Iterable[Record]:
        parts = [record.get(left), record.get(right)]
        record[output] = separator.join(as_text(part) for part in parts if not is_empty(part))
        return (record,)

    return PreparedProcessor(step)


def _split(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    field, index, output = params["field"], params["index"], params["output_field"]
    separator = params["separator"]

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        parts = [] if is_empty(value) else as_text(value).split(separator)
        record[output] = parts[index] if -len(parts) <= index < len(parts) else None
        return (record,)

    return PreparedProcessor(step)


def _unicode_normalize(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    return _changing(params, lambda text: unicodedata.normalize("NFC", text))


def _extract_html(params: dict[str, Any], _: Fail) -> PreparedProcessor:
    return _changing(params, lambda text: html.unescape(_TAGS.sub("", text)).strip())


def _pattern(regexp: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    try:
        return re.compile(regexp, flags)
    except re.error as error:
        raise WrongParameter(f'parameter "regexp" is not a regular expression ({error})') from None


_REGEXP = Parameter("regexp", "string", "Regular expression", is_mandatory=True)
_NEW = Parameter("new", "string", "New value", default="")

PROCESSORS = (
    Processor(
        "string_replace",
        "Replace text",
        (OPTIONAL_FIELD, ALL_FIELDS, Parameter("old", "string", "Old value", is_mandatory=True), _NEW),
        _string_replace,
    ),
    Processor(
        "regexp_replace",
        "Replace via regexp",
        (
            OPTIONAL_FIELD,
            ALL_FIELDS,
            _REGEXP,
            _NEW,
            Parameter("case_insensitive", "boolean", "Case insensitive regular expression", default=False),
            Parameter("multiline", "boolean", "Multiline regular expression", default=False),
            Parameter("dotall", "boolean", "'.' character match newlines", default=False),
        ),
        _regexp_replace,
    ),
    Processor("string_extractor", "Extract text", (FIELD, _REGEXP), _string_extractor),
    Processor(
        "concat",
        "Concatenate text",
        (
            Parameter("separator", "string", "Separator", default=""),
            Parameter("left", "field", "Left value", is_mandatory=True),
            Parameter("right", "field", "Right value", is_mandatory=True),
            OUTPUT_FIELD,
        ),
        _concat,
    ),
    Processor(
        "split",
        "Split text",
        (
            FIELD,
            Parameter("separator", "string", "Separator", is_mandatory=True),
            Parameter("index", "int", "Index", is_mandatory=True, description="The first part has index 0"),
            OUTPUT_FIELD,
        ),
        _split,
    ),
    Processor("unicode_normalize", "Normalize Unicode values", (OPTIONAL_FIELD, ALL_FIELDS), _unicode_normalize),
    Processor("extract_html", "Extract HTML", (FIELD,), _extract_html),
)
"""Types and parameters of `string_replace`, `regexp_replace` and `string_extractor` have the service's own names. For
the others the types have; their parameters are named after the labels in its user guide.
"""
