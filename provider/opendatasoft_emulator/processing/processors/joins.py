"""The processors that take fields from the records of another dataset of this portal."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ..columns import Record
from ..geometry import point_text
from ..job import OtherPortalError
from ..parameters import Parameter, WrongParameter
from ..records import ResultSet
from ..values import as_text, is_empty
from .step import NotCarriedOut, Output, PreparedProcessor, Processor, Setup

_MOST_RECORDS = 100_000
"""So many records a joined dataset may have, as the user guide says."""

Key = tuple[Any, ...]


def _join(setup: Setup) -> PreparedProcessor:
    params = setup.params
    dataset_id, result = _dataset(setup)
    fields = {field["name"]: (position, field) for position, field in enumerate(result.fields)}
    if len(params["local_key"]) != len(params["remote_key"]):
        raise WrongParameter('parameters "local_key" and "remote_key" must have the same number of fields')
    named = params["output_fields"] or []
    for name in (*params["remote_key"], *named):
        if name not in fields:
            raise WrongParameter(f"dataset {dataset_id} has no field {name}, there are {', '.join(fields)}")
    if params["retrieve_all_fields"]:
        named = [*named, *(name for name in fields if name not in (*named, *params["remote_key"]))]
    elif not named:
        raise WrongParameter('parameter "output_fields" is missing, and "retrieve_all_fields" is not true')
    keys = [fields[name][0] for name in params["remote_key"]]
    outputs = [fields[name] for name in named]
    index = _Index(is_case_sensitive=params["case_sensitive"])
    for row in result.rows:
        index.add([row[position] for position in keys], [_raw(row[position]) for position, _ in outputs])

    def step(record: Record) -> Iterable[Record]:
        found = index.find([record.get(name) for name in params["local_key"]])
        if params["one_line"] and len(found) > 1:
            found = [[_joined(values, params["separator"]) for values in zip(*found, strict=True)]]
        if not found:
            return ({**record, **dict.fromkeys(named)},)
        return [{**record, **dict(zip(named, values, strict=True))} for values in found]

    writes = tuple(Output(field["name"], field["label"], _type(field, params)) for _, field in outputs)
    return PreparedProcessor(step, writes)


def _dataset(setup: Setup) -> tuple[str, ResultSet]:
    """The dataset_id and the records of the joined dataset."""
    dataset_id, domain = setup.params["dataset"].get("dataset_id"), setup.params["domain"] or {}
    if not isinstance(dataset_id, str):
        raise WrongParameter('parameter "dataset" has no dataset_id')
    try:
        result = setup.read_dataset(dataset_id, domain.get("domain_id"))
    except OtherPortalError:
        raise NotCarriedOut(f"dataset {dataset_id} is on another portal") from None
    if result is None:
        raise WrongParameter(f"dataset {dataset_id} is not published")
    if result.total_count > _MOST_RECORDS:
        raise WrongParameter(f"dataset {dataset_id} has more than {_MOST_RECORDS} records")
    return dataset_id, result


class _Index:
    """The records of a dataset by their keys: as they are written, else as numbers, so that 2 finds 2.0 and 02."""

    def __init__(self, *, is_case_sensitive: bool) -> None:
        self._is_case_sensitive = is_case_sensitive
        self._by_text: dict[Key, list[list[Any]]] = {}
        self._by_number: dict[Key, list[list[Any]]] = {}

    def add(self, key: list[Any], values: list[Any]) -> None:
        text = self._text_key(key)
        if text is not None:
            self._by_text.setdefault(text, []).append(values)
            self._by_number.setdefault(tuple(map(_number, text)), []).append(values)

    def find(self, key: list[Any]) -> list[list[Any]]:
        text = self._text_key(key)
        if text is None:
            return []
        return self._by_text.get(text) or self._by_number.get(tuple(map(_number, text))) or []

    def _text_key(self, key: list[Any]) -> Key | None:
        """None for a key with an empty part, which nothing has in common with another."""
        if any(is_empty(part) for part in key):
            return None
        texts = (as_text(_raw(part)).strip() for part in key)
        return tuple(text if self._is_case_sensitive else text.casefold() for text in texts)


def _number(text: str) -> Decimal | str:
    try:
        number = Decimal(text.replace(",", ".", 1))
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _raw(value: Any) -> Any:
    """A stored value as records in processing contain it."""
    if isinstance(value, date):
        return value.isoformat()
    return point_text(value) if isinstance(value, dict) else value


def _joined(values: Iterable[Any], separator: str) -> str:
    texts: Iterator[str] = (as_text(value) for value in values if not is_empty(value))
    return separator.join(texts)


def _type(field: dict[str, Any], params: dict[str, Any]) -> str | None:
    """The type of a retrieved field; joined values of another type than text are no longer of it."""
    kind = str(field["type"])
    return None if params["one_line"] and kind != "text" else kind


_PARAMETERS = (
    Parameter("dataset", "object", "Dataset", is_mandatory=True, description="An object with its dataset_id"),
    Parameter("domain", "object", "Domain", description="An object with the domain_id of its portal"),
    Parameter("local_key", "fields", "Local Key", is_mandatory=True),
    Parameter("remote_key", "list", "Remote Key", is_mandatory=True),
    Parameter("output_fields", "fields", "Output Fields", can_create_field=True),
    Parameter("retrieve_all_fields", "boolean", "Retrieve All Fields", default=False),
    Parameter("case_sensitive", "boolean", "Case Sensitive", default=False),
    Parameter("one_line", "boolean", "One line", default=False),
    Parameter("separator", "string", "Separator", default="|"),
    Parameter(
        "republish_all_records_upon_update",
        "boolean",
        "Republish all records upon update",
        default=False,
        is_carried_out=False,
    ),
)

PROCESSORS = (
    Processor(
        "join_dataset",
        "Join datasets",
        "adds fields of those records of another published dataset of this portal that have the same key",
        _PARAMETERS,
        _join,
    ),
    Processor("bound_join_dataset", "Join datasets", "the same", _PARAMETERS, _join),
)
"""The types, `dataset` and `domain` are the service's own names; the other parameters follow the labels in its user
guide. A record without a partner is kept, with empty fields.
"""
