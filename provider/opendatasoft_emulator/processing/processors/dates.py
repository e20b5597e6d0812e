"""Processors that read dates and change their zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..parameters import Parameter, WrongParameter
from ..values import as_datetime, as_text
from .step import FIELD, PreparedProcessor, Processor, Setup, deriving, shown


def _date_normalizer(setup: Setup) -> PreparedProcessor:
    field, form = setup.params["field"], setup.params["format"]
    has_time = any(directive in form for directive in ("%H", "%I", "%M", "%S", "%f", "%c", "%T", "%X"))

    def iso(value: Any) -> str:
        try:
            timestamp = datetime.strptime(as_text(value).strip(), form)
        except ValueError:
            raise ValueError(f'"{shown(value)}" is not a date of the format {form}') from None
        return timestamp.isoformat() if has_time else timestamp.date().isoformat()

    return deriving(setup, field, field, iso)


def _set_timezone(setup: Setup) -> PreparedProcessor:
    field, name = setup.params["field"], setup.params["timezone"]
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongParameter(f'parameter "timezone": {name} is not known') from None

    def in_zone(value: Any) -> str:
        try:
            # The time of day stays as it was written; an offset in the value is ignored.
            return as_datetime(value).replace(tzinfo=zone).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            raise ValueError(f'Cannot convert "{shown(value)}" to "datetime"') from None

    return deriving(setup, field, field, in_zone)


PROCESSORS = (
    Processor(
        "date_normalizer",
        "Normalize date",
        "reads dates of a given format",
        (FIELD, Parameter("format", "string", "Date format", is_mandatory=True, description="As %d/%m/%Y")),
        _date_normalizer,
    ),
    Processor(
        "set_timezone",
        "Set timezone",
        "reads times as those of a zone, whatever offset they have",
        (FIELD, Parameter("timezone", "string", "Timezone", is_mandatory=True, description="Europe/Paris")),
        _set_timezone,
    ),
)
"""The types are the service's own; the parameters are named after the labels in its user guide."""
