"""The fields of a dataset, and the field configurations that change them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .columns import Column, unknown_field
from .job import misconfigured
from .passed_over import PassedOver
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


def apply_rules(fields: list[Field], rules: tuple[dict[str, Any], ...], passed_over: PassedOver) -> list[Field]:
    """Apply the field configurations in their order; return the fields.

    A configuration sees the names that those before it set. One that is not supported is passed over, and so is one
    that names a field which a step that was passed over would make. Raises ProcessingError for any other that names an
    unknown field or is invalid. The message for an unknown field is our own; the other is that of the service's older
    documentation.
    """
    fields = list(fields)
    for position, rule in enumerate(rules, start=1):
        name = f"Field configuration {rule['uid']} ({rule.get('type')}, number {position})"
        configuration = CONFIGURATIONS.get(rule.get("type", ""))
        if configuration is None:
            passed_over.add(name, "is accepted, but not carried out by this portal.")
            continue
        if rule["type"] == "rename" and not _PLAIN_NAME.fullmatch(str(rule.get("to_name") or "_")):
            passed_over.add(
                name, f"sets the name {rule['to_name']}: the service allows neither spaces nor special characters."
            )
        try:
            fields = configuration.apply(fields, rule)
        except _RuleError as error:
            made = [rule["to_name"]] if isinstance(rule.get("to_name"), str) else []
            if not error.is_unknown_field or not passed_over.add_dependent(name, error.field_name or "", made):
                raise misconfigured(rule, error.message, position=position, field_name=error.field_name) from None
    return fields


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

    def __init__(self, message: str, field_name: str | None = None, *, is_unknown_field: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.field_name = field_name
        self.is_unknown_field = is_unknown_field


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
    raise _RuleError(unknown_field(known.name for known in fields), name, is_unknown_field=True)


def _text(rule: dict[str, Any], key: str) -> str:
    value = rule.get(key)
    if not isinstance(value, str) or not value:
        raise _RuleError(f'parameter "{key}" is missing')
    return value


@dataclass(frozen=True)
class Configuration:
    """One type of field configuration: its effect, the names of its parameters, and the function that applies it."""

    effect: str
    parameters: tuple[str, ...]
    apply: Callable[[list[Field], dict[str, Any]], list[Field]]


CONFIGURATIONS = {
    "rename": Configuration("renames a field, and sets its label", ("from_name", "to_name", "field_label"), _rename),
    "type": Configuration(f"casts a field to one of {', '.join(COLUMN_TYPES)}", ("field", "type_param"), _type),
    "annotate": Configuration("sets an annotation of a field", ("field", "annotation", "args"), _annotate),
    "description": Configuration("describes a field", ("field", "description"), _describe),
    "order": Configuration("puts the named fields first", ("order",), _order),
    "delete": Configuration("leaves out a field", ("field",), _delete),
}
"""Every type of field configuration of the service."""
