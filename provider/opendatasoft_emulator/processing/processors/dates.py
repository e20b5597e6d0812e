"""Processors that read dates and change their zone."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..columns import Record
from ..parameters import Parameter, WrongParameter
from ..values import as_datetime, as_text, is_empty
from .step import FIELD, Fail, PreparedProcessor, Processor


def _date_normalizer(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    field, form = params["field"], params["format"]
    has_time = any(directive in form for directive in ("%H", "%I", "%M", "%S", "%f"))

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        if is_empty(value):
            return (record,)
        try:
            timestamp = datetime.strptime(as_text(value).strip(), form)
        except ValueError:
            fail(field, f'"{as_text(value)}" is not a date of the format {form}')
            record[field] = None
        else:
            record[field] = timestamp.isoformat() if has_time else timestamp.date().isoformat()
        return (record,)

    return PreparedProcessor(step)


def _set_timezone(params: dict[str, Any], fail: Fail) -> PreparedProcessor:
    field = params["field"]
    try:
        zone = ZoneInfo(params["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongParameter(f'parameter "timezone": {params["timezone"]} is not known') from None

    def step(record: Record) -> Iterable[Record]:
        value = record.get(field)
        if is_empty(value):
            return (record,)
        try:
            # The time of day stays as it was written; an offset in the value is ignored.
            timestamp = as_datetime(value).replace(tzinfo=zone)
        except ValueError:
            fail(field, f'Cannot convert "{as_text(value)}" to "datetime"')
            record[field] = None
        else:
            record[field] = timestamp.astimezone(UTC).isoformat()
        return (record,)

    return PreparedProcessor(step)


PROCESSORS = (
    Processor(
        "date_normalizer",
        "Normalize date",
        (FIELD, Parameter("format", "string", "Date format", is_mandatory=True, description="As %d/%m/%Y")),
        _date_normalizer,
    ),
    Processor(
        "set_timezone",
        "Set timezone",
        (FIELD, Parameter("timezone", "string", "Timezone", is_mandatory=True, description="Europe/Paris")),
        _set_timezone,
    ),
)
"""The types are the service's own; the parameters are named after the labels in its user guide."""
