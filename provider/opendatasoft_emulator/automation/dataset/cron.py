"""Cron expressions of five fields, for schedules. The emulator validates them, and never executes them."""

import re

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_NAMES = {
    "month": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    "day of the week": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}
_PART = re.compile(r"(?:\*|(\w{1,9})(?:-(\w{1,9}))?)(?:/(\d{1,9}))?", re.ASCII)


def problem(expression: str) -> str | None:
    """The error of an expression, or None."""
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        return "Enter a valid cron expression: minute, hour, day of the month, month, day of the week."
    for text, (name, minimum, maximum) in zip(fields, _FIELDS, strict=True):
        if not all(_fits(part, name, minimum, maximum) for part in text.split(",")):
            return f'"{text}" is not a valid {name}.'
    return None


def normalized(expression: str) -> str:
    """The expression with single spaces."""
    return " ".join(expression.split())


def is_more_than_daily(expression: str) -> bool:
    """Whether a schedule may fall due more than once a day."""
    return not all(field.isdecimal() for field in expression.split()[:2])


def _fits(part: str, name: str, minimum: int, maximum: int) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    first, last, step = match.groups()
    numbers = [_number(text, name) for text in (first, last) if text is not None]
    if any(number is None or not minimum <= number <= maximum for number in numbers):
        return False
    return step is None or int(step) > 0


def _number(text: str, name: str) -> int | None:
    if text.isdecimal():
        return int(text)
    names = _NAMES.get(name, [])
    offset = 1 if name == "month" else 0
    return names.index(text.lower()) + offset if text.lower() in names else None
