"""Processors that change, split and join texts."""

import html
import re
import struct
import unicodedata
from functools import partial
from html.parser import HTMLParser
from typing import Any

from ..columns import Record
from ..parameters import Parameter, WrongParameter
from ..values import as_text, is_empty
from .step import (
    ALL_FIELDS,
    FIELD,
    OPTIONAL_FIELD,
    OUTPUT_FIELD,
    SEPARATOR,
    Output,
    PreparedProcessor,
    Processor,
    Setup,
    changes,
    changing,
    computing,
    derives,
    deriving,
    one_field,
)

_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FLOATS = {16: ">e", 32: ">f", 64: ">d"}


def _string_replace(setup: Setup) -> PreparedProcessor:
    old, new = setup.params["old"], setup.params["new"]
    return changing(setup, lambda text: text.replace(old, new))


def _regexp_replace(setup: Setup) -> PreparedProcessor:
    flags = re.IGNORECASE if setup.params["case_insensitive"] else re.NOFLAG
    flags |= re.MULTILINE if setup.params["multiline"] else re.NOFLAG
    flags |= re.DOTALL if setup.params["dotall"] else re.NOFLAG
    pattern, new = _pattern(setup.params["regexp"], flags), setup.params["new"]
    try:
        pattern.sub(new, "")
    except (re.error, IndexError) as error:
        raise WrongParameter(f'parameter "new": {error}') from None
    return changing(setup, lambda text: pattern.sub(new, text))


def _string_extractor(setup: Setup) -> PreparedProcessor:
    pattern, field = _pattern(setup.params["regexp"]), setup.params["field"]
    if not pattern.groupindex:
        raise WrongParameter('parameter "regexp" has no named group, write (?P<new_field>...)')
    names = tuple(pattern.groupindex)

    def step(record: Record) -> tuple[Record]:
        value = record.get(field)
        match = None if is_empty(value) else pattern.search(as_text(value))
        record.update((name, match[name] if match else None) for name in names)
        return (record,)

    return PreparedProcessor(step, tuple(Output(name) for name in names))


def _concat(setup: Setup) -> PreparedProcessor:
    names, separator = (setup.params["left"], setup.params["right"]), setup.params["separator"]

    def joined(record: Record) -> str:
        return str(separator.join(as_text(record[name]) for name in names if not is_empty(record.get(name))))

    return computing(setup, setup.params["output_field"], joined)


def _split(setup: Setup) -> PreparedProcessor:
    separator, number = setup.params["separator"], setup.params["index"]
    if number == 0:
        raise WrongParameter('parameter "index" counts the parts from 1')
    index = number - 1 if number > 0 else number

    def part(value: Any) -> str | None:
        parts = as_text(value).split(separator)
        return parts[index] if -len(parts) <= index < len(parts) else None

    return deriving(setup, setup.params["field"], setup.params["output_field"], part)


def _without_duplicates(setup: Setup) -> PreparedProcessor:
    separator = setup.params["separator"]

    def unique(value: Any) -> str:
        return str(separator.join(dict.fromkeys(as_text(value).split(separator))))

    return deriving(setup, setup.params["duplicated_field"], setup.params["output_field"], unique)


