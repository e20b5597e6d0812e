"""The fields of a dataset, and the field configurations that change them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .columns import Column, unknown_field
from .job import misconfigured
from .values import COLUMN_TYPES

MAX_FIELDS = 500
MAX_TEXT_FIELDS = 150
"""The limits of a dataset in the service's user guide."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Cast:
    """One type that the values of a field are cast to, and the uid of the field configuration that sets it, if any."""

    type: str
    uid: str | None = None


@dataclass(eq=False)
class Field:
    """One field of the published dataset, and the column of its values."""

    column: str
    name: str
    label: str
    type: str
    description: str | None = None
    annotations: dict[str, list[Any]] = field(default_factory=dict)
    casts: list[Cast] = field(default_factory=list)

    @classmethod
    def from_column(cls, column: Column, type_of: str) -> "Field":
        """The field of a column before any configuration."""
        annotations = dict(column.annotations)
        return cls(column.name, column.name, column.label, column.type or type_of, annotations=annotations)

    def as_document(self) -> dict[str, Any]:
        """The field as the Explore API describes it."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "description": self.description,
            "annotations": self.annotations,
        }


def apply_rules(fields: list[Field], rules: tuple[dict[str, Any], ...]) -> tuple[list[Field], list[str]]:
    """Apply the field configurations in their order; return the fields, and a note for each unsupported configuration.

    A configuration sees the names that those before it set. Raises ProcessingError for one that names an unknown field
    or is invalid. The message for an unknown field is our own; the other is that of the service's older documentation.
    """
    fields = list(fields)
    notes: list[str] = []
    for position, rule in enumerate(rules, start=1):
        apply = _RULES.get(rule.get("type", ""))
        if apply is None:
            name = f"Field configuration {rule['uid']} ({rule.get('type')}, number {position})"
            notes.append(f"{name} is accepted, but not carried out by this portal.")
            continue
        if rule["type"] == "rename" and not _PLAIN_NAME.fullmatch(str(rule.get("to_name") or "_")):
            notes.append(
                f"Field configuration {rule['uid']} (rename, number {position}): the name {rule['to_name']} has spaces "
                "or special characters, which the service does not allow."
            )
        try:
            fields = apply(fields, rule)
        except _RuleError as error:
            raise misconfigured(rule, error.message, position=position, field_name=error.field_name) from None
    return fields, notes


def limits_exceeded(fields: list[Field]) -> list[str]:
    """A note for each limit of the service's user guide that a dataset exceeds."""
    texts = sum(field.type == "text" for field in fields)
    return [
        f"The dataset has {count} {kind}, and the service allows {limit}."
        for count, limit, kind in ((len(fields), MAX_FIELDS, "fields"), (texts, MAX_TEXT_FIELDS, "fields of text"))
        if count > limit
    ]


class _RuleError(Exception):
    """A field configuration that cannot be applied, and its field, if any."""

    def __init__(self, message: str, field_name: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field_name = field_name


def _rename(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    target = _named(fields, rule, "from_name")
    new = _text(rule, "to_name")
    if any(other.name == new and other is not target for other in fields):
        raise _RuleError(f"there is already a field {new}", target.name)
    target.name = new
    target.label = rule.get("field_label") or target.label
    return fields


def _type(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    target = _named(fields, rule, "field")
    requested = rule.get("type_param")
    if requested not in COLUMN_TYPES:
        raise _RuleError("invalid type", target.name)
    target.type = requested
    target.casts.append(Cast(requested, rule["uid"]))
    return fields


def _annotate(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    target = _named(fields, rule, "field")
    target.annotations[_text(rule, "annotation")] = list(rule.get("args") or [])
    return fields


def _describe(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    _named(fields, rule, "field").description = _text(rule, "description")
    return fields


def _order(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    """The named fields first, then the others. The service names the list `order`, its description `args`."""
    requested = rule.get("order") or rule.get("args") or []
    first = [_with_name(fields, name) for name in dict.fromkeys(requested)]
    return first + [other for other in fields if other not in first]


def _delete(fields: list[Field], rule: dict[str, Any]) -> list[Field]:
    target = _named(fields, rule, "field")
    return [other for other in fields if other is not target]


def _named(fields: list[Field], rule: dict[str, Any], key: str) -> Field:
    return _with_name(fields, _text(rule, key))


def _with_name(fields: list[Field], name: str) -> Field:
    for known in fields:
        if known.name == name:
            return known
    raise _RuleError(unknown_field(known.name for known in fields), name)


def _text(rule: dict[str, Any], key: str) -> str:
    value = rule.get(key)
    if not isinstance(value, str) or not value:
        raise _RuleError(f'parameter "{key}" is missing')
    return value


_RULES: dict[str, Callable[[list[Field], dict[str, Any]], list[Field]]] = {
    "rename": _rename,
    "type": _type,
    "annotate": _annotate,
    "description": _describe,
    "order": _order,
    "delete": _delete,
}
