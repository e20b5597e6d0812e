"""The reading of dates and times in the forms that are not ISO 8601."""

import re
from datetime import datetime

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1\d{4}(?!\d)")
_DASH_BEFORE_TIME = re.compile(r"(\d{4}([-/.])\d{1,2}\2\d{1,2})-(?=\d{1,2}:)")
_TIME = re.compile(
    r"\d{1,2}(:\d{2}){1,2}([.,]\d+)?(\s*[ap]\.?m\b\.?)?(\s*[-+]\d{2}:?\d{2}\b)?|\d{1,2}\s*[ap]\.?m\b\.?", re.I
)
_WORD = re.compile(r"[^\W\d_]+")
_MONTH = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_OTHER_WORD = re.compile(r"(mon|tue(s)?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?|st|nd|rd|th|of|at|t|z|utc|gmt")


def parsed_time(text: str) -> datetime:
    """The time of a text, with a zone if it contains an offset: midnight for a date, the first day for a year or month.

    The day comes before the month where both fit, as in the service's user guide; behind the year comes the month.
    Raises ValueError for a text without a whole date, with a year of two digits, or with other numbers or words.
    """
    if found := _YEAR_OR_MONTH.fullmatch(text):
        return datetime(int(found[1]), int(found[2] or 1), 1)
    text = _DASH_BEFORE_TIME.sub(r"\1 ", text)
    rest = _TIME.sub(" ", text).strip()
    words = [word for word in _WORD.findall(rest.lower()) if not _OTHER_WORD.fullmatch(word)]
    numbers = re.findall(r"\d+", rest)
    year_first = _YEAR_FIRST.match(text)
    is_named = len(words) == 1 and _MONTH.fullmatch(words[0]) and sorted(map(len, numbers))[1:] == [4]
    is_numeric = not words and len(numbers) == 3 and (year_first or _YEAR_LAST.match(text))
    if not (is_named or is_numeric):
        raise ValueError("not a date")
    # Most datasets have no such dates, and the import takes a tenth of a second.
    from dateutil import parser

    time = parser.parse(text, dayfirst=not year_first)
    if year_first and (time.month, time.day) != (int(year_first[3]), int(year_first[4])):
        raise ValueError("not a date")
    return time