def _extract_bit_range(setup: Setup) -> PreparedProcessor:
    start, stop, kind = (setup.params[name] for name in ("start_bit_offset", "stop_bit_offset", "convert_to"))
    base = {"hexadecimal": 16, "binary": 2}.get(setup.params["input_type"])
    if base is None:
        raise WrongParameter('parameter "input_type" must be hexadecimal or binary')
    if kind not in ("int", "uint", "float"):
        raise WrongParameter('parameter "convert_to" must be int, uint or float')
    if not 0 <= start < stop:
        raise WrongParameter('parameter "stop_bit_offset" must be greater than "start_bit_offset"')
    width = stop - start
    if kind == "float" and width not in _FLOATS:
        raise WrongParameter(f"a float has 16, 32 or 64 bits, not {width}")

    def number(value: Any) -> int | float:
        digits = as_text(value).strip().lower().removeprefix("0x" if base == 16 else "0b")
        bits = f"{int(digits, base):0{len(digits) * (4 if base == 16 else 1)}b}"[start:stop]
        if len(bits) < width:
            raise ValueError(f"it has only {len(digits) * (4 if base == 16 else 1)} bits")
        unsigned = int(bits, 2)
        if kind == "float":
            return float(struct.unpack(_FLOATS[width], unsigned.to_bytes(width // 8))[0])
        return unsigned - (1 << width) if kind == "int" and bits[0] == "1" else unsigned

    return deriving(setup, setup.params["field"], setup.params["output_field"], number)


class _Text(HTMLParser):
    """Collects the texts between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _without_tags(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.texts).strip()


def _normalized_url(text: str) -> str:
    url = text.strip()
    return url if _SCHEME.match(url) else f"http://{url}"


def _urls(value: Any) -> str | None:
    found = (url.rstrip(".,;:!?)") for url in _URL.findall(html.unescape(as_text(value))))
    return " ".join(found) or None


def _pattern(regexp: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    try:
        return re.compile(regexp, flags)
    except re.error as error:
        raise WrongParameter(f'parameter "regexp" is not a regular expression ({error})') from None


_REGEXP = Parameter("regexp", "string", "Regular expression", is_mandatory=True)
_NEW = Parameter("new", "string", "New value", default="")
_SOME_FIELDS = (OPTIONAL_FIELD, ALL_FIELDS)

PROCESSORS = (
    Processor(
        "string_replace",
        "Replace text",
        "replaces a text by another",
        (*_SOME_FIELDS, Parameter("old", "string", "Old value", is_mandatory=True), _NEW),
        _string_replace,
    ),
    Processor(
        "regexp_replace",
        "Replace via regexp",
        "replaces what a regular expression of Python matches",
        (
            *_SOME_FIELDS,
            _REGEXP,
            _NEW,
            Parameter("case_insensitive", "boolean", "Case insensitive regular expression", default=False),
            Parameter("multiline", "boolean", "Multiline regular expression", default=False),
            Parameter("dotall", "boolean", "'.' character match newlines", default=False),
        ),
        _regexp_replace,
    ),
    Processor(
        "string_extractor",
        "Extract text",
        "writes each named group of a regular expression into a field of its name",
        (FIELD, _REGEXP),
        _string_extractor,
    ),
    Processor(
        "concat",
        "Concatenate text",
        "joins two fields",
        (
            Parameter("separator", "string", "Separator", default=""),
            one_field("left", "Left value"),
            one_field("right", "Right value"),
            OUTPUT_FIELD,
        ),
        _concat,
    ),
    Processor(
        "split",
        "Split text",
        "writes one part of a text; the parts are counted from 1, from the end with a negative number",
        (
            FIELD,
            SEPARATOR,
            Parameter("index", "int", "Index", is_mandatory=True, description="The first part has index 1"),
            OUTPUT_FIELD,
        ),
        _split,
    ),
    Processor(
        "unicode_normalize",
        "Normalize Unicode values",
        "puts texts into the normalization form NFC",
        (OPTIONAL_FIELD, Parameter("fields", "fields", "Fields"), ALL_FIELDS),
        changes(partial(unicodedata.normalize, "NFC")),
    ),
    Processor(
        "decode_html_entities",
        "Decode HTML entities",
        "decodes `&amp;` and the like",
        _SOME_FIELDS,
        changes(html.unescape),
    ),
    Processor("extract_html", "Extract HTML", "leaves the text between HTML tags", (FIELD,), changes(_without_tags)),
    Processor(
        "normalize_url",
        "Normalize URL",
        "removes spaces around a URL, and puts `http://` before one without a scheme",
        (FIELD,),
        changes(_normalized_url),
    ),
    Processor(
        "extract_urls",
        "Extract URLs",
        "collects the http and https links of a text, with spaces between them",
        (FIELD, OUTPUT_FIELD),
        derives(_urls),
    ),
    Processor(
        "deduplicate_multivalued_fields",
        "Deduplicate multivalued fields",
        "keeps the first of equal values in a multivalued field",
        (one_field("duplicated_field", "Duplicated field"), SEPARATOR, OUTPUT_FIELD),
        _without_duplicates,
    ),
    Processor(
        "extract_bit_range",
        "Extract bit range",
        "reads a number from the bits of a hexadecimal or binary text, from one offset to before another",
        (
            FIELD,
            Parameter("input_type", "string", "Input type", default="hexadecimal"),
            Parameter("start_bit_offset", "int", "Start bit offset", is_mandatory=True),
            Parameter("stop_bit_offset", "int", "Stop bit offset", is_mandatory=True),
            Parameter("convert_to", "string", "Convert to", is_mandatory=True, description="int, uint or float"),
            OUTPUT_FIELD,
        ),
        _extract_bit_range,
    ),
)
"""Types and parameters of `string_replace`, `regexp_replace` and `string_extractor` have the service's own names; of
`concat`, `split` and `unicode_normalize` the types. All other names follow the labels in its user guide.
"""
